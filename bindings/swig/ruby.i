/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Ruby's entry to the shared shapes: how values cross. Hard statuses raise
 * Zmqlog::Error, soft ones come back as numbers; log calls never raise and return
 * their status. The C code behind it is bindings/ruby/ext/zmqlog.
 */
%module "zmqlog::native"

%{
#include <zmqlog.h>
#include "glue.h"
#include "waits.h"
#include "calls.h"
%}

%init %{
zmqlog_ruby_init_calls(mNative);
%}

/* Numbers: Ruby's own conversions and complaints. */
%typemap(in) int "$1 = NUM2INT($input);"
%typemap(in) int64_t "$1 = NUM2LL($input);"
%typemap(in) double "$1 = NUM2DBL($input);"
%typemap(in) size_t "$1 = size_of_value($input);"
%typemap(out) int "$result = INT2NUM($1);"
%typemap(out) int64_t "$result = LL2NUM($1);"
%typemap(out) uint32_t, uint64_t, size_t "$result = ULL2NUM($1);"

/* Strings and bytes. The local VALUE keeps what the pointer points into. */
%typemap(in) const char * (volatile VALUE kept = Qnil) {
  kept = $input;
  $1 = (char *)c_string_of(&kept);
}
%typemap(freearg) const char * "RB_GC_GUARD(kept$argnum);"
%typemap(out) const char * "$result = $1 ? rb_utf8_str_new_cstr($1) : Qnil;"
%typemap(in) (const char *BYTES, size_t BYTES_LEN) (volatile VALUE kept = Qnil) {
  kept = $input;
  $1 = (char *)bytes_of(&kept, &$2);
}
%typemap(freearg) (const char *BYTES, size_t BYTES_LEN) "RB_GC_GUARD(kept$argnum);"
%typemap(in, numinputs=0) size_t *BYTES_OUT_LEN (size_t size) {
  size = 0;
  $1 = &size;
}
%typemap(argout) size_t *BYTES_OUT_LEN {
  $result = result ? rb_utf8_str_new(result, (long)*$1) : Qnil;
}
%typemap(out) const char *BYTES_OUT ""
%typemap(in, numinputs=0) size_t *OUTPUT_SIZE (size_t size) {
  size = 0;
  $1 = &size;
}
%typemap(argout) size_t *OUTPUT_SIZE {
  $result = rb_assoc_new($result, ULL2NUM(*$1));
}

/* The rest. */
%typemap(out) zmqlog_status "$result = check_status(self, $1);"
%typemap(out) zmqlog_status LOG_STATUS "$result = INT2FIX($1);"
%apply zmqlog_status LOG_STATUS {
    zmqlog_status zmqlog_handler::log,
    zmqlog_status zmqlog_handler::log_topic,
    zmqlog_status zmqlog_handler::log_record,
    zmqlog_status zmqlog_logger::log,
    zmqlog_status zmqlog_logger::log_topic,
    zmqlog_status zmqlog_logger::log_source,
    zmqlog_status zmqlog_logger::log_source_topic,
    zmqlog_status zmqlog_logger::log_record
};
%typemap(out) zmqlog_status WAIT_STATUS "$result = check_status(Qnil, $1);"
%apply zmqlog_status WAIT_STATUS {
    zmqlog_status zmqlog_handler::wait_subscriber,
    zmqlog_status zmqlog_handler::wait_room
};
%typemap(in) void *ZMQ_SOCKET "$1 = address_of($input);"
%typemap(out) const uint8_t *GATE "$result = ULL2NUM((uintptr_t)$1);"

%typemap(check) zmqlog_handler *handler {
  if (!$1)
    rb_raise(rb_eArgError, "the handler is nil");
}

/* NULL from a constructor: no memory. */
%exception zmqlog_auth::zmqlog_auth { $action if (!result) rb_memerror(); }
%exception zmqlog_keypair::zmqlog_keypair { $action if (!result) rb_memerror(); }
%exception zmqlog_record::zmqlog_record { $action if (!result) rb_memerror(); }
%exception zmqlog_handler::zmqlog_handler { $action if (!result) rb_memerror(); }
%exception zmqlog_logger::zmqlog_logger { $action if (!result) rb_memerror(); }
%exception zmqlog_logger::clone { $action if (!result) rb_memerror(); }
%exception zmqlog_subscriber::zmqlog_subscriber { $action if (!result) rb_memerror(); }

%include "zmqlog.i"
