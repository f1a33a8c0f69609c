package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// settings are the jsonData of a data source.
type settings struct {
	// Health is the text of a health check that fails; empty for one that is well.
	Health string `json:"health"`
}

func readSettings(jsonData []byte) (settings, error) {
	var s settings
	if len(jsonData) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(jsonData, &s); err != nil {
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

// CheckHealth answers as the settings say.
func (i *instance) CheckHealth(context.Context, *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	if i.settings.Health != "" {
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: i.settings.Health}, nil
	}
	return &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: "ok", JSONDetails: []byte(`{"probe":true}`)}, nil
}
