/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lua's entry to the shared shapes: how values cross. Errors are
 * `nil, message, code`; wrong types raise. The C code behind it is glue.h.
 */
%module zmqlog_core

%begin %{
#define _GNU_SOURCE /* dladdr */
%}

%{
#include <zmqlog.h>
#include "glue.h"
%}

%init %{
stay_loaded();
use_own_collector(L);
%}

%native(method) int new_method(lua_State *L);
%native(gate_open) int gate_open(lua_State *L);
%native(contexts) int count_contexts(lua_State *L);
%native(contexts_address) int contexts_address(lua_State *L);
%native(addresses) int addresses(lua_State *L);

/* Numbers: SWIG would make floats of them all. */
%typemap(in) int %{
  if (!to_int(L, $input, &$1))
    SWIG_fail_arg("$symname", $argnum, "int");
%}
%typemap(in) int64_t %{
  if (!to_int64(L, $input, &$1))
    SWIG_fail_arg("$symname", $argnum, "integer");
%}
%typemap(in) size_t %{
  if (!to_size(L, $input, &$1))
    SWIG_fail_arg("$symname", $argnum, "size");
%}
%typemap(out) int, int64_t, uint32_t, uint64_t, size_t %{
  SWIG_arg += push_int64(L, (int64_t)$1);
%}

/* Strings and bytes. */
%typemap(in, checkfn="is_c_string") const char * %{
  $1 = (char *)lua_tostring(L, $input);
%}
%typemap(in, checkfn="is_bytes") (const char *BYTES, size_t BYTES_LEN) %{
  $2 = 0;
  $1 = (char *)lua_tolstring(L, $input, &$2);
%}
%typemap(in, numinputs=0) size_t *BYTES_OUT_LEN (size_t size) %{
  size = 0;
  $1 = &size;
%}
%typemap(argout) size_t *BYTES_OUT_LEN %{
  SWIG_arg += push_bytes(L, result, *$1);
%}
%typemap(out) const char *BYTES_OUT ""
%typemap(in, numinputs=0) size_t *OUTPUT_SIZE (size_t size) %{
  size = 0;
  $1 = &size;
%}
%typemap(argout) size_t *OUTPUT_SIZE %{
  SWIG_arg += push_int64(L, (int64_t)*$1);
%}

/* The rest. */
%typemap(out) zmqlog_status %{
  SWIG_arg += push_status(L, $1);
%}
%typemap(in, checkfn="lua_islightuserdata") void *ZMQ_SOCKET %{
  $1 = lua_touserdata(L, $input);
%}
%typemap(out) const uint8_t *GATE %{
  SWIG_arg += push_int64(L, (int64_t)(uintptr_t)$1);
%}

%include "zmqlog.i"
