// Descriptors compares our .proto files with the ones that the official Go code was generated from.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"framewright/tools/go/internal/command"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	// Each registers the descriptors it was generated from: pluginv2, go-plugin's own services, health and reflection.
	_ "github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	_ "github.com/hashicorp/go-plugin"
	_ "google.golang.org/grpc/health/grpc_health_v1"
	_ "google.golang.org/grpc/reflection/grpc_reflection_v1"
	_ "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
)

// required are the packages that a host and a plugin need; others are compared where ours has them.
var required = []protoreflect.FullName{"pluginv2", "plugin", "grpc.health.v1"}

// report is what the program prints. Compared counts the facts that were held against each other, so that a comparison of
// nothing does not look like a success.
type report struct {
	Packages    []protoreflect.FullName `json:"packages"`
	Compared    int                     `json:"compared"`
	Differences []difference            `json:"differences"`
}

// difference is one thing that only one side has, or that the sides have differently.
type difference struct {
	What     string  `json:"what"`
	Ours     *string `json:"ours"`
	Official *string `json:"official"`
}

func main() {
	command.Main(command.Command{
		Name:  "compare",
		Usage: "<file>: a FileDescriptorSet of our .proto files, as buf build writes it",
		Run:   compare,
	})
}

func compare(args []string, out io.Writer) error {
	if len(args) != 1 {
		return command.UsageError{Message: "wants the path of one descriptor set"}
	}
	ours, err := readDescriptorSet(args[0])
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	packages := map[protoreflect.FullName]bool{}
	for _, name := range required {
		packages[name] = true
	}
	ours.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		// What protobuf itself comes with is not ours.
		if file.Package() != "google.protobuf" {
			packages[file.Package()] = true
		}
		return true
	})
	own, official := collectFacts(ours, packages), collectFacts(protoregistry.GlobalFiles, packages)
	result := report{Packages: slices.Sorted(maps.Keys(packages)), Differences: []difference{}}
	names := maps.Clone(own)
	maps.Copy(names, official)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		result.Compared++
		if own[name] != official[name] {
			result.Differences = append(result.Differences, difference{name, optional(own, name), optional(official, name)})
		}
	}
	return json.NewEncoder(out).Encode(result)
}

func readDescriptorSet(path string) (*protoregistry.Files, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(bytes, &set); err != nil {
		return nil, fmt.Errorf("not a FileDescriptorSet: %w", err)
	}
	return protodesc.NewFiles(&set)
}

func optional(facts map[string]string, name string) *string {
	if fact, ok := facts[name]; ok {
		return &fact
	}
	return nil
}
