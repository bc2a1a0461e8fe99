/* SPDX-License-Identifier: BSD-3-Clause */
/* A bounded byte ring: many producers reserve, fill and commit; one consumer
 * reads in place and releases. No locks, no thread-local state, no system call.
 * Knows nothing of what the bytes mean.
 *
 * The head is one 64-bit word (closed bit, count of entries, position), so one
 * compare-and-swap orders all producers and counts exactly. An entry is
 * committed by a release store of its size word; the consumer zeroes what it
 * has read, so a size word of 0 means "reserved, not written yet". Entries never
 * wrap: a reservation that meets the end also takes the rest as padding. */
#ifndef ZL_RING_H
#define ZL_RING_H

#include "zmqlog.h"

#include <stdatomic.h>
#include <stdint.h>

#define ZL_RING_HEADER_BYTES 8 /* zl_ring_header */

/* Between what one thread writes and another one reads at every record: two cache
 * lines, for processors that fetch a line also fetch its neighbour. */
#define ZL_APART_BYTES 128

typedef struct zl_ring {
    /* immutable */
    char *memory;
    uint32_t capacity; /* bytes, power of two */
    uint32_t mask_units;
    char pad0_[ZL_APART_BYTES];
    _Atomic uint64_t head;       /* producers */
    _Atomic uint32_t known_tail; /* producers: the tail as they saw it last; looking
                                    at the real one would take its cache line from
                                    the consumer at every record */
    char pad1_[ZL_APART_BYTES];
    _Atomic uint32_t tail; /* in units of 8 bytes, modulo 2^32; consumer writes */
    char pad2_[ZL_APART_BYTES];
    /* consumer only */
    uint32_t read_position; /* units; what was read but not released yet lies
                               between tail and here */
    uint64_t read_count;    /* entries read */
    uint32_t touched;       /* bytes from the start whose pages are resident */
    char pad3_[ZL_APART_BYTES];
} zl_ring;

typedef enum zl_ring_result {
    ZL_RING_OK = 0,
    ZL_RING_FULL,   /* no room now */
    ZL_RING_CLOSED, /* zl_ring_close was called */
    ZL_RING_TOO_BIG /* would never fit: over half of the capacity */
} zl_ring_result;

/* capacity: rounded up to a power of two, at least 4096, at most 1 GiB. Returns
 * 0, or -1 when memory ran out. The memory is zero pages not touched yet. */
int zl_ring_init(zl_ring *ring, size_t capacity);
void zl_ring_destroy(zl_ring *ring);

/* Largest payload that fits. */
size_t zl_ring_max_payload(const zl_ring *ring);

/* Producer: reserves `payload` bytes behind the header; `limit` is how many bytes
 * of the ring may be in use afterwards (capacity, or less to keep room for
 * others). On OK *out is the payload, 8-byte aligned. Must be committed. */
zl_ring_result zl_ring_reserve(zl_ring *ring, size_t payload, size_t limit, void **out);
/* The same, where all is simple: room without a look at the consumer, no padding,
 * nobody in between. Otherwise 0, and nothing has changed. */
static inline int zl_ring_reserve_at_once(zl_ring *ring, size_t payload, size_t limit,
                                          void **out);
static inline void zl_ring_commit(zl_ring *ring, void *payload, size_t payload_len);

/* Producer side: no more reservations succeed. Idempotent. */
void zl_ring_close(zl_ring *ring);
int zl_ring_is_closed(const zl_ring *ring);

/* Any thread: number of entries reserved so far, modulo 2^31; and bytes in use. */
uint32_t zl_ring_head_count(const zl_ring *ring);
size_t zl_ring_used(const zl_ring *ring);
int zl_ring_is_empty(const zl_ring *ring); /* nothing reserved beyond the tail */

/* Consumer: next committed entry in order, or NULL. It stays valid until
 * released. Reading does not release. */
static inline void *zl_ring_read(zl_ring *ring, size_t *payload_len);
/* Consumer: gives everything read so far back to the producers. */
void zl_ring_release(zl_ring *ring);
/* Consumer: makes pages ahead of the head resident, a little at each call,
 * until all are. Returns 1 while there was work. */
