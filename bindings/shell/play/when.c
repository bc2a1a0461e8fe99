/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading dates and times. Owns their syntax. */
#include "when.h"

#include <time.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define MOST_SECONDS (INT64_MAX / NS_PER_SECOND - 1) /* in the year 2262 */

/* Takes exactly so many digits. -1 when they are not there. */
static int take_number(bytes *text, size_t digits, int *number) {
    *number = 0;
    if (text->len < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return -1;
        *number = *number * 10 + (text->data[i] - '0');
    }
    *text = bytes_from(*text, digits);
    return 0;
}

static int take_char(bytes *text, char c) {
    if (text->len == 0 || text->data[0] != c)
        return 0;
    *text = bytes_from(*text, 1);
    return 1;
}

/* "2026-01-02" and what separates it from a time. */
static int take_date(bytes *text, struct tm *parts) {
    if (take_number(text, 4, &parts->tm_year) < 0 || !take_char(text, '-') ||
        take_number(text, 2, &parts->tm_mon) < 0 || !take_char(text, '-') ||
        take_number(text, 2, &parts->tm_mday) < 0)
        return -1;
    parts->tm_year -= 1900;
    parts->tm_mon--;
    return text->len == 0 || take_char(text, 'T') || take_char(text, ' ') ? 0 : -1;
}

static int64_t take_fraction(bytes *text) {
    int64_t unit = NS_PER_SECOND / 10, ns = 0;

    for (; text->len > 0 && text->data[0] >= '0' && text->data[0] <= '9'; unit /= 10) {
        ns += (text->data[0] - '0') * unit;
        *text = bytes_from(*text, 1);
    }
    return ns;
}

static int take_time(bytes *text, struct tm *parts, int64_t *ns) {
    if (take_number(text, 2, &parts->tm_hour) < 0 || !take_char(text, ':') ||
        take_number(text, 2, &parts->tm_min) < 0)
        return -1;
    if (take_char(text, ':') && take_number(text, 2, &parts->tm_sec) < 0)
        return -1;
    if (take_char(text, '.'))
        *ns = take_fraction(text);
    return parts->tm_hour > 23 || parts->tm_min > 59 || parts->tm_sec > 60 ? -1 : 0;
}

/* Seconds east of Greenwich; *is_local when nothing is said. */
static int take_zone(bytes *text, int *offset, int *is_local) {
    int hours, minutes, east;

    *offset = 0;
    *is_local = text->len == 0;
    if (*is_local || take_char(text, 'Z'))
        return text->len == 0 ? 0 : -1;
    east = take_char(text, '+');
    if ((!east && !take_char(text, '-')) || take_number(text, 2, &hours) < 0 ||
        !take_char(text, ':') || take_number(text, 2, &minutes) < 0)
        return -1;
    *offset = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
    return text->len == 0 ? 0 : -1;
}

int when_read(bytes text, int64_t *ns) {
    struct tm parts = {.tm_isdst = -1};
    int64_t fraction = 0;
    int offset, is_local;

    if (text.len > 2 && text.data[2] == ':') {
        time_t now = time(NULL);
        localtime_r(&now, &parts);
        parts.tm_sec = 0;
        parts.tm_isdst = -1;
    } else if (take_date(&text, &parts) < 0) {
        return -1;
    }
    if (text.len > 0 && take_time(&text, &parts, &fraction) < 0)
        return -1;
    if (take_zone(&text, &offset, &is_local) < 0 || parts.tm_mon < 0 ||
        parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31)
        return -1;
    time_t second = is_local ? mktime(&parts) : timegm(&parts) - offset;
    if (second > MOST_SECONDS || second < -MOST_SECONDS)
        return -1;
    *ns = (int64_t)second * NS_PER_SECOND + fraction;
    return 0;
}
