// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

package zmqlog

import (
	"context"
	"log/slog"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// SlogOptions are what a slog handler does beside the obvious. Since 1.0.
type SlogOptions struct {
	// Level is the threshold; nil: whatever somebody listens to.
	Level slog.Leveler
	// AddSource makes records tell where they were logged.
	AddSource bool
	// Name is the logger's name, which %(name)s and json show.
	Name string
	// Topic is the subtopic of all records.
	Topic string
	// Scan looks for the delimiter in messages, as Handler.Log does.
	Scan bool
	// Attrs, if not nil, takes attributes from the context of a call, such as a request's
	// id or trace_id and span_id; they stand outside of groups. Since 1.1.
	Attrs func(ctx context.Context) []slog.Attr
	// ReplaceAttr is called for each attribute that is not a group, as that of
	// slog.HandlerOptions; not for time, level, source and message, which the style
	// shows. An attribute that becomes empty is left out.
	ReplaceAttr func(groups []string, attr slog.Attr) slog.Attr
}

// SlogHandler is a [slog.Handler] that publishes. Attributes become fields, which
// style "json" and formats with %(fields)s show; groups become objects. Since 1.0.
type SlogHandler struct {
	handler *Handler
	options SlogOptions
	fixed   native.Items // attributes outside of groups
	groups  []slogGroup  // open ones, from the outermost
	names   []string     // theirs
}

// slogGroup is an open group with what it holds so far, as the members of an object.
type slogGroup struct {
	name    string
	members string
}

var _ slog.Handler = (*SlogHandler)(nil)

// NewSlogHandler makes a slog handler of a handler; options may be nil. Of a nil
// handler it makes one that is disabled. Since 1.0.
func NewSlogHandler(h *Handler, options *SlogOptions) *SlogHandler {
	s := &SlogHandler{handler: h}
	if options != nil {
		s.options = *options
	}
	return s
}

// SlogLevel is the level of one of slog: 20 + 2.5 n, rounded, from 1 to 63; so Debug,
// Info, Warn and Error are those of that name. Below Debug it is 15 + 1.25 n, so that
// slog.Level(-8), the usual trace level, is 5, which is TRACE here. Since 1.0.
func SlogLevel(level slog.Level) Level {
	number := math.Floor(20.5 + 2.5*float64(level))
	if level < slog.LevelDebug {
		number = math.Floor(15.5 + 1.25*float64(level))
	}
	switch {
	case number < float64(LevelMin):
		return LevelMin
	case number > float64(LevelMax):
		return LevelMax
	default:
		return Level(number)
	}
}

// Enabled tells whether somebody listens to this level. No cgo.
func (s *SlogHandler) Enabled(_ context.Context, level slog.Level) bool {
	if s.options.Level != nil && level < s.options.Level.Level() {
		return false
	}
	return s.handler.open(SlogLevel(level))
}

// Handle logs a record; it never fails.
func (s *SlogHandler) Handle(ctx context.Context, record slog.Record) error {
	level := SlogLevel(record.Level)
	if !s.handler.open(level) {
		return nil
	}
	entry := Entry{Level: level, Subtopic: s.options.Topic, Text: record.Message,
		Scan: s.options.Scan, Time: record.Time, NoTime: record.Time.IsZero(),
		Logger: s.options.Name}
	if s.options.AddSource && record.PC != 0 {
		frame, _ := runtime.CallersFrames([]uintptr{record.PC}).Next()
		entry.File, entry.Line, entry.Function = frame.File, frame.Line, frame.Function
	}
	if entry.Scan && entry.Subtopic != "" {
		subtopic, rest := s.handler.cut(level, entry.Text)
		entry.Subtopic, entry.Text = join(entry.Subtopic, subtopic), rest
		entry.Scan = false
	}
	s.handler.sayEntry(&entry, nil, func(items native.Items) native.Items {
		items = append(items, s.fixed...)
		if s.options.Attrs != nil {
			for _, attr := range s.options.Attrs(ctx) {
				items = s.pack(items, attr)
			}
		}
		return s.collect(items, record)
	})
	return nil
}

// collect packs a record's attributes, and the open groups around them.
func (s *SlogHandler) collect(items native.Items, record slog.Record) native.Items {
	if len(s.groups) == 0 {
		record.Attrs(func(attr slog.Attr) bool {
			items = s.pack(items, attr)
			return true
		})
		return items
	}
	var members strings.Builder
	record.Attrs(func(attr slog.Attr) bool {
		s.render(&members, s.names, attr)
		return true
	})
	inner := members.String()
	for i := len(s.groups) - 1; i > 0; i-- {
		inner = joinMembers(s.groups[i].members, inner)
		if inner != "" {
			inner = quote(s.groups[i].name) + ":{" + inner + "}"
		}
	}
	inner = joinMembers(s.groups[0].members, inner)
	if inner == "" {
		return items
	}
	return items.JSON(s.groups[0].name, "{"+inner+"}")
}

func joinMembers(before, after string) string {
	if before == "" || after == "" {
		return before + after
	}
	return before + "," + after
}

// WithAttrs is a copy with more attributes.
func (s *SlogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	copied := *s
	if len(s.groups) == 0 {
		copied.fixed = s.fixed[:len(s.fixed):len(s.fixed)]
		for _, attr := range attrs {
			copied.fixed = s.pack(copied.fixed, attr)
		}
		return &copied
	}
	var members strings.Builder
	for _, attr := range attrs {
		s.render(&members, s.names, attr)
	}
	copied.groups = append([]slogGroup(nil), s.groups...)
	last := &copied.groups[len(copied.groups)-1]
	last.members = joinMembers(last.members, members.String())
	return &copied
}

// WithGroup is a copy in which further attributes belong to a group.
func (s *SlogHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return s
	}
	copied := *s
	copied.groups = append(s.groups[:len(s.groups):len(s.groups)], slogGroup{name: name})
	copied.names = append(s.names[:len(s.names):len(s.names)], name)
	return &copied
}

