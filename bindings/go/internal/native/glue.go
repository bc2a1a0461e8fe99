// SPDX-License-Identifier: BSD-3-Clause

package native

// #include "glue.h"
import "C"

import (
	"math"
	"unsafe"
)

// HasCgo: the library is there.
const HasCgo = true

// Items are what a record is filled with, packed as glue.h reads them.
type Items []byte

func (items Items) open(tag byte, size int) Items {
	length := uint32(size)
	bytes := *(*[4]byte)(unsafe.Pointer(&length))
	return append(items, tag, bytes[0], bytes[1], bytes[2], bytes[3])
}

func (items Items) text(tag byte, text string) Items {
	if len(text) > math.MaxInt32 {
		text = text[:math.MaxInt32]
	}
	return append(append(items.open(tag, len(text)), text...), 0)
}

func (items Items) eight(tag byte, number uint64) Items {
	bytes := *(*[8]byte)(unsafe.Pointer(&number))
	return append(append(items.open(tag, len(bytes)), bytes[:]...), 0)
}

// Subtopic adds the call's subtopic.
func (items Items) Subtopic(text string) Items { return items.text(C.GO_SUBTOPIC, text) }

// Text adds the message.
func (items Items) Text(text string) Items { return items.text(C.GO_TEXT, text) }

// Logger adds the logger's name.
func (items Items) Logger(name string) Items { return items.text(C.GO_LOGGER, name) }

// Thread adds the thread's name.
func (items Items) Thread(name string) Items { return items.text(C.GO_THREAD, name) }

// File adds the source file.
func (items Items) File(name string) Items { return items.text(C.GO_FILE, name) }

// Function adds the source function.
func (items Items) Function(name string) Items { return items.text(C.GO_FUNCTION, name) }

// String adds a text field.
func (items Items) String(key, value string) Items {
	return items.text(C.GO_KEY, key).text(C.GO_STRING, value)
}

// JSON adds a field of any kind.
func (items Items) JSON(key, value string) Items {
	return items.text(C.GO_KEY, key).text(C.GO_JSON, value)
}

// Int adds an integer field.
func (items Items) Int(key string, value int64) Items {
	return items.text(C.GO_KEY, key).eight(C.GO_INT, uint64(value))
}

// Double adds a number field.
func (items Items) Double(key string, value float64) Items {
	return items.text(C.GO_KEY, key).eight(C.GO_DOUBLE, math.Float64bits(value))
}

// Bool adds a truth.
func (items Items) Bool(key string, value bool) Items {
	var number byte
	if value {
		number = 1
	}
	return append(items.text(C.GO_KEY, key).open(C.GO_BOOL, 1), number, 0)
}

// Filling is what a record is filled with and where it goes.
type Filling struct {
	Handler Handler // or nil
	Logger  Logger  // if not nil
	Record  Record
	Level   int
	Line    int
	TimeNS  int64
	HasTime bool // TimeNS counts
	Scan    bool // the text may hold a delimiter
	Items   Items
}

// Log fills the record and logs it.
func (filling *Filling) Log() int {
	var flags C.int
	if filling.HasTime {
		flags |= C.GO_HAS_TIME
	}
	if filling.Scan {
		flags |= C.GO_SCAN
	}
	var items *C.char
	if len(filling.Items) > 0 {
		items = (*C.char)(unsafe.Pointer(&filling.Items[0]))
	}
	call := C.go_call{
		handler: C.uintptr_t(pointer(filling.Handler)),
		logger:  C.uintptr_t(pointer(filling.Logger)),
		record:  C.uintptr_t(pointer(filling.Record)),
		time_ns: C.int64_t(filling.TimeNS),
		level:   C.int(filling.Level),
		line:    C.int(filling.Line),
		flags:   flags,
	}
	return int(C.go_fill_and_log(call, items, C.size_t(len(filling.Items))))
}

// pointer is the C handle of an object that may be nil.
func pointer(object interface{ Swigcptr() uintptr }) uintptr {
	if object == nil {
		return 0
	}
	return object.Swigcptr()
}

// Frame is a received record.
type Frame struct {
	Topic, Root, LevelName, Subtopic, Text, Epoch string
	Level                                         int
	ReceivedNS                                    int64
	Seq, Lost                                     uint64
}

// Receiver receives into one record, again and again.
type Receiver struct {
	frames C.go_frames
}

// Receive fills the frame when the status is 0.
func (receiver *Receiver) Receive(from Subscriber, record Record, timeoutMS int,
	frame *Frame) int {
	got := &receiver.frames
	status := C.go_receive(C.uintptr_t(from.Swigcptr()), C.uintptr_t(record.Swigcptr()),
		C.int(timeoutMS), got)
	if status != 0 {
		return int(status)
	}
	topic := goString(got.topic, got.topic_len)
	*frame = Frame{
		Topic:      topic,
		Root:       topic[:got.root_len],
		Subtopic:   topic[len(topic)-int(got.subtopic_len):],
		LevelName:  levelName(int(got.level), got.name, got.name_len),
		Text:       goString(got.text, got.text_len),
		Level:      int(got.level),
		ReceivedNS: int64(got.received_ns),
		Seq:        uint64(got.seq),
		Lost:       uint64(got.lost),
	}
	if frame.Seq != 0 {
		frame.Epoch = C.GoString(got.epoch)
	}
	return 0
}

// goString copies; C.GoStringN would cut at 2 GiB.
func goString(bytes *C.char, size C.size_t) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(bytes)), int(size)))
}

// levelName saves a copy for the names that almost all records have.
func levelName(level int, name *C.char, size C.size_t) string {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(name)), int(size))
	if usual := usualNames[level&63]; usual == string(bytes) {
		return usual
	}
	return string(bytes)
}

var usualNames = [64]string{10: "DEBUG", 20: "INFO", 30: "WARN", 40: "ERROR", 50: "CRITICAL"}
