package main

import (
	"strconv"
	"time"

	"framewright/tools/go/internal/random"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/data/sqlutil"
)

// fillOptions are the options of a case that fills gaps.
type fillOptions struct {
	Fill *writtenFill `json:"fill"`
}

func longToWideCases() ([]writtenCase, error) {
	return drawCases("longToWide", 100, func(seed uint64) seriesCase {
		r := random.New(seed)
		frame := longFrame(r)
		fill, written := drawFill(r, frame)
		return seriesCase{
			input:   frame,
			options: fillOptions{written},
			run:     func(input *data.Frame) (*data.Frame, error) { return data.LongToWide(input, fill) },
		}
	})
}

// longFrame makes a series of one row a time and combination of factors; one in about six is one that cannot be converted.
func longFrame(r *random.Source) *data.Frame {
	rows := random.Pick(r, 0, 1, 2, r.Between(3, 8), r.Between(3, 8), r.Between(3, 8), r.Between(3, 8))
	fields := []*data.Field{timeColumn{
		rows:     rows,
		steps:    []time.Duration{0, 0, time.Minute, 90 * time.Second, time.Nanosecond},
		nulls:    r.OneIn(15),
		unsorted: r.OneIn(15),
	}.field(r)}
	for i := range r.Between(1, 2) {
		fields = append(fields, valueField(r, []string{"value", "count"}[i], valueType(r, 3), rows))
	}
	factors := random.Pick(r, 1, 1, 2, 2, 3)
	if r.OneIn(20) {
		factors = 0
	}
	names := []string{"host", "zone", "up"}
	if r.OneIn(20) {
		names[1] = names[0]
	}
	for _, name := range names[:factors] {
		fields = append(fields, factorField(r, name, rows))
	}
	if r.OneIn(4) {
		last := len(fields) - 1
		fields[0], fields[last] = fields[last], fields[0]
	}
	return data.NewFrame(random.Pick(r, "", "long"), fields...).SetMeta(drawMeta(r)).SetRefID(random.Pick(r, "", "A"))
}

func wideToLongCases() ([]writtenCase, error) {
	return drawCases("wideToLong", 55, func(seed uint64) seriesCase {
		return seriesCase{
			input:   wideFrame(random.New(seed), wideShape{nullableOneIn: 4, nullTimesOneIn: 15}),
			options: struct{}{},
			run:     data.WideToLong,
		}
	})
}

// wideShape says how often the values of a wide series are nullable, and how often one of its times is null.
type wideShape struct{ nullableOneIn, nullTimesOneIn int }

// wideFrame makes a series of one field a combination of labels.
func wideFrame(r *random.Source, shape wideShape) *data.Frame {
	rows := random.Pick(r, 0, 1, r.Between(2, 5), r.Between(2, 5), r.Between(2, 5))
	fields := []*data.Field{timeColumn{
		rows:     rows,
		steps:    []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 1500 * time.Millisecond, 5 * time.Second},
		nulls:    r.OneIn(shape.nullTimesOneIn),
		unsorted: r.OneIn(20),
	}.field(r)}
	types := map[string]data.FieldType{}
	for _, name := range []string{"value", "count", ""} {
		types[name] = valueType(r, shape.nullableOneIn)
	}
	for range r.Between(1, 4) {
		name := random.Pick(r, "value", "value", "count", "")
		t := types[name]
		if r.OneIn(25) {
			t = valueType(r, shape.nullableOneIn)
		}
		field := valueField(r, name, t, rows)
		field.Labels = random.Pick(r, nil, data.Labels{}, data.Labels{"host": "a"}, data.Labels{"host": "b"}, data.Labels{"zone": "1", "host": "a"})
		fields = append(fields, field)
	}
	if r.OneIn(20) {
		fields = append(fields, factorField(r, "host", rows))
	}
	return data.NewFrame(random.Pick(r, "", "wide"), fields...).SetMeta(drawMeta(r)).SetRefID(random.Pick(r, "", "A"))
}

// resampleOptions are the options of a case that resamples: nanoseconds, since 1970 or of length, in decimal.
type resampleOptions struct {
	Fill       *writtenFill `json:"fill"`
	FromNs     string       `json:"fromNs"`
	ToNs       string       `json:"toNs"`
	IntervalNs string       `json:"intervalNs"`
}

func resampleCases() ([]writtenCase, error) {
	return drawCases("resample", 80, func(seed uint64) seriesCase {
		r := random.New(seed)
		frame := wideFrame(r, wideShape{nullableOneIn: 1, nullTimesOneIn: 8})
		if r.OneIn(8) {
			frame = random.Pick(r, longFrame(r), mixedFrame(r))
		}
		fill, written := drawFill(r, frame)
		interval := random.Pick(r, 0, time.Second, time.Second, 1500*time.Millisecond, 2*time.Second, 3*time.Second, 7*time.Second)
		from := seriesStart.Add(time.Duration(r.Between(-4, 8)) * 500 * time.Millisecond)
		to := from.Add(time.Duration(r.Between(0, 8)) * max(interval, time.Second))
		return seriesCase{
			input: frame,
			options: resampleOptions{
				Fill:       written,
				FromNs:     strconv.FormatInt(from.UnixNano(), 10),
				ToNs:       strconv.FormatInt(to.UnixNano(), 10),
				IntervalNs: strconv.FormatInt(interval.Nanoseconds(), 10),
			},
			run: func(input *data.Frame) (*data.Frame, error) {
				return sqlutil.ResampleWideFrame(input, fill, backend.TimeRange{From: from, To: to}, interval)
			},
		}
	})
}

// writtenSchema is data.TimeSeriesSchema. Type is not, long or wide.
type writtenSchema struct {
	Type           string `json:"type"`
	TimeIndex      int    `json:"timeIndex"`
	TimeIsNullable bool   `json:"timeIsNullable"`
	ValueIndices   []int  `json:"valueIndices"`
	FactorIndices  []int  `json:"factorIndices"`
}

func schemaCases() ([]writtenCase, error) {
	cases, err := drawCases("schema", 40, func(seed uint64) seriesCase {
		return seriesCase{
			input:   mixedFrame(random.New(seed)),
			options: struct{}{},
			run:     func(input *data.Frame) (*data.Frame, error) { return input, nil },
		}
	})
	for i := range cases {
		frame, err := data.UnmarshalArrowFrame(cases[i].Input)
		if err != nil {
			return nil, err
		}
		schema := frame.TimeSeriesSchema()
		cases[i].Output = nil
		cases[i].Schema = &writtenSchema{
			Type:           schema.Type.String(),
			TimeIndex:      schema.TimeIndex,
			TimeIsNullable: schema.TimeIsNullable,
			ValueIndices:   append([]int{}, schema.ValueIndices...),
			FactorIndices:  append([]int{}, schema.FactorIndices...),
		}
	}
	return cases, err
}

// mixedFrame makes a frame of up to five fields of types that a series may or may not have.
func mixedFrame(r *random.Source) *data.Frame {
	frame := data.NewFrame("")
	for range r.Intn(6) {
		t := random.Pick(r, data.FieldTypeTime, data.FieldTypeNullableTime, valueType(r, 2), valueType(r, 2), valueType(r, 2),
			data.FieldTypeString, data.FieldTypeNullableString, data.FieldTypeBool, data.FieldTypeNullableBool)
		if t.NonNullableType() != data.FieldTypeTime && r.OneIn(2) {
			t = valueType(r, 2)
		}
		frame.Fields = append(frame.Fields, valueField(r, "", t, 1))
	}
	return frame
}
