// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// A context is a logger here: With adds fields, a logger of its own has a subtopic.
type goldenContext struct {
	Topic  string
	Fields map[string]json.RawMessage
}

type goldenContextCase struct {
	goldenCase
	Style   string
	Context struct{ Outer, Inner goldenContext }
	Level   zmqlog.Level
	Text    string
	Fields  map[string]json.RawMessage
	Error   string
	Frame   [2]json.RawMessage
}

func (c *goldenContextCase) logger(t *testing.T, h *zmqlog.Handler) *zmqlog.Logger {
	outer, inner := c.Context.Outer, c.Context.Inner
	topic := strings.Trim(outer.Topic+"."+inner.Topic, ".")
	l, err := h.Logger("", zmqlog.Topic(topic), zmqlog.WithFields(goldenFields(outer.Fields)...))
	ok(t, err)
	return l.With(goldenFields(inner.Fields)...)
}

func (c *goldenContextCase) run(t *testing.T) {
	h, err := zmqlog.Bind(anyPort, zmqlog.Hold(0), zmqlog.RootTopic("app"), zmqlog.Style(c.Style))
	ok(t, err)
	defer h.Close()
	s := subscriber(t, h)
	fields := goldenFields(c.Fields)
	if c.Error != "" {
		fields = append(fields, zmqlog.Err(errors.New(c.Error)))
	}
	c.logger(t, h).LogFields(c.Level, c.Text, fields...)
	c.Frames = [][2]json.RawMessage{c.Frame}
	c.compare(t, 0, next(t, s))
}

func TestGolden_context(t *testing.T) {
	file, err := os.Open(strings.Replace(goldenFile, "calls", "context", 1))
	ok(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	count := 0
	for ; lines.Scan(); count++ {
		var c goldenContextCase
		ok(t, json.Unmarshal(lines.Bytes(), &c))
		t.Run(c.Name, c.run)
	}
	ok(t, lines.Err())
	same(t, "is there any", count > 15, true)
}
