// Sql is a data source made with the official SDK as its users make them for SQL: database/sql, the usual driver, and the SDK's
// own sqlutil, which makes frames of rows. It takes the settings and queries of plugins/sql as far as the benchmarks have them.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"github.com/go-sql-driver/mysql"
	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/data/sqlutil"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// rowLimit is what Grafana's row_limit is by default.
const rowLimit = 1_000_000

func main() {
	log.DefaultLogger = log.NewNullLogger()
	backend.Logger = log.DefaultLogger
	if err := datasource.Manage("framewright-go-sql-datasource", newInstance, datasource.ManageOpts{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type instance struct{ db *sql.DB }

func newInstance(_ context.Context, settings backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	var jsonData struct {
		Engine   string `json:"engine"`
		Database string `json:"database"`
	}
	if err := json.Unmarshal(settings.JSONData, &jsonData); err != nil {
		return nil, backend.DownstreamError(err)
	}
	password := settings.DecryptedSecureJSONData["password"]
	driver, dsn := "pgx", (&url.URL{
		Scheme: "postgres", User: url.UserPassword(settings.User, password), Host: settings.URL, Path: jsonData.Database,
		RawQuery: "sslmode=disable",
	}).String()
	if jsonData.Engine == "mysql" {
		config := mysql.NewConfig()
		config.User, config.Passwd, config.Net, config.Addr = settings.User, password, "tcp", settings.URL
		config.DBName, config.ParseTime = jsonData.Database, true
		driver, dsn = "mysql", config.FormatDSN()
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, backend.DownstreamError(err)
	}
	// The defaults of Grafana's configuration.
	db.SetMaxOpenConns(100)
	db.SetMaxIdleConns(100)
	return &instance{db}, nil
}

// Dispose closes the pool.
func (i *instance) Dispose() { _ = i.db.Close() }

// QueryData answers one query after the other.
func (i *instance) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	response := backend.NewQueryDataResponse()
	for _, q := range req.Queries {
		frame, err := i.query(ctx, q)
		if err != nil {
			response.Responses[q.RefID] = backend.ErrDataResponseWithSource(
				backend.StatusBadRequest, backend.ErrorSourceDownstream, err.Error())
			continue
		}
		response.Responses[q.RefID] = backend.DataResponse{Frames: data.Frames{frame}}
	}
	return response, nil
}

func (i *instance) query(ctx context.Context, q backend.DataQuery) (*data.Frame, error) {
	var parsed struct {
		RawSQL string `json:"rawSql"`
	}
	if err := json.Unmarshal(q.JSON, &parsed); err != nil {
		return nil, err
	}
	rows, err := i.db.QueryContext(ctx, parsed.RawSQL)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	return sqlutil.FrameFromRows(rows, rowLimit)
}
