package main

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// chunkRows is how many rows a chunk holds.
const chunkRows = 1000

// QueryChunkedData answers one query after the other: rows in chunks of one frame, everything else at once. The frame's id is
// the query's refId.
func (i *instance) QueryChunkedData(ctx context.Context, req *backend.QueryChunkedDataRequest, w backend.ChunkedDataWriter) error {
	for _, q := range req.Queries {
		err := i.writeChunks(ctx, q, w)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failure := toQueryError(err)
			if err := w.WriteError(ctx, q.RefID, failure.Status, failure); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *instance) writeChunks(ctx context.Context, q backend.DataQuery, w backend.ChunkedDataWriter) error {
	parsed, err := parseQuery(q)
	if err != nil {
		return err
	}
	if parsed.Rows == nil || parsed.Error != nil || parsed.SleepMs != nil || parsed.Bytes != nil {
		frame, err := i.frame(ctx, parsed)
		if err != nil {
			return err
		}
		return w.WriteFrame(ctx, q.RefID, q.RefID, frame)
	}
	for first := 0; first < *parsed.Rows; first += chunkRows {
		frame := rowsFrame(first, min(chunkRows, *parsed.Rows-first))
		if err := w.WriteFrame(ctx, q.RefID, q.RefID, frame); err != nil {
			return err
		}
	}
	return nil
}
