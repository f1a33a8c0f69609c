package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/status"
)

// cancelOptions say when a call is cancelled and how the plugin shows that it noticed.
type cancelOptions struct {
	// calls are names of methods, separated by commas.
	calls string
	// waiting stands in the log line that says the plugin is at it; where it is empty, the call is cancelled after a time.
	waiting string
	after   time.Duration
	// noticed stands in the log line that says the plugin noticed.
	noticed string
	// rounds is how often each call is made.
	rounds int
}

// cancelReport is what `host cancel` prints.
type cancelReport struct {
	Calls    []cancelledCall `json:"calls"`
	Shutdown shutdownReport  `json:"shutdown"`
	Logs     []logEntry      `json:"logs"`
}

// cancelledCall is what came of one cancelled call.
type cancelledCall struct {
	Method string `json:"method"`
	Round  int    `json:"round"`
	// Code is what this host's own client answered the cancelled call with: Canceled, unless the call was over before.
	Code string `json:"code"`
	// NoticedMs is the time from cancelling to the arrival of the plugin's log line in this host; null when none came.
	NoticedMs *float64  `json:"noticedMs"`
	Line      *logEntry `json:"line"`
}

// cancel makes calls that take long, cancels each, and measures until the plugin says that it knows.
func cancel(args []string, out io.Writer) error {
	var c cancelOptions
	o, err := parseOptions("cancel", args, func(flags *flag.FlagSet) {
		flags.StringVar(&c.calls, "calls", "QueryData,QueryChunkedData,RunStream", "the methods to call")
		flags.StringVar(&c.waiting, "waiting", "waiting", "text in the log line after which a call is cancelled; empty: after a time")
		flags.DurationVar(&c.after, "after", 100*time.Millisecond, "that time")
		flags.StringVar(&c.noticed, "noticed", "cancelled", "text in the log line by which the plugin says that it noticed")
		flags.IntVar(&c.rounds, "rounds", 1, "how often each call is made")
	})
	if err != nil {
		return err
	}
	p, err := start(o)
	if err != nil {
		return err
	}
	report := cancelReport{}
	all := p.calls(o)
	for _, name := range strings.Split(c.calls, ",") {
		at := slices.IndexFunc(all, func(one call) bool { return one.method == name })
		if at < 0 {
			p.stop()
			return fmt.Errorf("there is no call %q", name)
		}
		for round := range c.rounds {
			result := p.cancelOne(all[at], c, o.timeout)
			result.Round = round
			report.Calls = append(report.Calls, result)
		}
	}
	report.Shutdown = p.stop()
	report.Logs = p.logs.all()
	return printJSON(out, report)
}

func (p *pluginProcess) cancelOne(c call, how cancelOptions, timeout time.Duration) cancelledCall {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	since := len(p.logs.all())
	ended := make(chan error, 1)
	go func() {
		_, err := c.run(ctx)
		ended <- err
	}()
	if how.waiting == "" {
		time.Sleep(how.after)
	} else if _, ok := p.logs.await(since, timeout, says(how.waiting)); !ok {
		return cancelledCall{Method: c.method, Code: status.Code(<-ended).String()}
	}
	cancelled := time.Now()
	cancel()
	result := cancelledCall{Method: c.method, Code: status.Code(<-ended).String()}
	if line, ok := p.logs.await(since, min(timeout, 5*time.Second), says(how.noticed)); ok {
		ms := milliseconds(line.At.Sub(cancelled))
		result.NoticedMs, result.Line = &ms, &line
	}
	return result
}

func says(message string) func(logEntry) bool {
	return func(entry logEntry) bool { return strings.Contains(entry.Message, message) }
}
