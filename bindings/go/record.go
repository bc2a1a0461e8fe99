// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Record is a received record, and the program's own: it stays as it is. Since 1.0.
type Record struct {
	Topic     string    // first frame, as it came
	Root      string    // what stands before the level; all of Topic without one
	Level     Level     // 0 when the topic has none
	LevelName string    // as it stands in the topic
	Subtopic  string    // what follows the level
	Text      string    // second frame as it came; after Parse, the message
	Received  time.Time // when it was taken from the socket
	Seq       uint64    // number under its exact topic, from 1; 0: unknown
	Epoch     string    // id of the counter that gave Seq, 16 hex digits, or ""
	Lost      uint64    // how many of this topic were lost just before

	// Known after Parse.
	Time     time.Time // the publisher's; zero: none
	Logger   string
	File     string
	Line     int
	Function string
	Fields   map[string]json.RawMessage

	parsed bool
}

// String is topic and message.
func (r *Record) String() string { return r.Topic + ": " + r.Text }

func (r *Record) fill(frame *native.Frame) {
	*r = Record{
		Topic:     frame.Topic,
		Root:      frame.Root,
		Level:     Level(frame.Level),
		LevelName: frame.LevelName,
		Subtopic:  frame.Subtopic,
		Text:      frame.Text,
		Received:  asTime(frame.ReceivedNS),
		Seq:       frame.Seq,
		Epoch:     frame.Epoch,
		Lost:      frame.Lost,
	}
}

func asTime(ns int64) time.Time {
	if ns == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(0, ns)
}

// Parse reads the text as a body of style "json": afterwards Text is its message, and
// time, logger, source, seq, epoch and fields are known. ErrFormat when the text is no
// such object; the record is unchanged then. Once is enough; again does nothing.
func (r *Record) Parse() error {
	const op = "parse"
	if r.parsed {
		return nil
	}
	if !native.HasCgo {
		return ErrNoCgo
	}
	raw := native.NewRecord()
	if raw.Swigcptr() == 0 {
		return failure(op, int(ErrNoMemory), nil)
	}
	defer native.DeleteRecord(raw)
	status := raw.Set_text(r.Text)
	if status == 0 {
		status = raw.Parse()
	}
	if status != 0 {
		return failure(op, status, raw)
	}
	r.read(raw)
	r.parsed = true
	return nil
}

func (r *Record) read(raw native.Record) {
	r.Text = raw.Text()
	r.Time = asTime(raw.Time_ns())
	r.Logger = raw.Logger()
	r.File, r.Line, r.Function = raw.Source_file(), raw.Source_line(), raw.Source_function()
	r.Seq, r.Epoch = uint64(raw.Seq()), raw.Epoch()
	r.Fields = make(map[string]json.RawMessage)
	for i := 0; i < raw.Field_count(); i++ {
		r.Fields[raw.Field_key(i)] = json.RawMessage(raw.Field_json(i))
	}
}

// Field decodes a field as [json.Unmarshal] does; ErrInvalid when there is none.
func (r *Record) Field(key string, into any) error {
	value, known := r.Fields[key]
	if !known {
		return &Error{Op: "field " + strconv.Quote(key), Status: ErrInvalid,
			Detail: "no such field"}
	}
	return json.Unmarshal(value, into)
}
