package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

// logEntry is one line that the plugin or go-plugin's client logged.
type logEntry struct {
	// At is when this host got it.
	At      time.Time      `json:"at"`
	Level   string         `json:"level"`
	Logger  string         `json:"logger"`
	Message string         `json:"message"`
	Fields  map[string]any `json:"fields,omitempty"`
}

// logRecorder keeps every line of a logger.
type logRecorder struct {
	mu      sync.Mutex
	entries []logEntry
	changed chan struct{}
}

// newLogger makes the logger that go-plugin's client is given, and what records it.
func newLogger() (hclog.Logger, *logRecorder) {
	recorder := &logRecorder{changed: make(chan struct{})}
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Name: "plugin", Level: hclog.Trace, Output: io.Discard})
	logger.RegisterSink(recorder)
	return logger, recorder
}

// Accept takes one line; it is what hclog.SinkAdapter asks for.
func (r *logRecorder) Accept(name string, level hclog.Level, message string, args ...any) {
	// Grafana drops what go-plugin says of its stdio stream, which it does not use.
	if strings.HasSuffix(name, ".stdio") {
		return
	}
	entry := logEntry{At: time.Now(), Level: level.String(), Logger: name, Message: message}
	for i := 0; i+1 < len(args); i += 2 {
		if entry.Fields == nil {
			entry.Fields = map[string]any{}
		}
		entry.Fields[fmt.Sprint(args[i])] = fieldValue(args[i+1])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = append(r.entries, entry)
	close(r.changed)
	r.changed = make(chan struct{})
}

// fieldValue keeps what JSON can hold and makes text of the rest.
func fieldValue(value any) any {
	switch v := value.(type) {
	case nil, bool, string, float64, int, int64, map[string]any, []any:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// all gives the lines so far.
func (r *logRecorder) all() []logEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.entries)
}

// await gives the first line from number `since` on that matches, waiting for it; false when the time is over.
func (r *logRecorder) await(since int, timeout time.Duration, matches func(logEntry) bool) (logEntry, bool) {
	deadline := time.After(timeout)
	for {
		r.mu.Lock()
		entries, changed := r.entries[min(since, len(r.entries)):], r.changed
		r.mu.Unlock()
		if i := slices.IndexFunc(entries, matches); i >= 0 {
			return entries[i], true
		}
		select {
		case <-changed:
		case <-deadline:
			return logEntry{}, false
		}
	}
}
