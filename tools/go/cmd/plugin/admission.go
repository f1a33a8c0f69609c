package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// admission refuses objects that ask for it with `"deny": true`.
type admission struct{}

// ValidateAdmission says whether an object may be stored.
func (admission) ValidateAdmission(_ context.Context, req *backend.AdmissionRequest) (*backend.ValidationResponse, error) {
	object, err := readObject(req.ObjectBytes)
	if err != nil {
		return nil, err
	}
	if object["deny"] == true {
		refusal := &backend.StatusResult{
			Status: "Failure", Message: "the object asks to be denied", Reason: "Forbidden", Code: http.StatusForbidden,
		}
		return &backend.ValidationResponse{Result: refusal}, nil
	}
	return &backend.ValidationResponse{Allowed: true, Result: success()}, nil
}

// MutateAdmission adds `"mutated": true` to an object.
func (admission) MutateAdmission(_ context.Context, req *backend.AdmissionRequest) (*backend.MutationResponse, error) {
	object, err := readObject(req.ObjectBytes)
	if err != nil {
		return nil, err
	}
	object["mutated"] = true
	mutated, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	return &backend.MutationResponse{Allowed: true, Result: success(), ObjectBytes: mutated}, nil
}

// convertObjects gives each object the version that is asked for.
func convertObjects(_ context.Context, req *backend.ConversionRequest) (*backend.ConversionResponse, error) {
	response := &backend.ConversionResponse{UID: req.UID, Result: success()}
	for i, raw := range req.Objects {
		object, err := readObject(raw.Raw)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		object["apiVersion"] = req.TargetVersion.Group + "/" + req.TargetVersion.Version
		converted, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		response.Objects = append(response.Objects, backend.RawObject{Raw: converted, ContentType: "application/json"})
	}
	return response, nil
}

func readObject(bytes []byte) (map[string]any, error) {
	var object map[string]any
	if err := json.Unmarshal(bytes, &object); err != nil {
		return nil, err
	}
	if object == nil {
		return nil, errors.New("null is no object")
	}
	return object, nil
}

func success() *backend.StatusResult {
	return &backend.StatusResult{Status: "Success", Code: http.StatusOK}
}
