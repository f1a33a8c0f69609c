package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// writtenFrame is one line of `frames write`. Arrow becomes base64; the JSON texts are strings, so that not even
// white space is lost.
type writtenFrame struct {
	ID         string       `json:"id"`
	Arrow      []byte       `json:"arrow"`
	JSON       string       `json:"json"`
	SchemaJSON string       `json:"schemaJson"`
	DataJSON   string       `json:"dataJson"`
	Frame      *description `json:"frame"`
}

// write prints the corpus with what the SDK makes of it.
func write(_ []string, out io.Writer) error {
	lines := newLineWriter(out)
	for _, f := range corpus() {
		line, err := encode(f)
		if err != nil {
			return fmt.Errorf("frame %s: %w", f.id, err)
		}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// encode has the SDK encode a frame each way it can, and makes sure that the SDK reads back what it wrote to Arrow.
func encode(f namedFrame) (*writtenFrame, error) {
	line := &writtenFrame{ID: f.id}
	var err error
	if line.Frame, err = describe(f.frame); err != nil {
		return nil, err
	}
	if line.Arrow, err = f.frame.MarshalArrow(); err != nil {
		return nil, fmt.Errorf("to Arrow: %w", err)
	}
	read, err := readArrow(line.Arrow)
	if err != nil {
		return nil, fmt.Errorf("from Arrow: %w", err)
	}
	// Numbers in configurations that are not finite, which it writes as null, it reads as not set.
	unlike := cmp.Options{cmpopts.IgnoreFields(description{}, "Meta"), cmpopts.IgnoreFields(fieldDescription{}, "Config")}
	if diff := difference(line.Frame, read, unlike); diff != "" {
		return nil, fmt.Errorf("the SDK reads another frame than it wrote (-wrote +read):\n%s", diff)
	}
	text, err := json.Marshal(f.frame)
	if err != nil {
		return nil, fmt.Errorf("to JSON: %w", err)
	}
	line.JSON = string(text)
	if text, err = data.FrameToJSON(f.frame, data.IncludeSchemaOnly); err != nil {
		return nil, fmt.Errorf("schema to JSON: %w", err)
	}
	line.SchemaJSON = string(text)
	if text, err = data.FrameToJSON(f.frame, data.IncludeDataOnly); err != nil {
		return nil, fmt.Errorf("data to JSON: %w", err)
	}
	line.DataJSON = string(text)
	return line, nil
}

// readArrow decodes a frame and describes it.
func readArrow(arrow []byte) (*description, error) {
	frame, err := data.UnmarshalArrowFrame(arrow)
	if err != nil {
		return nil, err
	}
	return describe(frame)
}

// difference is empty for equal descriptions, and a readable comparison for others.
func difference(want, got *description, options ...cmp.Option) string {
	options = append(options, cmp.Transformer("text", func(raw json.RawMessage) string { return string(raw) }))
	return cmp.Diff(want, got, options...)
}

// newLineWriter encodes values as JSON lines, `<`, `>` and `&` as they are.
func newLineWriter(out io.Writer) *json.Encoder {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder
}
