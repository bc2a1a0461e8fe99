// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo && go1.21

package zmqlog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

type failing struct{ slog.Handler }

var errFailing = errors.New("no space left")

func (f failing) Handle(ctx context.Context, record slog.Record) error { return errFailing }

func TestSlogFanout_reaches_all_with_attributes_and_groups(t *testing.T) {
	var stderr bytes.Buffer
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	log := slog.New(zmqlog.NewSlogFanout(nil, slog.NewTextHandler(&stderr, nil),
		zmqlog.NewSlogHandler(h, nil)))
	log.With("shard", 7).WithGroup("db").Warn("slow", "ms", 900)
	got := members(t, next(t, s))
	same(t, "shard", got["shard"], any(7.0))
	same(t, "ms", got["db"].(map[string]any)["ms"], any(900.0))
	if text := stderr.String(); !strings.Contains(text, "msg=slow shard=7 db.ms=900") {
		t.Fatal(text)
	}
}

func TestSlogFanout_each_has_its_threshold(t *testing.T) {
	var stderr bytes.Buffer
	h := publisher(t)
	s := subscriber(t, h)
	log := slog.New(zmqlog.NewSlogFanout(slog.NewTextHandler(&stderr, nil),
		zmqlog.NewSlogHandler(h, nil)))
	log.Debug("quiet")
	same(t, "text", next(t, s).Text, "quiet")
	same(t, "stderr", stderr.String(), "")
	same(t, "none", zmqlog.NewSlogFanout().Enabled(context.Background(), slog.LevelError), false)
}

func TestSlogFanout_one_that_fails_costs_no_other(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	broken := failing{slog.NewTextHandler(new(bytes.Buffer), nil)}
	fanout := zmqlog.NewSlogFanout(broken, zmqlog.NewSlogHandler(h, nil))
	record := slog.Record{Message: "still here", Level: slog.LevelInfo}
	same(t, "is", errors.Is(fanout.Handle(context.Background(), record), errFailing), true)
	same(t, "text", next(t, s).Text, "still here")
}
