// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// Every option does what it is there for: one observation each. The list is compared
// with the functions that return an option, so that a new one needs an observation, too.
var effects = map[string]func(*testing.T){
	"RootTopic": func(t *testing.T) { same(t, "topic", first(t, zmqlog.RootTopic("r")).Topic, "r.INFO") },
	"MinLevel": func(t *testing.T) {
		h := publisher(t, zmqlog.MinLevel(zmqlog.LevelWarn))
		s := subscriber(t, h)
		h.Info("below")
		h.Warn("above")
		same(t, "text", next(t, s).Text, "above")
	},
	"WithSource": func(t *testing.T) {
		same(t, "file", first(t, zmqlog.WithSource(), zmqlog.Style("%(filename)s")).Text, "effects_test.go")
	},
	"LevelNames": func(t *testing.T) {
		h := publisher(t, zmqlog.LevelNames("pyzmq"))
		s := subscriber(t, h)
		h.Warn("x")
		same(t, "topic", next(t, s).Topic, "WARNING")
	},
	"LevelName": func(t *testing.T) {
		h := publisher(t, zmqlog.LevelName(7, "FINE"))
		s := subscriber(t, h, zmqlog.LevelName(7, "FINE"))
		h.Log(7, "x")
		record := next(t, s)
		same(t, "topic", record.Topic, "FINE")
		same(t, "level", record.Level, 7)
	},
	"Delimiter": func(t *testing.T) {
		h := publisher(t, zmqlog.Delimiter("|"))
		s := subscriber(t, h)
		h.Info("a|b")
		expect(t, s, "INFO.a", "b")
	},
	"Style": func(t *testing.T) { same(t, "text", first(t, zmqlog.Style("<%(message)s>")).Text, "<x>") },
	"LevelStyle": func(t *testing.T) {
		h := publisher(t, zmqlog.LevelStyle(zmqlog.LevelError, "<%(message)s>"))
		s := subscriber(t, h)
		h.Info("x")
		h.Error("y")
		expect(t, s, "INFO", "x")
		expect(t, s, "ERROR", "<y>")
	},
	"TimeFormat": func(t *testing.T) {
		text := first(t, zmqlog.Style("%(asctime)s"), zmqlog.TimeFormat("<%Y>")).Text
		same(t, "length of "+text, len(text), 6)
	},
	"QueueBytes": func(t *testing.T) {
		same(t, "dropped", overfull(t).Count(zmqlog.CountDroppedQueue) > 0, true)
		same(t, "dropped", overfull(t, zmqlog.QueueBytes(1<<20)).Count(zmqlog.CountDroppedQueue), int64(0))
		flooded(t, zmqlog.Overflow(zmqlog.DropNewest, 0))
	},
	"Overflow": func(t *testing.T) {
		h := overfull(t, zmqlog.Overflow(zmqlog.DropOldest, 0))
		same(t, "dropped oldest", h.Count(zmqlog.CountDroppedOldest) > 0, true)
		same(t, "oldest", strings.HasPrefix(next(t, flooded(t, zmqlog.Overflow(zmqlog.DropNewest, 0))).Text, "0 "), true)
		same(t, "oldest", strings.HasPrefix(next(t, flooded(t, zmqlog.Overflow(zmqlog.DropOldest, 0))).Text, "0 "), false)
		flooded(t, zmqlog.Overflow(zmqlog.Block, time.Millisecond))
	},
	"SlowPeer": func(t *testing.T) {
		h := stalled(t, nil, zmqlog.SlowPeer(50*time.Millisecond, 0, 0))
		eventually(t, "it is cut", func() bool { return h.Count(zmqlog.CountSlowEpisodes) > 0 })
	},
	"SendHWM": func(t *testing.T) {
		same(t, "stuck", stuck(stalled(t, nil)), true)
		ok(t, stalled(t, nil, zmqlog.SendHWM(1000)).Flush(soon(t)))
	},
	"Linger": func(t *testing.T) { // longer than the default, so that no load can feign it
		h := stalled(t, nil, zmqlog.Linger(1500*time.Millisecond))
		began := time.Now()
		is(t, h.Close(), zmqlog.ErrTimedOut)
		same(t, "it took long", time.Since(began) >= 1400*time.Millisecond, true)
	},
	"Hold": func(t *testing.T) {
		h := publisher(t, zmqlog.Hold(time.Minute))
		h.Info("early")
		s, err := zmqlog.ConnectSubscriber(h.Endpoint())
		ok(t, err)
		defer s.Close()
		same(t, "text", next(t, s).Text, "early")
	},
	"MaxBodyBytes": func(t *testing.T) {
		h := publisher(t, zmqlog.MaxBodyBytes(256))
		s := subscriber(t, h)
		h.Info(strings.Repeat("x", 1000))
		same(t, "length", len(next(t, s).Text), 256)
	},
	"DropNotices": func(t *testing.T) {
		same(t, "notices", notices(t) > 0, true)
		same(t, "notices", notices(t, zmqlog.DropNotices(false)), 0)
	},
	"Heartbeat": func(t *testing.T) {
		same(t, "pinged", pinged(t, time.Minute, zmqlog.Heartbeat(20*time.Millisecond)), true)
		same(t, "pinged", pinged(t, 200*time.Millisecond), false)
	},
	"Backlog": func(t *testing.T) {
		h := publisher(t, zmqlog.Backlog(zmqlog.LevelError, 1<<16))
		eventually(t, "the gate is shut", func() bool { return !h.Enabled(zmqlog.LevelWarn) })
		h.Warn("lost")
		h.Error("kept")
		same(t, "text", next(t, subscriber(t, h)).Text, "kept")
	},
	"Announce": func(t *testing.T) {
		same(t, "first", greeted(t), "zmqlog")
		same(t, "first", greeted(t, zmqlog.Announce(false)), "app")
	},
	"WithAuth": func(t *testing.T) { openToAll(t, zmqlog.Insecure()) },

	"Subscribe": func(t *testing.T) { same(t, "text", chosen(t, zmqlog.Subscribe("app.WARN")), "high") },
	"SubscribeLevel": func(t *testing.T) {
		same(t, "text", chosen(t, zmqlog.SubscribeLevel("app", zmqlog.LevelWarn)), "high")
	},
	"SubscribeAll": func(t *testing.T) {
		h := publisher(t, zmqlog.RootTopic("app"))
		s := subscriber(t, h, zmqlog.SubscribeAll(zmqlog.LevelWarn))
		ok(t, h.WaitSubscriber(soon(t), "app.WARN"))
		h.Debug("low")
		h.Warn("high")
		same(t, "text", next(t, s).Text, "high")
	},
	"AddRoot": func(t *testing.T) {
		h := publisher(t, zmqlog.RootTopic("a.INFO"))
		s := subscriber(t, h, zmqlog.AddRoot("a.INFO"))
		h.Info("x")
		same(t, "root", next(t, s).Root, "a.INFO")
	},
	"Exact": func(t *testing.T) {
		h := publisher(t, zmqlog.LevelName(21, "INFORMATION"))
		s := subscriber(t, h, zmqlog.Subscribe("INFO"), zmqlog.Exact())
		h.Log(21, "x")
		h.Info("y")
		expect(t, s, "INFO", "y")
	},
	"ReceiveHWM": func(t *testing.T) {
		same(t, "stuck", stuck(stalled(t, zmqlog.ReceiveHWM(1))), true)
		ok(t, stalled(t, zmqlog.ReceiveHWM(1000)).Flush(soon(t)))
	},

	"Topic": func(t *testing.T) {
		h := publisher(t)
		s := subscriber(t, h)
		l, err := h.Logger("l", zmqlog.Topic("sub"))
		ok(t, err)
		l.Info("x")
		expect(t, s, "INFO.sub", "x")
	},
	"WithFields": func(t *testing.T) {
		h := publisher(t, zmqlog.Style("%(fields)s"))
		s := subscriber(t, h)
		l, err := h.Logger("l", zmqlog.WithFields(zmqlog.Int("n", 7)))
		ok(t, err)
		l.Info("x")
		same(t, "text", next(t, s).Text, "n=7")
	},

	"Scan": func(t *testing.T) {
		h := publisher(t)
		s := subscriber(t, h)
		fmt.Fprint(h.Writer(zmqlog.LevelInfo), "a::b")
		expect(t, s, "INFO", "a::b")
		fmt.Fprint(h.Writer(zmqlog.LevelInfo, zmqlog.Scan()), "a::b")
		expect(t, s, "INFO.a", "b")
	},

	"CurveServer": encryptedBy(zmqlog.AllowKeys("*")),
	"CurveClient": encryptedBy(zmqlog.AllowKeys("*")),
	"AllowKeys": func(t *testing.T) {
		auth, err := zmqlog.NewAuth(zmqlog.CurveServer(keys(t).SecretKey))
		ok(t, err)
		_, err = zmqlog.Bind(anyPort, zmqlog.WithAuth(auth))
		is(t, err, zmqlog.ErrRefused)
		encryptedBy(zmqlog.AllowKeys("*"))(t)
	},
	"KeysFrom": func(t *testing.T) {
		pair, path := keys(t), filepath.Join(t.TempDir(), "client")
		ok(t, pair.Save(path))
		encrypted(t, pair, zmqlog.KeysFrom(path))
	},
	"AllowAddresses": func(t *testing.T) {
		guarded(t, anyPort, zmqlog.AllowAddresses("192.0.2.1"),
			func(a *zmqlog.Auth) error { return a.AllowAddress("127.0.0.1") })
	},
	"AllowUIDs": func(t *testing.T) {
		guarded(t, "ipc://"+t.TempDir()+"/s", zmqlog.AllowUIDs(os.Getuid()+1),
			func(a *zmqlog.Auth) error { return a.AllowUID(os.Getuid()) })
	},
	"Insecure": func(t *testing.T) { openToAll(t, zmqlog.Insecure()) },
	"IPCMode": func(t *testing.T) {
		auth, err := zmqlog.NewAuth(zmqlog.IPCMode(0o660))
		ok(t, err)
		path := t.TempDir() + "/s"
		h, err := zmqlog.Bind("ipc://"+path, zmqlog.WithAuth(auth))
		ok(t, err)
		defer h.CloseTimeout(0)
		info, err := os.Stat(path)
		ok(t, err)
		same(t, "mode", info.Mode().Perm(), 0o660)
	},
}

