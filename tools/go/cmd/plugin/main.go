// Plugin is a data source made with the official SDK as its documentation says. It does what a query, a resource path or a
// stream asks of it; the words for that stand in this module's README and are those of the probe in tools/integration.
package main

import (
	"context"
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

const pluginID = "framewright-go-datasource"

func main() {
	err := datasource.Manage(pluginID, newInstance, datasource.ManageOpts{
		AdmissionHandler:  admission{},
		ConversionHandler: backend.ConvertObjectsFunc(convertObjects),
	})
	if err != nil {
		log.DefaultLogger.Error(err.Error())
		os.Exit(1)
	}
}

// instance is what the SDK keeps for one revision of a data source.
type instance struct{ settings settings }

var (
	_ backend.QueryDataHandler        = (*instance)(nil)
	_ backend.QueryChunkedDataHandler = (*instance)(nil)
	_ backend.CheckHealthHandler      = (*instance)(nil)
	_ backend.CallResourceHandler     = (*instance)(nil)
	_ backend.StreamHandler           = (*instance)(nil)
	_ instancemgmt.InstanceDisposer   = (*instance)(nil)
)

func newInstance(_ context.Context, source backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	settings, err := readSettings(source.JSONData)
	if err != nil {
		return nil, backend.DownstreamError(err)
	}
	return &instance{settings}, nil
}

// Dispose is called when the settings have changed.
func (i *instance) Dispose() { log.DefaultLogger.Info("disposed") }
