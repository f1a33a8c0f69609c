package main

import (
	"math"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// namedConfig is one field configuration of the corpus.
type namedConfig struct {
	id     string
	config *data.FieldConfig
}

// configFrames gives a frame for each configuration.
func configFrames() []namedFrame {
	var frames []namedFrame
	for _, c := range configs() {
		field := newField("value", data.FieldTypeFloat64, []any{1.5}).SetConfig(c.config)
		frames = append(frames, namedFrame{"config/" + c.id, data.NewFrame("", field)})
	}
	enum := newField("state", data.FieldTypeNullableEnum, []any{data.EnumItemIndex(2), nil, data.EnumItemIndex(0)})
	enum.Config = &data.FieldConfig{TypeConfig: enumConfig()}
	return append(frames, namedFrame{"config/enum-field", data.NewFrame("", enum)})
}

// configs gives configurations that together use every member.
func configs() []namedConfig {
	configs := []namedConfig{
		{"empty", &data.FieldConfig{}},
		{"displayName", &data.FieldConfig{DisplayName: "Name <b>&\u2028"}},
		{"displayNameFromDS", &data.FieldConfig{DisplayNameFromDS: "from the data source"}},
		{"path", &data.FieldConfig{Path: "a/b"}},
		{"description", &data.FieldConfig{Description: "two\nlines 🦊"}},
		{"filterable", (&data.FieldConfig{}).SetFilterable(true)},
		{"filterable-false", (&data.FieldConfig{}).SetFilterable(false)},
		{"writeable", &data.FieldConfig{Writeable: new(bool)}},
		{"unit", &data.FieldConfig{Unit: "reqps"}},
		{"decimals", (&data.FieldConfig{}).SetDecimals(2)},
		{"decimals-0", (&data.FieldConfig{}).SetDecimals(0)},
		{"decimals-max", (&data.FieldConfig{}).SetDecimals(math.MaxUint16)},
		{"min-max", (&data.FieldConfig{}).SetMin(-1.5).SetMax(100)},
		{"min-max-0", (&data.FieldConfig{}).SetMin(math.Copysign(0, -1)).SetMax(0)},
		{"min-max-infinite", (&data.FieldConfig{}).SetMin(math.Inf(-1)).SetMax(math.Inf(1))},
		{"min-max-nan", (&data.FieldConfig{}).SetMin(math.NaN())},
		{"min-max-large", (&data.FieldConfig{}).SetMin(1e20).SetMax(1e21)},
		{"min-max-small", (&data.FieldConfig{}).SetMin(1e-5).SetMax(123456.789e-12)},
		{"min-max-exact", (&data.FieldConfig{}).SetMin(9007199254740992).SetMax(math.MaxFloat64)},
		{"interval", &data.FieldConfig{Interval: 15000}},
		{"interval-fraction", &data.FieldConfig{Interval: 0.1}},
		{"interval-small", &data.FieldConfig{Interval: 1e-7}},
		{"interval-large", &data.FieldConfig{Interval: 1e21}},
		{"noValue", &data.FieldConfig{NoValue: "—"}},
		{"color", &data.FieldConfig{Color: map[string]any{"mode": "fixed", "fixedColor": "#ff0000", "seriesBy": "last"}}},
		{"color-empty", &data.FieldConfig{Color: map[string]any{}}},
		{"custom", &data.FieldConfig{Custom: custom()}},
		{"enum", &data.FieldConfig{TypeConfig: enumConfig()}},
		{"enum-text", &data.FieldConfig{TypeConfig: &data.FieldTypeConfig{Enum: &data.EnumFieldConfig{Text: []string{}}}}},
		{"enum-none", &data.FieldConfig{TypeConfig: &data.FieldTypeConfig{}}},
	}
	configs = append(configs, mappingConfigs()...)
	configs = append(configs, thresholdConfigs()...)
	configs = append(configs, linkConfigs()...)
	return append(configs, namedConfig{"all", everyMember()})
}

func mappingConfigs() []namedConfig {
	number := func(f float64) *data.ConfFloat64 { c := data.ConfFloat64(f); return &c }
	result := data.ValueMappingResult{Text: "text <&>", Color: "red", Index: 3}
	specials := data.ValueMappings{}
	for i, match := range []data.SpecialValueMatch{
		data.SpecialValueTrue, data.SpecialValueFalse, data.SpecialValueNull, data.SpecialValueNaN, data.SpecialValueNullAndNaN, data.SpecialValueEmpty,
	} {
		specials = append(specials, data.SpecialValueMapper{Match: match, Result: data.ValueMappingResult{Text: string(match), Index: i}})
	}
	with := func(mappings ...data.ValueMapping) *data.FieldConfig { return &data.FieldConfig{Mappings: mappings} }
	return []namedConfig{
		{"mappings-value", with(data.ValueMapper{"2": result, "10": {Text: "ten"}, "": {Color: "blue"}, "<&>": {}})},
		{"mappings-value-empty", with(data.ValueMapper{})},
		{"mappings-range", with(data.RangeValueMapper{From: number(-1.5), To: number(1e21), Result: result})},
		{"mappings-range-open", with(data.RangeValueMapper{To: number(0)}, data.RangeValueMapper{From: number(math.Inf(-1))})},
		{"mappings-special", &data.FieldConfig{Mappings: specials}},
		{"mappings-mixed", with(specials[0], data.ValueMapper{"a": result}, data.RangeValueMapper{From: number(0), To: number(1), Result: result})},
	}
}

func thresholdConfigs() []namedConfig {
	steps := []data.Threshold{
		data.NewThreshold(math.Inf(-1), "green", ""), data.NewThreshold(80, "#EAB839", "warm"), data.NewThreshold(99.5, "red", "hot"),
	}
	with := func(mode data.ThresholdsMode, steps []data.Threshold) *data.FieldConfig {
		return &data.FieldConfig{Thresholds: &data.ThresholdsConfig{Mode: mode, Steps: steps}}
	}
	return []namedConfig{
		{"thresholds-absolute", with(data.ThresholdsModeAbsolute, steps)},
		{"thresholds-percentage", with(data.ThresholdsModePercentage, steps[:1])},
		{"thresholds-no-steps", with(data.ThresholdsModeAbsolute, []data.Threshold{})},
	}
}

func linkConfigs() []namedConfig {
	from := time.Date(2024, 2, 29, 12, 30, 15, 123_456_789, time.UTC)
	states := data.ExplorePanelsState(map[string]any{"trace": map[string]any{"spanId": "b"}})
	internal := &data.InternalDataLink{
		Query:              map[string]any{"query": "${__value.raw}", "limit": 20},
		DatasourceUID:      "tempo-1",
		DatasourceName:     "Tempo",
		ExplorePanelsState: &states,
		Transformations: &[]data.LinkTransformationConfig{
			{Type: data.Regex, Field: "line", Expression: `(\w+)<&>`, MapValue: "word"}, {Type: data.Logfmt},
		},
		Range: &data.TimeRange{From: from, To: from.Add(time.Hour)},
	}
	with := func(links ...data.DataLink) *data.FieldConfig { return &data.FieldConfig{Links: links} }
	return []namedConfig{
		{"links", with(data.DataLink{Title: "Docs", URL: "https://example.com/?a=1&b=<x>", TargetBlank: true}, data.DataLink{URL: "/d/${__value.text}"})},
		{"links-empty", with(data.DataLink{})},
		{"links-internal", with(data.DataLink{Title: "Trace", Internal: internal})},
		{"links-internal-empty", with(data.DataLink{Internal: &data.InternalDataLink{}})},
	}
}

func enumConfig() *data.FieldTypeConfig {
	return &data.FieldTypeConfig{Enum: &data.EnumFieldConfig{
		Text:        []string{"ok", "<warning>", "критично"},
		Color:       []string{"green", "", "red"},
		Icon:        []string{"check", "", ""},
		Description: []string{"", "", "since an hour"},
	}}
}

// custom gives settings of each kind that JSON has.
func custom() map[string]any {
	return map[string]any{
		"text": "a <b> & \u2028 c", "int": 12, "large": int64(1)<<53 - 1, "float": 0.1, "small": 1e-7, "huge": 1e21, "true": true, "false": false,
		"null": nil, "list": []any{1, "two", nil, []any{}}, "nested": map[string]any{"z": 1, "a": map[string]any{}}, "": "empty key",
		"10": "digits", "9": "digits",
	}
}

// everyMember gives a configuration with all its members set.
func everyMember() *data.FieldConfig {
	config := &data.FieldConfig{
		DisplayName: "display", DisplayNameFromDS: "from", Path: "path", Description: "description", Writeable: new(bool), Unit: "celsius",
		Interval: 1000, NoValue: "none", TypeConfig: enumConfig(), Color: map[string]any{"mode": "palette-classic"}, Custom: custom(),
	}
	for _, part := range mappingConfigs() {
		config.Mappings = append(config.Mappings, part.config.Mappings...)
	}
	config.Thresholds = thresholdConfigs()[0].config.Thresholds
	for _, part := range linkConfigs() {
		config.Links = append(config.Links, part.config.Links...)
	}
	return config.SetFilterable(true).SetDecimals(1).SetMin(0).SetMax(40)
}