// optionNames are the exported functions that return an option.
func optionNames(t *testing.T) []string {
	var names []string
	files, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0)
	ok(t, err)
	for name, pkg := range files {
		if strings.HasSuffix(name, "_test") {
			continue
		}
		ast.Inspect(pkg, func(node ast.Node) bool {
			f, is := node.(*ast.FuncDecl)
			if is && f.Recv == nil && f.Name.IsExported() && f.Type.Results != nil {
				result, named := f.Type.Results.List[0].Type.(*ast.Ident)
				if named && strings.HasSuffix(result.Name, "Option") {
					names = append(names, f.Name.Name)
				}
			}
			return true
		})
	}
	sort.Strings(names)
	return names
}

func TestEffects(t *testing.T) {
	var here []string
	for name, effect := range effects {
		here = append(here, name)
		t.Run(name, effect)
	}
	sort.Strings(here)
	same(t, "options", here, optionNames(t))
}

func first(t *testing.T, options ...zmqlog.Option) *zmqlog.Record {
	h := publisher(t, options...)
	s := subscriber(t, h)
	h.Info("x")
	return next(t, s)
}

// overfull has records in its queue, for a subscriber that does not come.
func overfull(t *testing.T, options ...zmqlog.Option) *zmqlog.Handler {
	h := publisher(t, append([]zmqlog.Option{zmqlog.Hold(time.Minute), zmqlog.QueueBytes(16384),
		zmqlog.MaxBodyBytes(256), zmqlog.Linger(0)}, options...)...)
	for i := 0; i < 300; i++ {
		h.Info(strings.Repeat("x", 200))
	}
	return h
}

