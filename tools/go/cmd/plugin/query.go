package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// query is the JSON of one query. Error, SleepMs, Bytes and Rows decide in this order what is done; a query with none of
// them is echoed.
type query struct {
	Text    string              `json:"text"`
	Error   string              `json:"error"`
	Status  int                 `json:"status"`
	Source  backend.ErrorSource `json:"source"`
	SleepMs *int                `json:"sleepMs"`
	Bytes   *int                `json:"bytes"`
	Rows    *int                `json:"rows"`
	// Chunks is how often a chunked answer holds the frame, 1 when left out.
	Chunks *int `json:"chunks"`
}

// The largest answer that a query may ask for.
const (
	maxBytes = 1 << 30
	maxRows  = 1 << 24
)

// queryError is a query's failure with what Grafana is told about it.
type queryError struct {
	message string
	status  backend.Status
	source  backend.ErrorSource
}

func (e queryError) Error() string { return e.message }

// QueryData answers the queries side by side, each with its own frame or error.
func (i *instance) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answers := make([]backend.DataResponse, len(req.Queries))
	var group sync.WaitGroup
	for at, q := range req.Queries {
		group.Go(func() { answers[at] = answerQuery(ctx, q) })
	}
	group.Wait()
	response := backend.NewQueryDataResponse()
	for at, q := range req.Queries {
		response.Responses[q.RefID] = answers[at]
	}
	return response, nil
}

func answerQuery(ctx context.Context, q backend.DataQuery) backend.DataResponse {
	parsed, err := parseQuery(q)
	if err == nil {
		var frame *data.Frame
		if frame, err = parsed.frame(ctx, "QueryData", q); err == nil {
			return backend.DataResponse{Status: backend.StatusOK, Frames: data.Frames{frame}}
		}
	}
	failure := toQueryError(err)
	return backend.ErrDataResponseWithSource(failure.status, failure.source, failure.message)
}

func toQueryError(err error) queryError {
	var failure queryError
	if errors.As(err, &failure) {
		return failure
	}
	return queryError{err.Error(), backend.StatusInternal, backend.ErrorSourcePlugin}
}

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
	return parsed, nil
}

func invalid(format string, args ...any) error {
	return queryError{fmt.Sprintf(format, args...), backend.StatusBadRequest, backend.ErrorSourceDownstream}
}

// frame does what the query asks for.
func (q query) frame(ctx context.Context, call string, request backend.DataQuery) (*data.Frame, error) {
	if q.Error != "" {
		return nil, q.failure()
	}
	if q.SleepMs != nil {
		if err := sleep(ctx, time.Duration(*q.SleepMs)*time.Millisecond, "call", call, "refId", request.RefID); err != nil {
			return nil, err
		}
	}
	switch {
	case q.Bytes != nil:
		return bytesFrame(*q.Bytes), nil
	case q.Rows != nil:
		return rowsFrame(*q.Rows), nil
	default:
		return echoFrame(q.Text, request), nil
	}
}

func (q query) failure() error {
	failure := queryError{q.Error, backend.StatusInternal, backend.ErrorSourcePlugin}
	if q.Status != 0 {
		failure.status = backend.Status(q.Status)
	}
	if q.Source != "" {
		failure.source = q.Source
	}
	return failure
}

// echoFrame holds what the plugin understood of the query, in one row.
func echoFrame(text string, request backend.DataQuery) *data.Frame {
	return data.NewFrame("echo",
		data.NewField("refId", nil, []string{request.RefID}),
		data.NewField("text", nil, []string{text}),
		data.NewField("from", nil, []time.Time{request.TimeRange.From}),
		data.NewField("to", nil, []time.Time{request.TimeRange.To}))
}

// bytesFrame holds about n bytes in one column of numbers.
func bytesFrame(n int) *data.Frame {
	values := make([]float64, n/8)
	for i := range values {
		values[i] = float64(i)
	}
	return data.NewFrame("bytes", data.NewField("value", nil, values))
}

// rowsFrame holds n rows of a time, a number and a text.
func rowsFrame(n int) *data.Frame {
	times, values, labels := make([]time.Time, n), make([]float64, n), make([]string, n)
	for i := range n {
		times[i] = time.Unix(1_700_000_000+int64(i), 0).UTC()
		values[i] = float64(i) / 2
		labels[i] = fmt.Sprintf("label %d", i%50)
	}
	return data.NewFrame("rows", data.NewField("time", nil, times), data.NewField("value", nil, values), data.NewField("label", nil, labels))
}
