package main

import (
	"fmt"

	"github.com/summerwind/h2spec/config"
	"github.com/summerwind/h2spec/spec"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// answerLength is what the health service's answer takes in DATA frames: five bytes before the message, and one field of two.
const answerLength = 7

// step is a part of a case; the first that fails decides.
type step func(c *config.Config, conn *spec.Conn) error

// newCase makes a case of steps on a connection whose settings both sides have acknowledged.
func newCase(description, requirement string, steps ...step) *spec.TestCase {
	return &spec.TestCase{Desc: description, Requirement: requirement, Run: func(c *config.Config, conn *spec.Conn) error {
		if err := conn.Handshake(); err != nil {
			return err
		}
		for _, step := range steps {
			if err := step(c, conn); err != nil {
				return err
			}
		}
		return nil
	}}
}

// callHeaders are the header fields of a call of gRPC's health service.
func callHeaders(c *config.Config) []hpack.HeaderField {
	return []hpack.HeaderField{
		spec.HeaderField(":method", "POST"),
		spec.HeaderField(":scheme", "http"),
		spec.HeaderField(":path", "/grpc.health.v1.Health/Check"),
		spec.HeaderField(":authority", c.Addr()),
		spec.HeaderField("content-type", "application/grpc"),
		spec.HeaderField("te", "trailers"),
	}
}

// sendHeaders opens stream 1 with the call's header fields, these, and at the end of the block these bytes.
func sendHeaders(fields []hpack.HeaderField, ending ...byte) step {
	return func(c *config.Config, conn *spec.Conn) error {
		block := append(conn.EncodeHeaders(append(callHeaders(c), fields...)), ending...)
		return conn.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, EndHeaders: true, BlockFragment: block})
	}
}

// sendCall asks on stream 1 for the health of the whole server, which is an empty message behind its five bytes.
func sendCall() step {
	return func(c *config.Config, conn *spec.Conn) error {
		if err := sendHeaders(nil)(c, conn); err != nil {
			return err
		}
		return conn.WriteData(1, true, make([]byte, 5))
	}
}

// sendFrame sends a frame of the connection as it is given.
func sendFrame(kind http2.FrameType, payload []byte) step {
	return func(_ *config.Config, conn *spec.Conn) error { return conn.WriteRawFrame(kind, 0, 0, payload) }
}

// sendPriority gives stream 1 a weight.
func sendPriority() step {
	return func(_ *config.Config, conn *spec.Conn) error {
		return conn.WritePriority(1, http2.PriorityParam{Weight: 255})
	}
}

// setWindow sets the initial window of streams to each of these values, in one SETTINGS frame.
func setWindow(sizes ...uint32) step {
	return func(_ *config.Config, conn *spec.Conn) error {
		settings := []http2.Setting{}
		for _, size := range sizes {
			settings = append(settings, http2.Setting{ID: http2.SettingInitialWindowSize, Val: size})
		}
		return conn.WriteSettings(settings...)
	}
}

// openWindow adds to the window of stream 1.
func openWindow(increment uint32) step {
	return func(_ *config.Config, conn *spec.Conn) error { return conn.WriteWindowUpdate(1, increment) }
}

// expectAck waits for the acknowledgement of settings, and drops what comes before.
func expectAck() step {
	return func(_ *config.Config, conn *spec.Conn) error { return spec.VerifySettingsFrameWithAck(conn) }
}

// expectData waits for the next DATA frame, which has to have this length.
func expectData(length uint32) step {
	return func(_ *config.Config, conn *spec.Conn) error {
		event, _ := conn.WaitEventByType(spec.EventDataFrame)
		if data, ok := event.(spec.DataFrameEvent); ok && data.Header().Length == length {
			return nil
		}
		return mismatch(event, fmt.Sprintf("DATA Frame (length:%d, stream_id:1)", length))
	}
}

// expectTrailers waits for the next HEADERS frame, which has to end the stream.
func expectTrailers() step {
	return func(_ *config.Config, conn *spec.Conn) error {
		event, _ := conn.WaitEventByType(spec.EventHeadersFrame)
		if headers, ok := event.(spec.HeadersFrameEvent); ok && headers.StreamEnded() {
			return nil
		}
		return mismatch(event, "HEADERS Frame (END_STREAM, stream_id:1)")
	}
}

// expectConnectionError waits for a GOAWAY frame with this code, or the end of the connection.
func expectConnectionError(code http2.ErrCode) step {
	return func(_ *config.Config, conn *spec.Conn) error { return spec.VerifyConnectionError(conn, code) }
}

// mismatch says what came instead; nil is a connection that had ended before.
func mismatch(event spec.Event, expected ...string) error {
	actual := "nothing: the connection had ended"
	if event != nil {
		actual = event.String()
	}
	return &spec.TestError{Expected: expected, Actual: actual}
}
