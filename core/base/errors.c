/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of the last error texts of a handle. The lock covers the slots and
 * their index; a text handed out is read without it, which is safe because 16
 * more failures have to come before its slot is written again. */
#include "base/errors.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "base/wipe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void zl_errors_init(zl_errors *errors) {
    pthread_mutex_init(&errors->lock, NULL);
    errors->next = 0;
    errors->filled = 0;
}

void zl_errors_destroy(zl_errors *errors) {
    pthread_mutex_destroy(&errors->lock);
}

static void keep(zl_errors *errors, const char *text, size_t len) {
    char *slot;
    pthread_mutex_lock(&errors->lock);
    slot = errors->text[errors->next];
    memcpy(slot, text, len);
    slot[len] = '\0';
    errors->next = (errors->next + 1) % ZL_ERRORS_KEPT;
    if (errors->filled < ZL_ERRORS_KEPT)
        errors->filled++;
    pthread_mutex_unlock(&errors->lock);
}

zmqlog_status zl_fail(zl_errors *errors, zmqlog_status status, const char *format,
                      ...) {
    char text[ZL_ERROR_BYTES + 4]; /* a character more tells where one was cut */
    va_list arguments;
    int len, hidden;
    if (!errors)
        return status;
    va_start(arguments, format);
    len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len < 0)
        text[0] = '\0';
    hidden = zl_secret_hide(text);
    keep(errors, text, zl_utf8_cut(zl_span_of(text), ZL_ERROR_BYTES - 1));
    explicit_bzero(text, sizeof text);
    if (hidden)
        zl_wipe_traces();
    return status;
}

zmqlog_status zl_check_range(zl_errors *errors, const char *call, const char *name,
                             int64_t value, int64_t min, int64_t max) {
    if (value >= min && value <= max)
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EINVAL,
                   "%s: %s is %" PRId64 ", it must be %" PRId64 " to %" PRId64, call,
                   name, value, min, max);
}

const char *zl_errors_last(const zl_errors *errors) {
    pthread_mutex_t *lock;
    const char *text = "";
    if (!errors)
        return text;
    lock = (pthread_mutex_t *)&errors->lock;
    pthread_mutex_lock(lock);
    if (errors->filled > 0)
        text = errors->text[(errors->next + ZL_ERRORS_KEPT - 1) % ZL_ERRORS_KEPT];
    pthread_mutex_unlock(lock);
    return text;
}
