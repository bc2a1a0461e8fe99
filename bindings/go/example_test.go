// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// listen is what another program would do.
func listen(h *zmqlog.Handler, options ...zmqlog.SubscriberOption) func() {
	s, err := zmqlog.ConnectSubscriber(h.Endpoint(), options...)
	if err != nil {
		log.Fatal(err)
	}
	return func() {
		defer s.Close()
		for h.Flush(context.Background()) == nil && s.Count(zmqlog.CountReceived) < h.Count(zmqlog.CountSent) {
			record, err := s.Recv(context.Background())
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(record)
		}
	}
}

func Example() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("myprogram"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()
	show := listen(h)

	h.Info("hello there")
	h.Warn("sub.topic::hello there")
	h.Errorf("db::%s is down", "host1")
	h.LogTopic(zmqlog.LevelInfo, "net", "fe80::1 joined")

	show()
	// Output:
	// myprogram.INFO: hello there
	// myprogram.WARN.sub.topic: hello there
	// myprogram.ERROR.db: host1 is down
	// myprogram.INFO.net: fe80::1 joined
}

func ExampleHandler_Logger() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("app"),
		zmqlog.Style("%(name)s %(levelname)s: %(message)s [%(fields)s]"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()
	show := listen(h)

	db, err := h.Logger("db", zmqlog.Topic("pool"))
	if err != nil {
		log.Fatal(err)
	}
	db.With(zmqlog.Int("shard", 7)).Warn("conn::lost")

	show()
	// Output:
	// app.WARN.pool.conn: db WARN: lost [shard=7]
}

func ExampleHandler_Writer() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("app"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()
	show := listen(h)

	logger := log.New(h.Writer(zmqlog.LevelInfo, zmqlog.Topic("std")), "", 0)
	logger.Print("hello there")

	show()
	// Output:
	// app.INFO.std: hello there
}

func ExampleHandler_WaitSubscriber() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("app"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	err = h.WaitSubscriber(ctx, "app.INFO")
	fmt.Println(errors.Is(err, zmqlog.ErrTimedOut))
	// Output:
	// true
}

func ExampleSubscriber_Records() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("app"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()

	s, err := zmqlog.ConnectSubscriber(h.Endpoint(),
		zmqlog.SubscribeLevel("app", zmqlog.LevelWarn))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	h.Debug("nobody listens to this")
	h.Error("three")
	h.Critical("two")
	h.Warn("one")

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for record := range s.Records(ctx) {
		fmt.Println(record.Level, record.Text)
		if record.Text == "one" {
			cancel()
		}
	}
	// Output:
	// ERROR three
	// CRITICAL two
	// WARN one
}

func ExampleRecord_Parse() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.Style("json"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()
	s, err := zmqlog.ConnectSubscriber(h.Endpoint())
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	h.LogFields(zmqlog.LevelInfo, "served", zmqlog.Int("status", 200))

	record, err := s.Recv(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if err := record.Parse(); err != nil {
		log.Fatal(err)
	}
	var status int
	if err := record.Field("status", &status); err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.Text, status, record.Seq)
	// Output:
	// served 200 1
}
