package main

import (
	"fmt"

	"github.com/summerwind/h2spec/config"
	"github.com/summerwind/h2spec/spec"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// invalidFields are cases of RFC 9113, which says more on this than RFC 7540. White space at a value's ends is not among them: gRPC
// lets it be stripped instead.
func invalidFields() []*spec.TestCase {
	cases := []*spec.TestCase{}
	for _, field := range []struct{ what, name, value string }{
		{"whose name contains a space", "x test", "a"},
		{"whose name contains a colon", "x:test", "a"},
		{"whose name contains DEL", "x\x7ftest", "a"},
		{"whose value contains NUL", "x-test", "a\x00b"},
		{"whose value contains a line feed", "x-test", "a\nb"},
		{"whose value contains a carriage return", "x-test", "a\rb"},
	} {
		cases = append(cases, newCase(
			"Sends a header field "+field.what,
			"The endpoint MUST treat the request as malformed: a stream error of type PROTOCOL_ERROR, which a response may precede.",
			sendHeaders([]hpack.HeaderField{spec.HeaderField(field.name, field.value)}), expectMalformed,
		))
	}
	return cases
}

// expectMalformed waits for what may be answered to a malformed request: status 400, an error of the stream or of the connection.
func expectMalformed(_ *config.Config, conn *spec.Conn) error {
	var last spec.Event
	for !conn.Closed {
		event := conn.WaitEvent()
		if refusesRequest(event) {
			return nil
		}
		if _, late := event.(spec.TimeoutEvent); !late || last == nil {
			last = event
		}
	}
	return mismatch(
		last,
		fmt.Sprintf(spec.ExpectedRSTStreamFrame, http2.ErrCodeProtocol),
		fmt.Sprintf(spec.ExpectedGoAwayFrame, http2.ErrCodeProtocol),
		"HEADERS Frame (:status 400)",
		spec.ExpectedConnectionClosed,
	)
}

func refusesRequest(event spec.Event) bool {
	switch e := event.(type) {
	case spec.ConnectionClosedEvent:
		return true
	case spec.GoAwayFrameEvent:
		return e.ErrCode == http2.ErrCodeProtocol
	case spec.RSTStreamFrameEvent:
		return e.ErrCode == http2.ErrCodeProtocol
	case spec.HeadersFrameEvent:
		// Nothing was answered before on the connection, so that the decoder's table is empty.
		fields, err := hpack.NewDecoder(4096, nil).DecodeFull(e.HeaderBlockFragment())
		return err == nil && len(fields) > 0 && fields[0] == spec.HeaderField(":status", "400")
	default:
		return false
	}
}
