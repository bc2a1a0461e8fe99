/* SPDX-License-Identifier: BSD-3-Clause */
/* SipHash-1-3 (Aumasson and Bernstein) over a number and a text, with a key of this
 * process. */
#include "base/hash.h"
#include "base/clock.h"

#include <pthread.h>
#include <sys/random.h>

#define STRIDE sizeof(uint64_t)

typedef struct state {
    uint64_t a, b, c, d;
} state;

static uint64_t key[2];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Without random numbers, early in a machine's life, the time and where we lie in
 * memory are still more than a stranger knows. */
static void choose_key(void) {
    if (getrandom(key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key)
        return;
    key[0] = (uint64_t)zl_clock_monotonic_ns();
    key[1] = (uint64_t)(uintptr_t)key ^ (uint64_t)zl_clock_realtime_ns();
}

static inline uint64_t rotate(uint64_t word, int bits) {
    return word << bits | word >> (64 - bits);
}

static inline void mix(state *s) {
    s->a += s->b;
    s->c += s->d;
    s->b = rotate(s->b, 13) ^ s->a;
    s->d = rotate(s->d, 16) ^ s->c;
    s->a = rotate(s->a, 32) + s->d;
    s->c += s->b;
    s->d = rotate(s->d, 21) ^ s->a;
    s->b = rotate(s->b, 17) ^ s->c;
    s->c = rotate(s->c, 32);
}

static inline void take(state *s, uint64_t word) {
    s->d ^= word;
    mix(s);
    s->a ^= word;
}

/* The last bytes, and the length in the highest. */
static uint64_t tail_of(const char *data, size_t len, size_t total) {
    uint64_t word = 0;

    if (len > 0)
        memcpy(&word, data, len);
    return word ^ (uint64_t)total << 56;
}

uint64_t zl_hash(uint64_t number, zl_span text) {
    state s;
    size_t at = 0;

    pthread_once(&once, choose_key);
    s.a = key[0] ^ UINT64_C(0x736f6d6570736575);
    s.b = key[1] ^ UINT64_C(0x646f72616e646f6d);
    s.c = key[0] ^ UINT64_C(0x6c7967656e657261);
    s.d = key[1] ^ UINT64_C(0x7465646279746573);
    take(&s, number);
    for (; text.len - at >= STRIDE; at += STRIDE) {
        uint64_t word;
        memcpy(&word, text.data + at, sizeof word);
        take(&s, word);
    }
    take(&s, tail_of(text.data + at, text.len - at, text.len + sizeof number));
    s.c ^= 0xff;
    mix(&s);
    mix(&s);
    mix(&s);
    return s.a ^ s.b ^ s.c ^ s.d;
}
