package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// admission refuses objects that have a member `deny`, for the reason it holds, and warns of those that have `warn`.
type admission struct{}

// ValidateAdmission says whether an object may be stored.
func (a admission) ValidateAdmission(_ context.Context, req *backend.AdmissionRequest) (*backend.ValidationResponse, error) {
	_, verdict := judge(req.ObjectBytes)
	return &backend.ValidationResponse{Allowed: verdict.refusal == nil, Result: verdict.refusal, Warnings: verdict.warnings}, nil
}

// MutateAdmission sets `mutated` in an object that may be stored.
func (a admission) MutateAdmission(_ context.Context, req *backend.AdmissionRequest) (*backend.MutationResponse, error) {
	object, verdict := judge(req.ObjectBytes)
	response := &backend.MutationResponse{Allowed: verdict.refusal == nil, Result: verdict.refusal, Warnings: verdict.warnings}
	if verdict.refusal != nil {
		return response, nil
	}
	object["mutated"] = true
	var err error
	response.ObjectBytes, err = json.Marshal(object)
	return response, err
}

type verdict struct {
	// refusal is nil for an object that may be stored.
	refusal  *backend.StatusResult
	warnings []string
}

func judge(bytes []byte) (map[string]any, verdict) {
	object, err := readObject(bytes)
	if err != nil {
		return nil, verdict{refusal: failure(http.StatusBadRequest, "BadRequest", err.Error())}
	}
	var v verdict
	if text, ok := object["warn"].(string); ok {
		v.warnings = []string{text}
	}
	if text, ok := object["deny"].(string); ok {
		v.refusal = failure(http.StatusUnprocessableEntity, "Invalid", text)
	}
	return object, v
}

// convertObjects sets `apiVersion` of each object to the version that is asked for.
func convertObjects(_ context.Context, req *backend.ConversionRequest) (*backend.ConversionResponse, error) {
	response := &backend.ConversionResponse{UID: req.UID, Result: &backend.StatusResult{Status: "Success"}}
	for i, raw := range req.Objects {
		object, err := readObject(raw.Raw)
		if err != nil {
			text := fmt.Sprintf("number %d: %v", i, err)
			return &backend.ConversionResponse{UID: req.UID, Result: failure(http.StatusBadRequest, "BadRequest", text)}, nil
		}
		object["apiVersion"] = req.TargetVersion.Group + "/" + req.TargetVersion.Version
		converted, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		response.Objects = append(response.Objects, backend.RawObject{Raw: converted, ContentType: raw.ContentType})
	}
	return response, nil
}

func readObject(bytes []byte) (map[string]any, error) {
	var object map[string]any
	if err := json.Unmarshal(bytes, &object); err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	if object == nil {
		return nil, errors.New("object: null is none")
	}
	return object, nil
}

func failure(code int32, reason, message string) *backend.StatusResult {
	return &backend.StatusResult{Status: "Failure", Message: message, Reason: reason, Code: code}
}
