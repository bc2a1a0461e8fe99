/* SPDX-License-Identifier: BSD-3-Clause */
/* Times for people and for JSON. Owns the format's pieces and their cache; must
 * not know which time of a record is shown. */
#include "timestamp.h"

#include <time.h>

#define NS_PER_SECOND INT64_C(1000000000)

/* Length of "%N" or "%3N" at this place, or 0. Sets *digits. */
static size_t fraction_here(const char *at, int *digits) {
    if (at[0] != '%')
        return 0;
    *digits = 9;
    if (at[1] == 'N')
        return 2;
    *digits = at[1] - '0';
    return at[1] >= '1' && at[1] <= '9' && at[2] == 'N' ? 3 : 0;
}

/* Takes one piece off the format. Returns 0, or -1 when it is too long. */
static int take_piece(timestamp_piece *piece, const char **format) {
    const char *at = *format;
    size_t len = 0;

    piece->digits = 0;
    while (*at) {
        size_t skip = fraction_here(at, &piece->digits);
        if (skip > 0) {
            at += skip;
            break;
        }
        piece->digits = 0;
        skip = at[0] == '%' && at[1] ? 2 : 1;
        if (len + skip >= sizeof piece->format)
            return -1;
        memcpy(piece->format + len, at, skip);
        len += skip;
        at += skip;
    }
    piece->format[len] = '\0';
    *format = at;
    return 0;
}

int timestamp_compile(timestamp *stamp, const char *format, int utc) {
    memset(stamp, 0, sizeof *stamp);
    stamp->utc = utc;
    while (*format) {
        if (stamp->count == TIMESTAMP_PIECES)
            return -1;
        if (take_piece(&stamp->pieces[stamp->count++], &format) < 0)
            return -1;
    }
    return 0;
}

/* The user's own format: it can show nothing but this time. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void show_piece(timestamp_piece *piece, const struct tm *parts) {
    piece->shown_len = 0;
    if (piece->format[0])
        piece->shown_len =
            strftime(piece->shown, sizeof piece->shown, piece->format, parts);
}
#pragma GCC diagnostic pop

static void show_second(timestamp *stamp, int64_t second) {
    time_t when = (time_t)second;
    struct tm parts = {0};

    if (stamp->utc)
        gmtime_r(&when, &parts);
    else
        localtime_r(&when, &parts);
    for (int i = 0; i < stamp->count; i++)
        show_piece(&stamp->pieces[i], &parts);
    stamp->second = second;
    stamp->is_known = 1;
}

static void put_fraction(output *out, int64_t ns, int digits) {
    char text[9];

    for (int i = 8; i >= 0; i--, ns /= 10)
        text[i] = (char)('0' + ns % 10);
    output_put(out, text, (size_t)digits);
}

void timestamp_put(timestamp *stamp, output *out, int64_t time_ns) {
    int64_t second = time_ns / NS_PER_SECOND;
    int64_t ns = time_ns % NS_PER_SECOND;

    if (ns < 0) {
        ns += NS_PER_SECOND;
        second--;
    }
    if (!stamp->is_known || stamp->second != second)
        show_second(stamp, second);
    for (int i = 0; i < stamp->count; i++) {
        output_put(out, stamp->pieces[i].shown, stamp->pieces[i].shown_len);
        if (stamp->pieces[i].digits)
            put_fraction(out, ns, stamp->pieces[i].digits);
    }
}
