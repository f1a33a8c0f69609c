package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// checked runs `frames check` on lines.
func checked(t *testing.T, lines ...foreignFrame) checkReport {
	t.Helper()
	file := filepath.Join(t.TempDir(), "frames.jsonl")
	var text strings.Builder
	for _, line := range lines {
		if err := newLineWriter(&text).Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := check([]string{file}, &out); err != nil {
		t.Fatal(err)
	}
	var report checkReport
	if err := json.Unmarshal([]byte(out.String()), &report); err != nil {
		t.Fatal(err)
	}
	return report
}

// encoded is a frame as another encoder would hand it in, under the id of a frame of the corpus.
func encoded(t *testing.T, id string, frame *data.Frame) foreignFrame {
	t.Helper()
	line, err := encode(namedFrame{id, frame})
	if err != nil {
		t.Fatal(err)
	}
	return foreignFrame{line.ID, line.Arrow, line.JSON, &line.SchemaJSON, &line.DataJSON}
}

func whats(report checkReport) []string {
	var names []string
	for _, f := range report.Failures {
		names = append(names, f.What)
	}
	return names
}

func TestCheckAcceptsWhatTheSDKWrites(t *testing.T) {
	var lines []foreignFrame
	for _, f := range corpus() {
		lines = append(lines, encoded(t, f.id, f.frame))
	}
	report := checked(t, lines...)
	if report.Checked != report.Total || len(report.Failures) != 0 {
		t.Fatalf("checked %d of %d, failures %+v", report.Checked, report.Total, report.Failures)
	}
}

func TestCheckNoticesEveryDifference(t *testing.T) {
	// The frame "labels/one" holds one int8 field with the value 1 and the label host=a.
	field := func() *data.Field {
		f := newField("value", data.FieldTypeInt8, []any{int8(1)})
		f.Labels = data.Labels{"host": "a"}
		return f
	}
	tests := map[string]struct {
		frame *data.Frame
		want  []string
	}{
		"nothing":     {data.NewFrame("", field()), nil},
		"frame name":  {data.NewFrame("x", field()), []string{"arrow", "json", "jsonText", "schemaJsonText"}},
		"refId":       {data.NewFrame("", field()).SetRefID("A"), []string{"arrow", "json", "jsonText", "schemaJsonText"}},
		"metadata":    {data.NewFrame("", field()).SetMeta(&data.FrameMeta{}), []string{"arrow", "json", "jsonText", "schemaJsonText"}},
		"a value":     {data.NewFrame("", newFieldLike(field(), data.FieldTypeInt8, int8(2))), []string{"arrow", "json", "jsonText", "dataJsonText"}},
		"a null":      {data.NewFrame("", newFieldLike(field(), data.FieldTypeNullableInt8, nil)), []string{"arrow", "json", "jsonText", "schemaJsonText", "dataJsonText"}},
		"nullability": {data.NewFrame("", newFieldLike(field(), data.FieldTypeNullableInt8, int8(1))), []string{"arrow", "json", "jsonText", "schemaJsonText"}},
		"a type":      {data.NewFrame("", newFieldLike(field(), data.FieldTypeInt16, int16(1))), []string{"arrow", "json", "jsonText", "schemaJsonText"}},
		"no field":    {data.NewFrame(""), []string{"arrow", "json", "jsonText", "schemaJsonText", "dataJsonText"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report := checked(t, encoded(t, "labels/one", test.frame))
			if got := whats(report); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func newFieldLike(field *data.Field, t data.FieldType, value any) *data.Field {
	other := newField(field.Name, t, []any{value})
	other.Labels = field.Labels
	return other
}

func TestCheckReportsWhatCannotBeRead(t *testing.T) {
	good := encoded(t, "labels/one", corpus()[0].frame)
	bad := foreignFrame{ID: "labels/one", Arrow: good.Arrow[:len(good.Arrow)/2], JSON: `{"schema":`}
	if got, want := whats(checked(t, bad)), []string{"arrow", "json", "jsonText"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCheckKnowsItsFrames(t *testing.T) {
	first := corpus()[0]
	line := encoded(t, first.id, first.frame)
	unknown := line
	unknown.ID = "no such frame"
	report := checked(t, line, line, unknown)
	if got, want := whats(report), []string{"id", "id"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
