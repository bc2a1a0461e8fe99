// SPDX-License-Identifier: BSD-3-Clause

// Two records for the watcher at the endpoint that is the argument.
package main

import (
	"context"
	"log"
	"os"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	h, err := zmqlog.Connect(os.Args[1], zmqlog.RootTopic("go"))
	if err != nil {
		log.Fatal(err)
	}
	patience, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	if err := h.WaitSubscriber(patience, ""); err != nil {
		log.Fatal(err)
	}
	h.Info("hello there")
	h.Warnf("sub.topic::%d left", 2)
	if err := h.Close(); err != nil {
		log.Fatal(err)
	}
}
