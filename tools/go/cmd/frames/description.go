package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// description says everything about a frame in a form that loses nothing and is the same for equal frames.
type description struct {
	Name   string             `json:"name"`
	RefID  string             `json:"refId"`
	Meta   json.RawMessage    `json:"meta"`
	Fields []fieldDescription `json:"fields"`
}

type fieldDescription struct {
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Nullable bool            `json:"nullable"`
	Labels   data.Labels     `json:"labels"`
	Config   json.RawMessage `json:"config"`
	Values   []*string       `json:"values"`
}

// describe describes a frame. Meta and Config are the JSON of the SDK's structures, null where there is none.
func describe(frame *data.Frame) (*description, error) {
	d := &description{Name: frame.Name, RefID: frame.RefID, Fields: make([]fieldDescription, len(frame.Fields))}
	var err error
	if d.Meta, err = json.Marshal(frame.Meta); err != nil {
		return nil, fmt.Errorf("meta: %w", err)
	}
	for i, field := range frame.Fields {
		if d.Fields[i], err = describeField(field); err != nil {
			return nil, fmt.Errorf("field %d %q: %w", i, field.Name, err)
		}
	}
	return d, nil
}

func describeField(field *data.Field) (fieldDescription, error) {
	d := fieldDescription{
		Name:     field.Name,
		Type:     typeName(field.Type()),
		Nullable: field.Nullable(),
		Labels:   field.Labels,
		Values:   make([]*string, field.Len()),
	}
	var err error
	if d.Config, err = json.Marshal(field.Config); err != nil {
		return d, fmt.Errorf("config: %w", err)
	}
	for i := range d.Values {
		value, ok := field.ConcreteAt(i)
		if !ok {
			continue
		}
		text, err := describeValue(value)
		if err != nil {
			return d, fmt.Errorf("row %d: %w", i, err)
		}
		d.Values[i] = &text
	}
	return d, nil
}

// describeValue writes integers in decimal, floats as the hexadecimal digits of their IEEE 754 bits with one pattern for
// every NaN, times as nanoseconds since 1970 in decimal, and JSON and strings as they are.
func describeValue(value any) (string, error) {
	switch v := value.(type) {
	case int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool:
		return fmt.Sprint(v), nil
	case data.EnumItemIndex:
		return strconv.Itoa(int(v)), nil
	case float32:
		if v != v {
			return "7fc00000", nil
		}
		return fmt.Sprintf("%08x", math.Float32bits(v)), nil
	case float64:
		if v != v {
			return "7ff8000000000000", nil
		}
		return fmt.Sprintf("%016x", math.Float64bits(v)), nil
	case string:
		return v, nil
	case time.Time:
		return strconv.FormatInt(v.UnixNano(), 10), nil
	case json.RawMessage:
		return string(v), nil
	default:
		return "", fmt.Errorf("a value of type %T has no description", v)
	}
}
