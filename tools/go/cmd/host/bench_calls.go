package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// callsReport is what a benchmark of calls gives. Frames are received and not decoded: that would measure this host.
type callsReport struct {
	Callers int     `json:"callers"`
	Calls   int     `json:"calls"`
	Seconds float64 `json:"seconds"`
	// CallsPerSecond and BytesPerSecond are over all callers; bytes are those of the frames.
	CallsPerSecond float64 `json:"callsPerSecond"`
	BytesPerSecond float64 `json:"bytesPerSecond"`
	// MedianMs and P99Ms are of one call.
	MedianMs float64 `json:"medianMs"`
	P99Ms    float64 `json:"p99Ms"`
	// ResidentBytes is the plugin's memory after the calls; 0 where the system does not tell.
	ResidentBytes int64 `json:"residentBytes"`
	// PeakBytes is the most memory that the plugin had; 0 where the system does not tell.
	PeakBytes int64 `json:"peakBytes"`
}

// benchCalls makes QueryData calls from several callers at the same time for a while, after some time to warm up.
func (p *pluginProcess) benchCalls(o *options, callers int, warm, duration time.Duration) (*callsReport, error) {
	if _, err := p.hammer(o, callers, warm); err != nil {
		return nil, err
	}
	report, err := p.hammer(o, callers, duration)
	if err != nil {
		return nil, err
	}
	report.ResidentBytes = residentBytes(p.command.Process.Pid)
	report.PeakBytes = peakBytes(p.command.Process.Pid)
	return report, nil
}

// caller is what one goroutine did.
type caller struct {
	took  []time.Duration
	bytes int
	err   error
}

func (p *pluginProcess) hammer(o *options, count int, duration time.Duration) (*callsReport, error) {
	request, err := o.queryRequest()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), duration+o.timeout)
	defer cancel()
	callers := make([]caller, count)
	began := time.Now()
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() { callers[i].call(ctx, p, request, began.Add(duration)) })
	}
	group.Wait()
	elapsed := time.Since(began)

	var took []time.Duration
	bytes := 0
	for _, c := range callers {
		if c.err != nil {
			return nil, c.err
		}
		took = append(took, c.took...)
		bytes += c.bytes
	}
	slices.Sort(took)
	return &callsReport{
		Callers:        count,
		Calls:          len(took),
		Seconds:        elapsed.Seconds(),
		CallsPerSecond: float64(len(took)) / elapsed.Seconds(),
		BytesPerSecond: float64(bytes) / elapsed.Seconds(),
		MedianMs:       milliseconds(took[len(took)/2]),
		P99Ms:          milliseconds(took[len(took)*99/100]),
	}, nil
}

func (c *caller) call(ctx context.Context, p *pluginProcess, request *pluginv2.QueryDataRequest, until time.Time) {
	for first := true; first || time.Now().Before(until); first = false {
		began := time.Now()
		response, err := p.services.data.QueryData(ctx, request)
		if err != nil {
			c.err = err
			return
		}
		c.took = append(c.took, time.Since(began))
		for refID, answer := range response.GetResponses() {
			if answer.GetError() != "" || len(answer.GetFrames()) == 0 {
				c.err = fmt.Errorf("query %s: no frame, error %q", refID, answer.GetError())
				return
			}
			for _, frame := range answer.GetFrames() {
				c.bytes += len(frame)
			}
		}
	}
}
