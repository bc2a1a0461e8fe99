// SPDX-License-Identifier: BSD-3-Clause

// A service: options, a logger with subtopic and fields, an orderly end on SIGTERM and
// Ctrl-C, and what was lost, if anything.
package main

import (
	"context"
	"errors"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	endpoint := "tcp://127.0.0.1:5556"
	if len(os.Args) > 1 {
		endpoint = os.Args[1]
	}
	h, err := zmqlog.Bind(endpoint,
		zmqlog.RootTopic("shop"),
		zmqlog.MinLevel(zmqlog.LevelInfo), // nobody opens DEBUG
		zmqlog.Style("json"))
	if err != nil {
		log.Fatal(err)
	}
	defer closeLog(h)

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	serve(ctx, h)
}

func serve(ctx context.Context, h *zmqlog.Handler) {
	access, err := h.Logger("shop.http", zmqlog.Topic("http"),
		zmqlog.WithFields(zmqlog.String("site", "example.org")))
	if err != nil {
		log.Print(err)
		return
	}
	access.Infof("listening on port %d", 8080)      // -> shop.INFO.http listening on port 8080
	access.With(zmqlog.Int("ms", 900)).Warn("slow") // -> shop.WARN.http slow
	<-ctx.Done()                                    // the work of a service
	access.Info("stopping")                         // -> shop.INFO.http stopping
}

// closeLog is needed: nothing is flushed when a Go program ends.
func closeLog(h *zmqlog.Handler) {
	if err := h.CloseTimeout(2 * time.Second); errors.Is(err, zmqlog.ErrTimedOut) {
		log.Print("some listener was too slow for the last records")
	}
	lost := h.Count(zmqlog.CountDroppedQueue) + h.Count(zmqlog.CountDroppedTimeout) +
		h.Count(zmqlog.CountDroppedInternal)
	if lost > 0 {
		log.Print(lost, " records were lost")
	}
}
