/* SPDX-License-Identifier: BSD-3-Clause */
/* Records made to be expensive cost no more than others: times of this one run are
 * compared with each other, the best of several each. */
#include "support.h"

#include "base/buffer.h"
#include "receive/gaps.h"

#include <inttypes.h>
#include <time.h>

#define MEMBERS 20000
#define TRIES 7
#define MOST 3

static int64_t cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The key of the member number `i`. Keys are short: all fields of a record have to fit
 * into what a reader takes. */
typedef void put_key(zl_buffer *out, int i);

static void put_distinct(zl_buffer *out, int i) {
    zl_buffer_printf(out, "m%04x", (unsigned)i);
}

static void put_one(zl_buffer *out, int i) {
    (void)i;
    put_distinct(out, 0);
}

static void put_many_then_one(zl_buffer *out, int i) {
    put_distinct(out, i < MEMBERS / 2 ? i : MEMBERS / 2);
}

static void put_one_in_two_spellings(zl_buffer *out, int i) {
    zl_buffer_put_text(out, i % 2 ? "\\u006d0000" : "m0000");
}

/* Alike but for what a hash of few bits or few bytes sees. */
static void put_alike(zl_buffer *out, int i) {
    zl_buffer_printf(out, "%c%c%c%c-", 'a' + i % 2, 'a' + i / 2 % 26, 'a' + i / 52 % 26,
                     'a' + i / 1352 % 26);
}

static void put_multiples_of_a_power(zl_buffer *out, int i) {
    zl_buffer_printf(out, "%05x", (unsigned)i << 5);
}

static int64_t time_parse(put_key *put) {
    zmqlog_record *record = zmqlog_record_new();
    zl_buffer text = ZL_BUFFER_INIT;
    int64_t best = INT64_MAX;
    zl_buffer_put_text(&text, "{\"msg\":\"m\"");
    for (int i = 0; i < MEMBERS - 1; i++) {
        zl_buffer_put_text(&text, ",\"");
        put(&text, i);
        zl_buffer_put_text(&text, "\":1");
    }
    zl_buffer_put_char(&text, '}');
    assert_false(text.failed);
    for (int i = 0; i < TRIES; i++) {
        int64_t start;
        assert_ok(zmqlog_record_set_text(record, text.data, text.len));
        start = cpu_ns();
        assert_ok(zmqlog_record_parse(record));
        start = cpu_ns() - start;
        best = start < best ? start : best;
    }
    zl_buffer_free(&text);
    zmqlog_record_free(record);
    return best;
}

static void assert_no_dearer(const char *what, int64_t ns, int64_t than_ns) {
    if (ns > MOST * than_ns)
        fail_msg("%s: %" PRId64 " us, others %" PRId64 " us", what, ns / 1000,
                 than_ns / 1000);
}

TEST(parse__costs_the_same_whatever_keys_come) {
    static const struct {
        const char *what;
        put_key *put;
    } hostile[] = {
        {"one key", put_one},
        {"many keys, then one", put_many_then_one},
        {"one key in two spellings", put_one_in_two_spellings},
        {"keys that look alike", put_alike},
        {"keys that are multiples of a power of two", put_multiples_of_a_power},
    };
    int64_t distinct = time_parse(put_distinct);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
        assert_no_dearer(hostile[i].what, time_parse(hostile[i].put), distinct);
}

static uint64_t scattered_epoch(uint64_t i) {
    return i * UINT64_C(0x9e3779b97f4a7c15);
}

/* With FNV-1a and no key, all of these would stand in one bucket. */
static uint64_t colliding_epoch(uint64_t i) {
    return UINT64_C(0xcbf29ce484222325) ^ i * 2 * ZL_GAPS_MAX;
}

static int64_t time_gaps(uint64_t (*epoch)(uint64_t)) {
    int64_t best = INT64_MAX;
    for (int try = 0; try < TRIES; try++) {
        int64_t start = cpu_ns();
        zl_gaps gaps;
        uint64_t lost;
        zl_gaps_init(&gaps);
        for (uint64_t i = 0; i < MEMBERS; i++)
            zl_gaps_see(&gaps, zl_span_of(""), epoch(i % ZL_GAPS_MAX), i + 1, &lost);
        zl_gaps_free(&gaps);
        start = cpu_ns() - start;
        best = start < best ? start : best;
    }
    return best;
}

TEST(gaps__cost_the_same_whatever_epochs_come) {
    assert_no_dearer("epochs made to collide", time_gaps(colliding_epoch),
                     time_gaps(scattered_epoch));
}
