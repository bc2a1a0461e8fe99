// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func members(t *testing.T, record *zmqlog.Record) map[string]any {
	t.Helper()
	object := make(map[string]any)
	ok(t, json.Unmarshal([]byte(record.Text), &object))
	return object
}

func TestLogger_has_name_topic_level_and_fields(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"), zmqlog.RootTopic("app"))
	s := subscriber(t, h)
	l, err := h.Logger("db", nil, zmqlog.Topic("pool"), zmqlog.MinLevel(zmqlog.LevelWarn),
		zmqlog.WithFields(zmqlog.Int("shard", 7), zmqlog.String("zone", "eu")))
	ok(t, err)
	same(t, "name", l.Name(), "db")
	same(t, "level", l.Level(), zmqlog.LevelWarn)
	same(t, "handler", l.Handler(), h)
	same(t, "info", l.Enabled(zmqlog.LevelInfo), false)
	same(t, "warn", l.Enabled(zmqlog.LevelWarn), true)
	l.Info("no")
	l.Log(20, "no")
	l.LogTopic(20, "", "no")
	l.LogFields(20, "no")
	l.Logf(20, "no")
	l.LogEntry(zmqlog.Entry{Level: 20})
	l.Warn("conn::lost")
	record := next(t, s)
	same(t, "topic", record.Topic, "app.WARN.pool.conn")
	got := members(t, record)
	for key, want := range map[string]any{"logger": "db", "msg": "lost", "shard": 7.0, "zone": "eu"} {
		same(t, key, got[key], want)
	}
	ok(t, l.SetLevel(0))
	l.Info("yes")
	same(t, "topic", next(t, s).Topic, "app.INFO.pool")
	is(t, l.SetLevel(64), zmqlog.ErrInvalid)
	is(t, l.SetLevel(beyond), zmqlog.ErrInvalid)
	l.Log(0, "refused")
	l.LogTopic(0, "", "refused")
	l.LogFields(0, "refused")
	l.LogEntry(zmqlog.Entry{})
	l.Logf(99, "refused")
	same(t, "refused", h.Count(zmqlog.CountRefused), 5)
}

func TestLogger_options_are_judged(t *testing.T) {
	h := publisher(t)
	_, err := h.Logger("a\x00b")
	is(t, err, zmqlog.ErrInvalid)
	for _, option := range []zmqlog.LoggerOption{zmqlog.MinLevel(64),
		zmqlog.WithFields(zmqlog.Int("", 1)), zmqlog.WithFields(zmqlog.Int("\x00", 1)),
		zmqlog.WithFields(zmqlog.String(strings.Repeat("k", 201), "v"))} {
		_, err = h.Logger("x", option)
		is(t, err, zmqlog.ErrInvalid)
	}
	_, err = h.Logger("x", zmqlog.WithFields(zmqlog.JSON("k", []byte("{"))))
	is(t, err, zmqlog.ErrFormat)
	_, err = h.Logger("x", zmqlog.WithFields(zmqlog.String("k", strings.Repeat("v", zmqlog.MaxFieldsBytes))))
	is(t, err, zmqlog.ErrLimit)
}

func TestLogger_with_leaves_the_original_alone(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	l, err := h.Logger("l", zmqlog.Topic("t"), zmqlog.MinLevel(30))
	ok(t, err)
	l.Warn("used")
	more := l.With(zmqlog.Int("n", 1)).With(zmqlog.Bool("b", true), zmqlog.JSON("bad", []byte("{")))
	more.Info("below the threshold")
	more.Warn("x")
	l.Warn("y")
	next(t, s)
	got := members(t, next(t, s))
	same(t, "n", got["n"], any(1.0))
	same(t, "b", got["b"], any(true))
	if word, is := got["bad"].(string); !is || !strings.Contains(word, "bad") {
		t.Fatal("no word of the refused field: ", got)
	}
	record := next(t, s)
	same(t, "topic", record.Topic, "WARN.t")
	same(t, "n", members(t, record)["n"], nil)
}

type stubborn struct{}

func (stubborn) MarshalJSON() ([]byte, error) { panic("no") }

// errno is an error that cannot be asked when it is nil.
type errno struct{ text string }

func (e *errno) Error() string { return e.text }

type textual struct{}

func (textual) MarshalText() ([]byte, error) { return []byte("as text"), nil }

