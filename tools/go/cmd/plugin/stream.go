package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// ticks is what a subscriber of the path `ticks` may ask for.
type ticks struct {
	// EveryMs is the time between two packets, 100 when left out.
	EveryMs *int `json:"everyMs"`
	// Count ends the stream after so many packets; left out, it has no end.
	Count *int `json:"count"`
}

// SubscribeStream lets everyone listen to `ticks` and nobody to `denied`; there is no other path.
func (i *instance) SubscribeStream(_ context.Context, req *backend.SubscribeStreamRequest) (*backend.SubscribeStreamResponse, error) {
	switch req.Path {
	case "ticks":
		initial, err := backend.NewInitialFrame(tick(0, time.Now()), data.IncludeSchemaOnly)
		if err != nil {
			return nil, err
		}
		return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusOK, InitialData: initial}, nil
	case "denied":
		return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusPermissionDenied}, nil
	default:
		return &backend.SubscribeStreamResponse{Status: backend.SubscribeStreamStatusNotFound}, nil
	}
}

// PublishStream gives what was sent to `ticks` back; the other paths are as for SubscribeStream.
func (i *instance) PublishStream(_ context.Context, req *backend.PublishStreamRequest) (*backend.PublishStreamResponse, error) {
	switch req.Path {
	case "ticks":
		return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusOK, Data: req.Data}, nil
	case "denied":
		return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusPermissionDenied}, nil
	default:
		return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusNotFound}, nil
	}
}

// RunStream sends a frame of one row in regular steps: the first with its schema, the others without.
func (i *instance) RunStream(ctx context.Context, req *backend.RunStreamRequest, sender *backend.StreamSender) error {
	if req.Path != "ticks" {
		return fmt.Errorf("there is no stream %q", req.Path)
	}
	wanted, err := readTicks(req.Data)
	if err != nil {
		return err
	}
	logger := log.DefaultLogger.FromContext(ctx)
	logger.Info("waiting", "call", "RunStream", "path", req.Path)
	ticker := time.NewTicker(wanted.every())
	defer ticker.Stop()
	include := data.IncludeAll
	for n := 0; wanted.Count == nil || n < *wanted.Count; n++ {
		select {
		case now := <-ticker.C:
			if err := sender.SendFrame(tick(n, now), include); err != nil {
				return err
			}
			include = data.IncludeDataOnly
		case <-ctx.Done():
			logger.Info("cancelled", "call", "RunStream", "path", req.Path)
			return ctx.Err()
		}
	}
	return nil
}

func readTicks(text json.RawMessage) (ticks, error) {
	var wanted ticks
	if len(text) == 0 {
		return wanted, nil
	}
	if err := json.Unmarshal(text, &wanted); err != nil {
		return wanted, fmt.Errorf("data of the stream: %w", err)
	}
	return wanted, nil
}

func (t ticks) every() time.Duration {
	if t.EveryMs == nil || *t.EveryMs <= 0 {
		return 100 * time.Millisecond
	}
	return time.Duration(*t.EveryMs) * time.Millisecond
}

func tick(n int, now time.Time) *data.Frame {
	return data.NewFrame("ticks", data.NewField("time", nil, []time.Time{now}), data.NewField("value", nil, []int64{int64(n)}))
}
