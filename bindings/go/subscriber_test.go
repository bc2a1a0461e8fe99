// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func TestSubscriber_takes_a_level_of_all_programs(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"), zmqlog.Hold(0))
	s := subscriber(t, h, zmqlog.SubscribeAll(zmqlog.LevelWarn))
	ok(t, h.WaitSubscriber(soon(t), "app.L63"))
	is(t, s.SubscribeAll(64), zmqlog.ErrInvalid)
	h.Log(zmqlog.LevelWarn, "yes")
	same(t, "topic", next(t, s).Topic, "app.WARN")
	ok(t, s.SubscribeAll(zmqlog.LevelInfo))
	ok(t, h.WaitSubscriber(soon(t), "app.INFO"))
}

func TestSubscriber_decodes_topics(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("a.b"), zmqlog.LevelName(25, "NOTICE"))
	s := subscriber(t, h, zmqlog.SubscribeLevel("a.b", 1), zmqlog.LevelName(25, "NOTICE"))
	before := time.Now().Add(-time.Second)
	h.Log(25, "x.y::text")
	record := next(t, s)
	same(t, "topic", record.Topic, "a.b.NOTICE.x.y")
	same(t, "root", record.Root, "a.b")
	same(t, "level", record.Level, 25)
	same(t, "level name", record.LevelName, "NOTICE")
	same(t, "subtopic", record.Subtopic, "x.y")
	same(t, "text", record.Text, "text")
	same(t, "string", record.String(), "a.b.NOTICE.x.y: text")
	same(t, "seq", record.Seq, 0)
	if record.Received.Before(before) || record.Received.After(time.Now().Add(time.Second)) {
		t.Fatal("received at ", record.Received)
	}
}

func TestSubscriber_takes_options(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"))
	s := subscriber(t, h, nil, zmqlog.Subscribe("app.INFO"), zmqlog.AddRoot("app"),
		zmqlog.Exact(), zmqlog.ReceiveHWM(100), zmqlog.QueueBytes(1<<20),
		zmqlog.Overflow(zmqlog.DropNewest, 0), zmqlog.WithAuth(nil))
	h.Error("not wanted")
	h.Info("wanted")
	expect(t, s, "app.INFO", "wanted")
	for name, option := range map[string]zmqlog.SubscriberOption{
		"prefix": zmqlog.Subscribe(strings.Repeat("x", 246)),
		"nul":    zmqlog.Subscribe("\x00"),
		"level":  zmqlog.SubscribeLevel("x", 64),
		"hwm":    zmqlog.ReceiveHWM(-1),
		"queue":  zmqlog.QueueBytes(1),
		"policy": zmqlog.Overflow(9, 0),
		"name":   zmqlog.LevelName(5, ""),
	} {
		if _, err := zmqlog.ConnectSubscriber(h.Endpoint(), option); !errors.Is(err, zmqlog.ErrInvalid) {
			t.Fatal(name, err)
		}
	}
	_, err := zmqlog.ConnectSubscriber("nonsense")
	is(t, err, zmqlog.ErrInvalid)
	_, err = zmqlog.BindSubscriber(h.Endpoint())
	is(t, err, zmqlog.ErrAddrInUse)
}

func TestSubscriber_interests_change_while_it_waits(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"))
	s := subscriber(t, h, zmqlog.Subscribe("app.ERROR"))
	got := make(chan *zmqlog.Record)
	go func() {
		record, _ := s.Recv(context.Background())
		got <- record
	}()
	ok(t, s.Subscribe("app.INFO.a"))
	ok(t, h.WaitSubscriber(soon(t), "app.INFO.a"))
	h.Info("b::no")
	h.Info("a::yes")
	same(t, "text", (<-got).Text, "yes")
	ok(t, s.Unsubscribe("app.INFO.a"))
	is(t, s.Unsubscribe("app.INFO.a"), zmqlog.ErrInvalid)
	eventually(t, "info is closed", func() bool { return !h.Enabled(zmqlog.LevelInfo) })
	ok(t, s.SubscribeLevel("app", zmqlog.LevelDebug))
	ok(t, s.AddRoot("other"))
	ok(t, s.SetExact(true))
	ok(t, h.WaitSubscriber(soon(t), "app.DEBUG"))
	other := publisher(t, zmqlog.RootTopic("app"))
	ok(t, s.Connect(other.Endpoint()))
	ok(t, other.WaitSubscriber(soon(t), "app.DEBUG"))
	other.Debug("x")
	expect(t, s, "app.DEBUG", "x")
	same(t, "endpoints", strings.Join(s.Endpoints(), " "), h.Endpoint()+" "+other.Endpoint())
	same(t, "peers", s.Count(zmqlog.CountPeers), 2)
	same(t, "received", s.Count(zmqlog.CountReceived), 2)
	same(t, "unknown", s.Count(zmqlog.CountSent), -1)
}

