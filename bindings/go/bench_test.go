// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"log"
	"os"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// Sixty bytes, as most lines have.
const benchText = "GET /index.html 200 in 12 ms, 34567 bytes for 192.0.2.7:4711"

// unheard is a handler nobody listens to.
func unheard(t testing.TB) *zmqlog.Handler {
	t.Helper()
	h := publisher(t)
	eventually(t, "nobody", func() bool { return !h.Enabled(zmqlog.LevelInfo) })
	return h
}

// heard is a handler somebody listens to, in this process, reading all the time.
func heard(b *testing.B, options ...zmqlog.Option) *zmqlog.Handler {
	b.Helper()
	h := publisher(b, append(options, zmqlog.QueueBytes(64<<20))...)
	s := subscriber(b, h, zmqlog.Overflow(zmqlog.DropOldest, 0))
	go func() {
		for {
			if _, err := s.Recv(context.Background()); err != nil {
				return
			}
		}
	}()
	return h
}

// held is a handler whose queue takes all and discards the oldest, so that only the
// call itself is measured.
func held(b *testing.B, options ...zmqlog.Option) *zmqlog.Handler {
	b.Helper()
	return publisher(b, append(options, zmqlog.Hold(time.Minute), zmqlog.QueueBytes(64<<20),
		zmqlog.Overflow(zmqlog.DropOldest, 0))...)
}

func run(b *testing.B, call func()) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		call()
	}
	b.StopTimer()
}

func BenchmarkUnheardInfo(b *testing.B) {
	h := unheard(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		h.Info(benchText)
	}
	b.StopTimer()
}

func BenchmarkUnheardLoggerInfo(b *testing.B) {
	l, err := unheard(b).Logger("l")
	ok(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		l.Info(benchText)
	}
	b.StopTimer()
}

func BenchmarkUnheardFields(b *testing.B) {
	h := unheard(b)
	run(b, func() {
		h.LogFields(zmqlog.LevelInfo, benchText, zmqlog.String("k", "v"), zmqlog.Int("n", 1))
	})
}

func BenchmarkHeldInfo(b *testing.B) {
	h := held(b)
	run(b, func() { h.Info(benchText) })
}

func BenchmarkHeardInfo(b *testing.B) {
	h := heard(b)
	run(b, func() { h.Info(benchText) })
}

func BenchmarkHeldLoggerInfo(b *testing.B) {
	l, err := held(b).Logger("l", zmqlog.Topic("t"))
	ok(b, err)
	run(b, func() { l.Info(benchText) })
}

func BenchmarkHeldWriter(b *testing.B) {
	w := held(b).Writer(zmqlog.LevelInfo)
	line := []byte(benchText + "\n")
	run(b, func() { w.Write(line) })
}

func BenchmarkHeldFields(b *testing.B) {
	h := held(b)
	run(b, func() {
		h.LogFields(zmqlog.LevelInfo, benchText, zmqlog.String("k", "v"), zmqlog.Int("n", 1))
	})
}

func BenchmarkHeldParallel(b *testing.B) {
	h := held(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			h.Info(benchText)
		}
	})
}

// What they are compared with: Go's own log to an opened /dev/null.
func BenchmarkStandardLog(b *testing.B) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	ok(b, err)
	defer null.Close()
	l := log.New(null, "", log.LstdFlags)
	run(b, func() { l.Print(benchText) })
}

func TestUnheard_calls_allocate_nothing(t *testing.T) {
	h := unheard(t)
	l, err := h.Logger("l")
	ok(t, err)
	if allocs := testing.AllocsPerRun(100, func() {
		h.Info("x")
		h.Log(zmqlog.LevelInfo, "x")
		h.LogTopic(zmqlog.LevelInfo, "t", "x")
		h.LogFields(zmqlog.LevelInfo, "x", zmqlog.String("k", "v"), zmqlog.Int("n", 1))
		h.LogEntry(zmqlog.Entry{Level: zmqlog.LevelInfo, Text: "x"})
		l.Info("x")
		l.LogFields(zmqlog.LevelInfo, "x", zmqlog.Float("f", 1), zmqlog.Bool("b", true))
	}); allocs > 0 {
		t.Fatal(allocs, " allocations")
	}
	same(t, "accepted", h.Count(zmqlog.CountAccepted), 0)
}
