// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

package zmqlog

import (
	"context"
	"errors"
	"log/slog"
)

// SlogFanout is a [slog.Handler] that hands each record to several others, such as one
// that writes to stderr and one that publishes. Each has a threshold of its own. Since 1.1.
type SlogFanout []slog.Handler

var _ slog.Handler = SlogFanout(nil)

// NewSlogFanout makes a slog handler of several; nil ones are left out. Since 1.1.
//
//	slog.SetDefault(slog.New(zmqlog.NewSlogFanout(
//		slog.NewTextHandler(os.Stderr, nil), zmqlog.NewSlogHandler(h, nil))))
func NewSlogFanout(handlers ...slog.Handler) SlogFanout {
	return SlogFanout(nil).each(handlers, func(h slog.Handler) slog.Handler { return h })
}

func (SlogFanout) each(handlers []slog.Handler, change func(slog.Handler) slog.Handler) SlogFanout {
	changed := make(SlogFanout, 0, len(handlers))
	for _, handler := range handlers {
		if handler != nil {
			changed = append(changed, change(handler))
		}
	}
	return changed
}

// Enabled tells whether any of them is.
func (f SlogFanout) Enabled(ctx context.Context, level slog.Level) bool {
	for _, handler := range f {
		if handler.Enabled(ctx, level) {
			return true
		}
	}
	return false
}

// Handle hands the record to all that are enabled, whatever others answer, and joins
// their errors.
func (f SlogFanout) Handle(ctx context.Context, record slog.Record) error {
	var all []error
	for _, handler := range f {
		if handler.Enabled(ctx, record.Level) {
			all = append(all, handler.Handle(ctx, record.Clone()))
		}
	}
	return errors.Join(all...)
}

// WithAttrs gives all of them more attributes.
func (f SlogFanout) WithAttrs(attrs []slog.Attr) slog.Handler {
	return f.each(f, func(h slog.Handler) slog.Handler {
		return h.WithAttrs(append([]slog.Attr(nil), attrs...))
	})
}

// WithGroup opens a group in all of them.
func (f SlogFanout) WithGroup(name string) slog.Handler {
	return f.each(f, func(h slog.Handler) slog.Handler { return h.WithGroup(name) })
}
