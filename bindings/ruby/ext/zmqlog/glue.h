/* SPDX-License-Identifier: BSD-3-Clause */
/* How values cross between Ruby and the library: strings, numbers, statuses, raw
 * objects. Included by what SWIG generates; knows nothing of log calls and
 * waiting. */
#ifndef ZMQLOG_RUBY_GLUE_H
#define ZMQLOG_RUBY_GLUE_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <zmqlog.h>

/* The text as UTF-8. Bytes of no particular encoding stay as they are, and so do
 * broken ones; other encodings are converted, what has no equal becomes U+FFFD.
 * Never raises. */
static VALUE utf8_text(VALUE string) {
    int index = rb_enc_get_index(string);
    rb_encoding *encoding;

    if (index == rb_utf8_encindex() || index == rb_usascii_encindex() ||
        index == rb_ascii8bit_encindex())
        return string;
    encoding = rb_enc_from_index(index);
    if (rb_enc_asciicompat(encoding) && rb_enc_str_asciionly_p(string))
        return string;
    return rb_str_conv_enc_opts(string, encoding, rb_utf8_encoding(),
                                ECONV_INVALID_REPLACE | ECONV_UNDEF_REPLACE, Qnil);
}

/* A C string or NULL for nil; raises for other types and for a NUL within. */
static const char *c_string_of(volatile VALUE *value) {
    VALUE string = *value;

    if (NIL_P(string))
        return NULL;
    StringValue(string);
    *value = string = utf8_text(string);
    return StringValueCStr(*(VALUE *)value);
}

/* Bytes, or NULL and 0 for nil; raises for other types. */
static const char *bytes_of(volatile VALUE *value, size_t *len) {
    VALUE string = *value;

    *len = 0;
    if (NIL_P(string))
        return NULL;
    StringValue(string);
    *value = string = utf8_text(string);
    *len = (size_t)RSTRING_LEN(string);
    return RSTRING_PTR(string);
}

static size_t size_of_value(VALUE value) {
    VALUE integer = rb_to_int(value);

    if (RTEST(rb_funcall(integer, '<', 1, INT2FIX(0))))
        rb_raise(rb_eRangeError, "%" PRIsVALUE " is negative", integer);
    return NUM2SIZET(integer);
}

/* A socket of libzmq, by its address. */
static void *address_of(VALUE value) {
    return (void *)(uintptr_t)NUM2ULL(value);
}

/* The library's handle in an object of the raw layer; NULL for all else. */
static void *handle_in(VALUE raw, swig_type_info *type) {
    const swig_class *class = (const swig_class *)type->clientdata;

    if (!RB_TYPE_P(raw, T_DATA) || RTYPEDDATA_P(raw) ||
        RDATA(raw)->dfree != (RUBY_DATA_FUNC) class->destroy)
        return NULL;
    return RDATA(raw)->data;
}

/* Zmqlog::Error.of(status, detail) */
static VALUE error_of(VALUE raw, zmqlog_status status) {
    VALUE detail = Qnil;

    /* Calls on what is closed leave no words of their own. */
    if (!NIL_P(raw) && status != ZMQLOG_ECLOSED)
        detail = rb_funcall(raw, rb_intern("errmsg"), 0);
    return rb_funcall(rb_path2class("Zmqlog::Error"), rb_intern("of"), 2,
                      INT2FIX(status), detail);
}

/* true for OK, the number for soft statuses; hard ones raise, with the words that
 * the call left in `raw` unless that is nil. */
static VALUE check_status(VALUE raw, zmqlog_status status) {
    if (status == ZMQLOG_OK)
        return Qtrue;
    if (status <= ZMQLOG_EINVAL)
        rb_exc_raise(error_of(raw, status));
    return INT2FIX(status);
}

#endif
