package main

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// QueryChunkedData answers one query after the other, each frame as often as the query says.
func (i *instance) QueryChunkedData(ctx context.Context, req *backend.QueryChunkedDataRequest, w backend.ChunkedDataWriter) error {
	for _, q := range req.Queries {
		if err := writeChunks(ctx, q, w); err != nil {
			return err
		}
	}
	return nil
}

func writeChunks(ctx context.Context, q backend.DataQuery, w backend.ChunkedDataWriter) error {
	parsed, err := parseQuery(q)
	if err != nil {
		return writeError(ctx, q.RefID, w, err)
	}
	chunks := 1
	if parsed.Chunks != nil {
		chunks = *parsed.Chunks
	}
	for range chunks {
		frame, err := parsed.frame(ctx, "QueryChunkedData", q)
		if err != nil {
			return writeError(ctx, q.RefID, w, err)
		}
		if err := w.WriteFrame(ctx, q.RefID, "frame", frame); err != nil {
			return err
		}
	}
	return nil
}

func writeError(ctx context.Context, refID string, w backend.ChunkedDataWriter, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failure := toQueryError(err)
	return w.WriteError(ctx, refID, failure.status, failure)
}
