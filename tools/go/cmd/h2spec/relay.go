package main

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// relay takes h2spec's connections, which are TCP only, to a server that may be at a Unix socket or want a certificate. A server's end of a connection, orderly
// or as a reset, arrives as an orderly one behind all that it sent: h2spec takes a reset for a failure of the network, and TCP drops
// what was not read before it.
type relay struct {
	host     string
	port     int
	listener net.Listener
	dial     func() (net.Conn, error)

	mutex   sync.Mutex
	refused error
}

// startRelay listens for connections to the server that dial reaches.
func startRelay(dial func() (net.Conn, error)) (*relay, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	r := &relay{host: "127.0.0.1", port: port, listener: listener, dial: dial}
	go r.accept()
	return r, nil
}

func (r *relay) accept() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.serve(client)
	}
}

func (r *relay) serve(client net.Conn) {
	defer client.Close()
	server, err := r.dial()
	if err != nil {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.refused = fmt.Errorf("the server takes no connection any more: %w", err)
		return
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer server.Close()
		_, _ = io.Copy(server, client)
		// The server may be gone; unread bytes would make the end of this connection a reset.
		_, _ = io.Copy(io.Discard, client)
	}()
	_, _ = io.Copy(client, server)
	if tcp, ok := client.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	<-ended
}

// failure says that the server could not be reached.
func (r *relay) failure() error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.refused
}

func (r *relay) close() { _ = r.listener.Close() }
