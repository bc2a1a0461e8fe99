// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// Nothing here takes this long; only what has gone wrong does.
const deadline = 30 * time.Second

// No level, not even when an int32 has to hold it. An int itself may have 32 bits.
const beyond zmqlog.Level = 1 << (30 + 10*(^uint(0)>>63))

const anyPort = "tcp://127.0.0.1:*"

func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t testing.TB, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got %v, want %v", err, target)
	}
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %#v, want %#v", what, got, want)
	}
}

// publisher is an open handler, without a hold unless the options say so.
func publisher(t testing.TB, options ...zmqlog.Option) *zmqlog.Handler {
	t.Helper()
	options = append([]zmqlog.Option{zmqlog.Hold(0)}, options...)
	h, err := zmqlog.Bind(anyPort, options...)
	ok(t, err)
	t.Cleanup(func() { _ = h.CloseTimeout(0) })
	return h
}

// subscriber listens to a handler, which knows of it when this returns.
func subscriber(t testing.TB, h *zmqlog.Handler, options ...zmqlog.SubscriberOption) *zmqlog.Subscriber {
	t.Helper()
	s, err := zmqlog.ConnectSubscriber(h.Endpoint(), options...)
	ok(t, err)
	t.Cleanup(func() { _ = s.Close() })
	ok(t, h.WaitSubscriber(soon(t), ""))
	return s
}

func next(t testing.TB, s *zmqlog.Subscriber) *zmqlog.Record {
	t.Helper()
	record, err := s.Recv(soon(t))
	ok(t, err)
	return record
}

func expect(t testing.TB, s *zmqlog.Subscriber, topic, text string) {
	t.Helper()
	record := next(t, s)
	same(t, "topic", record.Topic, topic)
	same(t, "text", record.Text, text)
}

// eventually waits for what will be true, without knowing when.
func eventually(t testing.TB, what string, check func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !check(); {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
		time.Sleep(time.Millisecond)
	}
}

// status reads a number of /proc/self/status, such as Threads or VmRSS.
func status(t testing.TB, key string) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	ok(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, key+":") {
			number, err := strconv.Atoi(strings.Fields(line)[1])
			ok(t, err)
			return number
		}
	}
	t.Fatal("no " + key)
	return 0
}
