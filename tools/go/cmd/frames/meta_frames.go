package main

import "github.com/grafana/grafana-plugin-sdk-go/data"

// namedMeta is the metadata of one frame of the corpus.
type namedMeta struct {
	id   string
	meta *data.FrameMeta
}

// metaFrames gives a frame for each metadata.
func metaFrames() []namedFrame {
	var frames []namedFrame
	for _, m := range metas() {
		frame := data.NewFrame("", newField("value", data.FieldTypeInt8, nil)).SetMeta(m.meta)
		frames = append(frames, namedFrame{"meta/" + m.id, frame})
	}
	return frames
}

// metas gives metadata that together use every member.
func metas() []namedMeta {
	return []namedMeta{
		{"empty", &data.FrameMeta{}},
		{"type", &data.FrameMeta{Type: data.FrameTypeTimeSeriesWide, TypeVersion: data.FrameTypeVersion{0, 1}}},
		{"type-large-version", &data.FrameMeta{Type: data.FrameTypeLogLines, TypeVersion: data.FrameTypeVersion{12, 345}}},
		{"type-unknown", &data.FrameMeta{Type: "my-own"}},
		{"path", &data.FrameMeta{Path: "root/sub", PathSeparator: "\\"}},
		{"custom-object", &data.FrameMeta{Custom: custom()}},
		{"custom-list", &data.FrameMeta{Custom: []any{1, "<two>", nil}}},
		{"custom-text", &data.FrameMeta{Custom: "text & more"}},
		{"custom-number", &data.FrameMeta{Custom: 1e21}},
		{"custom-false", &data.FrameMeta{Custom: false}},
		{"custom-empty", &data.FrameMeta{Custom: map[string]any{}}},
		{"stats", &data.FrameMeta{Stats: []data.QueryStat{
			{FieldConfig: data.FieldConfig{DisplayName: "rows"}, Value: 1200},
			{FieldConfig: data.FieldConfig{DisplayName: "time", Unit: "ms"}, Value: 0.125},
			{FieldConfig: *(&data.FieldConfig{DisplayName: "size"}).SetDecimals(0).SetMax(1e21), Value: 1e21},
			{},
		}}},
		{"notices", &data.FrameMeta{Notices: []data.Notice{
			{Severity: data.NoticeSeverityInfo, Text: "info <b>"},
			{Severity: data.NoticeSeverityWarning, Text: "warning", Link: "https://example.com/?a&b"},
			{Severity: data.NoticeSeverityError, Text: "", Inspect: data.InspectTypeMeta},
			{Text: "e", Inspect: data.InspectTypeError}, {Text: "d", Inspect: data.InspectTypeData}, {Text: "s", Inspect: data.InspectTypeStats},
		}}},
		{"channel", &data.FrameMeta{Channel: "ds/uid/ticks"}},
		{"preferredVisualisation", &data.FrameMeta{PreferredVisualization: data.VisTypeGraph}},
		{"preferredVisualisationPlugin", &data.FrameMeta{PreferredVisualization: data.VisTypeTrace, PreferredVisualizationPluginID: "acme-panel"}},
		{"executedQueryString", &data.FrameMeta{ExecutedQueryString: "SELECT \"a\"\n\tFROM t WHERE b < 1 && c > 2 -- \u2028"}},
		{"dataTopic", &data.FrameMeta{DataTopic: data.DataTopicAnnotations}},
		{"uniqueRowIdFields", &data.FrameMeta{UniqueRowIDFields: []int{2, 0}}},
		{"uniqueRowIdFields-empty", &data.FrameMeta{UniqueRowIDFields: []int{}}},
		{"all", &data.FrameMeta{
			Type: data.FrameTypeTable, TypeVersion: data.FrameTypeVersion{1, 2}, Path: "a", PathSeparator: "/", Custom: map[string]any{"k": "v"},
			Stats: []data.QueryStat{{FieldConfig: *everyMember(), Value: 3}}, Notices: []data.Notice{{Text: "n"}}, Channel: "plugin/a/b",
			PreferredVisualization: data.VisTypeTable, PreferredVisualizationPluginID: "p", ExecutedQueryString: "q",
			DataTopic: data.DataTopicAnnotations, UniqueRowIDFields: []int{0},
		}},
	}
}
