// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func TestOpen_is_for_this_machine_or_as_the_environment_says(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ZMQLOG_DIR", dir)
	t.Setenv("ZMQLOG_URL", "")
	h, err := zmqlog.Open(zmqlog.RootTopic("app"))
	ok(t, err)
	if !strings.HasPrefix(h.Endpoint(), "ipc://"+dir+"/app.") {
		t.Error(h.Endpoint())
	}
	ok(t, h.Close())
	t.Setenv("ZMQLOG_URL", "@tcp://127.0.0.1:*?hodl=1")
	_, err = zmqlog.Open()
	is(t, err, zmqlog.ErrInvalid)
	if !strings.Contains(err.Error(), "did you mean hold?") {
		t.Error(err)
	}
}

func TestHandler_publishes_topic_and_text(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("myprogram"))
	s := subscriber(t, h)
	h.Info("hello there")
	h.Warn("sub.topic::hello there")
	h.LogTopic(zmqlog.LevelError, "net", "std::vector")
	expect(t, s, "myprogram.INFO", "hello there")
	expect(t, s, "myprogram.WARN.sub.topic", "hello there")
	expect(t, s, "myprogram.ERROR.net", "std::vector")
}

func TestHandler_every_level_method_has_its_level(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	l, err := h.Logger("")
	ok(t, err)
	for _, log := range []interface {
		Debug(string)
		Info(string)
		Warn(string)
		Error(string)
		Critical(string)
		Debugf(string, ...any)
		Infof(string, ...any)
		Warnf(string, ...any)
		Errorf(string, ...any)
		Criticalf(string, ...any)
	}{h, l} {
		log.Debug("x")
		log.Info("x")
		log.Warn("x")
		log.Error("x")
		log.Critical("x")
		log.Debugf("a::%s", "b::c")
		log.Infof("a::%s", "b::c")
		log.Warnf("a::%s", "b::c")
		log.Errorf("a::%s", "b::c")
		log.Criticalf("a::%s", "b::c")
		for _, name := range []string{"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"} {
			expect(t, s, name, "x")
		}
		for _, name := range []string{"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"} {
			expect(t, s, name+".a", "b::c")
		}
	}
}

func TestHandler_carries_any_bytes(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("r"))
	s := subscriber(t, h)
	for _, text := range []string{"", "a\x00b", "\xff\xfe", "größe", strings.Repeat("x", 100000)} {
		h.LogTopic(zmqlog.LevelInfo, "s\x00t", text)
		expect(t, s, "r.INFO.s\x00t", text)
	}
}

func TestHandler_root_topic_changes_live(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("a"))
	s := subscriber(t, h)
	same(t, "root", h.RootTopic(), "a")
	h.Info("1")
	ok(t, h.SetRootTopic("b"))
	same(t, "root", h.RootTopic(), "b")
	h.Info("2")
	expect(t, s, "a.INFO", "1")
	expect(t, s, "b.INFO", "2")
	is(t, h.SetRootTopic(strings.Repeat("x", zmqlog.MaxRootBytes+1)), zmqlog.ErrInvalid)
	is(t, h.SetRootTopic("a\x00b"), zmqlog.ErrInvalid)
}

func TestHandler_level_is_a_floor(t *testing.T) {
	h := publisher(t, zmqlog.MinLevel(zmqlog.LevelWarn))
	s := subscriber(t, h)
	same(t, "level", h.Level(), zmqlog.LevelWarn)
	h.Info("no")
	h.Warn("yes")
	ok(t, h.SetLevel(0))
	h.Debug("yes")
	expect(t, s, "WARN", "yes")
	expect(t, s, "DEBUG", "yes")
	is(t, h.SetLevel(64), zmqlog.ErrInvalid)
	is(t, h.SetLevel(-1), zmqlog.ErrInvalid)
	is(t, h.SetLevel(beyond+20), zmqlog.ErrInvalid)
}

