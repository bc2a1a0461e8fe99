// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Logger is a cheap named view of a handler with its own threshold, subtopic and
// fields; [Handler.Logger] makes one. All methods may be called by any number of
// goroutines at once, and on nil. Since 1.0.
type Logger struct {
	gate    *gateBytes
	level   atomic.Int32
	source  bool
	handler *Handler
	raw     native.Logger
	extra   int // about how many bytes it adds to a record
}

// Logger makes a logger. The name is what %(name)s and json show. A nil handler makes
// one that logs nothing, and no error: programs need not end for want of a log.
func (h *Handler) Logger(name string, options ...LoggerOption) (*Logger, error) {
	op := "logger " + strconv.Quote(name)
	if h == nil || h.raw == nil {
		return new(Logger), nil
	}
	if err := checkText(op, name); err != nil {
		return nil, err
	}
	l := newLogger(h, native.NewLogger(h.raw, name))
	if l == nil {
		return nil, failure(op, int(ErrNoMemory), nil)
	}
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option.applyLogger(l); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func newLogger(h *Handler, raw native.Logger) *Logger {
	runtime.KeepAlive(h)
	if raw.Swigcptr() == 0 {
		return nil
	}
	l := &Logger{gate: h.gate, handler: h, raw: raw}
	runtime.SetFinalizer(l, func(l *Logger) { native.DeleteLogger(l.raw) })
	return l
}

// TopicOption is an option of loggers, writers and slog handlers. Since 1.0.
type TopicOption interface {
	LoggerOption
	WriterOption
}

// Topic is the subtopic that comes before the call's own. Since 1.0.
func Topic(subtopic string) TopicOption { return topicOption(subtopic) }

type topicOption string

func (o topicOption) applyLogger(l *Logger) error {
	l.extra += len(o)
	return failure("topic "+strconv.Quote(string(o)), l.raw.Set_topic(string(o)), l.raw)
}

// WithFields binds fields to every record of a logger; see also [Logger.With].
// Since 1.0.
func WithFields(fields ...Field) LoggerOption { return fieldsOption(fields) }

type fieldsOption []Field

func (o fieldsOption) applyLogger(l *Logger) error {
	for i := range o {
		if err := l.bind(&o[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *Logger) bind(f *Field) error {
	op := "field " + strconv.Quote(f.key)
	if err := checkText(op, f.key); err != nil {
		return err
	}
	l.extra += len(f.key) + len(f.text) + 32
	return failure(op, f.bind(l.raw), l.raw)
}

func (f *Field) bind(raw native.Logger) int {
	switch f.kind {
	case kindString:
		return raw.Set_field_string(f.key, f.text)
	case kindInt:
		return raw.Set_field_int(f.key, int64(f.number))
	case kindDouble:
		return raw.Set_field_double(f.key, math.Float64frombits(f.number))
	case kindBool:
		return raw.Set_field_bool(f.key, asInt(f.number != 0))
	}
	return raw.Set_field_json(f.key, f.text)
}

// With is a copy of the logger with more fields. A field that is refused leaves word
// of that in its place.
func (l *Logger) With(fields ...Field) *Logger {
	if l == nil || l.raw == nil {
		return l
	}
	copied := newLogger(l.handler, l.raw.Clone())
	runtime.KeepAlive(l)
	if copied == nil {
		return l
	}
	copied.source, copied.extra = l.source, l.extra
	copied.level.Store(l.level.Load())
	for i := range fields {
		if err := copied.bind(&fields[i]); err != nil {
			word := String(fields[i].key, err.Error())
			_ = copied.bind(&word)
		}
	}
	return copied
}

// Handler is what the logger is a view of.
func (l *Logger) Handler() *Handler {
	if l == nil {
		return nil
	}
	return l.handler
}

// Name is the logger's name.
func (l *Logger) Name() string {
	if l == nil || l.raw == nil {
		return ""
	}
	defer runtime.KeepAlive(l)
	return l.raw.Name()
}

// String is what it is and its name. Since 1.1.
func (l *Logger) String() string { return "zmqlog logger " + strconv.Quote(l.Name()) }

// Level is the threshold; 0 when there is none.
func (l *Logger) Level() Level {
	if l == nil {
		return 0
	}
	return Level(l.level.Load())
}

// SetLevel changes the threshold, 0 to 63, at once.
func (l *Logger) SetLevel(level Level) error {
	if l == nil || l.raw == nil {
		return missing("MinLevel")
	}
	defer runtime.KeepAlive(l)
	status := l.raw.Set_level(clamp(int(level)))
	if status == 0 {
		l.level.Store(int32(level))
	}
	return failure("MinLevel", status, l.raw)
}

// Enabled tells whether a record of this level would be published. No cgo.
func (l *Logger) Enabled(level Level) bool {
	return l.open(level) && !l.handler.closed.Load()
}

func (l *Logger) open(level Level) bool {
	return l != nil && l.gate != nil && level.valid() && l.gate[level] != 0 &&
		int32(level) >= l.level.Load()
}

// Debug is [Handler.Debug] by this logger.
func (l *Logger) Debug(text string) {
	if l != nil && l.gate != nil && l.gate[LevelDebug] != 0 {
		l.say(LevelDebug, text)
	}
}

// Info is [Handler.Info] by this logger.
func (l *Logger) Info(text string) {
	if l != nil && l.gate != nil && l.gate[LevelInfo] != 0 {
		l.say(LevelInfo, text)
	}
}

// Warn is [Handler.Warn] by this logger.
func (l *Logger) Warn(text string) {
	if l != nil && l.gate != nil && l.gate[LevelWarn] != 0 {
		l.say(LevelWarn, text)
	}
}

// Error is [Handler.Error] by this logger.
func (l *Logger) Error(text string) {
	if l != nil && l.gate != nil && l.gate[LevelError] != 0 {
		l.say(LevelError, text)
	}
}

// Critical is [Handler.Critical] by this logger.
func (l *Logger) Critical(text string) {
	if l != nil && l.gate != nil && l.gate[LevelCritical] != 0 {
		l.say(LevelCritical, text)
	}
}

// Log is [Handler.Log] by this logger.
func (l *Logger) Log(level Level, text string) {
	if l.open(level) {
		l.say(level, text)
	} else if !level.valid() {
		l.Handler().refuse()
	}
}

// LogTopic is [Handler.LogTopic] by this logger: the subtopic follows its own.
func (l *Logger) LogTopic(level Level, subtopic, text string) {
	if l.open(level) {
		l.sayTopic(level, subtopic, text)
	} else if !level.valid() {
		l.Handler().refuse()
	}
}

// LogFields is [Handler.LogFields] by this logger: the fields come over its own.
func (l *Logger) LogFields(level Level, text string, fields ...Field) {
	if l.open(level) {
		l.handler.sayEntry(&Entry{Level: level, Text: text, Scan: true, Fields: fields}, l, nil)
	} else if !level.valid() {
		l.Handler().refuse()
	}
}

// LogEntry is [Handler.LogEntry] by this logger.
func (l *Logger) LogEntry(entry Entry) {
	if l.open(entry.Level) {
		l.handler.sayEntry(&entry, l, nil)
	} else if !entry.Level.valid() {
		l.Handler().refuse()
	}
}

// Logf is [Handler.Logf] by this logger.
func (l *Logger) Logf(level Level, format string, arguments ...any) {
	if l.open(level) {
		subtopic, rest := cutFormat(l.raw, level, format)
		l.sayTopic(level, subtopic, fmt.Sprintf(rest, arguments...))
	} else if !level.valid() {
		l.Handler().refuse()
	}
}

// Debugf is [Logger.Logf] at [LevelDebug].
func (l *Logger) Debugf(format string, arguments ...any) {
	l.Logf(LevelDebug, format, arguments...)
}

// Infof is [Logger.Logf] at [LevelInfo].
func (l *Logger) Infof(format string, arguments ...any) {
	l.Logf(LevelInfo, format, arguments...)
}

// Warnf is [Logger.Logf] at [LevelWarn].
func (l *Logger) Warnf(format string, arguments ...any) {
	l.Logf(LevelWarn, format, arguments...)
}

// Errorf is [Logger.Logf] at [LevelError].
func (l *Logger) Errorf(format string, arguments ...any) {
	l.Logf(LevelError, format, arguments...)
}

// Criticalf is [Logger.Logf] at [LevelCritical].
func (l *Logger) Criticalf(format string, arguments ...any) {
	l.Logf(LevelCritical, format, arguments...)
}

// Fatal logs a text at [LevelCritical], closes the handler and ends the program with
// status 1. Deferred functions do not run.
func (l *Logger) Fatal(text string) {
	l.Critical(text)
	_ = l.Handler().Close()
	os.Exit(1)
}

func (l *Logger) say(level Level, text string) {
	if int32(level) < l.level.Load() {
		return
	}
	if l.source || l.handler.source {
		l.handler.sayEntry(&Entry{Level: level, Text: text, Scan: true}, l, nil)
		return
	}
	if Status(l.raw.Log(int(level), text)) == ErrAgain && l.handler.blocks {
		l.handler.insist(l.extra+len(text), func() int {
			return l.raw.Log(int(level), text)
		})
	}
	runtime.KeepAlive(l)
}

func (l *Logger) sayTopic(level Level, subtopic, text string) {
	if l.source || l.handler.source {
		l.handler.sayEntry(&Entry{Level: level, Subtopic: subtopic, Text: text}, l, nil)
		return
	}
	if Status(l.raw.Log_topic(int(level), subtopic, text)) == ErrAgain && l.handler.blocks {
		l.handler.insist(l.extra+len(subtopic)+len(text), func() int {
			return l.raw.Log_topic(int(level), subtopic, text)
		})
	}
	runtime.KeepAlive(l)
}

func (l *Logger) cut(level Level, text string) (subtopic, rest string) {
	if !l.open(level) {
		return "", text
	}
	defer runtime.KeepAlive(l)
	return cut(l.raw, level, text)
}