func TestSubscriber_recv_ends_with_its_context(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	for i := 0; i < 100; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() {
			_, err := s.Recv(ctx)
			done <- err
		}()
		if i%2 == 0 {
			runtime.Gosched()
		}
		cancel()
		err := <-done
		is(t, err, context.Canceled)
		is(t, err, zmqlog.ErrInterrupted)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := s.Recv(ctx)
	is(t, err, context.DeadlineExceeded)
	is(t, err, zmqlog.ErrTimedOut)
	h.Info("x")
	expect(t, s, "INFO", "x")
}

func TestSubscriber_returns_what_is_there_also_after_the_end(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	h.Info("1")
	h.Info("2")
	expect(t, s, "INFO", "1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	eventually(t, "the second", func() bool {
		record, err := s.Recv(ctx)
		return err == nil && record.Text == "2"
	})
}

func TestSubscriber_close_ends_all_that_wait(t *testing.T) {
	s, err := zmqlog.BindSubscriber(anyPort)
	ok(t, err)
	var group sync.WaitGroup
	for i := 0; i < 10; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := s.Recv(context.Background()); !errors.Is(err, zmqlog.ErrClosed) {
				t.Error(err)
			}
		}()
	}
	eventually(t, "one waits", func() bool { return waiting() > 0 })
	ok(t, s.Close())
	group.Wait()
	ok(t, s.Close())
	is(t, s.Subscribe("x"), zmqlog.ErrClosed)
	is(t, s.Connect(anyPort), zmqlog.ErrClosed)
	_, err = s.TryRecv()
	is(t, err, zmqlog.ErrClosed)
	same(t, "endpoint", s.Endpoint(), "")
	same(t, "received", s.Count(zmqlog.CountReceived), 0)
	same(t, "unknown", s.Count(zmqlog.CountSent), -1)
}

// waiting is how many goroutines the runtime's poller has.
func waiting() int {
	stacks := make([]byte, 4<<20)
	return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte("[IO wait"))
}

func TestSubscriber_a_hundred_wait_without_threads(t *testing.T) {
	const many = 100
	h := publisher(t)
	subscribers := make([]*zmqlog.Subscriber, many)
	for i := range subscribers {
		subscribers[i] = subscriber(t, h, zmqlog.QueueBytes(16<<10))
	}
	eventually(t, "all connected", func() bool { return h.Count(zmqlog.CountPeers) == many })
	before, idle := status(t, "Threads"), waiting()
	ctx, cancel := context.WithCancel(context.Background())
	results := make(chan error, many)
	for _, s := range subscribers {
		go func(s *zmqlog.Subscriber) {
			_, err := s.Recv(ctx)
			results <- err
		}(s)
	}
	eventually(t, "all wait", func() bool { return waiting() == idle+many })
	if more := status(t, "Threads") - before; more > 10 {
		t.Fatal(many, " receivers took ", more, " threads")
	}
	h.Info("x")
	for range subscribers {
		ok(t, <-results)
	}
	cancel()
}

func TestSubscriber_records_is_a_channel(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	ctx, cancel := context.WithCancel(context.Background())
	records := s.Records(ctx)
	for i := 0; i < 100; i++ {
		h.Infof("%d", i)
		same(t, "text", (<-records).Text, fmt.Sprint(i))
	}
	ok(t, s.Err())
	h.Info("nobody takes this")
	cancel()
	for range records {
	}
	is(t, s.Err(), context.Canceled)
	s.Records(context.Background()) // which nobody takes
	h.Info("x")
	eventually(t, "it is received", func() bool { return s.Count(zmqlog.CountReceived) > 100 })
	ok(t, s.Close())
	eventually(t, "it ends", func() bool { return errors.Is(s.Err(), zmqlog.ErrClosed) })
}