func TestHandler_names_and_styles(t *testing.T) {
	h := publisher(t, zmqlog.LevelName(5, "TRACE"), zmqlog.Delimiter("|"),
		zmqlog.LevelStyle(5, "<%(message)s>"))
	s := subscriber(t, h)
	same(t, "name", h.LevelName(5), "TRACE")
	same(t, "name", h.LevelName(64), "")
	h.Log(5, "a|b::c")
	ok(t, h.Flush(soon(t)))
	ok(t, h.SetStyle("%(levelname)s %(message)s"))
	h.Log(5, "x")
	ok(t, h.Flush(soon(t)))
	ok(t, h.SetLevelStyle(5, "plain"))
	h.Log(5, "y")
	expect(t, s, "TRACE.a", "<b::c>")
	expect(t, s, "TRACE", "TRACE x")
	expect(t, s, "TRACE", "y")
	is(t, h.SetStyle("no such style"), zmqlog.ErrInvalid)
	is(t, h.SetLevelStyle(0, "plain"), zmqlog.ErrInvalid)
	err := h.SetStyle("%(message)")
	is(t, err, zmqlog.ErrFormat)
	if !strings.Contains(err.Error(), "%(message)") {
		t.Fatal("the error does not show the format: ", err)
	}
}

func TestHandler_options_are_judged(t *testing.T) {
	for name, option := range map[string]zmqlog.Option{
		"root":     zmqlog.RootTopic(strings.Repeat("x", 101)),
		"nul":      zmqlog.RootTopic("a\x00"),
		"names":    zmqlog.LevelNames("other"),
		"name":     zmqlog.LevelName(5, "a.b"),
		"level":    zmqlog.MinLevel(64),
		"queue":    zmqlog.QueueBytes(-1),
		"policy":   zmqlog.Overflow(7, 0),
		"slow":     zmqlog.SlowPeer(0, 0, 0),
		"hwm":      zmqlog.SendHWM(0),
		"linger":   zmqlog.Linger(-1),
		"hold":     zmqlog.Hold(time.Hour),
		"body":     zmqlog.MaxBodyBytes(1),
		"style":    zmqlog.Style("nothing"),
		"stylenum": zmqlog.LevelStyle(99, "plain"),
		"delim":    zmqlog.Delimiter(strings.Repeat(":", 17)),
		"time":     zmqlog.TimeFormat(strings.Repeat("%", 201)),
	} {
		h, err := zmqlog.Bind(anyPort, option)
		if err == nil {
			t.Fatal(name, ": accepted")
		}
		is(t, err, zmqlog.ErrInvalid)
		same(t, name, h, nil)
	}
}

func TestHandler_options_are_taken(t *testing.T) {
	auth, err := zmqlog.NewAuth()
	ok(t, err)
	h, err := zmqlog.Bind(anyPort, nil, zmqlog.LevelNames("pyzmq"), zmqlog.TimeFormat("%Y"),
		zmqlog.QueueBytes(1<<20), zmqlog.MaxBodyBytes(4096), zmqlog.SendHWM(10),
		zmqlog.SlowPeer(time.Second, 0, 0), zmqlog.Linger(time.Second), zmqlog.Hold(0),
		zmqlog.DropNotices(false), zmqlog.Announce(false), zmqlog.WithAuth(auth), zmqlog.WithAuth(nil),
		zmqlog.Overflow(zmqlog.DropOldest, 0), zmqlog.Style("%(asctime)s %(message)s"))
	ok(t, err)
	defer h.Close()
	s := subscriber(t, h)
	h.Warn("x")
	expect(t, s, "WARNING", time.Now().Format("2006")+" x")
}

func TestHandler_opens_several_endpoints(t *testing.T) {
	h := publisher(t)
	ok(t, h.Bind("ipc://"+t.TempDir()+"/log"))
	s, err := zmqlog.BindSubscriber(anyPort)
	ok(t, err)
	defer s.Close()
	ok(t, h.Connect(s.Endpoint()))
	same(t, "endpoints", len(h.Endpoints()), 3)
	same(t, "endpoint", h.Endpoint(), h.Endpoints()[0])
	same(t, "connected to", h.Endpoints()[2], s.Endpoint())
	ok(t, h.WaitSubscriber(soon(t), ""))
	h.Info("x")
	expect(t, s, "INFO", "x")
	is(t, h.Bind(h.Endpoint()), zmqlog.ErrAddrInUse)
	is(t, h.Bind("tcp://0.0.0.0:*"), zmqlog.ErrRefused)
	is(t, h.Bind("nonsense"), zmqlog.ErrInvalid)
	is(t, h.Connect("tcp://a\x00b:1"), zmqlog.ErrInvalid)
}

