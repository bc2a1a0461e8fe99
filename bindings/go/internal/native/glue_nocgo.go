// SPDX-License-Identifier: BSD-3-Clause

//go:build !cgo

package native

// Items, Filling, Frame and Receiver as in glue.go: nothing can be opened without
// cgo, so nothing gets here.
type Items []byte

func (items Items) Subtopic(text string) Items             { return items }
func (items Items) Text(text string) Items                 { return items }
func (items Items) Logger(name string) Items               { return items }
func (items Items) Thread(name string) Items               { return items }
func (items Items) File(name string) Items                 { return items }
func (items Items) Function(name string) Items             { return items }
func (items Items) String(key, value string) Items         { return items }
func (items Items) JSON(key, value string) Items           { return items }
func (items Items) Int(key string, value int64) Items      { return items }
func (items Items) Double(key string, value float64) Items { return items }
func (items Items) Bool(key string, value bool) Items      { return items }

type Filling struct {
	Handler Handler
	Logger  Logger
	Record  Record
	Level   int
	Line    int
	TimeNS  int64
	HasTime bool
	Scan    bool
	Items   Items
}

func (filling *Filling) Log() int { return 0 }

type Frame struct {
	Topic, Root, LevelName, Subtopic, Text, Epoch string
	Level                                         int
	ReceivedNS                                    int64
	Seq, Lost                                     uint64
}

type Receiver struct{}

func (receiver *Receiver) Receive(from Subscriber, record Record, timeoutMS int,
	frame *Frame) int {
	return 0
}

// HasCgo: the library is there.
const HasCgo = false
