// Host drives a plugin with go-plugin's own client, set up as Grafana sets it up, and reports in JSON what came of it.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"framewright/tools/go/internal/command"

	goplugin "github.com/hashicorp/go-plugin"
)

func main() {
	endPluginsOnSignal()
	command.Main(
		command.Command{Name: "run", Usage: "<executable> [flags]: calls every RPC once, then ends the plugin", Run: run},
		command.Command{Name: "cancel", Usage: "<executable> [flags]: measures how soon the plugin learns of a cancelled call", Run: cancel},
		command.Command{Name: "bench", Usage: "<executable> --case small|bytes|start [flags]: measures speed and memory", Run: bench},
	)
}

// endPluginsOnSignal ends the plugins before this process: they ignore a Ctrl-C, and Go ones would live on without a host.
func endPluginsOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		goplugin.CleanupClients()
		os.Exit(1)
	}()
}
