// SPDX-License-Identifier: BSD-3-Clause

// One of the four programs that packaging/quickstart watches, in Go; shop.c tells what
// they do.
//
//	quickstart-payment RECORDS
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

const wait = time.Minute

func check(err error) {
	if err != nil {
		log.Fatal("payment: ", err)
	}
}

func workADay(h *zmqlog.Handler) {
	for order := 1; order <= 2; order++ {
		h.Debugf("gateway.request::order %d", order)
		h.LogFields(zmqlog.LevelInfo, "paid::an order is paid", zmqlog.Int("order", int64(order)))
		h.Warnf("gateway.slow::%v for order %d", time.Duration(order)*time.Second, order)
		time.Sleep(150 * time.Millisecond)
		h.Errorf("refused::order %d", order)
		h.Criticalf("gateway::no answer for %d seconds", order*10)
		time.Sleep(150 * time.Millisecond)
	}
}

func workHard(h *zmqlog.Handler, records int) {
	_, err := io.Copy(io.Discard, os.Stdin)
	check(err)
	for i := 1; i <= records; i++ {
		h.Infof("bulk::record %d of %d", i, records)
	}
}

func main() {
	records, err := strconv.Atoi(os.Args[1])
	check(err)
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("payment"),
		zmqlog.Style("json"), zmqlog.Overflow(zmqlog.Block, -1))
	check(err)
	fmt.Println(h.Endpoint())
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	check(h.WaitSubscriber(ctx, ""))
	workADay(h)
	workHard(h, records)
	check(h.CloseTimeout(wait))
	fmt.Printf("accepted %d sent %d\n", h.Count(zmqlog.CountAccepted), h.Count(zmqlog.CountSent))
}
