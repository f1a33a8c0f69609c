package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const defaultChunk = 64 << 10

// echo is a request as it came. The body becomes base64.
type echo struct {
	Method  string              `json:"method"`
	Path    string              `json:"path"`
	URL     string              `json:"url"`
	Headers map[string][]string `json:"headers"`
	Body    []byte              `json:"body"`
}

// CallResource serves `bytes` and answers every other path with the request.
func (i *instance) CallResource(_ context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	target, err := url.Parse(req.URL)
	if err != nil {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": fmt.Sprintf("url: %v", err)})
	}
	if strings.TrimPrefix(req.Path, "/") != "bytes" {
		return sendJSON(sender, http.StatusOK, echo{req.Method, req.Path, req.URL, req.Headers, append([]byte{}, req.Body...)})
	}
	n, err := number(target.Query(), "n", 0)
	if err != nil {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": err.Error()})
	}
	chunk, err := number(target.Query(), "chunk", defaultChunk)
	if err != nil || chunk == 0 {
		return sendJSON(sender, http.StatusBadRequest, map[string]string{"message": "chunk: not a number above 0"})
	}
	return sendBytes(n, chunk, sender)
}

// sendBytes sends n zeros in messages of up to `chunk`.
func sendBytes(n, chunk int, sender backend.CallResourceResponseSender) error {
	response := &backend.CallResourceResponse{Status: http.StatusOK}
	for sent := 0; ; {
		response.Body = make([]byte, min(chunk, n-sent))
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
