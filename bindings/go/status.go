// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Status is what the library answers when something fails. Errors of this package
// wrap one, but for [ErrNoCgo]; compare with [errors.Is]. Since 1.0.
type Status int

// The first three say that nothing is wrong. Since 1.0.
const (
	ErrAgain           Status = -1  // nothing there, or not queued
	ErrTimedOut        Status = -2  // the time ran out first
	ErrInterrupted     Status = -3  // ended by a wakeup call of the C interface
	ErrInvalid         Status = -10 // an argument is wrong
	ErrNoMemory        Status = -11 // out of memory
	ErrState           Status = -12 // not possible now: not open yet, or open already
	ErrClosed          Status = -13 // it has been closed
	ErrForked          Status = -14 // inherited by fork and not usable in the child
	ErrNotSupported    Status = -15 // this handler or this libzmq cannot do that
	ErrLimit           Status = -16 // a documented limit would be exceeded
	ErrAddrInUse       Status = -17 // somebody else has this endpoint or file
	ErrAddrUnavailable Status = -18 // no such local address, path or interface
	ErrAccess          Status = -19 // the system denied it
	ErrRefused         Status = -20 // refused for security; the text names the ways out
	ErrFormat          Status = -21 // text that had to be parsed is malformed
	ErrIO              Status = -22 // a file or a socket failed
)

// ErrNoCgo is returned by what opens something in a program that was built with
// CGO_ENABLED=0. Since 1.0.
var ErrNoCgo = errors.New("zmqlog: built without cgo")

// Error is the status in a short sentence.
func (s Status) Error() string { return "zmqlog: " + s.text() }

func (s Status) text() string { return native.Zmqlog_strerror(int(s)) }

// Name is the status as C has it, such as "EAGAIN"; "UNKNOWN" for foreign numbers.
func (s Status) Name() string { return native.Zmqlog_status_name(int(s)) }

// Timeout tells whether time ran out, as in [net.Error].
func (s Status) Timeout() bool { return s == ErrTimedOut }

// Temporary tells whether nothing is wrong and a later try may succeed.
func (s Status) Temporary() bool { return s < 0 && s > ErrInvalid }

// Is makes errors.Is find the kin that other packages know.
func (s Status) Is(target error) bool {
	switch target {
	case os.ErrDeadlineExceeded:
		return s == ErrTimedOut
	case os.ErrClosed, net.ErrClosed:
		return s == ErrClosed
	case fs.ErrPermission:
		return s == ErrAccess || s == ErrRefused
	case fs.ErrInvalid:
		return s == ErrInvalid
	}
	return false
}

// Error is a status with what was tried and the library's own words. Since 1.0.
type Error struct {
	Op     string // what was tried, such as "bind tcp://127.0.0.1:5556"
	Status Status // what the library answers
	Detail string // why, in its words; may be ""
	cause  error
}

// Error is all of it in one line.
func (e *Error) Error() string {
	detail := e.Detail
	if detail == "" && e.cause != nil {
		detail = e.cause.Error()
	}
	if detail == "" {
		detail = e.Status.text()
	}
	return "zmqlog: " + e.Op + ": " + detail
}

// Unwrap is the error of a context, or else the status.
func (e *Error) Unwrap() error {
	if e.cause != nil {
		return e.cause
	}
	return e.Status
}

// Is finds the status also behind the error of a context.
func (e *Error) Is(target error) bool {
	return target == e.Status || e.Status.Is(target)
}

// teller is a raw object that keeps the details of what failed.
type teller interface{ Errmsg() string }

// failure makes an error of a status; nil of 0. Only hard answers have details.
func failure(op string, status int, raw teller) error {
	if status == 0 {
		return nil
	}
	detail := ""
	if s := Status(status); raw != nil && s <= ErrInvalid && s != ErrClosed {
		detail = inGo(op, raw.Errmsg())
	}
	return &Error{Op: op, Status: Status(status), Detail: detail}
}

// inGo takes off the library's words what Op has said: the function of C and, where it
// is the option's, the name of the value.
func inGo(op, detail string) string {
	verb, _, _ := strings.Cut(op, " ")
	if name, rest, found := strings.Cut(detail, ": "); found && (name == verb ||
		strings.HasPrefix(name, "set_") && !strings.ContainsAny(name, " '")) {
		detail = rest
	}
	if name, rest, found := strings.Cut(detail, " is "); found &&
		strings.EqualFold(strings.ReplaceAll(name, "_", ""), op) {
		return "it is " + rest
	}
	return detail
}

// isText: whether a string can be given to C as it is.
func isText(text string) bool { return strings.IndexByte(text, 0) < 0 }

// checkText refuses what C would cut at its first NUL.
func checkText(op string, texts ...string) error {
	for _, text := range texts {
		if !isText(text) {
			return &Error{Op: op, Status: ErrInvalid, Detail: "a NUL byte in a name"}
		}
	}
	return nil
}

// missing is the error of a call on nothing.
func missing(op string) error {
	if !native.HasCgo {
		return ErrNoCgo
	}
	return &Error{Op: op, Status: ErrInvalid, Detail: "called on nil"}
}
