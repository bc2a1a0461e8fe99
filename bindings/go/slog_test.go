// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo && go1.21

package zmqlog_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func TestSlog_keeps_the_contract_of_handlers(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	var all []map[string]any
	err := slogtest.TestHandler(zmqlog.NewSlogHandler(h, nil), func() []map[string]any {
		ok(t, h.Flush(soon(t)))
		for int64(len(all)) < h.Count(zmqlog.CountSent) {
			all = append(all, members(t, next(t, s)))
		}
		return all
	})
	ok(t, err)
}

func TestSlog_levels_are_mapped(t *testing.T) {
	for level, want := range map[slog.Level]zmqlog.Level{
		slog.LevelDebug: zmqlog.LevelDebug, slog.LevelInfo: zmqlog.LevelInfo,
		slog.LevelWarn: zmqlog.LevelWarn, slog.LevelError: zmqlog.LevelError,
		12: 50, 2: 25, 1: 23, -1: 18, -6: 8, -8: 5, -12: 1, -100: 1, 17: 63, 18: 63, 1000: 63,
		math.MinInt: 1, math.MaxInt: 63,
	} {
		same(t, level.String(), zmqlog.SlogLevel(level), want)
	}
}

func TestSlog_takes_attributes_from_the_context(t *testing.T) {
	type key struct{}
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	log := slog.New(zmqlog.NewSlogHandler(h, &zmqlog.SlogOptions{
		Attrs: func(ctx context.Context) []slog.Attr {
			if id, known := ctx.Value(key{}).(string); known {
				return []slog.Attr{slog.String("trace_id", id)}
			}
			return nil
		}}))
	ctx := context.WithValue(context.Background(), key{}, "4bf92f35")
	log.WithGroup("g").InfoContext(ctx, "x", "a", 1)
	log.Info("y")
	got := members(t, next(t, s))
	same(t, "trace_id", got["trace_id"], any("4bf92f35"))
	same(t, "members", members(t, next(t, s))["trace_id"], any(nil))
}

func TestSlog_publishes_attributes_as_fields(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"), zmqlog.RootTopic("app"))
	s := subscriber(t, h)
	log := slog.New(zmqlog.NewSlogHandler(h, &zmqlog.SlogOptions{Name: "web", Topic: "http"}))
	log.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").Warn("fe80::1",
		"s", "x\x00", "i", -1, "u", uint64(math.MaxUint64), "f", 0.5, "nan", math.NaN(),
		"t", true, "d", time.Second, "at", time.Unix(0, 0).UTC(), "e", errors.New("broken"),
		"any", []int{1}, "nil", nil, "bad", make(chan int), slog.Group("in", "k", "<v>"),
		slog.Group("empty"), slog.Group("", "inline", 1))
	record := next(t, s)
	same(t, "topic", record.Topic, "app.WARN.http")
	got := members(t, record)
	same(t, "msg", got["msg"], any("fe80::1"))
	same(t, "logger", got["logger"], any("web"))
	same(t, "a", got["a"], any(1.0))
	same(t, "b", got["g"].(map[string]any)["b"], any(2.0))
	inner := got["g"].(map[string]any)["h"].(map[string]any)
	if word, is := inner["bad"].(string); !is || word == "" {
		t.Fatal("no word of what cannot be shown: ", inner)
	}
	delete(inner, "bad")
	same(t, "inner", inner, map[string]any{"s": "x\x00", "i": -1.0, "u": float64(math.MaxUint64),
		"f": 0.5, "nan": nil, "t": true, "d": 1e9, "at": "1970-01-01T00:00:00Z", "e": "broken",
		"any": []any{1.0}, "nil": nil, "in": map[string]any{"k": "<v>"}, "inline": 1.0})
	log.Info("at the top", "i", 1, "s", "x", "f", 0.5, "nan", math.Inf(1), "t", false,
		"u", uint64(1), slog.Group("g", "k", 1), slog.Group("", "inline", 1), slog.Group("empty"))
	got = members(t, next(t, s))
	for key, want := range map[string]any{"i": 1.0, "s": "x", "f": 0.5, "nan": nil, "t": false,
		"u": 1.0, "g": map[string]any{"k": 1.0}, "inline": 1.0} {
		same(t, key, got[key], want)
	}
	if _, there := got["empty"]; there {
		t.Fatal("an empty group")
	}
}

