package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"framewright/tools/go/internal/random"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// edgeValues gives the values of a type that codecs get wrong.
func edgeValues(t data.FieldType) []any {
	switch t {
	case data.FieldTypeInt8:
		return []any{int8(0), int8(1), int8(-1), int8(math.MaxInt8), int8(math.MinInt8)}
	case data.FieldTypeInt16:
		return []any{int16(0), int16(-1), int16(math.MaxInt16), int16(math.MinInt16)}
	case data.FieldTypeInt32:
		return []any{int32(0), int32(-1), int32(math.MaxInt32), int32(math.MinInt32)}
	case data.FieldTypeInt64:
		return []any{
			int64(0), int64(-1), int64(1)<<53 - 1, int64(1) << 53, int64(1)<<53 + 1, -(int64(1) << 53) - 1,
			int64(math.MaxInt64), int64(math.MinInt64),
		}
	case data.FieldTypeUint8:
		return []any{uint8(0), uint8(1), uint8(128), uint8(math.MaxUint8)}
	case data.FieldTypeUint16:
		return []any{uint16(0), uint16(32768), uint16(math.MaxUint16)}
	case data.FieldTypeUint32:
		return []any{uint32(0), uint32(1) << 31, uint32(math.MaxUint32)}
	case data.FieldTypeUint64:
		return []any{uint64(0), uint64(1)<<53 + 1, uint64(1) << 63, uint64(math.MaxUint64)}
	case data.FieldTypeFloat32:
		return []any{
			float32(0), float32(math.Copysign(0, -1)), float32(1), float32(0.1), float32(-1.5), float32(1) / 3, float32(1e-6),
			float32(9.9e-7), float32(1e20), float32(1e21), float32(16777216), float32(123456.789), float32(math.MaxFloat32),
			float32(-math.MaxFloat32), float32(math.SmallestNonzeroFloat32), float32(1.17549435e-38),
			float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
		}
	case data.FieldTypeFloat64:
		return []any{
			0.0, math.Copysign(0, -1), 1.0, 0.1, -1.5, 1.0 / 3, math.Pi, 1e-6, 9.9e-7, 1e-7, 1e-10, 123456789012345680.0, 1e20, 1e21,
			1.5e300, 9007199254740993.0, 5e-324, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
			2.2250738585072014e-308, math.NaN(), math.Inf(1), math.Inf(-1),
		}
	case data.FieldTypeString:
		return edgeStrings()
	case data.FieldTypeBool:
		return []any{true, false}
	case data.FieldTypeTime:
		return edgeTimes()
	case data.FieldTypeJSON:
		return edgeJSON()
	case data.FieldTypeEnum:
		return []any{data.EnumItemIndex(0), data.EnumItemIndex(1), data.EnumItemIndex(2), data.EnumItemIndex(math.MaxUint16)}
	default:
		panic(fmt.Sprintf("no edge values for %s", t))
	}
}

func edgeStrings() []any {
	var controls strings.Builder
	for c := range 0x20 {
		controls.WriteByte(byte(c))
	}
	controls.WriteByte(0x7f)
	return []any{
		"", " ", "a", "null", "Zürich", "日本語", "🦊🇨🇭👩‍👩‍👧", "a\u2028b\u2029c", "<a href=\"x\">&amp;</a>", `back\slash "quoted" /`,
		controls.String(), "\u0085\u00a0\ufeff", "\ufffd\uffff\U0010ffff", "line\r\nline\tend", strings.Repeat("long ", 40),
	}
}

func edgeTimes() []any {
	utc := func(sec, nsec int64) time.Time { return time.Unix(sec, nsec).UTC() }
	return []any{
		utc(0, 0), utc(0, 1), utc(0, 999_999), utc(0, 1_000_000), utc(0, 999_999_999), utc(0, -1), utc(0, -1_000_000), utc(-1, 1),
		utc(1_700_000_000, 123_456_789), utc(1_700_000_000, 123_000_000), utc(-2_208_988_800, 0), utc(-2_208_988_800, 5),
		utc(4_102_444_800, 0), utc(0, math.MaxInt64), utc(0, math.MinInt64),
	}
}

func edgeJSON() []any {
	texts := []string{
		`{}`, `[]`, `null`, `true`, `0`, `-0.0`, `1e300`, `12345678901234567890`, `""`, `"text"`, `"<&>\u2028🦊"`, `{"a":1,"b":[true,null,"x"]}`,
		"{ \"spaced\" :\n [ 1 , 2 ] }", `{"b":1,"a":2,"a":3}`, `[[[[]]]]`,
	}
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = json.RawMessage(text)
	}
	return values
}

// randomValue gives any value of a type: an edge value now and then, else one as plugins send them.
func randomValue(r *random.Source, t data.FieldType) any {
	if r.OneIn(6) {
		return random.Pick(r, edgeValues(t)...)
	}
	switch t {
	case data.FieldTypeInt8:
		return int8(r.Uint64())
	case data.FieldTypeInt16:
		return int16(r.Uint64())
	case data.FieldTypeInt32:
		return int32(r.Uint64())
	case data.FieldTypeInt64:
		return int64(r.Uint64()) >> r.Intn(64)
	case data.FieldTypeUint8:
		return uint8(r.Uint64())
	case data.FieldTypeUint16:
		return uint16(r.Uint64())
	case data.FieldTypeUint32:
		return uint32(r.Uint64())
	case data.FieldTypeUint64:
		return r.Uint64() >> r.Intn(64)
	case data.FieldTypeFloat32:
		return float32(randomFloat(r))
	case data.FieldTypeFloat64:
		return randomFloat(r)
	case data.FieldTypeString:
		return randomText(r)
	case data.FieldTypeBool:
		return r.OneIn(2)
	case data.FieldTypeTime:
		return time.Unix(int64(r.Between(-3_000_000_000, 4_000_000_000)), int64(r.Intn(1_000_000_000))).UTC()
	case data.FieldTypeJSON:
		return randomJSON(r)
	case data.FieldTypeEnum:
		return data.EnumItemIndex(r.Intn(5))
	default:
		panic(fmt.Sprintf("no random value for %s", t))
	}
}

// randomFloat gives a number of any bit pattern, or one with few digits.
func randomFloat(r *random.Source) float64 {
	if r.OneIn(3) {
		return math.Float64frombits(r.Uint64())
	}
	return float64(r.Between(-100_000, 100_000)) / 100
}

// randomText gives up to twelve characters of ASCII, Latin, Greek, Chinese and symbols.
func randomText(r *random.Source) string {
	runes := make([]rune, r.Intn(13))
	for i := range runes {
		runes[i] = rune(random.Pick(r, r.Between('a', 'z'), r.Between(' ', '~'), r.Between('À', 'ÿ'), r.Between('α', 'ω'), r.Between('一', '丁'), r.Between('🌀', '🗿')))
	}
	return string(runes)
}

func randomJSON(r *random.Source) json.RawMessage {
	texts := []string{
		fmt.Sprintf(`{"n":%d}`, r.Intn(1000)),
		fmt.Sprintf(`[%d,%v,null]`, r.Intn(1000), r.OneIn(2)),
		fmt.Sprintf(`{"level":"info","nested":{"a":[%d]}}`, r.Intn(10)),
		fmt.Sprintf(`"word %d"`, r.Intn(100)),
		`null`,
	}
	return json.RawMessage(random.Pick(r, texts...))
}
