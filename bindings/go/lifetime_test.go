// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	ok(t, err)
	return len(entries)
}

func TestLifetime_what_is_forgotten_is_freed(t *testing.T) {
	const many = 100
	runtime.GC()
	before := descriptors(t)
	func() {
		for i := 0; i < many; i++ {
			h, err := zmqlog.Bind(anyPort, zmqlog.Hold(0), zmqlog.Linger(0))
			ok(t, err)
			l, err := h.Logger("l")
			ok(t, err)
			l.With(zmqlog.Int("n", 1)).Info("x")
			if i%2 == 0 {
				_ = h.Close() // with no linger something may be left
			}
			if i%10 == 0 {
				_, err = zmqlog.ConnectSubscriber(h.Endpoint())
				ok(t, err)
			}
		}
	}()
	eventually(t, "all descriptors are back", func() bool {
		runtime.GC()
		return descriptors(t) <= before+5
	})
}

func TestLifetime_a_logger_keeps_its_handler(t *testing.T) {
	var s *zmqlog.Subscriber
	l := func() *zmqlog.Logger {
		h := publisher(t)
		s = subscriber(t, h)
		l, err := h.Logger("l")
		ok(t, err)
		return l.With(zmqlog.Int("n", 1))
	}()
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
	l.Info("still there")
	expect(t, s, "INFO", "still there")
}

// Handlers nobody needs any more, with records nobody has heard yet: to free them takes
// time, which must not be that of other finalizers. What they held still arrives.
func TestLifetime_finalizers_do_not_block(t *testing.T) {
	var endpoints []string
	func() {
		for i := 0; i < 5; i++ {
			h, err := zmqlog.Bind(anyPort, zmqlog.Hold(time.Minute), zmqlog.Linger(time.Hour))
			ok(t, err)
			h.Info("held")
			endpoints = append(endpoints, h.Endpoint())
		}
	}()
	// The second marker is found after the handlers, whose finalizers run before it.
	for marker := 0; marker < 3; marker++ {
		ran := make(chan struct{})
		func() {
			runtime.SetFinalizer(&struct{ field [64]byte }{}, func(any) { close(ran) })
		}()
		eventually(t, "the finalizers run", func() bool {
			runtime.GC()
			select {
			case <-ran:
				return true
			default:
				return false
			}
		})
	}
	for _, endpoint := range endpoints {
		s, err := zmqlog.ConnectSubscriber(endpoint)
		ok(t, err)
		expect(t, s, "INFO", "held")
		ok(t, s.Close())
	}
}

func TestLifetime_a_million_records_leak_nothing(t *testing.T) {
	total := 1000000
	if testing.Short() {
		total = 100000
	}
	h := publisher(t, zmqlog.Overflow(zmqlog.Block, -1), zmqlog.Style("json"),
		zmqlog.SlowPeer(time.Hour, 0, 0)) // whatever else the machine does
	s := subscriber(t, h)
	l, err := h.Logger("l", zmqlog.WithFields(zmqlog.Int("n", 1)))
	ok(t, err)
	// A few at a time, so that the queues do not tell how busy the machine is.
	run := func(count int) int {
		for i := 0; i < count; i += 100 {
			for n := 0; n < 100; n += 4 {
				h.Info("x")
				l.Warn("x")
				l.LogTopic(zmqlog.LevelInfo, "t", "x")
				h.LogFields(zmqlog.LevelInfo, "x", zmqlog.String("k", "v"))
			}
			for n := 0; n < 100; n++ {
				_, err := s.Recv(context.Background())
				ok(t, err)
			}
		}
		runtime.GC()
		return status(t, "VmRSS")
	}
	before := run(total / 4)
	if more := run(total) - before; more > 12<<10 {
		t.Fatal(total, " records took ", more, " kB for good")
	}
	same(t, "lost", s.Count(zmqlog.CountLost), 0)
}

// exitEnv names what the program that a test starts is to do.
const exitEnv = "ZMQLOG_TEST_EXIT"

func init() {
	what, endpoint, _ := strings.Cut(os.Getenv(exitEnv), " ")
	if what == "" {
		return
	}
	h, err := zmqlog.Connect(endpoint, zmqlog.RootTopic("app"))
	if err != nil {
		os.Exit(9)
	}
	l, _ := h.Logger("l")
	switch what {
	case "fatal":
		h.Fatal("last words")
	case "logger":
		l.Fatal("last words")
	case "close":
		h.Critical("last words")
		h.Close()
		os.Exit(1)
	}
	os.Exit(9)
}

func TestFatal_is_heard_before_the_program_ends(t *testing.T) {
	s, err := zmqlog.BindSubscriber(anyPort)
	ok(t, err)
	defer s.Close()
	for _, what := range []string{"fatal", "logger", "close"} {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), exitEnv+"="+what+" "+s.Endpoint())
		err = child.Run()
		same(t, what, child.ProcessState.ExitCode(), 1)
		expect(t, s, "app.CRITICAL", "last words")
	}
}
