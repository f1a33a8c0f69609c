// Plugin is a data source made with the official SDK as its documentation says. It does what a query, a resource path or a
// stream asks of it; the words for that stand in this module's README and are those of the probe in tools/integration.
package main

import (
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

const pluginID = "framewright-go-datasource"

// quietVariable turns off the SDK's log, which by default has three lines for each call, so that a benchmark can tell what
// they cost.
const quietVariable = "FRAMEWRIGHT_QUIET"

func main() {
	if os.Getenv(quietVariable) != "" {
		log.DefaultLogger = log.NewNullLogger()
		backend.Logger = log.DefaultLogger
	}
	err := datasource.Manage(pluginID, newInstance, datasource.ManageOpts{
		AdmissionHandler:  admission{},
		ConversionHandler: backend.ConvertObjectsFunc(convertObjects),
	})
	if err != nil {
		log.DefaultLogger.Error(err.Error())
		os.Exit(1)
	}
}
