package main

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

// sleep waits until the time is over or the call is cancelled. It logs "waiting" and, at once when it happens, "cancelled",
// each with the given fields, so that a host can see when the news arrived.
func sleep(ctx context.Context, duration time.Duration, fields ...any) error {
	logger := log.DefaultLogger.FromContext(ctx)
	logger.Info("waiting", fields...)
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		logger.Info("cancelled", fields...)
		return ctx.Err()
	}
}
