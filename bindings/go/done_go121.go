// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

package zmqlog

import "context"

// whenDone calls f when the context ends, until stop is called; f does not run any
// more when stop has returned.
func whenDone(ctx context.Context, f func()) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	ran := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(ran)
		f()
	})
	return func() {
		if !cancel() {
			<-ran
		}
	}
}
