package main

import (
	"fmt"

	"framewright/tools/go/internal/random"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// generatedFrames gives frames of random types, rows, labels, configurations and metadata.
func generatedFrames(count int) []namedFrame {
	frames := make([]namedFrame, count)
	for i := range frames {
		// A seed of its own keeps every other frame as it is when one is made differently.
		frames[i] = namedFrame{fmt.Sprintf("generated/%03d", i), generatedFrame(random.New(uint64(i)))}
	}
	return frames
}

func generatedFrame(r *random.Source) *data.Frame {
	frame := data.NewFrame(random.Pick(r, "", "generated", randomText(r)))
	frame.RefID = random.Pick(r, "", "A", "B", randomText(r))
	if r.OneIn(3) {
		frame.Meta = random.Pick(r, metas()...).meta
	}
	rows := random.Pick(r, 0, 1, 2, 3, 5, r.Intn(21))
	types := fieldTypes()
	for range r.Between(0, 4) {
		frame.Fields = append(frame.Fields, generatedField(r, random.Pick(r, types...), rows))
	}
	return frame
}

func generatedField(r *random.Source, t data.FieldType, rows int) *data.Field {
	nullOneIn := random.Pick(r, 0, 0, 1, 2, 10)
	values := make([]any, rows)
	for i := range values {
		if nullOneIn == 0 || !r.OneIn(nullOneIn) {
			values[i] = randomValue(r, t)
		}
	}
	if nullOneIn != 0 || r.OneIn(4) {
		t = t.NullableType()
	}
	field := newField(random.Pick(r, "", "value", "time", "same", "same", randomText(r)), t, values)
	if r.OneIn(3) {
		field.Labels = randomLabels(r)
	}
	if r.OneIn(3) {
		field.Config = random.Pick(r, configs()...).config
	}
	return field
}

func randomLabels(r *random.Source) data.Labels {
	labels := data.Labels{}
	for range r.Intn(4) {
		labels[random.Pick(r, "host", "job", "le", randomText(r))] = random.Pick(r, "a", "server-1", "", randomText(r))
	}
	return labels
}
