package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// tickEvery is how long a stream without an end waits between two frames.
const tickEvery = 20 * time.Millisecond

// SubscribeStream lets everyone listen, except to `denied` and `missing`, and gives the data of the request back.
func (i *instance) SubscribeStream(_ context.Context, req *backend.SubscribeStreamRequest) (*backend.SubscribeStreamResponse, error) {
	switch req.Path {
	case "denied":
		return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusPermissionDenied}, nil
	case "missing":
		return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusNotFound}, nil
	}
	response := &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusOK}
	if len(req.Data) > 0 {
		initial, err := backend.NewInitialData(req.Data)
		if err != nil {
			return nil, err
		}
		response.InitialData = initial
	}
	return response, nil
}

// PublishStream lets out what is published as it came.
func (i *instance) PublishStream(_ context.Context, req *backend.PublishStreamRequest) (*backend.PublishStreamResponse, error) {
	return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusOK, Data: req.Data}, nil
}

// RunStream sends frames of one row: for `ticks/<n>` n of them at once, for `ticks` one every 20 ms until it is cancelled.
func (i *instance) RunStream(ctx context.Context, req *backend.RunStreamRequest, sender *backend.StreamSender) error {
	if req.Path == "ticks" {
		return runTicks(ctx, sender)
	}
	count, err := strconv.Atoi(strings.TrimPrefix(req.Path, "ticks/"))
	if err != nil {
		return fmt.Errorf("there is no stream %q", req.Path)
	}
	for n := range count {
		if err := sender.SendFrame(rowsFrame(n, 1), data.IncludeAll); err != nil {
			return err
		}
	}
	return nil
}

func runTicks(ctx context.Context, sender *backend.StreamSender) error {
	logger := log.DefaultLogger.FromContext(ctx)
	logger.Info("waiting")
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for n := 0; ; n++ {
		if err := sender.SendFrame(rowsFrame(n, 1), data.IncludeAll); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			logger.Info("cancelled")
			return ctx.Err()
		}
	}
}