// stalled has a subscriber that does not read, and more than it takes.
func stalled(t *testing.T, hwm zmqlog.SubscriberOption, options ...zmqlog.Option) *zmqlog.Handler {
	h, err := zmqlog.Bind("ipc://"+t.TempDir()+"/s", append([]zmqlog.Option{zmqlog.Hold(0),
		zmqlog.SendHWM(1), zmqlog.SlowPeer(time.Hour, 0, 0), zmqlog.Linger(0)}, options...)...)
	ok(t, err)
	t.Cleanup(func() { _ = h.CloseTimeout(0) })
	subscriber(t, h, zmqlog.QueueBytes(16384), zmqlog.ReceiveHWM(1), hwm)
	for i := 0; i < 200; i++ {
		h.Info(strings.Repeat("x", 4000))
	}
	return h
}

func stuck(h *zmqlog.Handler) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	return errors.Is(h.Flush(ctx), zmqlog.ErrTimedOut)
}

// flooded reads only after so much has been sent that its queue is full.
func flooded(t *testing.T, options ...zmqlog.SubscriberOption) *zmqlog.Subscriber {
	h := publisher(t)
	s := subscriber(t, h, append(options, zmqlog.QueueBytes(16384))...)
	for i := 0; i < 2000; i++ {
		h.Info(fmt.Sprint(i, " ", strings.Repeat("x", 100)))
	}
	eventually(t, "it drops", func() bool { return s.Count(zmqlog.CountDropped) > 0 })
	return s
}