func TestHandler_gate_follows_who_listens(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"))
	eventually(t, "it is closed", func() bool { return !h.Enabled(zmqlog.LevelDebug) })
	s := subscriber(t, h, zmqlog.Subscribe("app.DEBUG"))
	same(t, "debug", h.Enabled(zmqlog.LevelDebug), true)
	same(t, "info", h.Enabled(zmqlog.LevelInfo), false)
	ok(t, s.Close())
	eventually(t, "nobody listens", func() bool { return !h.Enabled(zmqlog.LevelDebug) })
	for _, level := range []zmqlog.Level{-beyond, -1, 0, 64, beyond} {
		same(t, "no level", h.Enabled(level), false)
	}
}

func TestHandler_close_is_final_and_idempotent(t *testing.T) {
	h := publisher(t)
	subscriber(t, h)
	ok(t, h.Close())
	ok(t, h.Close())
	ok(t, h.CloseTimeout(-1))
	h.Info("x")
	h.LogFields(zmqlog.LevelInfo, "x", zmqlog.Int("n", 1))
	same(t, "closed", h.Count(zmqlog.CountDroppedClosed), 2)
	same(t, "enabled", h.Enabled(zmqlog.LevelInfo), false)
	is(t, h.Flush(soon(t)), zmqlog.ErrClosed)
	is(t, h.Flush(soon(t)), os.ErrClosed)
	is(t, h.Flush(soon(t)), net.ErrClosed)
	is(t, h.Bind(anyPort), zmqlog.ErrClosed)
	is(t, h.WaitSubscriber(context.Background(), ""), zmqlog.ErrClosed)
}

func TestHandler_close_tells_what_was_left(t *testing.T) {
	h := publisher(t, zmqlog.QueueBytes(64<<20), zmqlog.SendHWM(1))
	subscriber(t, h, zmqlog.QueueBytes(16<<10), zmqlog.ReceiveHWM(1))
	text := strings.Repeat("x", 1000)
	for i := 0; i < 40000; i++ { // more than the system's buffers take
		h.Info(text)
	}
	err := h.CloseTimeout(0)
	is(t, err, zmqlog.ErrTimedOut)
	is(t, err, os.ErrDeadlineExceeded)
	if h.Count(zmqlog.CountDroppedTimeout) == 0 {
		t.Fatal("nothing left, by the counter")
	}
}

func TestHandler_waits_end_with_their_context(t *testing.T) {
	h := publisher(t, zmqlog.Hold(time.Minute))
	h.Info("held")
	for name, wait := range map[string]func(context.Context) error{
		"flush": h.Flush,
		"topic": func(ctx context.Context) error { return h.WaitSubscriber(ctx, "INFO") },
		"any":   func(ctx context.Context) error { return h.WaitSubscriber(ctx, "") },
	} {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := wait(ctx)
		is(t, err, context.Canceled)
		is(t, err, zmqlog.ErrInterrupted)
		ctx, cancel = context.WithTimeout(context.Background(), time.Millisecond)
		err = wait(ctx)
		cancel()
		is(t, err, context.DeadlineExceeded)
		is(t, err, zmqlog.ErrTimedOut)
		if !strings.HasPrefix(err.Error(), "zmqlog: ") {
			t.Fatal(name, err)
		}
	}
	is(t, h.WaitSubscriber(soon(t), "a\x00"), zmqlog.ErrInvalid)
}

func TestHandler_wait_ends_when_another_goroutine_closes(t *testing.T) {
	h := publisher(t)
	var group sync.WaitGroup
	for _, ctx := range []context.Context{context.Background(), soon(t)} {
		ctx := ctx
		group.Add(1)
		go func() {
			defer group.Done()
			if err := h.WaitSubscriber(ctx, ""); err == nil {
				t.Error("a subscriber came")
			}
		}()
	}
	ok(t, h.Close())
	group.Wait()
}

func TestHandler_counts_all_calls(t *testing.T) {
	h := publisher(t, zmqlog.QueueBytes(32<<10), zmqlog.MaxBodyBytes(1024), zmqlog.Hold(time.Minute))
	for i := 0; i < 1000; i++ {
		h.Info(strings.Repeat("x", 100))
	}
	h.Log(0, "x")
	h.Log(64, "x")
	h.Log(-5, "x")
	h.LogTopic(beyond+20, "", "x")
	h.LogFields(0, "x")
	h.LogEntry(zmqlog.Entry{Text: "x"})
	h.Logf(0, "x")
	same(t, "refused", h.Count(zmqlog.CountRefused), 7)
	same(t, "accepted", h.Count(zmqlog.CountAccepted), 1000)
	dropped := h.Count(zmqlog.CountDroppedQueue)
	if dropped == 0 {
		t.Fatal("nothing dropped")
	}
	same(t, "queued", h.Count(zmqlog.CountQueued), 1000-dropped)
	same(t, "unknown", h.Count(99), -1)
	same(t, "unknown", h.Count(-1), -1)
}