func TestFields_of_all_kinds(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	var none *int
	fields := map[string]struct {
		field zmqlog.Field
		want  any
	}{
		"string":   {zmqlog.String("string", "a\x00\xffb<>"), "a\x00\ufffdb<>"},
		"int":      {zmqlog.Int("int", math.MinInt64), float64(math.MinInt64)},
		"float":    {zmqlog.Float("float", 0.25), 0.25},
		"nan":      {zmqlog.Float("nan", math.NaN()), nil},
		"true":     {zmqlog.Bool("true", true), true},
		"false":    {zmqlog.Bool("false", false), false},
		"json":     {zmqlog.JSON("json", []byte(`{"a":[1,null]}`)), map[string]any{"a": []any{1.0, nil}}},
		"bad":      {zmqlog.JSON("bad", []byte(`{`)), "field 'bad': not JSON at offset 1"},
		"anystr":   {zmqlog.Any("anystr", "x"), "x"},
		"anyint":   {zmqlog.Any("anyint", 7), 7.0},
		"anyint64": {zmqlog.Any("anyint64", int64(7)), 7.0},
		"anyuint8": {zmqlog.Any("anyuint8", uint8(7)), 7.0},
		"anyfloat": {zmqlog.Any("anyfloat", 1.5), 1.5},
		"anybool":  {zmqlog.Any("anybool", true), true},
		"anynil":   {zmqlog.Any("anynil", nil), nil},
		"anyptr":   {zmqlog.Any("anyptr", none), nil},
		"anymap":   {zmqlog.Any("anymap", map[string]int{"a": 1}), map[string]any{"a": 1.0}},
		"anyerr":   {zmqlog.Any("anyerr", errors.New("broken")), "broken"},
		"anytext":  {zmqlog.Any("anytext", textual{}), "as text"},
		"duration": {zmqlog.Any("duration", time.Second), "1s"},
		"panic":    {zmqlog.Any("panic", stubborn{}), "!PANIC: no"},
		"zero":     {zmqlog.Field{}, nil},
		"level":    {zmqlog.String("level", "mine"), "INFO"},
	}
	var all []zmqlog.Field
	for _, f := range fields {
		all = append(all, f.field)
	}
	h.LogFields(zmqlog.LevelInfo, "x", all...)
	got := members(t, next(t, s))
	for key, f := range fields {
		if !reflect.DeepEqual(got[key], f.want) {
			t.Errorf("%s: got %#v, want %#v", key, got[key], f.want)
		}
	}
	same(t, "level_", got["level_"], any("mine"))
	endless := map[string]any{}
	endless["self"] = endless
	for _, strange := range []any{make(chan int), endless, func() {}, complex(1, 2), (*errno)(nil)} {
		h.LogFields(zmqlog.LevelInfo, "x", zmqlog.Any("strange", strange))
		word, is := members(t, next(t, s))["strange"].(string)
		if !is || !strings.HasPrefix(word, "!") {
			t.Fatal("no word of what cannot be shown: ", word)
		}
	}
	large := strings.Repeat("x", zmqlog.MaxFieldsBytes)
	h.LogFields(zmqlog.LevelInfo, "x", zmqlog.String("large", large), zmqlog.Int("n", 1))
	got = members(t, next(t, s))
	same(t, "large", got["large"], any("field 'large': all fields together take at most 65536 bytes"))
	same(t, "n", got["n"], any(1.0))
}

func TestSource_is_where_the_program_called(t *testing.T) {
	const format = "%(filename)s %(funcName)s %(lineno)d %(message)s"
	h := publisher(t, zmqlog.WithSource(), zmqlog.Style(format))
	s := subscriber(t, h)
	l, err := h.Logger("l")
	ok(t, err)
	plain := publisher(t, zmqlog.Style(format))
	heard := subscriber(t, plain)
	own, err := plain.Logger("l", zmqlog.WithSource())
	ok(t, err)
	calls := []func(){
		func() { h.Info("t::x") },
		func() { h.Infof("t::%s", "x") },
		func() { h.Log(20, "t::x") },
		func() { h.LogTopic(20, "t", "x") },
		func() { h.LogFields(20, "t::x") },
		func() { h.LogEntry(zmqlog.Entry{Level: 20, Text: "x", Subtopic: "t"}) },
		func() { l.Info("t::x") },
		func() { l.Warnf("t::x") },
		func() { l.LogTopic(20, "t", "x") },
		func() { own.Info("t::x") },
		func() { own.LogTopic(20, "t", "x") },
		func() { own.With(zmqlog.Int("n", 1)).Info("t::x") },
	}
	for i, call := range calls {
		call()
		from := s
		if i >= 9 {
			from = heard
		}
		record := next(t, from)
		same(t, "subtopic", record.Subtopic, "t")
		words := strings.Fields(record.Text)
		same(t, "file", words[0], "logger_test.go")
		if !strings.Contains(words[1], "TestSource") || words[2] == "0" || words[3] != "x" {
			t.Fatal(i, record.Text)
		}
	}
	own.LogEntry(zmqlog.Entry{Level: 20, Text: "x", File: "given.go", Line: 3})
	same(t, "given", strings.HasPrefix(next(t, heard).Text, "given.go"), true)
}