func TestSlog_options(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	level := new(slog.LevelVar)
	log := slog.New(zmqlog.NewSlogHandler(h, &zmqlog.SlogOptions{
		Level: level, AddSource: true, Scan: true, Topic: "t",
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			switch {
			case attr.Key == "secret":
				return slog.Attr{}
			case len(groups) > 0:
				attr.Key = strings.Join(groups, "/") + "/" + attr.Key
			}
			return attr
		}}))
	log.Debug("below")
	level.Set(slog.LevelDebug)
	log.Debug("a::b", "secret", 1, slog.Group("g", "k", 1, slog.Group("h", "secret", 1, "l", 2)))
	log.WithGroup("w").Info("c", "m", 1)
	record := next(t, s)
	same(t, "topic", record.Topic, "DEBUG.t.a")
	got := members(t, record)
	same(t, "msg", got["msg"], any("b"))
	same(t, "secret", got["secret"], nil)
	same(t, "g", got["g"], any(map[string]any{"g/k": 1.0, "h": map[string]any{"g/h/l": 2.0}}))
	ok(t, record.Parse())
	if !strings.HasSuffix(record.File, "slog_test.go") || record.Line == 0 ||
		!strings.Contains(record.Function, "TestSlog_options") {
		t.Fatal(record.File, record.Line, record.Function)
	}
	record = next(t, s)
	same(t, "topic", record.Topic, "INFO.t")
	same(t, "w", members(t, record)["w"], any(map[string]any{"w/m": 1.0}))
}

// All messages that are logged with the default logger.
func TestSlog_takes_all_of_the_default_logger(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"), zmqlog.Style("json"))
	s := subscriber(t, h)
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(zmqlog.NewSlogHandler(h, nil)))
	slog.Info("hello there", "n", 3)
	slog.Error("worse")
	record := next(t, s)
	same(t, "topic", record.Topic, "app.INFO")
	same(t, "msg", members(t, record)["msg"], any("hello there"))
	same(t, "n", members(t, record)["n"], any(3.0))
	same(t, "topic", next(t, s).Topic, "app.ERROR")
}

func TestSlog_asks_who_listens(t *testing.T) {
	ctx := context.Background()
	h := publisher(t, zmqlog.RootTopic("app"))
	handler := zmqlog.NewSlogHandler(h, nil)
	eventually(t, "nobody", func() bool { return !handler.Enabled(ctx, slog.LevelError) })
	subscriber(t, h, zmqlog.Subscribe("app.ERROR"))
	same(t, "error", handler.Enabled(ctx, slog.LevelError), true)
	same(t, "info", handler.Enabled(ctx, slog.LevelInfo), false)
	ok(t, handler.Handle(ctx, slog.NewRecord(time.Now(), slog.LevelInfo, "x", 0)))
	ended, cancel := context.WithCancel(ctx)
	cancel()
	ok(t, handler.Handle(ended, slog.NewRecord(time.Now(), slog.LevelError, "x", 0)))
	ok(t, h.Flush(soon(t)))
	same(t, "sent", h.Count(zmqlog.CountSent), 1)
}

func TestSlog_of_nil_is_disabled(t *testing.T) {
	handler := zmqlog.NewSlogHandler(nil, nil)
	same(t, "enabled", handler.Enabled(context.Background(), slog.LevelError), false)
	slog.New(handler).With("a", 1).WithGroup("g").With("b", 2).Error("x")
	ok(t, handler.Handle(context.Background(), slog.Record{}))
}

func TestSlog_costs_nothing_while_nobody_listens(t *testing.T) {
	h := publisher(t)
	eventually(t, "nobody", func() bool { return !h.Enabled(zmqlog.LevelInfo) })
	log := slog.New(zmqlog.NewSlogHandler(h, nil))
	if allocs := testing.AllocsPerRun(100, func() { log.Info("x", "k", "v") }); allocs > 0 {
		t.Fatal(allocs, " allocations")
	}
}
