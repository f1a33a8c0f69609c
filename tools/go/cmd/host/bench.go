package main

import (
	"flag"
	"fmt"
	"io"
	"time"

	"framewright/tools/go/internal/command"
)

// benchOptions say what is measured.
type benchOptions struct {
	name    string
	callers int
	seconds float64
	warm    float64
	bytes   int
	runs    int
	checks  int
	idle    bool
}

// bench measures one plugin. Its queries are in the words of this module's README.
func bench(args []string, out io.Writer) error {
	var b benchOptions
	o, err := parseOptions("bench", args, func(flags *flag.FlagSet) {
		flags.StringVar(&b.name, "case", "", "small, bytes, queries, health or start")
		flags.IntVar(&b.callers, "callers", 1, "small, queries: how many call at the same time")
		flags.Float64Var(&b.seconds, "seconds", 2, "small, bytes, queries: how long")
		flags.Float64Var(&b.warm, "warm", 0, "small, bytes, queries: how long the plugin is called before that is measured; 0 is a quarter of it")
		flags.IntVar(&b.bytes, "bytes", 1_000_000, "bytes: the size of one answer")
		flags.IntVar(&b.runs, "runs", 10, "start: how many starts")
		flags.IntVar(&b.checks, "checks", 300, "health: how many checks at least")
		flags.BoolVar(&b.idle, "idle", false, "health: without a query beside it")
	})
	if err != nil {
		return err
	}
	if b.callers < 1 || b.seconds <= 0 || b.warm < 0 || b.runs < 1 || b.checks < 1 || b.bytes < 0 {
		return command.UsageError{Message: "callers, seconds, runs and checks must be above 0"}
	}
	// Reading log lines is this host's work, not the plugin's.
	o.quiet = true
	var result any
	switch b.name {
	case "small":
		o.queries = jsonFlag(`[{}]`)
		result, err = withPlugin(o, func(p *pluginProcess) (any, error) { return p.benchCalls(o, b.callers, b.warmUp(), b.duration()) })
	case "bytes":
		o.queries = jsonFlag(fmt.Sprintf(`[{"bytes":%d}]`, b.bytes))
		result, err = withPlugin(o, func(p *pluginProcess) (any, error) { return p.benchCalls(o, 1, b.warmUp(), b.duration()) })
	case "queries":
		result, err = withPlugin(o, func(p *pluginProcess) (any, error) { return p.benchCalls(o, b.callers, b.warmUp(), b.duration()) })
	case "health":
		result, err = withPlugin(o, func(p *pluginProcess) (any, error) { return p.benchHealth(o, b.checks, b.idle) })
	case "start":
		result, err = benchStart(o, b.runs)
	default:
		return command.UsageError{Message: fmt.Sprintf("there is no case %q: small, bytes, queries, health, start", b.name)}
	}
	if err != nil {
		return err
	}
	return printJSON(out, result)
}

func (b benchOptions) duration() time.Duration {
	return time.Duration(b.seconds * float64(time.Second))
}

func (b benchOptions) warmUp() time.Duration {
	if b.warm == 0 {
		return b.duration() / 4
	}
	return time.Duration(b.warm * float64(time.Second))
}

// withPlugin starts a plugin, does something with it and ends it; a plugin that did not end well fails the whole.
func withPlugin(o *options, work func(*pluginProcess) (any, error)) (any, error) {
	p, err := start(o)
	if err != nil {
		return nil, err
	}
	result, err := work(p)
	if shutdown := p.stop(); err == nil && (shutdown.ExitCode != 0 || shutdown.FailedToExitGracefully) {
		err = fmt.Errorf("the plugin did not end well: %+v", shutdown)
	}
	return result, err
}
