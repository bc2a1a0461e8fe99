/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 3339 to nanoseconds. Counts days in the Gregorian calendar itself: the
 * system's functions know local time and 32-bit seconds. */
#include "base/timestamp.h"

typedef struct reader {
    const char *at, *end;
    int failed;
} reader;

static int64_t digits(reader *in, int count) {
    int64_t value = 0;

    if (in->end - in->at < count)
        in->failed = 1;
    while (!in->failed && count-- > 0) {
        if (*in->at < '0' || *in->at > '9')
            in->failed = 1;
        else
            value = value * 10 + (*in->at++ - '0');
    }
    return value;
}

static int accepts(reader *in, const char *any_of) {
    if (in->failed || in->at == in->end || *in->at == '\0' || !strchr(any_of, *in->at))
        return 0;
    in->at++;
    return 1;
}

static void expect(reader *in, const char *any_of) {
    if (!accepts(in, any_of))
        in->failed = 1;
}

static int is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_before_year(int64_t year) {
    int64_t past = year - 1;
    return past < 0 ? -366 : past * 365 + past / 4 - past / 100 + past / 400;
}

static int64_t read_date(reader *in) {
    static const int before_month[] = {0,   31,  59,  90,  120, 151, 181,
                                       212, 243, 273, 304, 334, 365};
    int64_t year, month, day, leap_day;

    year = digits(in, 4);
    expect(in, "-");
    month = digits(in, 2);
    expect(in, "-");
    day = digits(in, 2);
    if (in->failed || month < 1 || month > 12) {
        in->failed = 1;
        return 0;
    }
    leap_day = is_leap(year) && month == 2;
    if (day < 1 || day > before_month[month] - before_month[month - 1] + leap_day)
        in->failed = 1;
    return days_before_year(year) - days_before_year(1970) + before_month[month - 1] +
           (is_leap(year) && month > 2) + day - 1;
}

static int64_t read_clock(reader *in) {
    int64_t hour, minute, second;

    hour = digits(in, 2);
    expect(in, ":");
    minute = digits(in, 2);
    expect(in, ":");
    second = digits(in, 2);
    if (hour > 23 || minute > 59 || second > 60) /* 60: a leap second */
        in->failed = 1;
    return hour * 3600 + minute * 60 + second;
}

static int64_t read_fraction(reader *in) {
    int64_t ns = 0, worth = 100000000;

    if (!accepts(in, "."))
        return 0;
    ns = digits(in, 1) * worth;
    while (!in->failed && in->at < in->end && *in->at >= '0' && *in->at <= '9') {
        worth /= 10;
        ns += (*in->at++ - '0') * worth;
    }
    return ns;
}

static int64_t read_offset(reader *in) {
    int64_t hours, minutes;
    int sign;

    if (accepts(in, "Zz"))
        return 0;
    sign = accepts(in, "-") ? -1 : 1;
    if (sign > 0)
        expect(in, "+");
    hours = digits(in, 2);
    expect(in, ":");
    minutes = digits(in, 2);
    if (hours > 23 || minutes > 59)
        in->failed = 1;
    return sign * (hours * 3600 + minutes * 60);
}

int zl_timestamp_parse(zl_span text, int64_t *ns) {
    reader in = {text.data, text.data + text.len, 0};
    int64_t seconds, fraction, result;

    seconds = read_date(&in) * 86400;
    expect(&in, "Tt ");
    seconds += read_clock(&in);
    fraction = read_fraction(&in);
    seconds -= read_offset(&in);
    if (in.failed || in.at != in.end)
        return 0;
    if (seconds < 0 && fraction > 0) { /* so that the product of the first fits too */
        seconds++;
        fraction -= 1000000000;
    }
    /* The lowest value is "no time". */
    if (__builtin_mul_overflow(seconds, INT64_C(1000000000), &result) ||
        __builtin_add_overflow(result, fraction, &result) || result == INT64_MIN)
        return 0;
    *ns = result;
    return 1;
}
