// SPDX-License-Identifier: BSD-3-Clause

package zmqlog_test

import (
	"context"
	"errors"
	"testing"
	"time"
	"unsafe"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
	"zmqlog.test/go/zmq"
)

// The handler reads its socket only before it sends, so a test has to send until a
// subscriber has received something.
func TestAttach_sends_by_the_socket_of_the_program(t *testing.T) {
	for _, kind := range []int{zmq.PUB, zmq.XPUB} {
		socket := zmq.Bind(kind)
		h, err := zmqlog.Attach(socket.Pointer, zmqlog.RootTopic("app"))
		if err != nil {
			t.Fatal(err)
		}
		s, err := zmqlog.ConnectSubscriber(socket.Endpoint)
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan *zmqlog.Record, 1)
		go func() {
			record, _ := s.Recv(context.Background())
			heard <- record
		}()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
			h.Warn("net::x")
			select {
			case record := <-heard:
				if record.Topic != "app.WARN.net" || record.Text != "x" {
					t.Fatal(record)
				}
			default:
				if time.Now().After(end) {
					t.Fatal("nothing heard")
				}
				continue
			}
			break
		}
		ctx := context.Background()
		if err := h.WaitSubscriber(ctx, ""); !errors.Is(err, zmqlog.ErrNotSupported) {
			t.Fatal(err)
		}
		if err := h.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if err := h.Bind("tcp://127.0.0.1:*"); !errors.Is(err, zmqlog.ErrState) {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		h.Warn("after close")
		if h.Count(zmqlog.CountDroppedClosed) != 1 {
			t.Fatal(h.Count(zmqlog.CountDroppedClosed))
		}
		s.Close()
		socket.Close()
	}
}

func TestAttach_refuses_what_cannot_be(t *testing.T) {
	socket := zmq.Bind(zmq.SUB)
	defer socket.Close()
	publisher := zmq.Bind(zmq.PUB)
	defer publisher.Close()
	for _, pointer := range []unsafe.Pointer{nil, socket.Pointer} {
		if _, err := zmqlog.Attach(pointer); !errors.Is(err, zmqlog.ErrInvalid) {
			t.Fatal(err)
		}
	}
	for _, option := range []zmqlog.Option{zmqlog.Hold(0), zmqlog.QueueBytes(1 << 20),
		zmqlog.Overflow(zmqlog.Block, -1)} {
		if _, err := zmqlog.Attach(publisher.Pointer, option); !errors.Is(err, zmqlog.ErrState) {
			t.Fatal(err)
		}
	}
}
