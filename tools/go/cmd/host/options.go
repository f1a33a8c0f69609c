package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"framewright/tools/go/internal/command"
)

// options are the flags that all commands have.
type options struct {
	executable string
	pluginID   string
	autoMTLS   bool
	settings   jsonFlag
	url        string
	user       string
	secure     secretsFlag
	queries    jsonFlag
	resource   string
	method     string
	body       string
	stream     string
	streamData jsonFlag
	object     jsonFlag
	timeout    time.Duration
	// env are further variables of the plugin's environment, NAME=VALUE.
	env listFlag
	// quiet drops the plugin's log unread instead of recording it.
	quiet bool
}

// parseOptions reads a command's arguments: the executable, and flags behind it. More adds the command's own flags.
func parseOptions(name string, args []string, more func(*flag.FlagSet)) (*options, error) {
	if len(args) == 0 || args[0] == "" || args[0][0] == '-' {
		return nil, command.UsageError{Message: "wants the path of a plugin's executable first"}
	}
	o := &options{
		settings: jsonFlag("{}"), queries: jsonFlag(`[{}]`), streamData: jsonFlag(`{}`), object: jsonFlag(`{"kind":"Probe"}`),
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&o.pluginID, "plugin-id", "plugin", "the plugin's id")
	flags.BoolVar(&o.autoMTLS, "automtls", false, "AutoMTLS, which Grafana leaves off")
	flags.Var(&o.settings, "settings", "the data source's jsonData")
	flags.StringVar(&o.url, "url", "", "the data source's URL")
	flags.StringVar(&o.user, "user", "", "the data source's user")
	flags.Var(&o.secure, "secure", "the data source's secureJsonData, a JSON object of texts")
	flags.Var(&o.queries, "queries", "a JSON array of queries; their refIds are A, B, C and so on")
	flags.StringVar(&o.resource, "resource", "echo?a=1", "path and query string of the resource call")
	flags.StringVar(&o.method, "method", "POST", "method of the resource call")
	flags.StringVar(&o.body, "body", "body", "body of the resource call")
	flags.StringVar(&o.stream, "stream", "ticks/3", "path of the stream calls")
	flags.Var(&o.streamData, "stream-data", "data of the stream calls")
	flags.Var(&o.object, "object", "the object of the admission and conversion calls")
	flags.DurationVar(&o.timeout, "timeout", 30*time.Second, "longest time for one call, and for the start")
	flags.Var(&o.env, "env", "NAME=VALUE for the plugin's environment; may be given several times")
	if more != nil {
		more(flags)
	}
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args[1:]); err != nil {
		return nil, command.UsageError{Message: err.Error()}
	}
	if flags.NArg() > 0 {
		return nil, command.UsageError{Message: fmt.Sprintf("does not know what to do with %q", flags.Arg(0))}
	}
	var err error
	if o.executable, err = filepath.Abs(args[0]); err != nil {
		return nil, err
	}
	return o, nil
}

// listFlag is a flag that may be given several times.
type listFlag []string

func (l *listFlag) String() string { return strings.Join(*l, " ") }

// Set takes one more value from the command line.
func (l *listFlag) Set(text string) error {
	*l = append(*l, text)
	return nil
}

// secretsFlag is a flag whose value is a JSON object of texts.
type secretsFlag map[string]string

func (s *secretsFlag) String() string { return "" }

// Set takes the value from the command line.
func (s *secretsFlag) Set(text string) error {
	return json.Unmarshal([]byte(text), (*map[string]string)(s))
}

// jsonFlag is a flag whose value is JSON.
type jsonFlag json.RawMessage

func (j *jsonFlag) String() string { return string(*j) }

// Set takes the value from the command line.
func (j *jsonFlag) Set(text string) error {
	if !json.Valid([]byte(text)) {
		return fmt.Errorf("not JSON: %s", text)
	}
	*j = jsonFlag(text)
	return nil
}
