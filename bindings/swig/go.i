/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Go's entry to the shared shapes: how values cross. A status stays a number
 * here; package zmqlog makes errors of them. Strings in are lent for the call,
 * strings out are copies.
 */
%module native

%insert(cgo_comment_typedefs) %{
#cgo pkg-config: zmqlog
%}

/* C strings in: SWIG copies them and adds the NUL. NULL out is "". */

/* Bytes in: the string itself, NULs and all. */
%typemap(gotype) (const char *BYTES, size_t BYTES_LEN) "string"
%typemap(in) (const char *BYTES, size_t BYTES_LEN) %{
  $1 = (char *)$input.p;
  $2 = (size_t)$input.n;
%}
%typemap(freearg) (const char *BYTES, size_t BYTES_LEN) ""

/* Bytes out. */
%typemap(in, numinputs=0) size_t *BYTES_OUT_LEN (size_t size) %{
  size = 0;
  $1 = &size;
%}
%typemap(out) const char *BYTES_OUT ""
%typemap(argout, fragment="AllocateString") size_t *BYTES_OUT_LEN %{
  _swig_go_result = Swig_AllocateString(result ? result : "", *$1);
%}

/* The rest. A pointer to int64 would be too wide where size_t is 32 bits. */
%typemap(gotype) size_t *OUTPUT_SIZE "*uintptr"
%typemap(imtype) size_t *OUTPUT_SIZE "*uintptr"
%typemap(in) size_t *OUTPUT_SIZE %{
  $1 = (size_t *)$input;
%}
%typemap(in) void *ZMQ_SOCKET %{
  $1 = $input;
%}
%typemap(out) const uint8_t *GATE %{
  $result = (uint8_t *)$1;
%}

%include "zmqlog.i"
