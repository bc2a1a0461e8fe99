// SPDX-License-Identifier: BSD-3-Clause

// Package zmqlog broadcasts log records over ZeroMQ PUB/SUB.
//
// A program opens a handler on an endpoint and logs. Every record goes out as two
// frames, topic and message; any number of programs, in any language, listen to all
// of it, to one program, one level or one subtopic, by prefix of the topic.
//
//	h, err := zmqlog.Bind("tcp://127.0.0.1:5556", zmqlog.RootTopic("myprogram"))
//	if err != nil {
//		return err
//	}
//	defer h.Close()
//	h.Info("hello there")              // topic myprogram.INFO
//	h.Warn("sub.topic::hello there")   // topic myprogram.WARN.sub.topic
//
// # Cost
//
// While nobody listens to a level, a log call of that level reads one byte and
// returns: no cgo, no allocation. So verbosity follows the listeners. When somebody
// listens, the text is copied into a bounded queue, and the library's own thread sends
// it; a log call never waits for the network, except with [Block] and a full queue,
// and then it parks its goroutine, not a thread.
//
// # Log calls
//
// Debug, Info, Warn, Error, Critical, Log and what is like them return nothing and
// never panic, whatever they are given, on a nil or closed handler or logger too. What
// was dropped, and why, is counted: see [Handler.Count]. Flush, Close and everything
// that opens return errors.
//
// # Ending
//
// C's at-exit functions do not run in a Go program, so nothing is flushed when main
// returns, at os.Exit, log.Fatal or a panic: write defer h.Close(). [Handler.Fatal]
// logs, closes and exits.
//
// # Errors
//
// What the library answers is a [Status], such as [ErrTimedOut]; use [errors.Is]. The
// details are in the text.
//
// # Goroutines
//
// Handlers, loggers, auths, writers and slog handlers may be used by any number of
// goroutines at once. A subscriber may be, too; its goroutines take turns.
//
// # Without cgo
//
// The package compiles with CGO_ENABLED=0; what opens something then returns
// [ErrNoCgo], and the nil handler that comes with it may be used: it logs nothing.
//
// All of it is there since version 1.0.0 but what says otherwise. The guide is docs/go.md
// of the library, zmqlog.h its reference.
package zmqlog

import (
	"unsafe"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

//go:generate internal/native/generate.sh

// TopicDelim is what separates subtopic and message in the text of a log call, unless
// the handler was opened with [Delimiter]. Since 1.0.
const TopicDelim = "::"

// Limits, in bytes. Since 1.0.
const (
	MaxTopicBytes  = 200   // longest topic that is ever sent
	MaxRootBytes   = 100   // longest root topic
	MaxPrefixBytes = 245   // longest subscription prefix
	MaxNameBytes   = 32    // longest name of a level
	MaxFieldsBytes = 65536 // all fields of one record together
)

// Version is that of the library that is loaded, "1.0.0"; "" without cgo. Since 1.0.
func Version() string { return native.Zmqlog_version_string() }

// Has tells whether the library can do "curve", "ipc", "json", "fork" or "attach"
// here. Since 1.0.
func Has(feature string) bool {
	return isText(feature) && native.Zmqlog_has(feature) == 1
}

// gateBytes are a handler's gate: a byte for each level, in the library's memory,
// zero while a record of that level is not to be logged.
type gateBytes [64]byte

func gateOf(raw native.Handler) *gateBytes {
	return (*gateBytes)(unsafe.Pointer(raw.Gate()))
}
