package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// pluginContext is what Grafana sends with every call.
func (o *options) pluginContext() *pluginv2.PluginContext {
	return &pluginv2.PluginContext{
		OrgId:    1,
		PluginId: o.pluginID,
		User:     &pluginv2.User{Login: "admin", Name: "Admin", Email: "admin@localhost", Role: "Admin"},
		DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{
			Id: 1, Uid: "host", Name: "Host", Url: o.url, User: o.user, JsonData: o.settings,
			DecryptedSecureJsonData: o.secure, LastUpdatedMS: 1_700_000_000_000,
		},
		GrafanaConfig: map[string]string{"GF_VERSION": "12.3.0"},
		PluginVersion: "1.0.0",
		UserAgent:     "Grafana/12.3.0 (linux; amd64)",
		Namespace:     "default",
	}
}

// dataQueries makes queries of the JSON that the user gave, for the last hour of 2023.
func (o *options) dataQueries() ([]*pluginv2.DataQuery, error) {
	var texts []json.RawMessage
	if err := json.Unmarshal(o.queries, &texts); err != nil {
		return nil, fmt.Errorf("queries: %w", err)
	}
	to := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	queries := make([]*pluginv2.DataQuery, len(texts))
	for i, text := range texts {
		queries[i] = &pluginv2.DataQuery{
			RefId:         refID(i),
			MaxDataPoints: 1000,
			IntervalMS:    15_000,
			TimeRange:     &pluginv2.TimeRange{FromEpochMS: to.Add(-time.Hour).UnixMilli(), ToEpochMS: to.UnixMilli()},
			Json:          text,
		}
	}
	return queries, nil
}

// refID names queries as Grafana's editor does: A to Z, then AA.
func refID(i int) string {
	if i >= 26 {
		return refID(i/26-1) + refID(i%26)
	}
	return string(rune('A' + i))
}

func (o *options) queryRequest() (*pluginv2.QueryDataRequest, error) {
	queries, err := o.dataQueries()
	return &pluginv2.QueryDataRequest{PluginContext: o.pluginContext(), Headers: headers(), Queries: queries}, err
}

func (o *options) chunkedRequest() (*pluginv2.QueryChunkedDataRequest, error) {
	queries, err := o.dataQueries()
	return &pluginv2.QueryChunkedDataRequest{PluginContext: o.pluginContext(), Headers: headers(), Queries: queries}, err
}

func (o *options) resourceRequest() (*pluginv2.CallResourceRequest, error) {
	target, err := url.Parse(o.resource)
	if err != nil {
		return nil, fmt.Errorf("resource: %w", err)
	}
	return &pluginv2.CallResourceRequest{
		PluginContext: o.pluginContext(),
		Path:          target.Path,
		Method:        o.method,
		Url:           o.resource,
		Headers:       map[string]*pluginv2.StringList{"Content-Type": {Values: []string{"text/plain"}}},
		Body:          []byte(o.body),
	}, nil
}

func (o *options) runStreamRequest() *pluginv2.RunStreamRequest {
	return &pluginv2.RunStreamRequest{PluginContext: o.pluginContext(), Path: o.stream, Data: o.streamData}
}

func (o *options) admissionRequest() *pluginv2.AdmissionRequest {
	return &pluginv2.AdmissionRequest{
		PluginContext: o.pluginContext(),
		Operation:     pluginv2.AdmissionRequest_CREATE,
		Kind:          &pluginv2.GroupVersionKind{Group: "probe.example", Version: "v1", Kind: "Probe"},
		ObjectBytes:   o.object,
	}
}

func (o *options) conversionRequest() *pluginv2.ConversionRequest {
	return &pluginv2.ConversionRequest{
		PluginContext: o.pluginContext(),
		Uid:           "conversion-1",
		TargetVersion: &pluginv2.GroupVersion{Group: "probe.example", Version: "v2"},
		Objects:       []*pluginv2.RawObject{{Raw: o.object, ContentType: "application/json"}},
	}
}

// headers are those that Grafana adds to calls that a person caused.
func headers() map[string]string {
	return map[string]string{"FromAlert": "false", "http_X-Grafana-User": "admin"}
}
