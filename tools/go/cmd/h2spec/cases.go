package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/summerwind/h2spec/config"
	"github.com/summerwind/h2spec/generic"
	"github.com/summerwind/h2spec/hpack"
	"github.com/summerwind/h2spec/http2"
	"github.com/summerwind/h2spec/spec"
)

// outcome is what came of a case.
type outcome string

const (
	passed  outcome = "passed"
	failed  outcome = "failed"
	skipped outcome = "skipped"
)

// report is a case and what came of it.
type report struct {
	// ID is h2spec's: the specification, the section and the number in it.
	ID          string `json:"id"`
	Section     string `json:"section"`
	Description string `json:"description"`
	Requirement string `json:"requirement"`
	// Outcome is left out where the case was not put.
	Outcome  outcome  `json:"outcome,omitempty"`
	Expected []string `json:"expected,omitempty"`
	Actual   string   `json:"actual,omitempty"`
	MS       float64  `json:"ms"`
}

// wantsBody are the cases that wait for a DATA frame of the answer to h2spec's GET without asking first whether there is one, as others do.
var wantsBody = map[string]bool{"generic/2/2": true, "generic/2/3": true}

// numbered is a case with the name that h2spec gives it.
type numbered struct {
	id   string
	test *spec.TestCase
}

// allCases gives the cases of h2spec, the strict ones included, and those of ours, in h2spec's order.
func allCases() []numbered {
	cases := []numbered{}
	for _, group := range []*spec.TestGroup{generic.Spec(), http2.Spec(), hpack.Spec(), grpcSpec()} {
		cases = append(cases, casesOf(group)...)
	}
	return cases
}

func casesOf(group *spec.TestGroup) []numbered {
	cases := []numbered{}
	for _, tests := range [][]*spec.TestCase{group.Tests, group.StrictTests} {
		for _, test := range tests {
			cases = append(cases, numbered{fmt.Sprintf("%s/%d", group.ID(), len(cases)+1), test})
		}
	}
	for _, child := range group.Groups {
		cases = append(cases, casesOf(child)...)
	}
	return cases
}

func (n numbered) describe() report {
	return report{ID: n.id, Section: n.test.Parent.Name, Description: n.test.Desc, Requirement: n.test.Requirement}
}

// run puts the case over a connection of its own. It is not h2spec's way of running one, which prints, and ends the process on a failure.
func (n numbered) run(c *config.Config) report {
	r := n.describe()
	started := time.Now()
	err := n.try(c)
	r.MS = float64(time.Since(started).Microseconds()) / 1000
	var mismatch *spec.TestError
	switch {
	case err == nil:
		r.Outcome = passed
	case errors.Is(err, spec.ErrSkipped):
		r.Outcome = skipped
	case errors.As(err, &mismatch):
		r.Outcome, r.Expected, r.Actual = failed, mismatch.Expected, mismatch.Actual
	default:
		r.Outcome, r.Actual = failed, err.Error()
	}
	return r
}

func (n numbered) try(c *config.Config) (err error) {
	defer func() {
		// h2spec asks for the name of the last event, also where there was none.
		if problem := recover(); problem != nil {
			err = fmt.Errorf("h2spec could not say what it received instead: %v", problem)
		}
	}()
	if wantsBody[n.id] {
		length, err := spec.ServerDataLength(c)
		if err != nil {
			return err
		}
		if length == 0 {
			return spec.ErrSkipped
		}
	}
	conn, err := spec.Dial(c)
	if err != nil {
		return err
	}
	defer conn.Close()
	return n.test.Run(c, conn)
}
