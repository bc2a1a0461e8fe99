// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"context"
	"errors"
	"runtime"
	"time"
)

// A call that waits in the library holds a thread and knows no contexts, so it waits
// this long at a time.
const sliceMS = 50

// wait runs a waiting call of the library until it answers or the context ends.
func (h *Handler) wait(ctx context.Context, op string, call func(ms int) int) error {
	if h == nil || h.raw == nil {
		return missing(op)
	}
	if ctx.Done() == nil {
		defer runtime.KeepAlive(h)
		return failure(op, call(-1), h.raw)
	}
	if status := call(0); Status(status) != ErrTimedOut {
		runtime.KeepAlive(h)
		return failure(op, status, h.raw)
	}
	answer := make(chan int, 1)
	go func() { answer <- h.slices(ctx, call) }()
	select {
	case status := <-answer:
		if Status(status) != ErrTimedOut {
			return failure(op, status, h.raw)
		}
	case <-ctx.Done():
	}
	return ended(ctx, op)
}

func (h *Handler) slices(ctx context.Context, call func(ms int) int) int {
	defer runtime.KeepAlive(h)
	for {
		slice := sliceMS
		if deadline, ok := ctx.Deadline(); ok {
			if left := milliseconds(time.Until(deadline)); left < slice {
				slice = left
			}
		}
		if slice < 0 {
			slice = 0
		}
		status := call(slice)
		if Status(status) != ErrTimedOut || ctx.Err() != nil {
			return status
		}
	}
}

// ended is the error of a wait that its context ended.
func ended(ctx context.Context, op string) error {
	<-ctx.Done()
	status := ErrInterrupted
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		status = ErrTimedOut
	}
	return &Error{Op: op, Status: status, cause: ctx.Err()}
}
