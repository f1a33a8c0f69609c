package main

import "github.com/grafana/grafana-plugin-sdk-go/data"

// namedFrame is one frame of the corpus.
type namedFrame struct {
	id    string
	frame *data.Frame
}

// corpus gives all frames, the same ones in the same order each time.
func corpus() []namedFrame {
	frames := edgeFrames()
	frames = append(frames, configFrames()...)
	frames = append(frames, metaFrames()...)
	frames = append(frames, labelFrames()...)
	return append(frames, generatedFrames(200)...)
}

// fieldTypes gives every type of the SDK without its nullable twin.
func fieldTypes() []data.FieldType {
	var types []data.FieldType
	for t := data.FieldTypeInt8; t.ItemTypeString() != data.FieldTypeUnknown.ItemTypeString(); t++ {
		if !t.Nullable() {
			types = append(types, t)
		}
	}
	return types
}

// newField makes a field of values of the type's concrete Go type; nil stands for null, which only a nullable type may hold.
func newField(name string, t data.FieldType, values []any) *data.Field {
	field := data.NewFieldFromFieldType(t, len(values))
	field.Name = name
	for i, value := range values {
		if value != nil {
			field.SetConcrete(i, value)
		}
	}
	return field
}

// typeName gives a type's name, the same for the nullable twin: int8 to uint64, float32, float64, string, bool, time, json, enum.
func typeName(t data.FieldType) string {
	switch name := t.NonNullableType().ItemTypeString(); name {
	case "time.Time":
		return "time"
	case "json.RawMessage":
		return "json"
	default:
		return name
	}
}
