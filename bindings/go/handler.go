// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Handler publishes. [Bind], [Connect] and [Attach] open one. All methods may be
// called by any number of goroutines at once, and on nil. Since 1.0.
type Handler struct {
	gate     *gateBytes
	raw      native.Handler
	source   bool          // records tell where they were logged
	blocks   bool          // a log call may be told to come again
	patience time.Duration // how often it does; negative: always
	room     room
	timedOut atomic.Int64 // records whose patience was over
	closed   atomic.Bool
}

// Bind opens a handler on an endpoint that subscribers connect to:
// "tcp://127.0.0.1:5556", "tcp://127.0.0.1:*" (a free port, see [Handler.Endpoint]),
// "tcp://[::1]:5556", "ipc:///run/app.log" (mode 0600 unless [IPCMode] says
// otherwise), "ipc://@name". tcp beyond loopback needs [WithAuth] and CURVE, or
// [Insecure]. Close it at the end. Since 1.0.
func Bind(endpoint string, options ...Option) (*Handler, error) {
	return openHandler(options, func(h *Handler) error { return h.Bind(endpoint) })
}

// Connect opens a handler on an endpoint where a collector, a binding subscriber,
// listens; it need not be there yet. Rules as for [Bind]. Since 1.0.
func Connect(endpoint string, options ...Option) (*Handler, error) {
	return openHandler(options, func(h *Handler) error { return h.Connect(endpoint) })
}

// Open opens a handler as $ZMQLOG_URL says, or else for this machine, where zmqlog watch
// finds it without an endpoint. What the variable says wins over options;
// its syntax is that of zmqlog_handler_open. Since 1.1.
func Open(options ...Option) (*Handler, error) {
	return openHandler(options, func(h *Handler) error {
		return failure("open", h.raw.Open(""), h.raw)
	})
}

// Attach opens a handler on a PUB or XPUB socket that the caller made with this
// process's libzmq, configured, and keeps: zmq_socket's pointer. Log calls then send
// at once, without waiting; there is no queue and no hold, and the options of those
// are refused. Only the handler may use the socket until it is closed; close it
// before the socket. Since 1.0.
func Attach(socket unsafe.Pointer, options ...Option) (*Handler, error) {
	return openHandler(options, func(h *Handler) error {
		return failure("attach", h.raw.Attach(uintptr(socket)), h.raw)
	})
}

func openHandler(options []Option, open func(*Handler) error) (*Handler, error) {
	if !native.HasCgo {
		return nil, ErrNoCgo
	}
	raw := native.NewHandler()
	if raw.Swigcptr() == 0 {
		return nil, failure("new handler", int(ErrNoMemory), nil)
	}
	h := &Handler{raw: raw, gate: gateOf(raw)}
	runtime.SetFinalizer(h, func(h *Handler) { native.DeleteHandler(h.raw) })
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option.applyHandler(h); err != nil {
			return nil, err
		}
	}
	if err := open(h); err != nil {
		return nil, err
	}
	return h, nil
}

// set calls a setter or another thing that answers with a status.
func (h *Handler) set(op string, set func(native.Handler) int, texts ...string) error {
	if h == nil || h.raw == nil {
		return missing(op)
	}
	defer runtime.KeepAlive(h)
	if err := checkText(op, texts...); err != nil {
		return err
	}
	return failure(op, set(h.raw), h.raw)
}

// Bind opens one more endpoint; see the function [Bind].
func (h *Handler) Bind(endpoint string) error {
	return h.set("bind "+endpoint, func(raw native.Handler) int {
		return raw.Bind(endpoint)
	}, endpoint)
}

// Connect opens one more endpoint; see the function [Connect].
func (h *Handler) Connect(endpoint string) error {
	return h.set("connect "+endpoint, func(raw native.Handler) int {
		return raw.Connect(endpoint)
	}, endpoint)
}

// Unbind closes one endpoint that was bound; the others go on. Listeners there get as
// much of the linger to take what was logged before; [ErrTimedOut]: it is closed, but
// one of them had not taken all. The endpoint is written as it was given, or as
// [Handler.Endpoints] names it. Since: 1.1
func (h *Handler) Unbind(endpoint string) error {
	return h.set("unbind "+endpoint, func(raw native.Handler) int {
		return raw.Unbind(endpoint)
	}, endpoint)
}

// Disconnect ends one connection that Connect opened. What is queued for it is still
// sent, for at most the linger. Since: 1.1
func (h *Handler) Disconnect(endpoint string) error {
	return h.set("disconnect "+endpoint, func(raw native.Handler) int {
		return raw.Disconnect(endpoint)
	}, endpoint)
}

// Endpoint is the first endpoint, with the real port; "" when there is none.
func (h *Handler) Endpoint() string { return h.endpoint(0) }

// Endpoints are all endpoints in the order in which they were opened.
func (h *Handler) Endpoints() []string {
	var all []string
	for name := h.endpoint(0); name != ""; name = h.endpoint(len(all)) {
		all = append(all, name)
	}
	return all
}

// String is what it is and where it is open. Since 1.1.
func (h *Handler) String() string {
	return strings.TrimSpace("zmqlog handler " + strings.Join(h.Endpoints(), " "))
}

func (h *Handler) endpoint(index int) string {
	if h == nil || h.raw == nil {
		return ""
	}
	defer runtime.KeepAlive(h)
	return h.raw.Endpoint(index)
}

// Close sends what is queued, waits for the rest of the hold, and closes; for at most
// the linger. ErrTimedOut when something was left over. Later log calls are counted
// and do nothing; closing again is no error.
func (h *Handler) Close() error { return h.close(-1) }

