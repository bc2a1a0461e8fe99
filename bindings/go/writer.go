// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"bytes"
	"io"
	"unsafe"
)

// WriterOption is something about a writer that is decided when it is made. Since 1.0.
type WriterOption interface{ applyWriter(*writer) }

// Scan makes a writer or a slog handler look for the delimiter in its texts, as
// [Handler.Log] does; otherwise they do not, so that std::vector and fe80::1 are safe.
// Since 1.0.
func Scan() WriterOption { return scanOption{} }

type scanOption struct{}

func (scanOption) applyWriter(w *writer)    { w.scan = true }
func (o topicOption) applyWriter(w *writer) { w.topic = string(o) }

// speaker is a handler or a logger.
type speaker interface {
	Log(level Level, text string)
	LogTopic(level Level, subtopic, text string)
	cut(level Level, text string) (subtopic, rest string)
}

type writer struct {
	to    speaker
	level Level
	topic string
	scan  bool
}

// Writer is an [io.Writer] each of whose writes is one record, without the newline at
// its end: for log.SetOutput and the like. Writing never fails. Options: [Topic],
// [Scan].
func (h *Handler) Writer(level Level, options ...WriterOption) io.Writer {
	return newWriter(h, level, options)
}

// Writer is [Handler.Writer] by this logger.
func (l *Logger) Writer(level Level, options ...WriterOption) io.Writer {
	return newWriter(l, level, options)
}

func newWriter(to speaker, level Level, options []WriterOption) io.Writer {
	w := &writer{to: to, level: level}
	for _, option := range options {
		if option != nil {
			option.applyWriter(w)
		}
	}
	return w
}

func (w *writer) Write(line []byte) (int, error) {
	trimmed := bytes.TrimSuffix(line, []byte{'\n'})
	// Borrowed: the library copies what it keeps before the call returns.
	text := *(*string)(unsafe.Pointer(&trimmed))
	switch {
	case !w.scan:
		w.to.LogTopic(w.level, w.topic, text)
	case w.topic == "":
		w.to.Log(w.level, text)
	default:
		subtopic, rest := w.to.cut(w.level, text)
		w.to.LogTopic(w.level, join(w.topic, subtopic), rest)
	}
	return len(line), nil
}

func join(topic, subtopic string) string {
	if topic == "" || subtopic == "" {
		return topic + subtopic
	}
	return topic + "." + subtopic
}
