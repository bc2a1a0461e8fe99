// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"math"
	"strconv"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Level says how much a record matters. The numbers are those of Python's logging;
// any from LevelMin to LevelMax is legal. Since 1.0.
type Level int

// The levels with a name. Since 1.0.
const (
	LevelDebug    Level = 10
	LevelInfo     Level = 20
	LevelWarn     Level = 30
	LevelError    Level = 40
	LevelCritical Level = 50
)

// The lowest and the highest legal level. Since 1.0.
const (
	LevelMin Level = 1
	LevelMax Level = 63
)

// String is the level's default name; "L07" for one without, "Level(99)" for a number
// that is no level. [Handler.LevelName] knows the names that were set.
func (l Level) String() string {
	switch l {
	case LevelDebug:
		return "DEBUG"
	case LevelInfo:
		return "INFO"
	case LevelWarn:
		return "WARN"
	case LevelError:
		return "ERROR"
	case LevelCritical:
		return "CRITICAL"
	}
	if !l.valid() {
		return "Level(" + strconv.Itoa(int(l)) + ")"
	}
	if l < 10 {
		return "L0" + strconv.Itoa(int(l))
	}
	return "L" + strconv.Itoa(int(l))
}

func (l Level) valid() bool { return l >= LevelMin && l <= LevelMax }

// number is the level for C; 0, which it refuses, for what would not fit an int there.
func (l Level) number() int {
	if l < 0 || l > math.MaxInt8 {
		return 0
	}
	return int(l)
}

// ParseLevel reads a level as people write it: the five names, WARNING, FATAL, CRIT,
// ERR, NOTICE (25), TRACE (5), ALERT, EMERG, PANIC, ANY and UNKNOWN (60), L01 to L63,
// or a number; case does not matter. ErrInvalid for anything else. Since 1.0.
func ParseLevel(name string) (Level, error) {
	if isText(name) {
		if number := native.Zmqlog_level_number(name); number > 0 {
			return Level(number), nil
		}
	}
	if !native.HasCgo {
		return 0, ErrNoCgo
	}
	return 0, &Error{Op: "level " + strconv.Quote(name), Status: ErrInvalid,
		Detail: "no such level"}
}

// milliseconds rounds up, so that a wait is never shorter than asked for; what is
// negative is -1.
func milliseconds(d time.Duration) int {
	if d < 0 {
		return -1
	}
	ms := int64(d / time.Millisecond)
	if d%time.Millisecond != 0 {
		ms++
	}
	if ms > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(ms)
}

// clamp is an int for C: what does not fit becomes the nearest that does, which the
// library then judges.
func clamp(number int) int {
	if number > math.MaxInt32 {
		return math.MaxInt32
	}
	if number < math.MinInt32 {
		return math.MinInt32
	}
	return number
}

func asInt(on bool) int {
	if on {
		return 1
	}
	return 0
}
