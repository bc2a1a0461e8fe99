// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Entry is a record to be logged with more than a text. Names
// with a NUL byte end there. Since 1.0.
type Entry struct {
	Level    Level     // 1 to 63
	Subtopic string    // comes after the logger's own; cut where the topic ends
	Text     string    // the message
	Scan     bool      // a delimiter in Text gives the subtopic instead
	Time     time.Time // of the record; zero: now
	NoTime   bool      // the record has no time at all
	Logger   string    // what %(name)s and json show; "": the logger's name
	Thread   string    // what %(threadName)s shows; "": MainThread
	File     string    // where it was logged; "": unknown
	Line     int
	Function string
	Fields   []Field
}

type fieldKind uint8

const (
	kindString fieldKind = iota
	kindInt
	kindDouble
	kindBool
	kindJSON
)

// Field is a key with a value. A later field of the same key replaces an earlier one;
// a key of style json itself (time, level, logger, topic, msg, source, seq, epoch,
// pid, host) is written with "_" behind it. Keys are 1 to 200 bytes; all fields of a
// record together at most [MaxFieldsBytes]. A field that is refused leaves word of
// that in its place. Since 1.0.
type Field struct {
	key    string
	text   string
	number uint64
	kind   fieldKind
}

// String is a text field; what is not UTF-8 is shown as U+FFFD. Since 1.0.
func String(key, value string) Field {
	return Field{key: key, text: value, kind: kindString}
}

// Int is an integer field. Since 1.0.
func Int(key string, value int64) Field {
	return Field{key: key, number: uint64(value), kind: kindInt}
}

// Float is a number field; NaN and infinities become null. Since 1.0.
func Float(key string, value float64) Field {
	return Field{key: key, number: math.Float64bits(value), kind: kindDouble}
}

// Bool is a truth. Since 1.0.
func Bool(key string, value bool) Field {
	field := Field{key: key, kind: kindBool}
	if value {
		field.number = 1
	}
	return field
}

// JSON is a field that is JSON already: the door to groups, arrays and null. Since
// 1.0.
func JSON(key string, value json.RawMessage) Field {
	return Field{key: key, text: string(value), kind: kindJSON}
}

// Any is a field with whatever value: what has no kind of its own becomes JSON by
// [json.Marshal], an error its text, and what cannot be marshalled the reason. Since 1.0.
func Any(key string, value any) Field {
	switch v := value.(type) {
	case string:
		return String(key, v)
	case int:
		return Int(key, int64(v))
	case int64:
		return Int(key, v)
	case float64:
		return Float(key, v)
	case bool:
		return Bool(key, v)
	case time.Duration:
		return String(key, v.String())
	}
	return Field{key: key, text: marshal(value), kind: kindJSON}
}

// errorData is an error as a field, in every language.
type errorData struct {
	Class   string     `json:"class"`
	Message string     `json:"message"`
	Cause   *errorData `json:"cause,omitempty"`
}

const maxCauses = 8

func errorDataOf(err error, depth int) *errorData {
	if err == nil || depth > maxCauses {
		return nil
	}
	return &errorData{Class: fmt.Sprintf("%T", err), Message: err.Error(),
		Cause: errorDataOf(errors.Unwrap(err), depth+1)}
}

// Err is the field "exception": an error with its type, its text and the errors that it
// wraps. Of nil it is null. Since 1.1.
func Err(err error) (field Field) {
	const key = "exception"
	defer func() {
		if trouble := recover(); trouble != nil {
			field = String(key, fmt.Sprintf("!PANIC: %v", trouble))
		}
	}()
	return JSON(key, json.RawMessage(marshal(errorDataOf(err, 0))))
}

// marshal makes JSON of anything, without ever panicking.
func marshal(value any) (text string) {
	defer func() {
		if trouble := recover(); trouble != nil {
			text = quote(fmt.Sprintf("!PANIC: %v", trouble))
		}
	}()
	_, marshals := value.(json.Marshaler)
	if err, ok := value.(error); ok && !marshals {
		return quote(err.Error())
	}
	var builder strings.Builder
	encoder := json.NewEncoder(&builder)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return quote("!ERROR: " + err.Error()) // to print it might never end
	}
	return strings.TrimSuffix(builder.String(), "\n")
}

