package main

import (
	"github.com/summerwind/h2spec/spec"
	"golang.org/x/net/http2"
)

// grpcSpec is what h2spec asks only of servers that answer its GET with a body, here asked of a gRPC call's answer; and what it asks
// not at all, or in other words than it means. Sections are those of RFC 9113, or of RFC 7541 where they say HPACK.
func grpcSpec() *spec.TestGroup {
	root := &spec.TestGroup{Key: "grpc", Name: "gRPC calls"}
	for _, group := range []*spec.TestGroup{
		newGroup("5.1", "Stream States", priorityWhileAnswered()),
		newGroup("6.5.3", "Settings Synchronization", severalWindows()),
		newGroup("6.7", "PING", shortPing()),
		newGroup("6.9.1", "The Flow-Control Window", windowOfOne(), windowOpensLater()),
		newGroup("6.9.2", "Initial Flow-Control Window Size", windowGrows(), windowNegative()),
		newGroup("8.2.1", "Field Validity", invalidFields()...),
		newGroup("hpack-2.3.3", "Index Address Space", invalidNameIndex()),
		newGroup("hpack-5.2", "String Literal Representation", encodedEOS()),
	} {
		root.AddTestGroup(group)
	}
	return root
}

func newGroup(section, name string, tests ...*spec.TestCase) *spec.TestGroup {
	group := &spec.TestGroup{Key: "grpc", Section: section, Name: name}
	for _, test := range tests {
		group.AddTestCase(test)
	}
	return group
}

func priorityWhileAnswered() *spec.TestCase {
	return newCase(
		"half closed (remote): Sends a PRIORITY frame",
		"The endpoint MUST accept PRIORITY frames in this state.",
		setWindow(0), expectAck(), sendCall(), sendPriority(), openWindow(answerLength), expectData(answerLength), expectTrailers(),
	)
}

func severalWindows() *spec.TestCase {
	return newCase(
		"Sends two values of SETTINGS_INITIAL_WINDOW_SIZE in one frame, then a call",
		"The endpoint MUST process the values in the order they appear: the last one holds.",
		setWindow(100, 1), expectAck(), sendCall(), expectData(1),
	)
}

func shortPing() *spec.TestCase {
	return newCase(
		"Sends a PING frame of 6 bytes on stream 0",
		"The endpoint MUST treat this as a connection error of type FRAME_SIZE_ERROR.",
		sendFrame(http2.FramePing, make([]byte, 6)), expectConnectionError(http2.ErrCodeFrameSize),
	)
}

func windowOfOne() *spec.TestCase {
	return newCase(
		"Sets the initial window to 1, then sends a call",
		"The endpoint MUST NOT send more than one byte of the answer.",
		setWindow(1), expectAck(), sendCall(), expectData(1),
	)
}

func windowOpensLater() *spec.TestCase {
	return newCase(
		"Sets the initial window to 0, sends a call, and opens the window by 3, then by more",
		"The endpoint MUST send as much as the window takes, and the trailers behind all of it.",
		setWindow(0), expectAck(), sendCall(),
		openWindow(3), expectData(3),
		openWindow(1000), expectData(answerLength-3), expectTrailers(),
	)
}

func windowGrows() *spec.TestCase {
	return newCase(
		"Sets the initial window to 0, sends a call, and sets the initial window to 1",
		"The endpoint MUST adjust the windows of the open streams.",
		// The second acknowledgement may come before or behind the data.
		setWindow(0), expectAck(), sendCall(), setWindow(1), expectData(1),
	)
}

func windowNegative() *spec.TestCase {
	return newCase(
		"Sets the initial window to 3, sends a call, sets the initial window to 2, and opens the window by 2",
		"The endpoint MUST track the negative window, and send one byte.",
		setWindow(3), expectAck(), sendCall(), expectData(3),
		setWindow(2), expectAck(), openWindow(2), expectData(1),
	)
}

func invalidNameIndex() *spec.TestCase {
	// Section 6.2.1: the bits 01, the index 70 with a prefix of 6 bits, and an empty value.
	return brokenBlock("Sends a literal header field whose name has an index beyond both tables", 0x7f, 70-0x3f, 0)
}

func encodedEOS() *spec.TestCase {
	// A literal without indexing: the name "a", and a Huffman-coded value of 30 bits of EOS and 2 of padding.
	return brokenBlock("Sends a Huffman-coded value that contains EOS", 0, 1, 'a', 0x84, 0xff, 0xff, 0xff, 0xff)
}

// brokenBlock is a case whose header block ends with what HPACK cannot decode.
func brokenBlock(description string, ending ...byte) *spec.TestCase {
	return newCase(
		description,
		"The endpoint MUST treat this as a decoding error, a connection error of type COMPRESSION_ERROR.",
		sendHeaders(nil, ending...), expectConnectionError(http2.ErrCodeCompression),
	)
}
