// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Option is something about a handler that is decided when it is opened. Options are
// applied in the order given. Since 1.0.
type Option interface{ applyHandler(*Handler) error }

// SubscriberOption is something about a subscriber that is decided when it is opened.
// Since 1.0.
type SubscriberOption interface{ applySubscriber(native.Subscriber) error }

// LoggerOption is something about a logger that is decided when it is made. Since 1.0.
type LoggerOption interface{ applyLogger(*Logger) error }

// SharedOption is an option of handlers and of subscribers. Since 1.0.
type SharedOption interface {
	Option
	SubscriberOption
}

// ViewOption is an option of handlers and of loggers. Since 1.0.
type ViewOption interface {
	Option
	LoggerOption
}

type handlerOption func(*Handler) error

func (o handlerOption) applyHandler(h *Handler) error { return o(h) }

type sharedOption struct {
	handler    func(native.Handler) error
	subscriber func(native.Subscriber) error
}

func (o sharedOption) applyHandler(h *Handler) error             { return o.handler(h.raw) }
func (o sharedOption) applySubscriber(s native.Subscriber) error { return o.subscriber(s) }

type viewOption struct {
	handler func(*Handler) error
	logger  func(*Logger) error
}

func (o viewOption) applyHandler(h *Handler) error { return o.handler(h) }
func (o viewOption) applyLogger(l *Logger) error   { return o.logger(l) }

// option makes an option of a setter of the raw layer; texts must be free of NUL.
func option(op string, set func(native.Handler) int, texts ...string) Option {
	return handlerOption(func(h *Handler) error {
		if err := checkText(op, texts...); err != nil {
			return err
		}
		return failure(op, set(h.raw), h.raw)
	})
}

// RootTopic is the first part of every topic, at most [MaxRootBytes] long; "", the
// default, for none. [Handler.SetRootTopic] changes it later. Since 1.0.
func RootTopic(root string) Option {
	return option("RootTopic", func(h native.Handler) int {
		return h.Set_root_topic(root)
	}, root)
}

// MinLevel is the floor of a handler or the threshold of a logger: records below it
// are never published, whoever subscribes; 0, the default, to 63. SetLevel changes it
// later. Since 1.0.
func MinLevel(level Level) ViewOption {
	return viewOption{
		handler: func(h *Handler) error { return h.SetLevel(level) },
		logger:  func(l *Logger) error { return l.SetLevel(level) },
	}
}

// WithSource makes every record tell where it was logged: style "json" and formats
// with %(filename)s and its like show it. A call then costs about a microsecond more.
// Since 1.0.
func WithSource() ViewOption {
	return viewOption{
		handler: func(h *Handler) error { h.source = true; return nil },
		logger:  func(l *Logger) error { l.source = true; return nil },
	}
}

// LevelNames chooses names for all levels: "default" (30 is WARN) or "pyzmq" (30 is
// WARNING, as PyZMQ has it). Since 1.0.
func LevelNames(preset string) Option {
	return option("LevelNames", func(h native.Handler) int {
		return h.Set_level_names(preset)
	}, preset)
}

// LevelName names a level: 1 to [MaxNameBytes] bytes of printable UTF-8 without ".",
// unique in any case. Publisher and subscriber are told alike. Since 1.0.
func LevelName(level Level, name string) SharedOption {
	const op = "LevelName"
	return sharedOption{
		handler: func(h native.Handler) error {
			if err := checkText(op, name); err != nil {
				return err
			}
			return failure(op, h.Set_level_name(level.number(), name), h)
		},
		subscriber: func(s native.Subscriber) error {
			if err := checkText(op, name); err != nil {
				return err
			}
			return failure(op, s.Set_level_name(level.number(), name), s)
		},
	}
}

// Delimiter is what separates subtopic and message, [TopicDelim] by default; 1 to 16
// bytes, or "" when texts are never to be scanned. Since 1.0.
func Delimiter(delimiter string) Option {
	return option("Delimiter", func(h native.Handler) int {
		return h.Set_delimiter(delimiter)
	}, delimiter)
}

// Style is how messages of all levels look: "plain" (the message as given; the
// default), "json", "pyzmq" (PyZMQ's default bodies), or, with a % in it, a format of
// Python's logging such as "%(asctime)s %(levelname)s %(message)s".
// [Handler.SetStyle] changes it later. Since 1.0.
func Style(style string) Option {
	return handlerOption(func(h *Handler) error { return h.SetStyle(style) })
}

// LevelStyle is how messages of one level look; see [Style]. Since 1.0.
func LevelStyle(level Level, style string) Option {
	return handlerOption(func(h *Handler) error { return h.SetLevelStyle(level, style) })
}

// TimeFormat is what %(asctime)s shows, for C's strftime, in local time; at most 200
// bytes; "" is "2026-11-22 05:48:11,123". Since 1.0.
func TimeFormat(format string) Option {
	return option("TimeFormat", func(h native.Handler) int {
		return h.Set_time_format(format)
	}, format)
}

