/* SPDX-License-Identifier: BSD-3-Clause */
/* Time as text: Python's asctime in local time, RFC 3339 in UTC, and Python's
 * float seconds. Takes no clock. */
#include "format/format_internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_SECOND 1000000000
#define CACHED_BYTES 96
#define DEFAULT_FORMAT "%Y-%m-%d %H:%M:%S"

/* Local time costs a lock and a walk through the zone's rules, so the text of
 * the last second is kept. A thread that finds the cache taken does without it: no
 * thread ever waits, not even in a child forked while it was taken. */
struct zl_stamp {
    int with_msecs; /* immutable, as is format */
    atomic_flag taken;
    int64_t second; /* guarded by taken, with all that follows */
    size_t len;     /* 0: nothing cached */
    char text[CACHED_BYTES];
    char format[]; /* NUL-terminated */
};

zl_stamp *zl_stamp_new(const char *time_format) {
    int custom = time_format && *time_format;
    const char *format = custom ? time_format : DEFAULT_FORMAT;
    size_t bytes = strlen(format) + 1;
    zl_stamp *stamp = calloc(1, sizeof *stamp + bytes);

    if (!stamp)
        return NULL;
    stamp->with_msecs = !custom;
    atomic_flag_clear(&stamp->taken);
    memcpy(stamp->format, format, bytes);
    return stamp;
}

void zl_stamp_free(zl_stamp *stamp) {
    free(stamp);
}

static void put_digits(char *out, int64_t value, int width) {
    while (width-- > 0) {
        out[width] = (char)('0' + value % 10);
        value /= 10;
    }
}

static int64_t floor_seconds(int64_t time_ns) {
    return time_ns / NS_PER_SECOND - (time_ns % NS_PER_SECOND < 0);
}

/* strftime tells "does not fit" and "is empty" alike; Python, too, takes it for
 * empty at 256 times the format. */
static void put_local(const zl_stamp *stamp, zl_buffer *out, int64_t second) {
    time_t clock = (time_t)second;
    size_t room, len, most = 256 * strlen(stamp->format);
    struct tm local;

    if (!localtime_r(&clock, &local))
        return;
    for (room = CACHED_BYTES;; room *= 2) {
        char *to = zl_buffer_reserve(out, room);

        if (!to)
            return;
        len = strftime(to, room, stamp->format, &local);
        if (len > 0 || room >= most)
            break;
    }
    out->len += len;
}

static void remember(zl_stamp *stamp, int64_t second, const char *text, size_t len) {
    stamp->len = len <= CACHED_BYTES ? len : 0;
    stamp->second = second;
    memcpy(stamp->text, text, stamp->len);
}

static void put_cached(zl_stamp *stamp, zl_buffer *out, int64_t second) {
    size_t start = out->len;

    if (stamp->len > 0 && stamp->second == second) {
        zl_buffer_put(out, stamp->text, stamp->len);
        return;
    }
    put_local(stamp, out, second);
    if (!out->failed)
        remember(stamp, second, out->data + start, out->len - start);
}

static void put_msecs(zl_buffer *out, int msecs) {
    char text[4] = {',', '0', '0', '0'};

    if (msecs < 0) {
        zl_buffer_printf(out, ",%03d", msecs);
        return;
    }
    put_digits(text + 1, msecs, 3);
    zl_buffer_put(out, text, sizeof text);
}

void zl_stamp_put(zl_stamp *stamp, zl_buffer *out, int64_t time_ns) {
    double seconds = zl_time_seconds(time_ns);
    int64_t second = floor_seconds(time_ns);

    /* Just below a second, Python's double is that second already. */
    if ((double)(second + 1) <= seconds)
        second++;
    if (atomic_flag_test_and_set_explicit(&stamp->taken, memory_order_acquire)) {
        put_local(stamp, out, second);
    } else {
        put_cached(stamp, out, second);
        atomic_flag_clear_explicit(&stamp->taken, memory_order_release);
    }
    if (stamp->with_msecs)
        put_msecs(out, (int)zl_time_msecs(seconds));
}

/* As Python divides: whole seconds stay exact, others are rounded once. */
double zl_time_seconds(int64_t time_ns) {
    if (time_ns % NS_PER_SECOND == 0)
        return (double)(time_ns / NS_PER_SECOND);
    return (double)time_ns / 1e9;
}

double zl_time_msecs(double seconds) {
    double fraction = seconds - (double)(int64_t)seconds;
    return (double)(int)(fraction * 1000) + 0.0;
}

/* Year, month and day of a day number, counted in years that begin in March so
 * that the leap day comes last. */
static void civil_date(int64_t days, int *year, int *month, int *day) {
    int64_t shifted = days + 719468; /* from 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int in_era = (int)(shifted - era * 146097);
    int year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int from_march = (5 * in_year + 2) / 153;

    *day = in_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = (int)(era * 400) + year_of_era + (*month <= 2);
}

void zl_time_rfc3339(char out[ZL_RFC3339_BYTES], int64_t time_ns) {
    int64_t second = floor_seconds(time_ns);
    int64_t days = second / 86400 - (second % 86400 < 0);
    int in_day = (int)(second - days * 86400);
    int64_t in_second = time_ns % NS_PER_SECOND;
    int year, month, day;

    civil_date(days, &year, &month, &day);
    memcpy(out, "0000-00-00T00:00:00.000000000Z", ZL_RFC3339_BYTES);
    put_digits(out, year, 4);
    put_digits(out + 5, month, 2);
    put_digits(out + 8, day, 2);
    put_digits(out + 11, in_day / 3600, 2);
    put_digits(out + 14, in_day / 60 % 60, 2);
    put_digits(out + 17, in_day % 60, 2);
    put_digits(out + 20, in_second < 0 ? in_second + NS_PER_SECOND : in_second, 9);
}
