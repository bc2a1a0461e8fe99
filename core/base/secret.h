/* SPDX-License-Identifier: BSD-3-Clause */
/* Hides in a text what may be a key: people pass secrets where something else belongs,
 * and an error that quotes them would take them into logs. Without knowing any key it
 * goes by the look: a run of Z85 characters in which upper case and odd signs are as
 * frequent as chance has them, and as no name, path or address has. */
#ifndef ZL_SECRET_H
#define ZL_SECRET_H

#include <string.h>

#define ZL_SECRET_CHARS 40
/* So long a part gives a key away, too: texts are quoted with their ends cut off. */
#define ZL_SECRET_PART 32
/* Sums of weights; what people write is below them. Of 300,000 random keys all that
 * stood alone were found, and all but 20 that stood within something longer. */
#define ZL_SECRET_LEAST_OF_PART (-20)
#define ZL_SECRET_LEAST_OF_KEY (-78)
#define ZL_SECRET_NEVER (-1000000) /* of a character that is in no key */
#define ZL_SECRET_MARK "(hidden, may be a key)"

/* How much more likely chance has the character than people have it. */
static inline int zl_secret_weight(char c) {
    if (c >= 'a' && c <= 'z')
        return -3;
    if (c >= 'A' && c <= 'Z')
        return 6;
    if (c >= '0' && c <= '9')
        return -2;
    if (!c || !strchr("/.-:=&?%()@+^!*<>[]{}$#", c))
        return ZL_SECRET_NEVER;
    if (strchr("/.-:", c))
        return -4;
    return strchr("=&?%()@", c) ? 3 : 10;
}

static inline int zl_secret_is_in(const char *run, size_t len) {
    int sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum += zl_secret_weight(run[i]);
        if (i >= ZL_SECRET_PART)
            sum -= zl_secret_weight(run[i - ZL_SECRET_PART]);
        if (i + 1 >= ZL_SECRET_PART && sum >= ZL_SECRET_LEAST_OF_PART)
            return 1;
    }
    return 0;
}

static inline int zl_secret_is_key(const char *run, size_t len) {
    int sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += zl_secret_weight(run[i]);
    return len == ZL_SECRET_CHARS && sum >= ZL_SECRET_LEAST_OF_KEY;
}

/* The length of the run of characters of keys that begins there. */
static inline size_t zl_secret_run(const char *at) {
    size_t len = 0;
    while (zl_secret_weight(at[len]) != ZL_SECRET_NEVER)
        len++;
    return len;
}

/* The first run that may hold a key; NULL when there is none. */
static inline const char *zl_secret_find(const char *text, size_t *len) {
    for (const char *at = text; *at; at += *len > 0 ? *len : 1) {
        *len = zl_secret_run(at);
        if (zl_secret_is_in(at, *len) || zl_secret_is_key(at, *len))
            return at;
    }
    return NULL;
}

/* Parts of the run that the text quotes elsewhere: the "port" behind a colon in it. */
static inline void zl_secret_cover_parts(char *text, const char *run, size_t run_len) {
    size_t len;
    for (char *at = text; *at; at += len > 0 ? len : 1) {
        len = zl_secret_run(at);
        if (at != run && len >= 3 && len <= run_len && memmem(run, run_len, at, len))
            memset(at, '*', len);
    }
}

/* In place: the text only gets shorter, and what was behind its new end is wiped.
 * Whether there was anything to hide. */
static inline int zl_secret_hide(char *text) {
    static const char mark[] = ZL_SECRET_MARK;
    size_t len, left, shown = sizeof mark - 1;
    int found = 0;
    char *run;
    while ((run = (char *)zl_secret_find(text, &len))) {
        zl_secret_cover_parts(text, run, len);
        left = strlen(run + len);
        memcpy(run, mark, shown);
        memmove(run + shown, run + len, left + 1);
        explicit_bzero(run + shown + left + 1, len - shown);
        found = 1;
    }
    return found;
}

#endif