// QueueBytes is the size of the queue, 16 KiB to 1 GiB, rounded up to a power of two;
// by default 4 MiB in a handler, 8 MiB in a subscriber. A handler's must be at least
// twice [MaxBodyBytes] plus 8 KiB. Since 1.0.
func QueueBytes(bytes int) SharedOption {
	size := int64(bytes)
	if size < 0 {
		size = 0
	}
	return sharedOption{
		handler: func(h native.Handler) error {
			return failure("QueueBytes", h.Set_queue_bytes(size), h)
		},
		subscriber: func(s native.Subscriber) error {
			return failure("QueueBytes", s.Set_queue_bytes(size), s)
		},
	}
}

// SlowPeer says how long the handler waits for slow subscribers. One that takes nothing
// at all for stall while a record waits for it is cut (1 ms to 1 h, default 1 min).
// Where several match a record and the policy drops, waiting is limited by budget (0 to
// 1 min, default 300 ms), which refills at sharePercent of wall time (0 to 100,
// default 5); then the full one is skipped until it has drained. Since 1.0.
func SlowPeer(stall, budget time.Duration, sharePercent int) Option {
	return option("SlowPeer", func(h native.Handler) int {
		return h.Set_slow_peer(milliseconds(stall), milliseconds(budget), clamp(sharePercent))
	})
}

// SendHWM is libzmq's queue per subscriber, in records: 1 to 10000000, default 10000.
// Since 1.0.
func SendHWM(records int) Option {
	return option("SendHWM", func(h native.Handler) int {
		return h.Set_send_hwm(clamp(records))
	})
}

// Linger is how long Close may take to send what is queued: 0 to 1 h, default 1 s.
// Since 1.0.
func Linger(linger time.Duration) Option {
	return option("Linger", func(h native.Handler) int {
		return h.Set_linger_ms(milliseconds(linger))
	})
}

// Hold is how long records are kept for a first subscriber after opening, so that a
// short program does not lose its first lines: 0 (off) to 1 min, default 500 ms.
// Since 1.0.
func Hold(hold time.Duration) Option {
	return option("Hold", func(h native.Handler) int {
		return h.Set_hold_ms(milliseconds(hold))
	})
}

// Heartbeat is how often a bound handler pings its subscribers, to find those that are
// gone: 0 (off, the default) to 1 h. A subscriber that speaks ZMTP 3.0 loses its
// connection by it; libzmq speaks 3.1 since 4.2. Since 1.1.
func Heartbeat(interval time.Duration) Option {
	return option("Heartbeat", func(h native.Handler) int {
		return h.Set_heartbeat_ms(milliseconds(interval))
	})
}

// Backlog keeps records from level up that nobody heard, until a subscriber comes: then
// they are sent, in order and before newer ones. They take at most so many bytes, 4 KiB
// to 1 GiB; the oldest are dropped first. 0 (the default) keeps none. Since 1.1.
func Backlog(level Level, bytes int) Option {
	size := int64(bytes)
	if size < 0 {
		size = 0
	}
	return option("Backlog", func(h native.Handler) int {
		return h.Set_backlog(level.number(), size)
	})
}

// MaxBodyBytes is the longest message, 256 bytes to 256 MiB, default 1 MiB. Longer
// ones are cut with a visible mark, and counted. Since 1.0.
func MaxBodyBytes(bytes int) Option {
	size := int64(bytes)
	if size < 0 {
		size = 0
	}
	return option("MaxBodyBytes", func(h native.Handler) int {
		return h.Set_max_body_bytes(size)
	})
}

// DropNotices switches the records on or off that tell listeners what was dropped,
// <root>.<LEVEL>.zmqlog; on by default. Since 1.0.
func DropNotices(on bool) Option {
	return option("DropNotices", func(h native.Handler) int {
		return h.Set_drop_notice(asInt(on))
	})
}

// Announce switches on or off what the handler says of itself to subscribers that
// ask, zmqlog.INFO.hello.<root> and zmqlog.INFO.stats.<root>; on by default.
// Since: 1.1
func Announce(on bool) Option {
	return option("Announce", func(h native.Handler) int {
		return h.Set_announce(asInt(on))
	})
}

// WithAuth gives a handler or a subscriber keys and allow lists. Since 1.0.
func WithAuth(auth *Auth) SharedOption {
	return sharedOption{
		handler: func(h native.Handler) error {
			return auth.give(func(raw native.Auth) error {
				return failure("WithAuth", h.Set_auth(raw), h)
			})
		},
		subscriber: func(s native.Subscriber) error {
			return auth.give(func(raw native.Auth) error {
				return failure("WithAuth", s.Set_auth(raw), s)
			})
		},
	}
}
