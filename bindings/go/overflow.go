// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"sync"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Policy says what becomes of a record that finds the queue full. Since 1.0.
type Policy int

// The policies. Since 1.0.
const (
	DropNewest Policy = 0 // the new one is dropped; a handler's default
	DropOldest Policy = 1 // the oldest in the queue are dropped for it
	Block      Policy = 2 // it waits for room; a subscriber's default
)

type overflowOption struct {
	policy Policy
	limit  time.Duration
}

// Overflow says what becomes of a record that finds the queue full. The limit is for
// [Block] only: how long a record waits before it is dropped and counted, as
// [CountDroppedTimeout] by a handler, as [CountDropped] by a subscriber; negative: as
// long as it takes. A log call that waits parks its goroutine; all that wait together
// hold one thread. Since 1.0.
func Overflow(policy Policy, limit time.Duration) SharedOption {
	return overflowOption{policy, limit}
}

// In the library a handler never waits: goroutines do.
func (o overflowOption) applyHandler(h *Handler) error {
	h.blocks, h.patience = o.policy == Block, o.limit
	return failure("Overflow", h.raw.Set_overflow(clamp(int(o.policy)), 0), h.raw)
}

func (o overflowOption) applySubscriber(s native.Subscriber) error {
	return failure("Overflow",
		s.Set_overflow(clamp(int(o.policy)), milliseconds(o.limit)), s)
}

// askMS is how long the library is asked for room at a time, so that nobody waits
// longer for another's large record.
const askMS = 100

// room is where goroutines wait while the queue is full. One more goroutine, and so
// one thread, asks the library for all of them.
type room struct {
	lock   sync.Mutex
	answer *answer // what is being asked; nil: nobody asks
}

// answer comes when it is worth trying again.
type answer struct {
	came  chan struct{} // closed then
	bytes int           // for how many there is room, as the library has it; 0: unknown
}

func (r *room) ask(raw native.Handler, bytes int) *answer {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.answer == nil {
		r.answer = &answer{came: make(chan struct{})}
		go r.listen(raw, bytes, r.answer)
	}
	return r.answer
}

// listen runs on a part of the handler, which keeps that alive.
func (r *room) listen(raw native.Handler, bytes int, a *answer) {
	switch Status(raw.Wait_room(int64(bytes), askMS)) {
	case 0:
		a.bytes = bytes
	case ErrLimit: // more than there ever is
		time.Sleep(5 * time.Millisecond)
	}
	r.lock.Lock()
	r.answer = nil
	r.lock.Unlock()
	close(a.came)
}

// insist repeats a log call that found no room until there is some or the patience is
// over. bytes: about how many it needs.
func (h *Handler) insist(bytes int, again func() int) {
	var expired <-chan time.Time
	if h.patience >= 0 {
		timer := time.NewTimer(h.patience)
		defer timer.Stop()
		expired = timer.C
	}
	for {
		a := h.room.ask(h.raw, bytes)
		select {
		case <-a.came:
		case <-expired:
			h.timedOut.Add(1)
			return
		}
		if Status(again()) != ErrAgain {
			return
		}
		if a.bytes >= bytes {
			// Others were faster, or it needs more: fields as JSON, or what is
			// left unused at the end of the ring.
			bytes += bytes + 256
		}
	}
}
