// Frames is the oracle for data frames: what the official SDK makes of a frame, byte for byte.
package main

import (
	"fmt"
	"io"

	"framewright/tools/go/internal/command"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

func main() {
	command.Main(
		command.Command{Name: "write", Usage: "prints frames as JSON lines", Run: write},
	)
}

func write(_ []string, out io.Writer) error {
	frame := data.NewFrame("empty")
	arrow, err := frame.MarshalArrow()
	if err != nil {
		return fmt.Errorf("encode %q: %w", frame.Name, err)
	}
	_, err = fmt.Fprintf(out, "%d\n", len(arrow))
	return err
}
