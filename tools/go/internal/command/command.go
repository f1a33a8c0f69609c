// Package command is what the programs of this module have in common on their command lines: sub-commands by name, errors
// on standard error, exit code 2 for a wrong call and 1 for a failure.
package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Command is one sub-command of a program.
type Command struct {
	// Name is what the user types.
	Name string
	// Usage stands behind the name in the help text: arguments, and what it does.
	Usage string
	// Run does the work. It writes its result to out.
	Run func(args []string, out io.Writer) error
}

// UsageError says that the program was called wrongly.
type UsageError struct{ Message string }

func (e UsageError) Error() string { return e.Message }

// Main runs the sub-command that the process's arguments name, and ends the process.
func Main(commands ...Command) {
	err := run(os.Args[1:], os.Stdout, commands)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	var usage UsageError
	if errors.As(err, &usage) {
		os.Exit(2)
	}
	os.Exit(1)
}

func run(args []string, out io.Writer, commands []Command) error {
	if len(args) > 0 {
		for _, c := range commands {
			if c.Name == args[0] {
				if err := c.Run(args[1:], out); err != nil {
					return fmt.Errorf("%s: %w", c.Name, err)
				}
				return nil
			}
		}
	}
	var text strings.Builder
	text.WriteString("commands:")
	for _, c := range commands {
		fmt.Fprintf(&text, "\n  %s %s", c.Name, c.Usage)
	}
	return UsageError{text.String()}
}
