/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of a subscriber's prefixes, driven by any sequence of calls and compared with
 * a list that is searched from end to end. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "name/topic.h"
#include "receive/interests.h"

#define MODEL_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct input {
    const uint8_t *at, *end;
} input;

static unsigned take(input *in) {
    return in->at < in->end ? *in->at++ : 0;
}

/* Few different words, so that they collide; some have two spellings. */
static zl_span take_text(input *in, char out[64]) {
    static const char *const words[] = {"a",    "b",       "ab",       ".",    "..",
                                        "WARN", "WARNING", "WARNINGS", "\xff", "INFO"};
    size_t len = 0;
    for (unsigned count = take(in) % 5; count > 0; count--) {
        const char *word = words[take(in) % (sizeof words / sizeof *words)];
        memcpy(out + len, word, strlen(word));
        len += strlen(word);
    }
    return zl_span_make(out, len);
}

typedef struct model {
    struct {
        char text[64];
        size_t len;
        unsigned refs;
    } items[MODEL_MAX];
    size_t count;
} model;

static unsigned *refs_of(model *m, zl_span text) {
    for (size_t i = 0; i < m->count; i++)
        if (zl_span_equal(zl_span_make(m->items[i].text, m->items[i].len), text))
            return &m->items[i].refs;
    if (m->count == MODEL_MAX)
        return NULL;
    memcpy(m->items[m->count].text, text.data, text.len);
    m->items[m->count].len = text.len;
    m->items[m->count].refs = 0;
    return &m->items[m->count++].refs;
}

static void check(int right) {
    if (!right)
        abort();
}

/* The other spelling; empty when there is none. */
static zl_span respell(zl_span text, char out[80]) {
    size_t start = 0, len;
    for (; start <= text.len; start += len + 1) {
        const char *dot =
            start < text.len ? memchr(text.data + start, '.', text.len - start) : NULL;
        zl_span name, other = {NULL, 0};
        len = dot ? (size_t)(dot - text.data) - start : text.len - start;
        name = zl_span_make(text.data + start, len);
        if (zl_span_equal(name, zl_span_of("WARN")))
            other = zl_span_of("WARNING");
        if (zl_span_equal(name, zl_span_of("WARNING")))
            other = zl_span_of("WARN");
        if (other.len == 0)
            continue;
        memcpy(out, text.data, start);
        memcpy(out + start, other.data, other.len);
        memcpy(out + start + other.len, text.data + start + len,
               text.len - start - len);
        return zl_span_make(out, text.len - len + other.len);
    }
    return zl_span_make(out, 0);
}

static int model_matches_exactly(const model *m, zl_span topic) {
    char text[80];
    for (size_t i = 0; i < m->count; i++) {
        zl_span own = zl_span_make(m->items[i].text, m->items[i].len), other;
        if (m->items[i].refs == 0)
            continue;
        other = respell(own, text);
        if (zl_topic_matches(own, topic, 1) ||
            (other.len > 0 && zl_topic_matches(other, topic, 1)))
            return 1;
    }
    return 0;
}

static void drive_interests(input in) {
    static model m;
    zl_interests set;
    char text[64];
    m.count = 0;
    zl_interests_init(&set);
    while (in.at < in.end) {
        unsigned verb = take(&in) % 4, *refs;
        zl_span span = take_text(&in, text);
        refs = verb < 2 ? refs_of(&m, span) : NULL;
        if (refs && verb == 0) {
            check(zl_interests_add(&set, span) == 0);
            ++*refs;
        }
        if (refs && verb == 1) {
            check(zl_interests_remove(&set, span) == (*refs > 0 ? 0 : -1));
            *refs -= *refs > 0;
        }
        if (verb == 2)
            check(zl_interests_match_exactly(&set, span) ==
                  model_matches_exactly(&m, span));
        if (verb == 3)
            zl_interests_settle(&set);
    }
    zl_interests_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, data + size};
    drive_interests(in);
    return 0;
}
