package main

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

func TestDescribeValueLosesNothing(t *testing.T) {
	tests := []struct {
		value any
		want  string
	}{
		{int64(math.MinInt64), "-9223372036854775808"},
		{uint64(math.MaxUint64), "18446744073709551615"},
		{math.Copysign(0, -1), "8000000000000000"},
		{0.1, "3fb999999999999a"},
		{math.Float64frombits(0xfff8000000000123), "7ff8000000000000"},
		{float32(1.5), "3fc00000"},
		{float32(math.NaN()), "7fc00000"},
		{time.Unix(0, math.MinInt64), "-9223372036854775808"},
		{time.Unix(-1, 1), "-999999999"},
		{true, "true"},
		{"a\u2028<b>", "a\u2028<b>"},
		{json.RawMessage(`{ "a" : 1 }`), `{ "a" : 1 }`},
		{data.EnumItemIndex(65535), "65535"},
	}
	for _, test := range tests {
		got, err := describeValue(test.value)
		if err != nil || got != test.want {
			t.Errorf("%T %v: got %q, %v, want %q", test.value, test.value, got, err, test.want)
		}
	}
	if _, err := describeValue(struct{}{}); err == nil {
		t.Error("a value of an unknown type was described")
	}
}

func TestEveryTypeOfTheSDKIsInTheCorpus(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range corpus() {
		for _, field := range f.frame.Fields {
			seen[field.Type().ItemTypeString()] = true
		}
	}
	if len(fieldTypes()) < 15 {
		t.Errorf("only the types %v are known", fieldTypes())
	}
	for _, fieldType := range fieldTypes() {
		if !seen[fieldType.ItemTypeString()] || !seen[fieldType.NullableType().ItemTypeString()] {
			t.Errorf("%s or its nullable twin is in no frame", fieldType)
		}
	}
}
