// SPDX-License-Identifier: BSD-3-Clause

// Package zmq is as much of libzmq as it takes to attach a handler to a socket: test
// files cannot use cgo themselves.
package zmq

// #cgo pkg-config: libzmq
// #include <zmq.h>
// #include <stdlib.h>
import "C"

import "unsafe"

// The kinds of sockets.
const (
	PUB  = C.ZMQ_PUB
	XPUB = C.ZMQ_XPUB
	SUB  = C.ZMQ_SUB
)

// Socket is one socket in a context of its own.
type Socket struct {
	context, Pointer unsafe.Pointer
	Endpoint         string
}

// Bind makes a socket on a free port.
func Bind(kind int) *Socket {
	s := &Socket{context: C.zmq_ctx_new()}
	s.Pointer = C.zmq_socket(s.context, C.int(kind))
	any := C.CString("tcp://127.0.0.1:*")
	defer C.free(unsafe.Pointer(any))
	C.zmq_bind(s.Pointer, any)
	var name [256]C.char
	size := C.size_t(len(name))
	C.zmq_getsockopt(s.Pointer, C.ZMQ_LAST_ENDPOINT, unsafe.Pointer(&name[0]), &size)
	s.Endpoint = C.GoString(&name[0])
	return s
}

// Close closes the socket and its context.
func (s *Socket) Close() {
	C.zmq_close(s.Pointer)
	C.zmq_ctx_term(s.context)
}
