// SPDX-License-Identifier: BSD-3-Clause

// All that a program logs with the log package, without changing its calls.
package main

import (
	"io"
	"log"
	"os"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	endpoint := "tcp://127.0.0.1:5556"
	if len(os.Args) > 1 {
		endpoint = os.Args[1]
	}
	h, err := zmqlog.Bind(endpoint, zmqlog.RootTopic("myprogram"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()

	log.SetFlags(0) // the time is the listener's affair
	log.SetOutput(io.MultiWriter(os.Stderr, h.Writer(zmqlog.LevelInfo)))
	log.Print("hello there")        // -> myprogram.INFO hello there
	log.Printf("std::%s", "vector") // -> myprogram.INFO std::vector

	access := log.New(h.Writer(zmqlog.LevelDebug, zmqlog.Topic("http")), "", 0)
	access.Print("GET /") // -> myprogram.DEBUG.http GET /
}
