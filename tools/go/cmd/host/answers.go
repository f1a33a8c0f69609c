package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// maxText is how much of a body or a packet goes into the report.
const maxText = 2000

// frameAnswer says what a frame is, without its values.
type frameAnswer struct {
	Name   string   `json:"name"`
	RefID  string   `json:"refId"`
	Rows   int      `json:"rows"`
	Fields []string `json:"fields"`
}

type queryAnswer struct {
	Status int32         `json:"status"`
	Error  string        `json:"error,omitempty"`
	Source string        `json:"errorSource,omitempty"`
	Frames []frameAnswer `json:"frames"`
}

func describeResponses(response *pluginv2.QueryDataResponse) (map[string]queryAnswer, error) {
	answers := map[string]queryAnswer{}
	for refID, r := range response.GetResponses() {
		answer := queryAnswer{Status: r.GetStatus(), Error: r.GetError(), Source: r.GetErrorSource(), Frames: []frameAnswer{}}
		for i, bytes := range r.GetFrames() {
			frame, err := describeFrame(bytes)
			if err != nil {
				return nil, fmt.Errorf("frame %d of %s: %w", i, refID, err)
			}
			answer.Frames = append(answer.Frames, frame)
		}
		answers[refID] = answer
	}
	return answers, nil
}

func describeFrame(bytes []byte) (frameAnswer, error) {
	frame, err := data.UnmarshalArrowFrame(bytes)
	if err != nil {
		return frameAnswer{}, err
	}
	rows, err := frame.RowLen()
	answer := frameAnswer{Name: frame.Name, RefID: frame.RefID, Rows: rows, Fields: []string{}}
	for _, field := range frame.Fields {
		answer.Fields = append(answer.Fields, field.Name+" "+field.Type().ItemTypeString())
	}
	return answer, err
}

// chunkAnswer is one message of a chunked answer.
type chunkAnswer struct {
	RefID   string       `json:"refId"`
	FrameID string       `json:"frameId"`
	Status  int32        `json:"status"`
	Error   string       `json:"error,omitempty"`
	Source  string       `json:"errorSource,omitempty"`
	Frame   *frameAnswer `json:"frame"`
}

func describeChunk(chunk *pluginv2.QueryChunkedDataResponse) (chunkAnswer, error) {
	answer := chunkAnswer{
		RefID: chunk.GetRefId(), FrameID: chunk.GetFrameId(), Status: chunk.GetStatus(), Error: chunk.GetError(), Source: chunk.GetErrorSource(),
	}
	if len(chunk.GetFrame()) == 0 {
		return answer, nil
	}
	frame, err := describeFrame(chunk.GetFrame())
	answer.Frame = &frame
	return answer, err
}

// resourceAnswer puts the messages of a resource call together.
type resourceAnswer struct {
	Code     int32               `json:"code"`
	Headers  map[string][]string `json:"headers"`
	Messages int                 `json:"messages"`
	Bytes    int                 `json:"bytes"`
	Body     string              `json:"body"`
}

func (a *resourceAnswer) add(message *pluginv2.CallResourceResponse) {
	if a.Messages == 0 {
		a.Code = message.GetCode()
		a.Headers = map[string][]string{}
		for name, list := range message.GetHeaders() {
			a.Headers[name] = list.GetValues()
		}
	}
	a.Messages++
	a.Bytes += len(message.GetBody())
	a.Body = shorten(a.Body + shorten(string(message.GetBody())))
}

// receive reads a stream to its end, or until done says that it was enough.
func receive[T any](stream interface{ Recv() (*T, error) }, take func(*T) (done bool, err error)) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if done, err := take(message); done || err != nil {
			return err
		}
	}
}

func shorten(text string) string {
	if len(text) > maxText {
		return text[:maxText]
	}
	return text
}

// asJSON writes a message as protobuf's JSON mapping has it.
func asJSON(message proto.Message) (json.RawMessage, error) {
	text, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(message)
	return json.RawMessage(text), err
}
