package main

import (
	"context"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
)

// call is one RPC; run makes it and says what was answered.
type call struct {
	service string
	method  string
	run     func(context.Context) (any, error)
}

// calls are all RPCs that a plugin may serve, apart from Shutdown, with which go-plugin ends it, and from the broker's and
// stdio's streams, which go-plugin opens by itself.
func (p *pluginProcess) calls(o *options) []call {
	return []call{
		{"grpc.health.v1.Health", "Check", p.checkService},
		{"grpc.reflection.v1.ServerReflection", "ServerReflectionInfo", p.listServices},
		{"pluginv2.Diagnostics", "CheckHealth", func(ctx context.Context) (any, error) {
			response, err := p.services.diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: o.pluginContext(), Headers: headers()})
			if err != nil {
				return nil, err
			}
			return map[string]string{"status": response.GetStatus().String(), "message": response.GetMessage(), "details": string(response.GetJsonDetails())}, nil
		}},
		{"pluginv2.Diagnostics", "CollectMetrics", func(ctx context.Context) (any, error) {
			response, err := p.services.diagnostics.CollectMetrics(ctx, &pluginv2.CollectMetricsRequest{PluginContext: o.pluginContext()})
			if err != nil {
				return nil, err
			}
			return shorten(string(response.GetMetrics().GetPrometheus())), nil
		}},
		{"pluginv2.Data", "QueryData", func(ctx context.Context) (any, error) {
			request, err := o.queryRequest()
			if err != nil {
				return nil, err
			}
			response, err := p.services.data.QueryData(ctx, request)
			if err != nil {
				return nil, err
			}
			return describeResponses(response)
		}},
		{"pluginv2.Data", "QueryChunkedData", func(ctx context.Context) (any, error) { return p.queryChunked(ctx, o) }},
		{"pluginv2.Resource", "CallResource", func(ctx context.Context) (any, error) { return p.callResource(ctx, o) }},
		{"pluginv2.Stream", "SubscribeStream", func(ctx context.Context) (any, error) {
			request := &pluginv2.SubscribeStreamRequest{PluginContext: o.pluginContext(), Path: o.stream, Data: o.streamData}
			response, err := p.services.stream.SubscribeStream(ctx, request)
			if err != nil {
				return nil, err
			}
			return map[string]string{"status": response.GetStatus().String(), "data": string(response.GetData())}, nil
		}},
		{"pluginv2.Stream", "PublishStream", func(ctx context.Context) (any, error) {
			request := &pluginv2.PublishStreamRequest{PluginContext: o.pluginContext(), Path: o.stream, Data: []byte(`{"published":true}`)}
			response, err := p.services.stream.PublishStream(ctx, request)
			if err != nil {
				return nil, err
			}
			return map[string]string{"status": response.GetStatus().String(), "data": string(response.GetData())}, nil
		}},
		{"pluginv2.Stream", "RunStream", func(ctx context.Context) (any, error) { return p.runStream(ctx, o) }},
		{"pluginv2.AdmissionControl", "ValidateAdmission", func(ctx context.Context) (any, error) {
			response, err := p.services.admission.ValidateAdmission(ctx, o.admissionRequest())
			if err != nil {
				return nil, err
			}
			return asJSON(response)
		}},
		{"pluginv2.AdmissionControl", "MutateAdmission", func(ctx context.Context) (any, error) {
			response, err := p.services.admission.MutateAdmission(ctx, o.admissionRequest())
			if err != nil {
				return nil, err
			}
			return map[string]any{"allowed": response.GetAllowed(), "object": string(response.GetObjectBytes())}, nil
		}},
		{"pluginv2.ResourceConversion", "ConvertObjects", func(ctx context.Context) (any, error) { return p.convert(ctx, o) }},
	}
}

func (p *pluginProcess) checkService(ctx context.Context) (any, error) {
	response, err := grpc_health_v1.NewHealthClient(p.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "plugin"})
	if err != nil {
		return nil, err
	}
	return response.GetStatus().String(), nil
}

// listServices asks the plugin's reflection which services it serves.
func (p *pluginProcess) listServices(ctx context.Context) (any, error) {
	stream, err := grpc_reflection_v1.NewServerReflectionClient(p.conn).ServerReflectionInfo(ctx)
	if err != nil {
		return nil, err
	}
	request := &grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{ListServices: "*"},
	}
	// What went wrong is told by Recv; Send only says that the stream is over.
	if err := stream.Send(request); err == nil {
		if err := stream.CloseSend(); err != nil {
			return nil, err
		}
	}
	response, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, service := range response.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	slices.Sort(names)
	return names, nil
}

func (p *pluginProcess) queryChunked(ctx context.Context, o *options) (any, error) {
	request, err := o.chunkedRequest()
	if err != nil {
		return nil, err
	}
	stream, err := p.services.data.QueryChunkedData(ctx, request)
	if err != nil {
		return nil, err
	}
	chunks := []chunkAnswer{}
	err = receive(stream, func(message *pluginv2.QueryChunkedDataResponse) (bool, error) {
		chunk, err := describeChunk(message)
		chunks = append(chunks, chunk)
		return false, err
	})
	return chunks, err
}

func (p *pluginProcess) callResource(ctx context.Context, o *options) (any, error) {
	request, err := o.resourceRequest()
	if err != nil {
		return nil, err
	}
	stream, err := p.services.resource.CallResource(ctx, request)
	if err != nil {
		return nil, err
	}
	answer := &resourceAnswer{}
	err = receive(stream, func(message *pluginv2.CallResourceResponse) (bool, error) {
		answer.add(message)
		return false, nil
	})
	return answer, err
}

// runStream takes the first packets of a stream, which need not end.
func (p *pluginProcess) runStream(ctx context.Context, o *options) (any, error) {
	const enough = 10
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := p.services.stream.RunStream(ctx, o.runStreamRequest())
	if err != nil {
		return nil, err
	}
	packets := []string{}
	err = receive(stream, func(packet *pluginv2.StreamPacket) (bool, error) {
		packets = append(packets, shorten(string(packet.GetData())))
		return len(packets) == enough, nil
	})
	return packets, err
}

func (p *pluginProcess) convert(ctx context.Context, o *options) (any, error) {
	response, err := p.services.conversion.ConvertObjects(ctx, o.conversionRequest())
	if err != nil {
		return nil, err
	}
	objects := []string{}
	for _, object := range response.GetObjects() {
		objects = append(objects, string(object.GetRaw()))
	}
	return map[string]any{"uid": response.GetUid(), "status": response.GetResult().GetStatus(), "objects": objects}, nil
}
