package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const defaultChunk = 64 << 10

// CallResource serves `bytes` and `sleep`, and answers every other path with what was asked.
func (i *instance) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	target, err := url.Parse(req.URL)
	if err != nil {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": fmt.Sprintf("url: %v", err)})
	}
	switch strings.Trim(req.Path, "/") {
	case "bytes":
		return sendBytes(target.Query(), sender)
	case "sleep":
		ms, err := number(target.Query(), "ms", 1000)
		if err != nil {
			return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": err.Error()})
		}
		if err := sleep(ctx, time.Duration(ms)*time.Millisecond, "call", "CallResource", "path", req.Path); err != nil {
			return err
		}
		return sendJSON(sender, http.StatusOK, map[string]int{"slept": ms})
	default:
		search := ""
		if target.RawQuery != "" {
			search = "?" + target.RawQuery
		}
		return sendJSON(sender, http.StatusOK, map[string]string{"method": req.Method, "search": search, "body": string(req.Body)})
	}
}

// sendBytes sends `n` bytes, byte i being i modulo 251, in messages of `chunk`.
func sendBytes(parameters url.Values, sender backend.CallResourceResponseSender) error {
	n, err := number(parameters, "n", 0)
	if err != nil {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": err.Error()})
	}
	chunk, err := number(parameters, "chunk", defaultChunk)
	if err != nil || chunk == 0 {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": "chunk: not a number above 0"})
	}
	response := &backend.CallResourceResponse{
		Status:  http.StatusOK,
		Headers: map[string][]string{"content-type": {"application/octet-stream"}},
	}
	for sent := 0; ; {
		response.Body = make([]byte, min(chunk, n-sent))
		for i := range response.Body {
			response.Body[i] = byte((sent + i) % 251)
		}
		if err := sender.Send(response); err != nil {
			return err
		}
		if sent += len(response.Body); sent >= n {
			return nil
		}
		// What follows the first message is body only.
		response = &backend.CallResourceResponse{}
	}
}

// number reads a parameter that is a whole number from 0 to maxBytes.
func number(parameters url.Values, name string, otherwise int) (int, error) {
	text := parameters.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxBytes {
		return 0, fmt.Errorf("%s: %q is not a whole number from 0 to %d", name, text, maxBytes)
	}
	return n, nil
}

func sendJSON(sender backend.CallResourceResponseSender, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return sender.Send(&backend.CallResourceResponse{
		Status:  status,
		Headers: map[string][]string{"content-type": {"application/json"}},
		Body:    body,
	})
}