func notices(t *testing.T, options ...zmqlog.Option) int {
	h := overfull(t, options...)
	s := subscriber(t, h)
	ok(t, h.Flush(soon(t)))
	h.Info("end")
	for count := 0; ; {
		record := next(t, s)
		if record.Text == "end" {
			return count
		}
		if record.Subtopic == "zmqlog" {
			count++
		}
	}
}

// greeted is the root of the first of hello and of what is logged.
func greeted(t *testing.T, options ...zmqlog.Option) string {
	h := publisher(t, append(options, zmqlog.RootTopic("app"))...)
	s := subscriber(t, h, zmqlog.Subscribe("zmqlog.INFO.hello"), zmqlog.Subscribe("app"))
	ok(t, h.WaitSubscriber(soon(t), "app.INFO"))
	ok(t, h.Flush(soon(t)))
	h.Info("end")
	return next(t, s).Root
}

func chosen(t *testing.T, option zmqlog.SubscriberOption) string {
	h := publisher(t, zmqlog.RootTopic("app"))
	s := subscriber(t, h, option)
	h.Debug("low")
	h.Warn("high")
	return next(t, s).Text
}

func openToAll(t *testing.T, options ...zmqlog.AuthOption) {
	auth, err := zmqlog.NewAuth(options...)
	ok(t, err)
	h, err := zmqlog.Bind("tcp://0.0.0.0:*", zmqlog.WithAuth(auth))
	ok(t, err)
	ok(t, h.CloseTimeout(0))
	s, err := zmqlog.BindSubscriber("tcp://0.0.0.0:*", zmqlog.WithAuth(auth))
	ok(t, err)
	ok(t, s.Close())
}

func encrypted(t *testing.T, client *zmqlog.KeyPair, allowed zmqlog.AuthOption) {
	server := keys(t)
	serving, err := zmqlog.NewAuth(zmqlog.CurveServer(server.SecretKey), allowed)
	ok(t, err)
	h := publisher(t, zmqlog.WithAuth(serving))
	auth, err := zmqlog.NewAuth(zmqlog.CurveClient(server.PublicKey, client.PublicKey, client.SecretKey))
	ok(t, err)
	subscriber(t, h, zmqlog.WithAuth(auth))
}

func encryptedBy(allowed zmqlog.AuthOption) func(*testing.T) {
	return func(t *testing.T) { encrypted(t, keys(t), allowed) }
}

// guarded sees that nobody gets in before letIn.
func guarded(t *testing.T, endpoint string, option zmqlog.AuthOption, letIn func(*zmqlog.Auth) error) {
	auth, err := zmqlog.NewAuth(option)
	ok(t, err)
	h, err := zmqlog.Bind(endpoint, zmqlog.WithAuth(auth), zmqlog.Hold(0))
	ok(t, err)
	defer h.CloseTimeout(0)
	s, err := zmqlog.ConnectSubscriber(h.Endpoint())
	ok(t, err)
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	is(t, h.WaitSubscriber(ctx, ""), zmqlog.ErrTimedOut)
	ok(t, letIn(auth))
	ok(t, h.WaitSubscriber(soon(t), ""))
}

// The greeting and READY of a SUB that speaks ZMTP 3.1.
var sub31 = "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL" + strings.Repeat("\x00", 48) +
	"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"

// pinged tells whether such a peer hears PING within the time.
func pinged(t *testing.T, patience time.Duration, options ...zmqlog.Option) bool {
	h := publisher(t, options...)
	peer, err := net.Dial("tcp", strings.TrimPrefix(h.Endpoints()[0], "tcp://"))
	ok(t, err)
	defer peer.Close()
	ok(t, peer.SetDeadline(time.Now().Add(patience)))
	_, err = peer.Write([]byte(sub31))
	ok(t, err)
	told, some := "", make([]byte, 4096)
	for !strings.Contains(told, "PING") {
		n, err := peer.Read(some)
		if err != nil {
			return false
		}
		told += string(some[:n])
	}
	return true
}
