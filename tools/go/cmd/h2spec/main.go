// H2spec puts the cases of h2spec, and some of ours, to an HTTP/2 server that serves gRPC's health service, and reports in JSON
// what came of each.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"time"

	"framewright/tools/go/internal/command"

	"github.com/summerwind/h2spec/config"
)

func main() {
	command.Main(
		command.Command{Name: "list", Usage: ": prints the cases, unasked", Run: list},
		command.Command{
			Name:  "run",
			Usage: "<address> [--case id] [--timeout 2s] [--server-cert, --cert, --key file]: puts them to a server at a Unix socket's path or <host>:<port>",
			Run:   run,
		},
	)
}

func list(args []string, out io.Writer) error {
	if len(args) != 0 {
		return command.UsageError{Message: "list takes no argument"}
	}
	reports := []report{}
	for _, c := range allCases() {
		reports = append(reports, c.describe())
	}
	return json.NewEncoder(out).Encode(reports)
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' {
		return command.UsageError{Message: "wants the server's address first"}
	}
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	only := flags.String("case", "", "the one case to put; all unless given")
	timeout := flags.Duration("timeout", 2*time.Second, "longest wait for a frame")
	var mtls mtlsFiles
	mtls.addFlags(flags)
	if err := flags.Parse(args[1:]); err != nil {
		return command.UsageError{Message: err.Error()}
	}
	dial, err := mtls.dialer(args[0])
	if err != nil {
		return err
	}
	relay, err := startRelay(dial)
	if err != nil {
		return err
	}
	defer relay.close()
	// The length of the long header fields is the one of h2spec's own command.
	c := &config.Config{Host: relay.host, Port: relay.port, Path: "/", Timeout: *timeout, MaxHeaderLen: 4000, Strict: true}
	reports := []report{}
	for _, asked := range allCases() {
		if *only != "" && asked.id != *only {
			continue
		}
		reports = append(reports, asked.run(c))
		// A server that is gone would pass every case that wants the connection closed.
		if err := relay.failure(); err != nil {
			return err
		}
	}
	if len(reports) == 0 {
		return command.UsageError{Message: "there is no case " + *only}
	}
	return json.NewEncoder(out).Encode(reports)
}
