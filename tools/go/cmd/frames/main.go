// Frames is the oracle for data frames: what the official SDK makes of a frame, to the letter.
package main

import "framewright/tools/go/internal/command"

func main() {
	command.Main(
		command.Command{Name: "write", Usage: "prints the frames as JSON lines", Run: write},
		command.Command{Name: "check", Usage: "<file>: compares another encoder's frames with the SDK's", Run: check},
		command.Command{Name: "series", Usage: "prints the time series cases as JSON lines", Run: writeSeries},
		command.Command{Name: "bench", Usage: "<rows> <runs>: measures making and marshalling a frame", Run: bench},
	)
}