func TestSubscriber_goroutines_take_turns(t *testing.T) {
	const goroutines, total = 8, 4000
	h := publisher(t)
	s := subscriber(t, h)
	ctx, cancel := context.WithCancel(context.Background())
	seen := make(chan string, total)
	var group sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				record, err := s.Recv(ctx)
				if err != nil {
					return
				}
				seen <- record.Text
			}
		}()
	}
	for i := 0; i < total; i++ {
		h.Infof("%d", i)
	}
	texts := make(map[string]bool)
	for len(texts) < total {
		text := <-seen
		if texts[text] {
			t.Fatal(text, " came twice")
		}
		texts[text] = true
	}
	cancel()
	group.Wait()
}

func TestRecord_parse_reads_json(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	l, err := h.Logger("db", zmqlog.WithFields(zmqlog.String("host", "h")))
	ok(t, err)
	at := time.Date(2026, 11, 22, 5, 48, 11, 123456789, time.UTC)
	l.LogEntry(zmqlog.Entry{Level: 40, Subtopic: "sub", Text: "std::vector", Time: at,
		File: "f.go", Line: 7, Function: "main.main", Thread: "t",
		Fields: []zmqlog.Field{zmqlog.Int("n", 1<<60+1), zmqlog.Any("list", []int{1, 2})}})
	l.LogEntry(zmqlog.Entry{Level: 40, Text: "a::b", Scan: true, NoTime: true, Logger: "other"})
	record := next(t, s)
	ok(t, record.Parse())
	ok(t, record.Parse())
	same(t, "topic", record.Topic, "ERROR.sub")
	same(t, "text", record.Text, "std::vector")
	same(t, "time", record.Time.Equal(at), true)
	same(t, "logger", record.Logger, "db")
	same(t, "file", record.File, "f.go")
	same(t, "line", record.Line, 7)
	same(t, "function", record.Function, "main.main")
	same(t, "seq", record.Seq, 1)
	same(t, "epoch", len(record.Epoch), 16)
	var n int64
	var list []int
	ok(t, record.Field("n", &n))
	ok(t, record.Field("list", &list))
	same(t, "n", n, 1<<60+1)
	same(t, "list", fmt.Sprint(list), "[1 2]")
	is(t, record.Field("nothing", &n), zmqlog.ErrInvalid)
	record = next(t, s)
	ok(t, record.Parse())
	same(t, "topic", record.Topic, "ERROR.a")
	same(t, "text", record.Text, "b")
	same(t, "time", record.Time.IsZero(), true)
	same(t, "logger", record.Logger, "other")
	plain := &zmqlog.Record{Text: "no object"}
	is(t, plain.Parse(), zmqlog.ErrFormat)
	same(t, "unchanged", plain.Text, "no object")
}

func TestSubscriber_nil_does_nothing(t *testing.T) {
	for _, s := range []*zmqlog.Subscriber{nil, new(zmqlog.Subscriber)} {
		_, err := s.Recv(soon(t))
		is(t, err, zmqlog.ErrInvalid)
		_, err = s.TryRecv()
		is(t, err, zmqlog.ErrInvalid)
		for range s.Records(soon(t)) {
			t.Fatal("a record")
		}
		same(t, "ended", s.Err() != nil, true)
		same(t, "count", s.Count(zmqlog.CountReceived), 0)
		same(t, "endpoints", len(s.Endpoints()), 0)
		for _, err := range []error{s.Connect(anyPort), s.Bind(anyPort), s.Subscribe(""),
			s.Unsubscribe(""), s.SubscribeLevel("", 1), s.AddRoot("x"), s.SetExact(true), s.Close()} {
			is(t, err, zmqlog.ErrInvalid)
		}
	}
}

var _ io.Closer = (*zmqlog.Subscriber)(nil)
var _ io.Closer = (*zmqlog.Handler)(nil)

func TestRecords_cancelled_leaves_the_rest_to_be_drained(t *testing.T) {
	const all = 1000
	h := publisher(t)
	s := subscriber(t, h)
	for i := 0; i < all; i++ {
		h.Info(strconv.Itoa(i))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	records, taken := s.Records(ctx), 0
	for record := range records {
		same(t, "text", record.Text, strconv.Itoa(taken))
		if taken++; taken == 10 {
			cancel()
		}
	}
	for ; taken < all; taken++ {
		same(t, "text", next(t, s).Text, strconv.Itoa(taken))
	}
	_, err := s.TryRecv()
	is(t, err, zmqlog.ErrAgain)
}
