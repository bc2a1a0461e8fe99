// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

package main

import (
	"log/slog"
	"os"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func slogCall(who string, l *slog.Logger) call {
	return call{who, func(times int) {
		for i := 0; i < times; i++ {
			l.Info(text, "k", "v", "n", 1)
		}
	}}
}

func init() {
	bySlog = func(h *zmqlog.Handler) (unheard, heard []call) {
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		check(err)
		ours := slogCall("slog.Info, two attributes", slog.New(zmqlog.NewSlogHandler(h, nil)))
		theirs := slogCall("slog.Info to JSON to /dev/null",
			slog.New(slog.NewJSONHandler(null, nil)))
		return []call{ours}, []call{ours, theirs}
	}
}
