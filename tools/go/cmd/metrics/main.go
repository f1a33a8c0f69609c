// Metrics reads metrics in Prometheus' text format as Prometheus' own parser does.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"framewright/tools/go/internal/command"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// family is one metric with its samples.
type family struct {
	Name    string   `json:"name"`
	Help    string   `json:"help"`
	Type    string   `json:"type"`
	Samples []sample `json:"samples"`
}

// sample is the value of one combination of labels; a histogram's or summary's is its count. Numbers are texts, since JSON has no infinity.
type sample struct {
	Labels  map[string]string `json:"labels"`
	Value   string            `json:"value"`
	Sum     string            `json:"sum,omitempty"`
	Buckets map[string]uint64 `json:"buckets,omitempty"`
}

func main() {
	command.Main(command.Command{
		Name:  "parse",
		Usage: "<file>: metrics in Prometheus' text format, which are printed as JSON",
		Run:   parse,
	})
}

func parse(args []string, out io.Writer) error {
	if len(args) != 1 {
		return command.UsageError{Message: "parse takes one file"}
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	parsed, err := parser.TextToMetricFamilies(file)
	if err != nil {
		return err
	}
	families := []family{}
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		f := parsed[name]
		samples := []sample{}
		for _, metric := range f.GetMetric() {
			s, err := read(f.GetType(), metric)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			samples = append(samples, s)
		}
		families = append(families, family{name, f.GetHelp(), f.GetType().String(), samples})
	}
	return json.NewEncoder(out).Encode(families)
}

func read(kind dto.MetricType, metric *dto.Metric) (sample, error) {
	labels := map[string]string{}
	for _, pair := range metric.GetLabel() {
		labels[pair.GetName()] = pair.GetValue()
	}
	s := sample{Labels: labels}
	switch kind {
	case dto.MetricType_COUNTER:
		s.Value = text(metric.GetCounter().GetValue())
	case dto.MetricType_GAUGE:
		s.Value = text(metric.GetGauge().GetValue())
	case dto.MetricType_HISTOGRAM:
		histogram := metric.GetHistogram()
		s.Value = strconv.FormatUint(histogram.GetSampleCount(), 10)
		s.Sum = text(histogram.GetSampleSum())
		s.Buckets = map[string]uint64{}
		for _, bucket := range histogram.GetBucket() {
			s.Buckets[text(bucket.GetUpperBound())] = bucket.GetCumulativeCount()
		}
	case dto.MetricType_SUMMARY:
		s.Value = strconv.FormatUint(metric.GetSummary().GetSampleCount(), 10)
		s.Sum = text(metric.GetSummary().GetSampleSum())
	default:
		return s, fmt.Errorf("metrics of type %s are not expected of a plugin", kind)
	}
	return s, nil
}

func text(number float64) string {
	return strconv.FormatFloat(number, 'g', -1, 64)
}
