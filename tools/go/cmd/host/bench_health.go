package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// healthPause lies between two health checks.
const healthPause = 5 * time.Millisecond

// healthReport is what a benchmark of health checks beside a query gives.
type healthReport struct {
	Checks int `json:"checks"`
	// Queries is how many were answered meanwhile.
	Queries  int     `json:"queries"`
	MedianMs float64 `json:"medianMs"`
	P99Ms    float64 `json:"p99Ms"`
	MaxMs    float64 `json:"maxMs"`
}

// benchHealth checks a plugin's health again and again while one caller has it answer a query, or, idle, nothing else. It goes on
// until at least two queries were answered, so that all of a query's work is met.
func (p *pluginProcess) benchHealth(o *options, checks int, idle bool) (*healthReport, error) {
	request, err := o.queryRequest()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	// The first call opens the instance, which is not what is measured.
	if err := p.checkOnce(ctx, o); err != nil {
		return nil, err
	}
	answered := make(chan error)
	if !idle {
		go p.queryAgain(ctx, request, answered)
	}
	report := &healthReport{}
	var took []time.Duration
	for len(took) < checks || (!idle && report.Queries < 2) {
		began := time.Now()
		if err := p.checkOnce(ctx, o); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		select {
		case err := <-answered:
			if err != nil {
				return nil, err
			}
			report.Queries++
		case <-time.After(healthPause):
		}
	}
	slices.Sort(took)
	report.Checks = len(took)
	report.MedianMs = milliseconds(took[len(took)/2])
	report.P99Ms = milliseconds(took[len(took)*99/100])
	report.MaxMs = milliseconds(took[len(took)-1])
	return report, nil
}

func (p *pluginProcess) checkOnce(ctx context.Context, o *options) error {
	response, err := p.services.diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: o.pluginContext(), Headers: headers()})
	if err == nil && response.GetStatus() != pluginv2.CheckHealthResponse_OK {
		err = fmt.Errorf("the plugin is not healthy: %s", response.GetMessage())
	}
	return err
}

// queryAgain asks until the context ends, and tells of each answer.
func (p *pluginProcess) queryAgain(ctx context.Context, request *pluginv2.QueryDataRequest, answered chan<- error) {
	for ctx.Err() == nil {
		response, err := p.services.data.QueryData(ctx, request)
		for _, answer := range response.GetResponses() {
			if answer.GetError() != "" {
				err = errors.New(answer.GetError())
			}
		}
		select {
		case answered <- err:
		case <-ctx.Done():
		}
	}
}
