package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// query is the JSON of one query. The first member that is there decides.
type query struct {
	Error   *queryError `json:"error"`
	SleepMs *float64    `json:"sleepMs"`
	Bytes   *int        `json:"bytes"`
	Rows    *int        `json:"rows"`
}

// queryError is a query's failure with what Grafana is told about it.
type queryError struct {
	Message string              `json:"message"`
	Status  backend.Status      `json:"status"`
	Source  backend.ErrorSource `json:"source"`
}

func (e queryError) Error() string { return e.Message }

// The largest answer that a query may ask for.
const (
	maxBytes = 1 << 30
	maxRows  = 1 << 24
)

// rowsStart is the time of the first row.
var rowsStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// QueryData answers the queries side by side, each with its own frame or error.
func (i *instance) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answers := make([]backend.DataResponse, len(req.Queries))
	var group sync.WaitGroup
	for at, q := range req.Queries {
		group.Go(func() { answers[at] = i.answer(ctx, q) })
	}
	group.Wait()
	response := backend.NewQueryDataResponse()
	for at, q := range req.Queries {
		response.Responses[q.RefID] = answers[at]
	}
	return response, nil
}

func (i *instance) answer(ctx context.Context, q backend.DataQuery) backend.DataResponse {
	parsed, err := parseQuery(q)
	if err == nil {
		var frame *data.Frame
		if frame, err = i.frame(ctx, parsed); err == nil {
			return backend.DataResponse{Status: backend.StatusOK, Frames: data.Frames{frame}}
		}
	}
	failure := toQueryError(err)
	return backend.ErrDataResponseWithSource(failure.Status, failure.Source, failure.Message)
}

// parseQuery reads a query's JSON; what it cannot read is the user's mistake.
func parseQuery(q backend.DataQuery) (query, error) {
	var parsed query
	if err := json.Unmarshal(q.JSON, &parsed); err != nil {
		return parsed, invalid("query: %v", err)
	}
	if parsed.Bytes != nil && (*parsed.Bytes < 0 || *parsed.Bytes > maxBytes) {
		return parsed, invalid("bytes: %d is not from 0 to %d", *parsed.Bytes, maxBytes)
	}
	if parsed.Rows != nil && (*parsed.Rows < 0 || *parsed.Rows > maxRows) {
		return parsed, invalid("rows: %d is not from 0 to %d", *parsed.Rows, maxRows)
	}
	if parsed.Error != nil {
		if parsed.Error.Status == 0 {
			parsed.Error.Status = backend.StatusInternal
		}
		if parsed.Error.Source == "" {
			parsed.Error.Source = backend.ErrorSourcePlugin
		}
	}
	return parsed, nil
}

func invalid(format string, args ...any) error {
	return queryError{fmt.Sprintf(format, args...), backend.StatusBadRequest, backend.ErrorSourceDownstream}
}

func toQueryError(err error) queryError {
	var failure queryError
	if errors.As(err, &failure) {
		return failure
	}
	return queryError{err.Error(), backend.StatusInternal, backend.ErrorSourcePlugin}
}

// frame does what a query asks for.
func (i *instance) frame(ctx context.Context, q query) (*data.Frame, error) {
	switch {
	case q.Error != nil:
		return nil, *q.Error
	case q.SleepMs != nil:
		if err := sleep(ctx, time.Duration(*q.SleepMs*float64(time.Millisecond))); err != nil {
			return nil, err
		}
		return rowsFrame(0, 1), nil
	case q.Bytes != nil:
		return data.NewFrame("bytes", data.NewField("value", nil, make([]float64, (*q.Bytes+7)/8))), nil
	case q.Rows != nil:
		return rowsFrame(0, *q.Rows), nil
	default:
		return data.NewFrame(i.settings.Label, data.NewField("opened", nil, []float64{float64(opened.Load())})), nil
	}
}

// rowsFrame holds rows of a time, one a second, and a number.
func rowsFrame(first, count int) *data.Frame {
	times, values := make([]time.Time, count), make([]float64, count)
	for i := range count {
		times[i] = rowsStart.Add(time.Duration(first+i) * time.Second)
		values[i] = float64(first + i)
	}
	return data.NewFrame("rows", data.NewField("time", nil, times), data.NewField("value", nil, values))
}

// sleep waits until the time is over or the call is cancelled. It logs "waiting" and, at once when it happens, "cancelled", so
// that a host can see when the news arrived.
func sleep(ctx context.Context, duration time.Duration) error {
	logger := log.DefaultLogger.FromContext(ctx)
	logger.Info("waiting")
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		logger.Info("cancelled")
		return ctx.Err()
	}
}