func TestWriter_serves_the_log_package(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"))
	s := subscriber(t, h)
	l, err := h.Logger("l", zmqlog.Topic("own"))
	ok(t, err)
	std := log.New(h.Writer(zmqlog.LevelInfo), "", 0)
	std.Print("std::vector\ngrew\n")
	std.Print("")
	expect(t, s, "app.INFO", "std::vector\ngrew")
	expect(t, s, "app.INFO", "")
	for _, c := range []struct {
		options     []zmqlog.WriterOption
		topic, text string
	}{
		{nil, "", "a::b"},
		{[]zmqlog.WriterOption{nil, zmqlog.Scan()}, ".a", "b"},
		{[]zmqlog.WriterOption{zmqlog.Topic("t")}, ".t", "a::b"},
		{[]zmqlog.WriterOption{zmqlog.Topic("t"), zmqlog.Scan()}, ".t.a", "b"},
	} {
		count, err := h.Writer(zmqlog.LevelWarn, c.options...).Write([]byte("a::b\n"))
		ok(t, err)
		same(t, "count", count, 5)
		expect(t, s, "app.WARN"+c.topic, c.text)
		_, err = l.Writer(zmqlog.LevelWarn, c.options...).Write([]byte("a::b"))
		ok(t, err)
		expect(t, s, "app.WARN.own"+c.topic, c.text)
	}
}

// All messages that are logged with the default logger.
func TestWriter_takes_all_of_the_default_logger(t *testing.T) {
	h := publisher(t, zmqlog.RootTopic("app"))
	s := subscriber(t, h)
	output, flags := log.Writer(), log.Flags()
	defer func() { log.SetOutput(output); log.SetFlags(flags) }()
	log.SetOutput(h.Writer(zmqlog.LevelInfo))
	log.SetFlags(log.Lshortfile)
	log.Print("hello there")
	log.Printf("%d things", 3)
	expect(t, s, "app.INFO", "logger_test.go:"+line(t, "hello there")+": hello there")
	expect(t, s, "app.INFO", "logger_test.go:"+line(t, "%d things")+": 3 things")
	log.SetOutput(h.Writer(zmqlog.LevelWarn, zmqlog.Scan()))
	log.SetFlags(0)
	log.Print("sub.topic::hello there")
	expect(t, s, "app.WARN.sub.topic", "hello there")
}

// line is where a text first stands in this file.
func line(t *testing.T, text string) string {
	t.Helper()
	source, err := os.ReadFile("logger_test.go")
	ok(t, err)
	before, _, _ := strings.Cut(string(source), text)
	return strconv.Itoa(strings.Count(before, "\n") + 1)
}

func TestFields_with_unusable_keys_say_so(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	for _, key := range []string{"", strings.Repeat("k", 201), "\xff"} {
		h.LogFields(zmqlog.LevelInfo, "x", zmqlog.Int(key, 1))
		word, is := members(t, next(t, s))["!BADKEY"].(string)
		if !is || !strings.HasPrefix(word, "field key: ") {
			t.Fatalf("no word of the key %q: %q", key, word)
		}
	}
}

func TestErr_is_an_error_with_its_chain(t *testing.T) {
	h := publisher(t, zmqlog.Style("json"))
	s := subscriber(t, h)
	inner := &fs.PathError{Op: "open", Path: "/x", Err: fs.ErrNotExist}
	h.LogFields(zmqlog.LevelError, "failed", zmqlog.Err(fmt.Errorf("start: %w", inner)))
	data := members(t, next(t, s))["exception"].(map[string]any)
	same(t, "message", data["message"], any("start: open /x: file does not exist"))
	cause := data["cause"].(map[string]any)
	same(t, "class", cause["class"], any("*fs.PathError"))
	same(t, "cause", cause["cause"].(map[string]any)["message"], any("file does not exist"))
	h.LogFields(zmqlog.LevelError, "nil", zmqlog.Err(nil))
	same(t, "nil", members(t, next(t, s))["exception"], any(nil))
}

func TestHandles_say_what_they_are(t *testing.T) {
	h := publisher(t)
	s := subscriber(t, h)
	l, err := h.Logger("db")
	ok(t, err)
	same(t, "handler", h.String(), "zmqlog handler "+h.Endpoint())
	same(t, "subscriber", s.String(), "zmqlog subscriber "+h.Endpoint())
	same(t, "logger", l.String(), `zmqlog logger "db"`)
	same(t, "nil", (*zmqlog.Handler)(nil).String(), "zmqlog handler")
}
