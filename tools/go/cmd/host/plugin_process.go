package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// pluginProcess is a started plugin.
type pluginProcess struct {
	client   *goplugin.Client
	command  *exec.Cmd
	logs     *logRecorder
	services services
	conn     *grpc.ClientConn
	address  net.Addr
	// handshake is the time from the start of the process to its handshake line.
	handshake time.Duration
}

// services are the clients that Grafana dispenses, in its order.
type services struct {
	diagnostics grpcplugin.DiagnosticsClient
	resource    grpcplugin.ResourceClient
	data        grpcplugin.DataClient
	admission   grpcplugin.AdmissionClient
	conversion  grpcplugin.ConversionClient
	stream      grpcplugin.StreamClient
}

// start starts a plugin the way Grafana does: its handshake and plugin set, gRPC only, an environment of its own rather than
// the host's. Only AutoMTLS, which Grafana leaves off, can be chosen.
func start(o *options) (*pluginProcess, error) {
	logger, logs := newLogger()
	if o.quiet {
		logger = hclog.NewNullLogger()
	}
	command := exec.Command(o.executable)
	command.Env = append(pluginEnvironment(), o.env...)
	client := goplugin.NewClient(&goplugin.ClientConfig{
		Cmd: command,
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
			"resource":    &grpcplugin.ResourceGRPCPlugin{},
			"data":        &grpcplugin.DataGRPCPlugin{},
			"stream":      &grpcplugin.StreamGRPCPlugin{},
			"admission":   &grpcplugin.AdmissionGRPCPlugin{},
			"conversion":  &grpcplugin.ConversionGRPCPlugin{},
		}},
		SkipHostEnv:      true,
		Logger:           logger,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		AutoMTLS:         o.autoMTLS,
		StartTimeout:     o.timeout,
		// For CleanupClients; it changes nothing else.
		Managed: true,
	})
	p := &pluginProcess{client: client, command: command, logs: logs}
	if err := p.connect(); err != nil {
		client.Kill()
		return nil, fmt.Errorf("start %s: %w\n%s", o.executable, err, logText(logs.all()))
	}
	return p, nil
}

func (p *pluginProcess) connect() error {
	started := time.Now()
	address, err := p.client.Start()
	if err != nil {
		return err
	}
	p.address = address
	p.handshake = time.Since(started)
	protocol, err := p.client.Client()
	if err != nil {
		return err
	}
	if version := p.client.NegotiatedVersion(); version != grpcplugin.ProtocolVersion {
		return fmt.Errorf("protocol version %d was agreed on", version)
	}
	grpcClient, ok := protocol.(*goplugin.GRPCClient)
	if !ok {
		return fmt.Errorf("a client of type %T, not a gRPC one", protocol)
	}
	p.conn = grpcClient.Conn
	return errors.Join(
		dispense(protocol, "diagnostics", &p.services.diagnostics),
		dispense(protocol, "resource", &p.services.resource),
		dispense(protocol, "data", &p.services.data),
		dispense(protocol, "admission", &p.services.admission),
		dispense(protocol, "conversion", &p.services.conversion),
		dispense(protocol, "stream", &p.services.stream),
	)
}

func dispense[T any](protocol goplugin.ClientProtocol, name string, into *T) error {
	raw, err := protocol.Dispense(name)
	if err != nil {
		return fmt.Errorf("service %s: %w", name, err)
	}
	service, ok := raw.(T)
	if !ok {
		return fmt.Errorf("service %s has the type %T", name, raw)
	}
	*into = service
	return nil
}

// pluginEnvironment is what Grafana gives a plugin besides the handshake's own variables.
func pluginEnvironment() []string {
	env := []string{"GF_VERSION=12.3.0"}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SystemRoot"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// shutdownReport says how a plugin ended.
type shutdownReport struct {
	Ms float64 `json:"ms"`
	// ExitCode is -1 for a process that a signal ended.
	ExitCode int `json:"exitCode"`
	// FailedToExitGracefully is go-plugin's word for a plugin that it had to kill.
	FailedToExitGracefully bool `json:"failedToExitGracefully"`
	// SocketLeft says that the plugin's socket is still there.
	SocketLeft bool `json:"socketLeft"`
}

// stop ends the plugin as Grafana does.
func (p *pluginProcess) stop() shutdownReport {
	began := time.Now()
	p.client.Kill()
	report := shutdownReport{Ms: milliseconds(time.Since(began)), ExitCode: -1}
	if state := p.command.ProcessState; state != nil {
		report.ExitCode = state.ExitCode()
	}
	for _, entry := range p.logs.all() {
		if strings.Contains(entry.Message, "failed to exit gracefully") {
			report.FailedToExitGracefully = true
		}
	}
	if p.address.Network() == "unix" {
		_, err := os.Lstat(p.address.String())
		report.SocketLeft = !errors.Is(err, fs.ErrNotExist)
	}
	return report
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// logText is the lines as a person reads them.
func logText(entries []logEntry) string {
	var text strings.Builder
	for _, entry := range entries {
		fmt.Fprintf(&text, "  [%s] %s %v\n", entry.Level, entry.Message, entry.Fields)
	}
	return text.String()
}
