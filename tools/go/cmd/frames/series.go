package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// writtenCase is one line of `frames series`: what the SDK makes of a frame, or the error it answers.
type writtenCase struct {
	ID      string         `json:"id"`
	Kind    string         `json:"kind"`
	Input   []byte         `json:"input"`
	Options any            `json:"options"`
	Output  []byte         `json:"output"`
	Error   *string        `json:"error"`
	Schema  *writtenSchema `json:"schema,omitempty"`
}

// seriesCase is a frame, what is done with it, and the options for that as they are written down.
type seriesCase struct {
	id      string
	kind    string
	input   *data.Frame
	options any
	run     func(*data.Frame) (*data.Frame, error)
}

// errUnfit says that a case is none that another implementation could be held against.
var errUnfit = errors.New("unfit")

// writeSeries prints the time series cases.
func writeSeries(_ []string, out io.Writer) error {
	lines := newLineWriter(out)
	for _, generate := range []func() ([]writtenCase, error){longToWideCases, wideToLongCases, resampleCases, schemaCases} {
		cases, err := generate()
		if err != nil {
			return err
		}
		for _, c := range cases {
			if err := lines.Encode(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// drawCases makes `count` cases of one kind; a number that draws an unfit one draws again with the next.
func drawCases(kind string, count int, draw func(seed uint64) seriesCase) ([]writtenCase, error) {
	cases := make([]writtenCase, 0, count)
	for seed := uint64(0); len(cases) < count; seed++ {
		c := draw(seed)
		c.kind = kind
		c.id = fmt.Sprintf("%s/%03d", kind, len(cases))
		written, err := c.write()
		if errors.Is(err, errUnfit) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.id, err)
		}
		cases = append(cases, *written)
	}
	return cases, nil
}

// write runs the case. The input is encoded first, since the SDK lets the output share the input's metadata and changes it
// there, and both runs work on what is decoded from those bytes.
func (c seriesCase) write() (*writtenCase, error) {
	input, err := c.input.MarshalArrow()
	if err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	written := &writtenCase{ID: c.id, Kind: c.kind, Input: input, Options: c.options}
	if written.Output, written.Error, err = c.runOn(input); err != nil {
		return nil, err
	}
	again, againError, err := c.runOn(input)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(written.Output, again) || !equalTexts(written.Error, againError) {
		return nil, fmt.Errorf("the SDK gave two different answers: %w", errUnfit)
	}
	return written, nil
}

// runOn gives the output as Arrow, or the text of the SDK's error.
func (c seriesCase) runOn(input []byte) (output []byte, failed *string, err error) {
	frame, err := data.UnmarshalArrowFrame(input)
	if err != nil {
		return nil, nil, fmt.Errorf("input: %w", err)
	}
	result, err := c.runSafely(frame)
	if errors.Is(err, errUnfit) {
		return nil, nil, err
	}
	if err != nil {
		text := err.Error()
		return nil, &text, nil
	}
	if err := checkFit(result); err != nil {
		return nil, nil, err
	}
	output, err = result.MarshalArrow()
	if err != nil {
		return nil, nil, fmt.Errorf("output: %w", err)
	}
	return output, nil, nil
}

func equalTexts(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// runSafely makes of a panic, which some frames cause in the SDK, an unfit case.
func (c seriesCase) runSafely(frame *data.Frame) (result *data.Frame, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the SDK panicked with %v: %w", cause, errUnfit)
		}
	}()
	return c.run(frame)
}

// checkFit refuses what only Go's zero values explain: gaps in fields that cannot be null filled with the year 1, which
// nanoseconds in 64 bits do not reach, or with JSON without a text.
func checkFit(frame *data.Frame) error {
	for _, field := range frame.Fields {
		for i := range field.Len() {
			value, ok := field.ConcreteAt(i)
			if !ok {
				continue
			}
			if t, isTime := value.(time.Time); isTime && t.IsZero() {
				return fmt.Errorf("a time of year 1 in field %q: %w", field.Name, errUnfit)
			}
			if text, err := describeValue(value); field.Type().JSON() && (err != nil || text == "") {
				return fmt.Errorf("empty JSON in field %q: %w", field.Name, errUnfit)
			}
		}
	}
	return nil
}
