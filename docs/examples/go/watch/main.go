// SPDX-License-Identifier: BSD-3-Clause

// Watches a program, warnings and above, until interrupted: watch [endpoint [root]].
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	endpoint, root := "tcp://127.0.0.1:5556", "myprogram"
	if len(os.Args) > 1 {
		endpoint = os.Args[1]
	}
	if len(os.Args) > 2 {
		root = os.Args[2]
	}
	sub, err := zmqlog.ConnectSubscriber(endpoint,
		zmqlog.SubscribeLevel(root, zmqlog.LevelWarn))
	if err != nil {
		log.Fatal(err)
	}
	defer sub.Close()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for record := range sub.Records(ctx) {
		if record.Parse() == nil { // a body of style json
			fmt.Println(record.LevelName, record.Logger, record.Text, string(record.Fields["ms"]))
		} else {
			fmt.Println(record.LevelName, record.Subtopic, record.Text)
		}
	}
	if err := sub.Err(); !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}
