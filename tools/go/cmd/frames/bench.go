package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"framewright/tools/go/internal/command"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// reading is a row as a Go author would have it.
type reading struct {
	Time  time.Time
	Value float64
	City  string
}

// benchReport is what `frames bench` prints; times are medians, in ms, of making a frame and marshalling it.
type benchReport struct {
	Rows      int     `json:"rows"`
	Runs      int     `json:"runs"`
	Bytes     int     `json:"bytes"`
	ColumnsMs float64 `json:"columnsMs"`
	StructsMs float64 `json:"structsMs"`
}

// bench measures how long the SDK takes to make a frame of time, number and one of 50 texts, and to marshal it to Arrow: from
// typed slices that are there already, and from a slice of structs.
func bench(args []string, out io.Writer) error {
	if len(args) != 2 {
		return command.UsageError{Message: "wants the number of rows and of runs"}
	}
	rows, rowsErr := strconv.Atoi(args[0])
	runs, runsErr := strconv.Atoi(args[1])
	if rowsErr != nil || runsErr != nil || rows < 1 || runs < 1 {
		return command.UsageError{Message: "rows and runs must be whole numbers above 0"}
	}
	readings := makeReadings(rows)
	times, values, cities := columnsOf(readings)
	report := benchReport{Rows: rows, Runs: runs}
	var err error
	report.ColumnsMs, report.Bytes, err = medianOf(runs, func() ([]byte, error) { return marshal(times, values, cities) })
	if err != nil {
		return err
	}
	report.StructsMs, _, err = medianOf(runs, func() ([]byte, error) { return marshal(columnsOf(readings)) })
	if err != nil {
		return err
	}
	return newLineWriter(out).Encode(report)
}

// makeReadings gives the same rows as tools/bench makes.
func makeReadings(rows int) []reading {
	cities := make([]string, 50)
	for i := range cities {
		cities[i] = fmt.Sprintf("city %d", i)
	}
	readings := make([]reading, rows)
	for i := range readings {
		at := time.UnixMilli(1_700_000_000_000 + int64(i)*60_000).UTC()
		readings[i] = reading{Time: at, Value: math.Sin(float64(i)) * 1000, City: cities[i%50]}
	}
	return readings
}

func columnsOf(readings []reading) ([]time.Time, []float64, []string) {
	times := make([]time.Time, len(readings))
	values := make([]float64, len(readings))
	cities := make([]string, len(readings))
	for i, r := range readings {
		times[i], values[i], cities[i] = r.Time, r.Value, r.City
	}
	return times, values, cities
}

func marshal(times []time.Time, values []float64, cities []string) ([]byte, error) {
	frame := data.NewFrame("bench",
		data.NewField("time", nil, times),
		data.NewField("value", nil, values),
		data.NewField("city", nil, cities),
	)
	return frame.MarshalArrow()
}

// medianOf runs work once to warm up and then as often as told; it gives the median in ms and the size of what came out.
func medianOf(runs int, work func() ([]byte, error)) (float64, int, error) {
	size := 0
	times := make([]float64, 0, runs)
	for run := -1; run < runs; run++ {
		started := time.Now()
		made, err := work()
		if err != nil {
			return 0, 0, err
		}
		if run >= 0 {
			times = append(times, float64(time.Since(started).Nanoseconds())/1e6)
		}
		size = len(made)
	}
	slices.Sort(times)
	return times[runs/2], size, nil
}
