package main

import (
	"framewright/tools/go/internal/random"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// writtenFill is data.FillMissing as a case writes it down. Mode is previous, null or value.
type writtenFill struct {
	Mode  string  `json:"mode"`
	Value float64 `json:"value"`
}

// drawFill gives a mode of filling gaps, or none, for a frame. Go leaves open what a number becomes that an integer type
// cannot hold, so the value is one that all types can.
func drawFill(r *random.Source, frame *data.Frame) (*data.FillMissing, *writtenFill) {
	values := []float64{0, 1, 42, 2.5, 127}
	if len(frame.TypeIndices(unsigned()...)) == 0 {
		values = append(values, -1, -2.5, -128)
	}
	switch r.Intn(4) {
	case 0:
		return &data.FillMissing{Mode: data.FillModePrevious}, &writtenFill{Mode: "previous"}
	case 1:
		return &data.FillMissing{Mode: data.FillModeNull}, &writtenFill{Mode: "null"}
	case 2:
		value := random.Pick(r, values...)
		return &data.FillMissing{Mode: data.FillModeValue, Value: value}, &writtenFill{Mode: "value", Value: value}
	default:
		return nil, nil
	}
}

func unsigned() []data.FieldType {
	return []data.FieldType{
		data.FieldTypeUint8, data.FieldTypeUint16, data.FieldTypeUint32, data.FieldTypeUint64,
		data.FieldTypeNullableUint8, data.FieldTypeNullableUint16, data.FieldTypeNullableUint32, data.FieldTypeNullableUint64,
	}
}
