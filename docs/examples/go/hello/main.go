// SPDX-License-Identifier: BSD-3-Clause

// A program that can be watched: zmqlog watch tcp://127.0.0.1:5556.
// What arrives stands behind each call: topic and message.
package main

import (
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
	defer h.Close() // or nothing of this may ever be sent

	h.Info("hello there")             // -> myprogram.INFO hello there
	h.Warn("sub.topic::hello there")  // -> myprogram.WARN.sub.topic hello there
	h.Errorf("db::%s is down", "db1") // -> myprogram.ERROR.db db1 is down

	// An address is no subtopic.
	h.LogTopic(zmqlog.LevelInfo, "net", "fe80::1 is up") // -> myprogram.INFO.net fe80::1 is up

	h.SetRootTopic("other")
	h.Info("hello there") // -> other.INFO hello there
}
