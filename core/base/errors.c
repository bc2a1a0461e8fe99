/* SPDX-License-Identifier: BSD-3-Clause */
/* The ring of the last error texts of a handle. There is no lock that a forked child
 * could inherit: each failure takes a slot of its own and publishes it when it is
 * written. A text handed out is read as it is, which is safe because 16 more failures
 * have to come before its slot is written again. */
#include "base/errors.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "base/wipe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void zl_errors_init(zl_errors *errors) {
    memset(errors, 0, sizeof *errors);
}

void zl_errors_destroy(zl_errors *errors) {
    explicit_bzero(errors->text, sizeof errors->text);
}

/* The number, from 1, of a failure whose slot nobody writes. */
static unsigned take_slot(zl_errors *errors) {
    for (;;) {
        unsigned number = atomic_fetch_add(&errors->taken, 1) + 1;
        if (number && !atomic_exchange(&errors->busy[number % ZL_ERRORS_KEPT], 1))
            return number;
    }
}

static void keep(zl_errors *errors, const char *text, size_t len) {
    unsigned number = take_slot(errors), newest = atomic_load(&errors->newest);
    char *slot = errors->text[number % ZL_ERRORS_KEPT];
    memcpy(slot, text, len);
    slot[len] = '\0';
    atomic_store(&errors->busy[number % ZL_ERRORS_KEPT], 0);
    while ((int)(number - newest) > 0 &&
           !atomic_compare_exchange_weak(&errors->newest, &newest, number))
        ;
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

zmqlog_status zl_check_size(zl_errors *errors, const char *call, const char *name,
                            size_t value, size_t min, size_t max) {
    int64_t shown = value > PTRDIFF_MAX ? INT64_MAX : (int64_t)value;
    return zl_check_range(errors, call, name, shown, (int64_t)min, (int64_t)max);
}

const char *zl_errors_last(const zl_errors *errors) {
    unsigned newest = errors ? atomic_load(&errors->newest) : 0;
    return newest ? errors->text[newest % ZL_ERRORS_KEPT] : "";
}
