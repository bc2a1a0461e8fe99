// SPDX-License-Identifier: BSD-3-Clause

//go:build !cgo

package zmqlog_test

import (
	"context"
	"errors"
	"testing"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func TestWithoutCgo_opening_says_so_and_nil_is_quiet(t *testing.T) {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.RootTopic("app"), zmqlog.Style("json"))
	if !errors.Is(err, zmqlog.ErrNoCgo) || h != nil {
		t.Fatal(h, err)
	}
	if _, err = zmqlog.Connect("tcp://127.0.0.1:1"); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.Attach(nil); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.ConnectSubscriber("tcp://127.0.0.1:1"); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.BindSubscriber("tcp://127.0.0.1:1"); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.NewAuth(); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.GenerateKeyPair(); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if _, err = zmqlog.ParseLevel("info"); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if err = (&zmqlog.Record{Text: "{}"}).Parse(); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	h.Info("x")
	h.Log(0, "x")
	h.LogFields(zmqlog.LevelInfo, "x", zmqlog.Int("n", 1))
	h.Infof("%d", 1)
	if h.Enabled(zmqlog.LevelCritical) || zmqlog.Version() != "" || zmqlog.Has("json") {
		t.Fatal("something is there")
	}
	if err = h.Flush(context.Background()); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if err = h.Close(); !errors.Is(err, zmqlog.ErrNoCgo) {
		t.Fatal(err)
	}
	if zmqlog.LevelWarn.String() != "WARN" {
		t.Fatal(zmqlog.LevelWarn.String())
	}
}
