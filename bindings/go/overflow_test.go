// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// Half a kilobyte: some hundred of them fill the queue of full().
var half = strings.Repeat("x", 500)

// full is a handler whose queue is full and stays so until somebody listens.
func full(t *testing.T, patience time.Duration) *zmqlog.Handler {
	t.Helper()
	h := publisher(t, zmqlog.Hold(time.Minute), zmqlog.QueueBytes(64<<10),
		zmqlog.MaxBodyBytes(4096), zmqlog.Overflow(zmqlog.Block, patience))
	return h
}

// parked is how many goroutines wait for room.
func parked() int {
	stacks := make([]byte, 4<<20)
	return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte(").insist("))
}

func TestOverflow_blocked_calls_hold_one_thread_and_lose_nothing(t *testing.T) {
	const goroutines, each, filling = 200, 10, 200
	h := full(t, -1)
	l, err := h.Logger("l", zmqlog.WithFields(zmqlog.String("k", half)))
	ok(t, err)
	var group sync.WaitGroup
	group.Add(1)
	go func() { // fills the queue, so that none of the others gets anything in
		defer group.Done()
		for n := 0; n < filling; n++ {
			h.Info(half)
		}
	}()
	eventually(t, "it is full", func() bool { return parked() == 1 })
	before := status(t, "Threads")
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for n := 0; n < each; n++ {
				switch i % 5 {
				case 0:
					h.Info(half)
				case 1:
					h.LogTopic(zmqlog.LevelInfo, "s", half)
				case 2:
					h.LogFields(zmqlog.LevelInfo, half, zmqlog.String("k", half))
				case 3:
					l.Info(half)
				case 4:
					l.LogTopic(zmqlog.LevelInfo, "s", half)
				}
			}
		}(i)
	}
	eventually(t, "all wait", func() bool { return parked() == goroutines+1 })
	if more := status(t, "Threads") - before; more > 10 {
		t.Fatal(goroutines, " blocked calls took ", more, " threads")
	}
	s := subscriber(t, h)
	for n := 0; n < goroutines*each+filling; n++ {
		same(t, "text", next(t, s).Text, half)
	}
	group.Wait()
	ok(t, h.Flush(soon(t)))
	same(t, "sent", h.Count(zmqlog.CountSent), goroutines*each+filling)
	same(t, "accepted", h.Count(zmqlog.CountAccepted), goroutines*each+filling)
}

func TestOverflow_patience_ends_and_is_counted(t *testing.T) {
	for _, patience := range []time.Duration{0, time.Millisecond} {
		h := full(t, patience)
		for h.Count(zmqlog.CountDroppedTimeout) < 3 {
			h.Info(half)
		}
		queued := h.Count(zmqlog.CountQueued)
		same(t, "accepted", h.Count(zmqlog.CountAccepted), queued+3)
	}
}

func TestOverflow_close_ends_blocked_calls(t *testing.T) {
	h := full(t, -1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for h.Count(zmqlog.CountDroppedClosed) == 0 {
			h.Info(half)
		}
	}()
	eventually(t, "it waits", func() bool { return parked() == 1 })
	_ = h.CloseTimeout(0)
	<-done
}

func TestOverflow_what_never_fits_is_not_waited_for(t *testing.T) {
	h := full(t, -1)
	large := strings.Repeat("x", 60000)
	h.LogFields(zmqlog.LevelInfo, "x", zmqlog.String("a", large))
	same(t, "dropped", h.Count(zmqlog.CountDroppedInternal), 1)
}

func TestOverflow_drop_oldest_keeps_the_newest(t *testing.T) {
	h := publisher(t, zmqlog.Hold(time.Minute), zmqlog.QueueBytes(64<<10),
		zmqlog.MaxBodyBytes(4096), zmqlog.Overflow(zmqlog.DropOldest, 0))
	for i := 0; i < 1000; i++ {
		h.Info(half)
	}
	eventually(t, "the oldest are gone", func() bool {
		h.Info("last")
		return h.Count(zmqlog.CountDroppedOldest) > 0
	})
	accepted := h.Count(zmqlog.CountAccepted)
	dropped := h.Count(zmqlog.CountDroppedOldest) + h.Count(zmqlog.CountDroppedQueue)
	if dropped == 0 || dropped >= accepted {
		t.Fatal(dropped, " of ", accepted, " dropped")
	}
}
