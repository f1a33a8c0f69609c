package main

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// collectFacts writes down, by the name of each declaration, all that decides what goes over the wire or into JSON. How the
// declarations are spread over files and what their files are called is not on the wire and stays out.
func collectFacts(files *protoregistry.Files, packages map[protoreflect.FullName]bool) map[string]string {
	facts := facts{}
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if packages[file.Package()] {
			facts.file(file)
		}
		return true
	})
	return facts
}

type facts map[string]string

func (f facts) file(file protoreflect.FileDescriptor) {
	syntax := "syntax of package " + string(file.Package())
	if known, ok := f[syntax]; ok && known != file.Syntax().String() {
		f[syntax] = "mixed"
	} else {
		f[syntax] = file.Syntax().String()
	}
	f.messages(file.Messages())
	f.enums(file.Enums())
	for i := range file.Services().Len() {
		f.service(file.Services().Get(i))
	}
	for i := range file.Extensions().Len() {
		f.field("extension", file.Extensions().Get(i))
	}
}

func (f facts) service(service protoreflect.ServiceDescriptor) {
	f["service "+string(service.FullName())] = ""
	for i := range service.Methods().Len() {
		method := service.Methods().Get(i)
		f["method "+string(method.FullName())] = fmt.Sprintf("(%s) returns (%s)",
			streamed(method.IsStreamingClient(), method.Input()), streamed(method.IsStreamingServer(), method.Output()))
	}
}

func streamed(is bool, message protoreflect.MessageDescriptor) string {
	if is {
		return "stream " + string(message.FullName())
	}
	return string(message.FullName())
}

func (f facts) messages(messages protoreflect.MessageDescriptors) {
	for i := range messages.Len() {
		message := messages.Get(i)
		f["message "+string(message.FullName())] = ""
		for i := range message.Fields().Len() {
			f.field("field", message.Fields().Get(i))
		}
		for i := range message.Oneofs().Len() {
			oneof := message.Oneofs().Get(i)
			f["oneof "+string(oneof.FullName())] = ""
		}
		f.messages(message.Messages())
		f.enums(message.Enums())
	}
}

func (f facts) field(kind string, field protoreflect.FieldDescriptor) {
	parts := []string{field.Cardinality().String(), fieldType(field), fmt.Sprintf("= %d", field.Number()), "json " + field.JSONName()}
	if field.IsMap() {
		parts[0] = "map"
	}
	if oneof := field.ContainingOneof(); oneof != nil {
		parts = append(parts, "in oneof "+string(oneof.Name()))
	}
	if field.HasPresence() {
		parts = append(parts, "with presence")
	}
	if field.IsPacked() {
		parts = append(parts, "packed")
	}
	f[kind+" "+string(field.FullName())] = strings.Join(parts, ", ")
}

// fieldType names a scalar type, the full name of a message or enum, and of a map both of its types.
func fieldType(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return fmt.Sprintf("<%s, %s>", fieldType(field.MapKey()), fieldType(field.MapValue()))
	case field.Message() != nil:
		return string(field.Message().FullName())
	case field.Enum() != nil:
		return string(field.Enum().FullName())
	default:
		return field.Kind().String()
	}
}

func (f facts) enums(enums protoreflect.EnumDescriptors) {
	for i := range enums.Len() {
		enum := enums.Get(i)
		f["enum "+string(enum.FullName())] = ""
		for i := range enum.Values().Len() {
			value := enum.Values().Get(i)
			f["value "+string(enum.FullName())+"."+string(value.Name())] = fmt.Sprintf("= %d", value.Number())
		}
	}
}
