// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"context"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Recv waits for the next record, without holding a thread, until the context ends. A
// record that is there already is returned also when the context has ended. ErrClosed
// when the subscriber is or gets closed.
func (s *Subscriber) Recv(ctx context.Context) (*Record, error) {
	const op = "receive"
	if s == nil || s.turn == nil {
		return nil, missing(op)
	}
	if !s.take(ctx) {
		return nil, ended(ctx, op)
	}
	defer s.pass()
	record := new(Record)
	status := s.try(record)
	if status == ErrAgain {
		status = s.await(ctx, record)
	}
	switch status {
	case 0:
		return record, nil
	case ErrAgain:
		return nil, ended(ctx, op)
	}
	return nil, &Error{Op: op, Status: status}
}

// TryRecv is the next record if one is there, else ErrAgain; also while another
// goroutine waits for one.
func (s *Subscriber) TryRecv() (*Record, error) {
	const op = "receive"
	if s == nil || s.turn == nil {
		return nil, missing(op)
	}
	record := new(Record)
	if status := s.try(record); status != 0 {
		return nil, &Error{Op: op, Status: status}
	}
	return record, nil
}

// Records is a channel of what is received until the context ends, the subscriber is
// closed or receiving fails; then it is closed, and [Subscriber.Err] tells why. What has
// not been taken by then stays: to drain it, call [Subscriber.TryRecv] until ErrAgain.
func (s *Subscriber) Records(ctx context.Context) <-chan *Record {
	records := make(chan *Record)
	go func() {
		defer close(records)
		for {
			record, err := s.Recv(ctx)
			if err != nil {
				s.note(err)
				return
			}
			select {
			case records <- record:
			case <-ctx.Done():
				s.keep(record)
				s.note(ended(ctx, "receive"))
				return
			case <-s.gone:
				s.note(&Error{Op: "receive", Status: ErrClosed})
				return
			}
		}
	}()
	return records
}

// Err is what ended the last [Subscriber.Records]; nil when it has not ended.
func (s *Subscriber) Err() error {
	if s == nil {
		return missing("receive")
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.failed
}

func (s *Subscriber) keep(record *Record) {
	s.lock.Lock()
	s.kept = record
	s.lock.Unlock()
}

func (s *Subscriber) note(err error) {
	if s != nil {
		s.lock.Lock()
		s.failed = err
		s.lock.Unlock()
	}
}

// take waits for one's turn to receive.
func (s *Subscriber) take(ctx context.Context) bool {
	select {
	case s.turn <- struct{}{}:
		return true
	default:
	}
	select {
	case s.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Subscriber) pass() { <-s.turn }

// try receives what is there: 0, or why not.
func (s *Subscriber) try(record *Record) Status {
	var frame native.Frame
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.raw == nil {
		return ErrClosed
	}
	if s.kept != nil {
		*record, s.kept = *s.kept, nil
		return 0
	}
	status := Status(s.receiver.Receive(s.raw, s.record, 0, &frame))
	if status == 0 {
		record.fill(&frame)
	}
	return status
}

// await parks the goroutine in the runtime's poller until there is an answer; ErrAgain
// when the context ended first. The descriptor is level-triggered, and the poller is
// told of each change; try has found nothing before each wait, as both demand.
func (s *Subscriber) await(ctx context.Context, record *Record) Status {
	status := ErrAgain
	past := time.Unix(1, 0)
	stop := whenDone(ctx, func() { _ = s.file.SetReadDeadline(past) })
	err := s.ready.Read(func(uintptr) bool {
		status = s.try(record)
		return status != ErrAgain && status != ErrInterrupted
	})
	stop()
	if ctx.Err() != nil {
		_ = s.file.SetReadDeadline(time.Time{})
		if err != nil {
			return ErrAgain
		}
	}
	if err != nil {
		return ErrClosed
	}
	return status
}
