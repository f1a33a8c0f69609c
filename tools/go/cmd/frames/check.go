package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"framewright/tools/go/internal/command"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// foreignFrame is one line of the file that `frames check` reads: a frame of the corpus as another encoder wrote it.
type foreignFrame struct {
	ID         string  `json:"id"`
	Arrow      []byte  `json:"arrow"`
	JSON       string  `json:"json"`
	SchemaJSON *string `json:"schemaJson"`
	DataJSON   *string `json:"dataJson"`
}

// checkReport is what `frames check` prints.
type checkReport struct {
	// Checked counts the lines that were looked at, Total the frames that there are.
	Checked  int       `json:"checked"`
	Total    int       `json:"total"`
	Failures []failure `json:"failures"`
}

// failure is one thing wrong with one frame. What is one of id, arrow, json, jsonText, schemaJsonText and dataJsonText.
type failure struct {
	ID     string `json:"id"`
	What   string `json:"what"`
	Detail string `json:"detail"`
}

// check reads frames that another encoder made and says where they are not what the SDK made, or reads to something else.
func check(args []string, out io.Writer) error {
	if len(args) != 1 {
		return command.UsageError{Message: "wants the path of one file of JSON lines"}
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	originals := map[string]namedFrame{}
	for _, f := range corpus() {
		originals[f.id] = f
	}
	report := checkReport{Total: len(originals), Failures: []failure{}}
	for decoder := json.NewDecoder(bufio.NewReader(file)); ; {
		var line foreignFrame
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("%s, line %d: %w", args[0], report.Checked+1, err)
		}
		report.Checked++
		original, ok := originals[line.ID]
		if !ok {
			report.Failures = append(report.Failures, failure{line.ID, "id", "no frame has this id, or it was there before"})
			continue
		}
		delete(originals, line.ID)
		failures, err := compare(original, line)
		if err != nil {
			return fmt.Errorf("frame %s: %w", line.ID, err)
		}
		report.Failures = append(report.Failures, failures...)
	}
	return newLineWriter(out).Encode(report)
}

// compare gives everything in which a frame is not what the SDK made of it; an error only when the SDK itself failed.
func compare(original namedFrame, foreign foreignFrame) ([]failure, error) {
	own, err := encode(original)
	if err != nil {
		return nil, err
	}
	var failures []failure
	note := func(what string, err error) {
		if err != nil {
			failures = append(failures, failure{foreign.ID, what, err.Error()})
		}
	}
	note("arrow", sameFrame(readArrow, own.Arrow, foreign.Arrow))
	note("json", sameFrame(readJSON, own.JSON, foreign.JSON))
	note("jsonText", sameText(own.JSON, foreign.JSON))
	if foreign.SchemaJSON != nil {
		note("schemaJsonText", sameText(own.SchemaJSON, *foreign.SchemaJSON))
	}
	if foreign.DataJSON != nil {
		note("dataJsonText", sameText(own.DataJSON, *foreign.DataJSON))
	}
	return failures, nil
}

// sameFrame compares the frame that the SDK reads in foreign bytes with the one it reads in its own. Its readers lose some of
// what its writers wrote (a time near the ends of int64 in JSON, a minimum that is not finite), so the frame it began with
// is no measure.
func sameFrame[T any](read func(T) (*description, error), own, foreign T) error {
	want, wantErr := read(own)
	got, err := read(foreign)
	switch {
	case wantErr != nil && err != nil:
		return nil
	case wantErr != nil:
		return fmt.Errorf("the SDK reads this but not what it wrote itself: %w", wantErr)
	case err != nil:
		return fmt.Errorf("the SDK cannot read it: %w", err)
	}
	if diff := difference(want, got); diff != "" {
		return fmt.Errorf("the SDK reads another frame (-want +got):\n%s", diff)
	}
	return nil
}

// readJSON decodes a frame and describes it.
func readJSON(text string) (*description, error) {
	var frame data.Frame
	if err := json.Unmarshal([]byte(text), &frame); err != nil {
		return nil, err
	}
	return describe(&frame)
}

// sameText says where two texts part.
func sameText(want, got string) error {
	if want == got {
		return nil
	}
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	around := func(text string) []byte {
		return bytes.ToValidUTF8([]byte(text[max(0, at-40):min(len(text), at+40)]), []byte("�"))
	}
	return fmt.Errorf("the texts differ at byte %d: want …%s…, got …%s…", at, around(want), around(got))
}
