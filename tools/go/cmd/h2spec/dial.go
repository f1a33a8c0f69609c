package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// mtlsFiles are the PEM files of go-plugin's AutoMTLS, in which both sides know the other's certificate.
type mtlsFiles struct {
	server, cert, key string
}

func (m *mtlsFiles) addFlags(flags *flag.FlagSet) {
	flags.StringVar(&m.server, "server-cert", "", "with --cert and --key: TLS, and the server's certificate")
	flags.StringVar(&m.cert, "cert", "", "the client's certificate")
	flags.StringVar(&m.key, "key", "", "the client's private key")
}

// dialer opens connections to the server at a Unix socket's absolute path, or at <host>:<port>; with TLS where there are files for it.
func (m *mtlsFiles) dialer(address string) (func() (net.Conn, error), error) {
	network := "tcp"
	if filepath.IsAbs(address) {
		network = "unix"
	}
	if *m == (mtlsFiles{}) {
		return func() (net.Conn, error) { return net.Dial(network, address) }, nil
	}
	pem, err := os.ReadFile(m.server)
	if err != nil {
		return nil, fmt.Errorf("--server-cert: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("--server-cert holds no certificate")
	}
	pair, err := tls.LoadX509KeyPair(m.cert, m.key)
	if err != nil {
		return nil, fmt.Errorf("--cert and --key: %w", err)
	}
	settings := &tls.Config{
		RootCAs: roots, Certificates: []tls.Certificate{pair}, ServerName: "localhost", NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12,
	}
	return func() (net.Conn, error) { return tls.Dial(network, address, settings) }, nil
}
