package main

import "github.com/grafana/grafana-plugin-sdk-go/data"

// labelFrames gives frames whose fields differ in their labels only.
func labelFrames() []namedFrame {
	sets := []struct {
		id     string
		labels data.Labels
	}{
		{"none", nil},
		{"empty", data.Labels{}},
		{"one", data.Labels{"host": "a"}},
		{"sorted", data.Labels{"zone": "1", "Zone": "2", "a": "3", "ä": "4", "10": "5", "9": "6"}},
		{"odd", data.Labels{"": "empty key", "empty value": "", "<&>": "<&>", "\u2028": "🦊", `"q"`: `\`, "__proto__": "kept", "tab\t": "\x00"}},
	}
	frames := make([]namedFrame, len(sets))
	for i, set := range sets {
		field := newField("value", data.FieldTypeInt8, []any{int8(1)})
		field.Labels = set.labels
		frames[i] = namedFrame{"labels/" + set.id, data.NewFrame("", field)}
	}
	return frames
}
