package main

import "io"

func writeSeries(_ []string, out io.Writer) error { return nil }