int zl_ring_touch_ahead(zl_ring *ring);

/* Extends a 31-bit head count seen now to 64 bits, given a 64-bit count not
 * more than 2^30 away. */
static inline uint64_t zl_ring_extend_count(uint64_t near, uint32_t count31) {
    int32_t delta = (int32_t)((count31 << 1) - ((uint32_t)near << 1)) / 2;
    return near + (uint64_t)(int64_t)delta;
}

/* ---- how it works, for the hot paths ---- */

#define ZL_RING_UNIT_BYTES 8u
#define ZL_RING_CLOSED_BIT (UINT64_C(1) << 63)
#define ZL_RING_COUNT_MASK UINT32_C(0x7fffffff)
/* In a size word. Sizes are multiples of 8, so the low bits are free. */
#define ZL_RING_PADDING_BIT 1u

typedef struct zl_ring_header {
    _Atomic uint32_t size;
    uint32_t len; /* the whole entry while reserved, the payload once committed */
} zl_ring_header;

static inline zl_ring_header *zl_ring_header_at(const zl_ring *ring,
                                                uint32_t position) {
    size_t offset = (size_t)(position & ring->mask_units) * ZL_RING_UNIT_BYTES;
    return (zl_ring_header *)(void *)(ring->memory + offset);
}

/* The head after an entry of so many units. */
static inline uint64_t zl_ring_advance(uint64_t head, uint32_t units) {
    uint32_t count = ((uint32_t)(head >> 32) + 1) & ZL_RING_COUNT_MASK;
    return (uint64_t)count << 32 | ((uint32_t)head + units);
}

static inline int zl_ring_reserve_at_once(zl_ring *ring, size_t payload, size_t limit,
                                          void **out) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    uint32_t tail = atomic_load_explicit(&ring->known_tail, memory_order_acquire);
    uint32_t position = (uint32_t)head, used = position - tail;
    uint32_t left = ring->mask_units + 1 - (position & ring->mask_units);
    uint32_t units =
        (uint32_t)((payload + ZL_RING_HEADER_BYTES + ZL_RING_UNIT_BYTES - 1) /
                   ZL_RING_UNIT_BYTES);
    zl_ring_header *header;
    if (payload > ring->capacity / 4 || units > left || used > ring->mask_units ||
        (size_t)(used + units) * ZL_RING_UNIT_BYTES > limit ||
        head & ZL_RING_CLOSED_BIT)
        return 0;
    if (!atomic_compare_exchange_strong_explicit(
            &ring->head, &head, zl_ring_advance(head, units), memory_order_seq_cst,
            memory_order_relaxed))
        return 0;
    header = zl_ring_header_at(ring, position);
    header->len = units * ZL_RING_UNIT_BYTES;
    *out = header + 1;
    return 1;
}

static inline void zl_ring_commit(zl_ring *ring, void *payload, size_t payload_len) {
    zl_ring_header *header = (zl_ring_header *)payload - 1;
    uint32_t size = header->len;
    (void)ring;
    header->len = (uint32_t)payload_len;
    atomic_store_explicit(&header->size, size, memory_order_release);
    /* Where the next record will go was last written a lap ago, by the consumer. */
    __builtin_prefetch((char *)header + size, 1);
    __builtin_prefetch((char *)header + size + 64, 1);
}

static inline void *zl_ring_read(zl_ring *ring, size_t *payload_len) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    /* A whole lap read and not released: the next size word is an old one. */
    while (ring->read_position - tail <= ring->mask_units) {
        zl_ring_header *header = zl_ring_header_at(ring, ring->read_position);
        uint32_t size = atomic_load_explicit(&header->size, memory_order_acquire);
        if (size == 0)
            return NULL;
        ring->read_position += size / ZL_RING_UNIT_BYTES;
        if (size & ZL_RING_PADDING_BIT)
            continue;
        ring->read_count++;
        *payload_len = header->len;
        return header + 1;
    }
    return NULL;
}

#endif
