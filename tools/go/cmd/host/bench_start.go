package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// settle is how long a plugin may rest before its memory is looked at.
const settle = 200 * time.Millisecond

// startReport is what a benchmark of starts gives, one number a start.
type startReport struct {
	HandshakeMs []float64 `json:"handshakeMs"`
	// ResidentBytes is the memory of a plugin that has served nothing yet, LoadedBytes after a second of small calls from 16
	// callers; 0 where the system does not tell.
	ResidentBytes []int64 `json:"residentBytes"`
	LoadedBytes   []int64 `json:"loadedBytes"`
}

// benchStart starts a plugin several times; the first start, which fills the system's file cache, is not counted.
func benchStart(o *options, runs int) (*startReport, error) {
	report := &startReport{}
	for run := -1; run < runs; run++ {
		// Load takes its time; a few runs of it are enough.
		loaded := run >= 0 && run < 3
		_, err := withPlugin(o, func(p *pluginProcess) (any, error) { return nil, report.measure(p, o, run >= 0, loaded) })
		if err != nil {
			return nil, err
		}
	}
	return report, nil
}

func (r *startReport) measure(p *pluginProcess, o *options, counted, loaded bool) error {
	if !counted {
		return nil
	}
	r.HandshakeMs = append(r.HandshakeMs, milliseconds(p.handshake))
	time.Sleep(settle)
	r.ResidentBytes = append(r.ResidentBytes, residentBytes(p.command.Process.Pid))
	if !loaded {
		return nil
	}
	if _, err := p.hammer(o, 16, time.Second); err != nil {
		return err
	}
	time.Sleep(settle)
	r.LoadedBytes = append(r.LoadedBytes, residentBytes(p.command.Process.Pid))
	return nil
}

var (
	residentLine = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)
	peakLine     = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)
)

// residentBytes reads a process's resident memory from Linux; 0 on other systems.
func residentBytes(pid int) int64 { return statusBytes(pid, residentLine) }

// peakBytes reads the most resident memory that a process had from Linux; 0 on other systems.
func peakBytes(pid int) int64 { return statusBytes(pid, peakLine) }

func statusBytes(pid int, line *regexp.Regexp) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	match := line.FindSubmatch(status)
	if match == nil {
		return 0
	}
	kilobytes, err := strconv.ParseInt(string(match[1]), 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes * 1024
}
