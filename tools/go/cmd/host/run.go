package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"google.golang.org/grpc/status"
)

// runReport is what `host run` prints.
type runReport struct {
	AutoMTLS    bool           `json:"autoMtls"`
	HandshakeMs float64        `json:"handshakeMs"`
	Network     string         `json:"network"`
	Calls       []callReport   `json:"calls"`
	Shutdown    shutdownReport `json:"shutdown"`
	// Logs are all lines of the plugin and of go-plugin's client.
	Logs []logEntry `json:"logs"`
}

// callReport is what came of one RPC. Code is gRPC's name of a status: OK, Unimplemented and so on.
type callReport struct {
	Service string  `json:"service"`
	Method  string  `json:"method"`
	Code    string  `json:"code"`
	Message string  `json:"message,omitempty"`
	Ms      float64 `json:"ms"`
	Answer  any     `json:"answer"`
}

// run calls every RPC of a plugin once and ends it.
func run(args []string, out io.Writer) error {
	o, err := parseOptions("run", args, nil)
	if err != nil {
		return err
	}
	p, err := start(o)
	if err != nil {
		return err
	}
	report := runReport{AutoMTLS: o.autoMTLS, HandshakeMs: milliseconds(p.handshake), Network: p.address.Network()}
	for _, c := range p.calls(o) {
		report.Calls = append(report.Calls, makeCall(c, o.timeout))
	}
	report.Shutdown = p.stop()
	report.Logs = p.logs.all()
	return printJSON(out, report)
}

func makeCall(c call, timeout time.Duration) callReport {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	began := time.Now()
	answer, err := c.run(ctx)
	result := status.Convert(err)
	return callReport{
		Service: c.service, Method: c.method, Code: result.Code().String(), Message: result.Message(), Ms: milliseconds(time.Since(began)), Answer: answer,
	}
}

func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