// CloseTimeout is Close with another limit than the linger; 0 or less: at once.
func (h *Handler) CloseTimeout(limit time.Duration) error {
	if limit < 0 {
		limit = 0
	}
	return h.close(milliseconds(limit))
}

func (h *Handler) close(ms int) error {
	return h.set("close", func(raw native.Handler) int {
		h.closed.Store(true)
		return raw.Close(ms)
	})
}

// Flush waits until everything logged before this call has been handed to libzmq, the
// rest of the hold included, or until the context ends. Close, not Flush, before
// os.Exit: libzmq sends on threads that end with the process.
func (h *Handler) Flush(ctx context.Context) error {
	return h.wait(ctx, "flush", func(ms int) int { return h.raw.Flush(ms) })
}

// WaitSubscriber waits for a listener. With a topic, such as "app.INFO": until a record
// with exactly this topic would reach one; with "": until something this handler
// publishes would. ErrNotSupported when attached.
func (h *Handler) WaitSubscriber(ctx context.Context, topic string) error {
	const op = "wait for a subscriber"
	if err := checkText(op, topic); err != nil {
		return err
	}
	return h.wait(ctx, op, func(ms int) int { return h.raw.Wait_subscriber(topic, ms) })
}

// RootTopic is the first part of every topic.
func (h *Handler) RootTopic() string {
	if h == nil || h.raw == nil {
		return ""
	}
	defer runtime.KeepAlive(h)
	return h.raw.Root_topic()
}

// SetRootTopic changes the first part of every topic, from the next record on. At most
// 256 different ones in a handler's life: ErrLimit.
func (h *Handler) SetRootTopic(root string) error {
	return h.set("RootTopic", func(raw native.Handler) int {
		return raw.Set_root_topic(root)
	}, root)
}

// Level is the floor; 0 when everything is published.
func (h *Handler) Level() Level {
	if h == nil || h.raw == nil {
		return 0
	}
	defer runtime.KeepAlive(h)
	return Level(h.raw.Level())
}

// SetLevel changes the floor, 0 to 63, at once.
func (h *Handler) SetLevel(level Level) error {
	return h.set("MinLevel", func(raw native.Handler) int {
		return raw.Set_level(clamp(int(level)))
	})
}

// LevelName is a level's name in this handler's topics; "" for what is no level.
func (h *Handler) LevelName(level Level) string {
	if h == nil || h.raw == nil {
		return ""
	}
	defer runtime.KeepAlive(h)
	return h.raw.Level_name(level.number())
}

// SetStyle changes how messages of all levels look; see [Style]. ErrFormat names the
// offset of what is wrong in a format.
func (h *Handler) SetStyle(style string) error {
	return h.set("Style "+strconv.Quote(style), func(raw native.Handler) int {
		return raw.Set_style(0, style)
	}, style)
}

// SetLevelStyle changes how messages of one level look; see [Style].
func (h *Handler) SetLevelStyle(level Level, style string) error {
	op := "LevelStyle " + strconv.Quote(style)
	if !level.valid() {
		return &Error{Op: op, Status: ErrInvalid, Detail: level.String() + " is no level"}
	}
	return h.set(op, func(raw native.Handler) int {
		return raw.Set_style(int(level), style)
	}, style)
}

// Enabled tells whether a record of this level would be published. No cgo.
func (h *Handler) Enabled(level Level) bool {
	return h.open(level) && !h.closed.Load()
}

// open is what the gate says: also true when closed, so that calls are counted.
func (h *Handler) open(level Level) bool {
	return h != nil && h.gate != nil && level.valid() && h.gate[level] != 0
}

// Counter names what is counted. Since 1.0.
type Counter int

// Counters of handlers. At every Flush, accepted = sent + unheard + dropped (queue,
// oldest, timeout, internal) + queued. Since 1.0.
const (
	CountAccepted        Counter = 1  // calls that passed gate and checks
	CountSent            Counter = 2  // handed to libzmq
	CountUnheard         Counter = 3  // nobody had subscribed to it
	CountDroppedQueue    Counter = 4  // queue full, newest dropped
	CountDroppedOldest   Counter = 5  // discarded for newer ones
	CountDroppedTimeout  Counter = 6  // waited too long, or left at close
	CountDroppedInternal Counter = 7  // too large, libzmq refused it, or no memory
	CountQueued          Counter = 8  // waiting in the queue now
	CountDroppedClosed   Counter = 9  // logged after close; not accepted
	CountDroppedForked   Counter = 10 // not in Go programs
	CountRefused         Counter = 11 // no such level; not accepted
	CountNotices         Counter = 12 // the library's own drop notices
	CountTruncated       Counter = 13 // messages, subtopics or names cut
	CountSlowEpisodes    Counter = 14 // slow subscribers skipped or cut
	CountPeerLost        Counter = 15 // connections that ended
	CountPeers           Counter = 16 // connections now; also of a subscriber
	CountSubscriptions   Counter = 17 // distinct live prefixes
	CountMalformed       Counter = 18 // frames no peer should send; also of a subscriber
	CountRefusedPeers    Counter = 19 // connections refused: a key, address or user not allowed; also of a subscriber
)

// Count reads a counter; -1 for one that handlers do not have.
func (h *Handler) Count(which Counter) int64 {
	if h == nil || h.raw == nil {
		return 0
	}
	defer runtime.KeepAlive(h)
	count := h.raw.Count(clamp(int(which)))
	if count < 0 {
		return -1
	}
	if which == CountAccepted || which == CountDroppedTimeout {
		count += h.timedOut.Load()
	}
	return count
}
