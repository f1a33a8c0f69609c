package main

import (
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// edgeFrames gives the shapes and values that codecs get wrong: each type with the ends of its range, null in every
// nullable type, frames without rows or without fields, validity over more than one byte, names twice and empty.
func edgeFrames() []namedFrame {
	frames := []namedFrame{
		{"edge/no-fields", data.NewFrame("")},
		{"edge/no-fields-named", data.NewFrame("named").SetRefID("A")},
		{"edge/no-rows", allTypes("no rows", func(data.FieldType) []any { return nil })},
		{"edge/all-types", allTypes("all types", func(t data.FieldType) []any { return edgeValues(t)[:2] })},
		{"edge/all-null", allNull()},
		{"edge/names", oddNames()},
		{"edge/strings-as-names", stringsAsNames()},
	}
	for _, t := range fieldTypes() {
		frames = append(frames, namedFrame{"edge/" + typeName(t), withNulls(t, edgeValues(t))})
	}
	for _, rows := range []int{1, 7, 8, 9, 63, 64, 65} {
		frames = append(frames, namedFrame{fmt.Sprintf("edge/validity-%d", rows), validity(rows)})
	}
	return frames
}

// allTypes makes a frame with a field of each type and one of its nullable twin.
func allTypes(name string, values func(data.FieldType) []any) *data.Frame {
	frame := data.NewFrame(name)
	for _, t := range fieldTypes() {
		frame.Fields = append(frame.Fields,
			newField(typeName(t), t, values(t)), newField(typeName(t)+"?", t.NullableType(), values(t)))
	}
	return frame
}

func allNull() *data.Frame {
	frame := data.NewFrame("all null")
	for _, t := range fieldTypes() {
		frame.Fields = append(frame.Fields, newField(typeName(t), t.NullableType(), make([]any, 3)))
	}
	return frame
}

// withNulls puts a type's values into a frame twice: as they are, and nullable with every third row null.
func withNulls(t data.FieldType, values []any) *data.Frame {
	nullable := make([]any, len(values))
	for i, value := range values {
		if i%3 != 1 {
			nullable[i] = value
		}
	}
	return data.NewFrame(typeName(t),
		newField("value", t, values), newField("present", t.NullableType(), values), newField("nullable", t.NullableType(), nullable))
}

// validity makes nullable fields whose bits of validity and of truth end in the middle of a byte, or just do not.
func validity(rows int) *data.Frame {
	numbers, bools, texts := make([]any, rows), make([]any, rows), make([]any, rows)
	for i := range rows {
		if i%2 == 0 {
			numbers[i] = int32(i)
		}
		if i%3 != 0 {
			bools[i] = i%5 != 0
		}
		if i%7 != 0 {
			texts[i] = fmt.Sprint(i)
		}
	}
	return data.NewFrame("validity",
		newField("int32", data.FieldTypeNullableInt32, numbers),
		newField("bool", data.FieldTypeNullableBool, bools),
		newField("string", data.FieldTypeNullableString, texts))
}

func oddNames() *data.Frame {
	value := []any{int64(1)}
	return data.NewFrame("names \"twice\"\n<and> empty",
		newField("", data.FieldTypeInt64, value), newField("same", data.FieldTypeInt64, value),
		newField("same", data.FieldTypeInt64, value), newField("", data.FieldTypeInt64, value),
	).SetRefID("A<&>\u2028")
}

func stringsAsNames() *data.Frame {
	frame := data.NewFrame("strings as names")
	for _, text := range edgeStrings() {
		frame.Fields = append(frame.Fields, newField(text.(string), data.FieldTypeBool, nil))
	}
	return frame
}
