// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

// All that a program logs with slog, attributes and groups included.
package main

import (
	"log"
	"log/slog"
	"os"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	endpoint := "tcp://127.0.0.1:5556"
	if len(os.Args) > 1 {
		endpoint = os.Args[1]
	}
	h, err := zmqlog.Bind(endpoint, zmqlog.RootTopic("myprogram"), zmqlog.Style("json"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()

	slog.SetDefault(slog.New(zmqlog.NewSlogHandler(h, &zmqlog.SlogOptions{Topic: "web"})))
	slog.Info("served", "status", 200) // -> myprogram.INFO.web served

	db := slog.With("shard", 7).WithGroup("db")
	db.Warn("slow", "ms", 900) // -> myprogram.WARN.web slow
}
