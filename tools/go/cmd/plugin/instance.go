package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

// settings are the jsonData of a data source.
type settings struct {
	// Label names the frame of a query that asks for nothing.
	Label string `json:"label"`
	// OpenFails makes a data source that cannot be opened.
	OpenFails bool `json:"openFails"`
}

// instance is what the SDK keeps for one revision of a data source.
type instance struct{ settings settings }

var (
	_ backend.QueryDataHandler        = (*instance)(nil)
	_ backend.QueryChunkedDataHandler = (*instance)(nil)
	_ backend.CheckHealthHandler      = (*instance)(nil)
	_ backend.CallResourceHandler     = (*instance)(nil)
	_ backend.StreamHandler           = (*instance)(nil)
	_ instancemgmt.InstanceDisposer   = (*instance)(nil)
)

// opened counts the instances so far.
var opened atomic.Int64

func newInstance(_ context.Context, source backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	s := settings{Label: "one"}
	if len(source.JSONData) > 0 {
		if err := json.Unmarshal(source.JSONData, &s); err != nil {
			return nil, backend.DownstreamError(fmt.Errorf("settings: %w", err))
		}
	}
	opened.Add(1)
	if s.OpenFails {
		return nil, backend.DownstreamError(errors.New("the data source refused the connection"))
	}
	return &instance{s}, nil
}

// Dispose is called when the settings have changed.
func (i *instance) Dispose() { log.DefaultLogger.Info("disposed " + i.settings.Label) }

// CheckHealth says that all is well, which it is where there is an instance.
func (i *instance) CheckHealth(context.Context, *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	return &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: "ok"}, nil
}