func quote(text string) string { return marshal(text) }

// put packs a field.
func (f *Field) put(items native.Items) native.Items {
	switch f.kind {
	case kindString:
		return items.String(f.key, f.text)
	case kindInt:
		return items.Int(f.key, int64(f.number))
	case kindDouble:
		return items.Double(f.key, math.Float64frombits(f.number))
	case kindBool:
		return items.Bool(f.key, f.number != 0)
	}
	return items.JSON(f.key, f.text)
}

// pad is what a call with more than a text needs: used again and again.
type pad struct {
	filling native.Filling
	record  native.Record
}

var pads = sync.Pool{New: func() any {
	p := &pad{record: native.NewRecord()}
	runtime.SetFinalizer(p, func(p *pad) { native.DeleteRecord(p.record) })
	return p
}}

// begin takes a pad for an entry; nil when memory ran out.
func (e *Entry) begin(source bool) *pad {
	p := pads.Get().(*pad)
	if p.record.Swigcptr() == 0 {
		return nil
	}
	p.filling = native.Filling{Record: p.record, Level: int(e.Level), Scan: e.Scan,
		Items: p.filling.Items[:0]}
	file, line, function := e.File, e.Line, e.Function
	if source && file == "" {
		file, line, function = caller()
	}
	e.stamp(&p.filling)
	p.filling.Items = e.pack(p.filling.Items, file, function)
	p.filling.Line = clamp(line)
	return p
}

func (e *Entry) stamp(filling *native.Filling) {
	switch {
	case e.NoTime:
		filling.HasTime, filling.TimeNS = true, math.MinInt64
	case !e.Time.IsZero():
		filling.HasTime, filling.TimeNS = true, e.Time.UnixNano()
	}
}

func (e *Entry) pack(items native.Items, file, function string) native.Items {
	items = items.Text(e.Text)
	if e.Subtopic != "" {
		items = items.Subtopic(e.Subtopic)
	}
	if e.Logger != "" {
		items = items.Logger(e.Logger)
	}
	if e.Thread != "" {
		items = items.Thread(e.Thread)
	}
	if file != "" {
		items = items.File(file)
		if function != "" {
			items = items.Function(function)
		}
	}
	for i := range e.Fields {
		items = e.Fields[i].put(items)
	}
	return items
}

// longestKept is how large a pad may become and still be kept.
const longestKept = 64 << 10

func (p *pad) end() {
	if cap(p.filling.Items) > longestKept {
		p.filling.Items = nil
	}
	p.filling = native.Filling{Items: p.filling.Items}
	pads.Put(p)
}

// sayEntry logs an entry by the handler, or by the logger if there is one. more, if
// not nil, packs what comes behind it.
func (h *Handler) sayEntry(e *Entry, l *Logger, more func(native.Items) native.Items) {
	source := h.source || l != nil && l.source
	p := e.begin(source)
	if p == nil {
		// Cloned, so that entries and their fields need not be on the heap.
		h.raw.Log_topic(int(e.Level), strings.Clone(e.Subtopic), strings.Clone(e.Text))
		return
	}
	if more != nil {
		p.filling.Items = more(p.filling.Items)
	}
	p.filling.Handler = h.raw
	again := func() int { return h.raw.Log_record(p.record) }
	if l != nil {
		p.filling.Logger = l.raw
		again = func() int { return l.raw.Log_record(p.record) }
	}
	if Status(p.filling.Log()) == ErrAgain && h.blocks {
		h.insist(len(p.filling.Items), again)
	}
	p.end()
	runtime.KeepAlive(l)
	runtime.KeepAlive(h)
}

// packagePath is what the names of this package's functions begin with.
var packagePath = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name()
	base := strings.LastIndexByte(name, '/') + 1
	return name[:base+strings.IndexByte(name[base:], '.')+1]
}()

// caller is where the program called this package.
func caller() (file string, line int, function string) {
	var pcs [16]uintptr
	count := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:count])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, packagePath) || !more {
			return frame.File, frame.Line, frame.Function
		}
	}
}
