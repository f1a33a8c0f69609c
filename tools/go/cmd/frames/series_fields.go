package main

import (
	"time"

	"framewright/tools/go/internal/random"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// seriesStart is the time near which all series lie.
var seriesStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// timeColumn describes the time field of a series.
type timeColumn struct {
	rows int
	// steps between two rows, of which each row takes one.
	steps []time.Duration
	// nulls and unsorted make what the SDK refuses.
	nulls, unsorted bool
}

func (c timeColumn) field(r *random.Source) *data.Field {
	values := make([]any, c.rows)
	now := seriesStart
	for i := range values {
		values[i] = now
		now = now.Add(random.Pick(r, c.steps...))
	}
	if c.unsorted && c.rows > 1 {
		last := r.Between(1, c.rows-1)
		values[0], values[last] = values[last], values[0]
	}
	if c.nulls && c.rows > 0 {
		values[r.Intn(c.rows)] = nil
	}
	t := data.FieldTypeTime
	if c.nulls || r.OneIn(4) {
		t = data.FieldTypeNullableTime
	}
	return newField(random.Pick(r, "time", "time", "Time", "ts", ""), t, values)
}

// valueField makes a field of random values, a nullable one with gaps in two of three cases.
func valueField(r *random.Source, name string, t data.FieldType, rows int) *data.Field {
	nullOneIn := 0
	if t.Nullable() {
		nullOneIn = random.Pick(r, 0, 2, 4)
	}
	values := make([]any, rows)
	for i := range values {
		if nullOneIn == 0 || !r.OneIn(nullOneIn) {
			values[i] = randomValue(r, t.NonNullableType())
		}
	}
	return newField(name, t, values)
}

// valueType gives a type that counts as a value in a series: mostly numbers, now and then one of the others.
func valueType(r *random.Source, nullableOneIn int) data.FieldType {
	t := random.Pick(r, data.FieldTypeFloat64, data.FieldTypeFloat64, data.FieldTypeInt64, data.FieldTypeInt8, data.FieldTypeInt16,
		data.FieldTypeInt32, data.FieldTypeUint8, data.FieldTypeUint16, data.FieldTypeUint32, data.FieldTypeUint64, data.FieldTypeFloat32,
		data.FieldTypeTime, data.FieldTypeJSON, data.FieldTypeEnum)
	if r.OneIn(nullableOneIn) {
		return t.NullableType()
	}
	return t
}

// factorField makes a field of the kind that tells series apart, with few different values.
func factorField(r *random.Source, name string, rows int) *data.Field {
	t := random.Pick(r, data.FieldTypeString, data.FieldTypeString, data.FieldTypeNullableString, data.FieldTypeBool, data.FieldTypeNullableBool)
	values := make([]any, rows)
	for i := range values {
		if t.Nullable() && r.OneIn(5) {
			continue
		}
		if t.NonNullableType() == data.FieldTypeBool {
			values[i] = r.OneIn(2)
		} else {
			values[i] = random.Pick(r, "a", "b", "ä,=", "")
		}
	}
	return newField(name, t, values)
}

// drawMeta gives metadata that a conversion keeps or changes.
func drawMeta(r *random.Source) *data.FrameMeta {
	return random.Pick(r,
		nil, nil,
		&data.FrameMeta{ExecutedQueryString: "SELECT 1"},
		&data.FrameMeta{Type: data.FrameTypeTimeSeriesLong, TypeVersion: data.FrameTypeVersion{0, 1}, Custom: map[string]any{"a": 1}})
}
