// SPDX-License-Identifier: BSD-3-Clause

// What a log call costs in Go, beside Go's own log; a line of JSON for each. Those that
// are compared take turns; calls that are heard come in bursts that the queue takes,
// since what sends them has the other processor. From this directory:
//
//	../../go/with ../../../abi/include BUILD CACHE go run .
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"sort"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

const (
	text   = "a text of sixty bytes, as long as most lines of a log are it"
	rounds = 21
)

// call is one of those that are compared: called that many times.
type call struct {
	who string
	do  func(times int)
}

// bySlog are calls by slog, where there is one.
var bySlog = func(*zmqlog.Handler) (unheard, heard []call) { return nil, nil }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func show(what, who, unit string, value float64) {
	line, err := json.Marshal(map[string]any{"what": what, "who": who, "value": value,
		"unit": unit})
	check(err)
	fmt.Println(string(line))
}

// measure shows the median of what each call takes.
func measure(what string, calls []call, times int, before func()) {
	taken := make([][]float64, len(calls))
	for round := 0; round < rounds; round++ {
		for i, c := range calls {
			before()
			c.do(times / 20)
			start := time.Now()
			c.do(times)
			taken[i] = append(taken[i], float64(time.Since(start))/float64(times))
		}
	}
	for i, c := range calls {
		sort.Float64s(taken[i])
		show(what, c.who, "ns/call", taken[i][rounds/2])
	}
}

func unheard(h *zmqlog.Handler, l *zmqlog.Logger) []call {
	return []call{
		{"Handler.Info", func(times int) {
			for i := 0; i < times; i++ {
				h.Info(text)
			}
		}},
		{"Logger.Info", func(times int) {
			for i := 0; i < times; i++ {
				l.Info(text)
			}
		}},
		{"Handler.LogFields, two", func(times int) {
			for i := 0; i < times; i++ {
				h.LogFields(zmqlog.LevelInfo, text, zmqlog.String("k", "v"), zmqlog.Int("n", 1))
			}
		}},
	}
}

func heard(h *zmqlog.Handler, l *zmqlog.Logger) []call {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	check(err)
	plain := log.New(null, "", log.LstdFlags)
	written := log.New(h.Writer(zmqlog.LevelInfo), "", log.LstdFlags)
	return append(unheard(h, l),
		call{"log.Print to /dev/null", func(times int) {
			for i := 0; i < times; i++ {
				plain.Print(text)
			}
		}},
		call{"log.Print to Handler.Writer", func(times int) {
			for i := 0; i < times; i++ {
				written.Print(text)
			}
		}},
		call{"Handler.Infof", func(times int) {
			for i := 0; i < times; i++ {
				h.Infof("%s", text)
			}
		}})
}

// receive shows how many records a second a subscriber takes that has them all.
func receive(h *zmqlog.Handler, sub *zmqlog.Subscriber, count int) {
	var rates []float64
	for round := 0; round < 5; round++ {
		go func() {
			for i := 0; i < count; i++ {
				h.Info(text)
			}
		}()
		start := time.Now()
		for i := 0; i < count; i++ {
			_, err := sub.Recv(context.Background())
			check(err)
		}
		rates = append(rates, float64(count)/time.Since(start).Seconds())
	}
	sort.Float64s(rates)
	show("go: from one goroutine to another, over tcp", "Subscriber.Recv", "records/s", rates[2])
}

// collection shows what a collection takes until all finalizers have run, with handlers
// in it that have not sent yet, and without.
func collection(who string, handlers int) {
	var taken []float64
	for round := 0; round < rounds; round++ {
		for i := 0; i < handlers; i++ {
			h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.Hold(time.Minute), zmqlog.Linger(0))
			check(err)
			h.Info(text)
		}
		ran := make(chan struct{})
		runtime.SetFinalizer(&struct{ field [64]byte }{}, func(any) { close(ran) })
		start := time.Now()
		runtime.GC()
		<-ran
		taken = append(taken, float64(time.Since(start).Microseconds()))
	}
	sort.Float64s(taken)
	show("go: a full collection", who, "us", taken[rounds/2])
}

func main() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("bench"), zmqlog.Hold(0),
		zmqlog.Overflow(zmqlog.Block, -1))
	check(err)
	defer h.Close()
	l, err := h.Logger("bench")
	check(err)
	for h.Enabled(zmqlog.LevelInfo) {
		time.Sleep(time.Millisecond)
	}
	unheardSlog, heardSlog := bySlog(h)
	measure("go: nobody listens", append(unheard(h, l), unheardSlog...), 100000, func() {})

	sub, err := zmqlog.ConnectSubscriber(h.Endpoint())
	check(err)
	defer sub.Close()
	ctx := context.Background()
	check(h.WaitSubscriber(ctx, ""))
	drain := func() {
		check(h.Flush(ctx))
		for sub.Count(zmqlog.CountReceived) < h.Count(zmqlog.CountSent) {
			_, err := sub.Recv(ctx)
			check(err)
		}
	}
	measure("go: somebody listens", append(heard(h, l), heardSlog...), 1000, drain)
	drain()
	receive(h, sub, 300000)
	collection("nothing to free", 0)
	collection("10 handlers with records to send", 10)
}