// prepare resolves an attribute; false: leave it out.
func (s *SlogHandler) prepare(groups []string, attr slog.Attr) (slog.Attr, bool) {
	attr.Value = attr.Value.Resolve()
	if s.options.ReplaceAttr != nil && attr.Value.Kind() != slog.KindGroup {
		attr = s.options.ReplaceAttr(groups, attr)
		attr.Value = attr.Value.Resolve()
	}
	return attr, !attr.Equal(slog.Attr{})
}

// pack packs an attribute outside of groups.
func (s *SlogHandler) pack(items native.Items, attr slog.Attr) native.Items {
	attr, wanted := s.prepare(nil, attr)
	if !wanted {
		return items
	}
	value := attr.Value
	switch value.Kind() {
	case slog.KindString:
		return items.String(attr.Key, value.String())
	case slog.KindInt64:
		return items.Int(attr.Key, value.Int64())
	case slog.KindFloat64:
		return items.Double(attr.Key, value.Float64())
	case slog.KindBool:
		return items.Bool(attr.Key, value.Bool())
	case slog.KindGroup:
		if attr.Key != "" {
			break
		}
		for _, member := range value.Group() {
			items = s.pack(items, member)
		}
		return items
	}
	if text := s.value([]string{attr.Key}, value); text != "" {
		return items.JSON(attr.Key, text)
	}
	return items
}

// render appends an attribute to the members of an object.
func (s *SlogHandler) render(members *strings.Builder, groups []string, attr slog.Attr) {
	attr, wanted := s.prepare(groups, attr)
	if !wanted {
		return
	}
	if attr.Key == "" && attr.Value.Kind() == slog.KindGroup {
		for _, member := range attr.Value.Group() {
			s.render(members, groups, member)
		}
		return
	}
	text := s.value(append(groups[:len(groups):len(groups)], attr.Key), attr.Value)
	if text == "" {
		return
	}
	if members.Len() > 0 {
		members.WriteByte(',')
	}
	members.WriteString(quote(attr.Key))
	members.WriteByte(':')
	members.WriteString(text)
}

// value is a value as JSON; "" of an empty group.
func (s *SlogHandler) value(groups []string, value slog.Value) string {
	switch value.Kind() {
	case slog.KindString:
		return quote(value.String())
	case slog.KindInt64:
		return strconv.FormatInt(value.Int64(), 10)
	case slog.KindUint64:
		return strconv.FormatUint(value.Uint64(), 10)
	case slog.KindFloat64:
		return marshalFloat(value.Float64())
	case slog.KindBool:
		return strconv.FormatBool(value.Bool())
	case slog.KindDuration:
		return strconv.FormatInt(int64(value.Duration()), 10)
	case slog.KindTime:
		return quote(value.Time().Format(time.RFC3339Nano))
	case slog.KindGroup:
		return s.group(groups, value)
	}
	return marshal(value.Any())
}

func (s *SlogHandler) group(groups []string, value slog.Value) string {
	var members strings.Builder
	for _, member := range value.Group() {
		s.render(&members, groups, member)
	}
	if members.Len() == 0 {
		return ""
	}
	return "{" + members.String() + "}"
}

func marshalFloat(number float64) string {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return "null"
	}
	return marshal(number)
}
