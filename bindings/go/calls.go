// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// The level methods are so short that the compiler puts them where they are called.

// Debug logs a text at [LevelDebug]; what stands before its first [TopicDelim] becomes
// the subtopic, unless that holds a control character or would make the topic too
// long.
func (h *Handler) Debug(text string) {
	if h != nil && h.gate != nil && h.gate[LevelDebug] != 0 {
		h.say(LevelDebug, text)
	}
}

// Info logs a text at [LevelInfo]; see [Handler.Debug].
func (h *Handler) Info(text string) {
	if h != nil && h.gate != nil && h.gate[LevelInfo] != 0 {
		h.say(LevelInfo, text)
	}
}

// Warn logs a text at [LevelWarn]; see [Handler.Debug].
func (h *Handler) Warn(text string) {
	if h != nil && h.gate != nil && h.gate[LevelWarn] != 0 {
		h.say(LevelWarn, text)
	}
}

// Error logs a text at [LevelError]; see [Handler.Debug].
func (h *Handler) Error(text string) {
	if h != nil && h.gate != nil && h.gate[LevelError] != 0 {
		h.say(LevelError, text)
	}
}

// Critical logs a text at [LevelCritical]; see [Handler.Debug].
func (h *Handler) Critical(text string) {
	if h != nil && h.gate != nil && h.gate[LevelCritical] != 0 {
		h.say(LevelCritical, text)
	}
}

// Log logs a text at any level; see [Handler.Debug]. A number that is no level is
// counted as [CountRefused].
func (h *Handler) Log(level Level, text string) {
	if h.open(level) {
		h.say(level, text)
	} else if !level.valid() {
		h.refuse()
	}
}

// LogTopic logs a text under a given subtopic, "" for none; the text is not scanned.
func (h *Handler) LogTopic(level Level, subtopic, text string) {
	if h.open(level) {
		h.sayTopic(level, subtopic, text)
	} else if !level.valid() {
		h.refuse()
	}
}

// LogFields logs a text with fields, which style "json" and formats with %(fields)s
// show; the text is scanned as by [Handler.Log].
func (h *Handler) LogFields(level Level, text string, fields ...Field) {
	if h.open(level) {
		h.sayEntry(&Entry{Level: level, Text: text, Scan: true, Fields: fields}, nil, nil)
	} else if !level.valid() {
		h.refuse()
	}
}

// LogEntry logs an entry with all that is set in it.
func (h *Handler) LogEntry(entry Entry) {
	if h.open(entry.Level) {
		h.sayEntry(&entry, nil, nil)
	} else if !entry.Level.valid() {
		h.refuse()
	}
}

// Logf formats as [fmt.Sprintf] and logs; the subtopic is taken from the format, never
// from what is put in. Nothing is formatted while nobody listens; what Go does with
// the arguments before the call is not saved.
func (h *Handler) Logf(level Level, format string, arguments ...any) {
	if h.open(level) {
		subtopic, rest := cutFormat(h.raw, level, format)
		h.sayTopic(level, subtopic, fmt.Sprintf(rest, arguments...))
	} else if !level.valid() {
		h.refuse()
	}
}

// Debugf is [Handler.Logf] at [LevelDebug].
func (h *Handler) Debugf(format string, arguments ...any) {
	h.Logf(LevelDebug, format, arguments...)
}

// Infof is [Handler.Logf] at [LevelInfo].
func (h *Handler) Infof(format string, arguments ...any) {
	h.Logf(LevelInfo, format, arguments...)
}

// Warnf is [Handler.Logf] at [LevelWarn].
func (h *Handler) Warnf(format string, arguments ...any) {
	h.Logf(LevelWarn, format, arguments...)
}

// Errorf is [Handler.Logf] at [LevelError].
func (h *Handler) Errorf(format string, arguments ...any) {
	h.Logf(LevelError, format, arguments...)
}

// Criticalf is [Handler.Logf] at [LevelCritical].
func (h *Handler) Criticalf(format string, arguments ...any) {
	h.Logf(LevelCritical, format, arguments...)
}

// Fatal logs a text at [LevelCritical], closes the handler and ends the program with
// status 1. Deferred functions do not run.
func (h *Handler) Fatal(text string) {
	h.Critical(text)
	_ = h.Close()
	os.Exit(1)
}

// ---- behind the gate

func (h *Handler) say(level Level, text string) {
	if h.source {
		h.sayEntry(&Entry{Level: level, Text: text, Scan: true}, nil, nil)
		return
	}
	if Status(h.raw.Log(int(level), text)) == ErrAgain && h.blocks {
		h.insist(len(text), func() int { return h.raw.Log(int(level), text) })
	}
	runtime.KeepAlive(h)
}

func (h *Handler) sayTopic(level Level, subtopic, text string) {
	if h.source {
		h.sayEntry(&Entry{Level: level, Subtopic: subtopic, Text: text}, nil, nil)
		return
	}
	if Status(h.raw.Log_topic(int(level), subtopic, text)) == ErrAgain && h.blocks {
		h.insist(len(subtopic)+len(text), func() int {
			return h.raw.Log_topic(int(level), subtopic, text)
		})
	}
	runtime.KeepAlive(h)
}

// refuse has the library count a call without a level.
func (h *Handler) refuse() {
	if h != nil && h.raw != nil {
		h.raw.Log(0, "")
		runtime.KeepAlive(h)
	}
}

// cut takes the subtopic off a text, as Log does.
func (h *Handler) cut(level Level, text string) (subtopic, rest string) {
	if !h.open(level) {
		return "", text
	}
	defer runtime.KeepAlive(h)
	return cut(h.raw, level, text)
}

// splitter finds the delimiter as the library does.
type splitter interface {
	Split(level int, text string, start *uintptr) int64
}

func cut(raw splitter, level Level, text string) (subtopic, rest string) {
	var start uintptr
	size := raw.Split(int(level), text, &start)
	return text[:size], text[start:]
}

// cutFormat takes the subtopic off a format. A prefix that holds a % is none: cutting
// it off would shift the arguments.
func cutFormat(raw splitter, level Level, format string) (subtopic, rest string) {
	subtopic, rest = cut(raw, level, format)
	if strings.IndexByte(subtopic, '%') >= 0 {
		return "", format
	}
	return subtopic, rest
}
