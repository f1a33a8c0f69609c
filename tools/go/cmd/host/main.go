// Host drives a plugin with go-plugin's own client, set up as Grafana sets it up, and reports in JSON what came of it.
package main

import "framewright/tools/go/internal/command"

func main() {
	command.Main(
		command.Command{Name: "run", Usage: "<executable> [flags]: calls every RPC once, then ends the plugin", Run: run},
		command.Command{Name: "cancel", Usage: "<executable> [flags]: measures how soon the plugin learns of a cancelled call", Run: cancel},
		command.Command{Name: "bench", Usage: "<executable> --case small|bytes|start [flags]: measures speed and memory", Run: bench},
	)
}