func TestHandler_is_used_by_many_goroutines(t *testing.T) {
	const goroutines, each = 8, 500
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	var group sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			l, err := h.Logger("l")
			if err != nil {
				t.Error(err)
				return
			}
			for n := 0; n < each; n++ {
				switch n % 4 {
				case 0:
					h.Info("x")
				case 1:
					l.LogFields(zmqlog.LevelInfo, "x", zmqlog.Int("n", int64(n)))
				case 2:
					l.With(zmqlog.Int("i", int64(i))).Infof("%d", n)
				case 3:
					h.Writer(zmqlog.LevelInfo).Write([]byte("x\n"))
				}
				h.Debug("x")
			}
		}(i)
	}
	for n := 0; n < 2*goroutines*each; n++ {
		next(t, s)
	}
	group.Wait()
	ok(t, h.Flush(soon(t)))
	same(t, "sent", h.Count(zmqlog.CountSent), 2*goroutines*each)
	same(t, "lost", s.Count(zmqlog.CountLost), 0)
}

func TestHandler_nil_does_nothing(t *testing.T) {
	for _, h := range []*zmqlog.Handler{nil, new(zmqlog.Handler)} {
		l, err := h.Logger("x")
		ok(t, err) // a program need not end for want of a log
		for _, l := range []*zmqlog.Logger{l, nil, new(zmqlog.Logger)} {
			l.Debug("x")
			l.Info("x")
			l.Warn("x")
			l.Error("x")
			l.Critical("x")
			l.Debugf("x")
			l.Infof("x")
			l.Warnf("x")
			l.Errorf("x")
			l.Criticalf("x")
			l.Log(20, "x")
			l.Log(0, "x")
			l.Logf(0, "x")
			l.LogTopic(20, "s", "x")
			l.LogTopic(0, "s", "x")
			l.LogFields(20, "x")
			l.LogFields(0, "x")
			l.LogEntry(zmqlog.Entry{})
			l.With(zmqlog.Int("n", 1)).Info("x")
			l.Writer(20).Write([]byte("x"))
			l.Writer(20, nil, zmqlog.Scan(), zmqlog.Topic("t")).Write(nil)
			same(t, "enabled", l.Enabled(20), false)
			same(t, "name", l.Name(), "")
			same(t, "level", l.Level(), 0)
			is(t, l.SetLevel(20), zmqlog.ErrInvalid)
		}
		h.Debug("x")
		h.Info("x")
		h.Warn("x")
		h.Error("x")
		h.Critical("x")
		h.Debugf("x")
		h.Infof("x")
		h.Warnf("x")
		h.Errorf("x")
		h.Criticalf("x")
		h.Log(20, "x")
		h.Log(0, "x")
		h.Logf(0, "x")
		h.LogTopic(20, "s", "x")
		h.LogTopic(0, "s", "x")
		h.LogFields(20, "x", zmqlog.Int("n", 1))
		h.LogFields(0, "x")
		h.LogEntry(zmqlog.Entry{})
		h.Writer(20).Write([]byte("x"))
		same(t, "enabled", h.Enabled(20), false)
		same(t, "root", h.RootTopic(), "")
		same(t, "name", h.LevelName(20), "")
		same(t, "level", h.Level(), 0)
		same(t, "count", h.Count(zmqlog.CountSent), 0)
		same(t, "endpoints", len(h.Endpoints()), 0)
		for _, err := range []error{h.Bind(anyPort), h.Connect(anyPort), h.Close(),
			h.CloseTimeout(0), h.Flush(soon(t)), h.WaitSubscriber(soon(t), ""),
			h.SetRootTopic("x"), h.SetLevel(20), h.SetStyle("json"), h.SetLevelStyle(20, "json")} {
			is(t, err, zmqlog.ErrInvalid)
		}
	}
}
