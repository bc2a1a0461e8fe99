// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

package main

import (
	"context"
	"log/slog"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func init() {
	viaSlog = func(h *zmqlog.Handler, level zmqlog.Level, text string) {
		log := slog.New(zmqlog.NewSlogHandler(h, nil))
		log.Log(context.Background(), slog.Level((int(level)-20)*2/5), text)
	}
}
