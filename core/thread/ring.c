/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounded byte ring between log calls and the thread that reads it. Owns
 * the head word, the layout of entries and their memory. Must not know what an
 * entry means, which thread waits, or any clock. */
#include "thread/ring.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIN_CAPACITY 4096u
#define MAX_CAPACITY (1u << 30)
#define TOUCH_BYTES 65536u

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static inline uint32_t position_of(uint64_t head) {
    return (uint32_t)head;
}

static inline uint32_t count_of(uint64_t head) {
    return (uint32_t)(head >> 32) & ZL_RING_COUNT_MASK;
}

static uint32_t round_up_capacity(size_t wanted) {
    uint32_t capacity = MIN_CAPACITY;
    while (capacity < wanted && capacity < MAX_CAPACITY)
        capacity *= 2;
    return capacity;
}

int zl_ring_init(zl_ring *ring, size_t capacity) {
    void *memory;

    memset(ring, 0, sizeof *ring);
    ring->capacity = round_up_capacity(capacity);
    ring->mask_units = ring->capacity / ZL_RING_UNIT_BYTES - 1;
    memory = mmap(NULL, ring->capacity, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    ring->memory = memory;
    atomic_init(&ring->head, 0);
    atomic_init(&ring->tail, 0);
    atomic_init(&ring->known_tail, 0);
    return 0;
}

void zl_ring_destroy(zl_ring *ring) {
    if (ring->memory)
        munmap(ring->memory, ring->capacity);
    ring->memory = NULL;
}

size_t zl_ring_max_payload(const zl_ring *ring) {
    /* Half, so that an empty ring takes it wherever the head stands: padding is
     * shorter than the entry that did not fit there. */
    return ring->capacity / 2 - ZL_RING_HEADER_BYTES;
}

/* The real tail; brings what the producers know up to date. */
static uint32_t look_at_tail(zl_ring *ring) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    atomic_store_explicit(&ring->known_tail, tail, memory_order_release);
    return tail;
}

/* Whether `units` fit above a tail. A limit keeps room for others; an empty ring
 * has room for everybody. */
static inline int fits(const zl_ring *ring, uint32_t used, uint32_t units,
                       size_t limit) {
    uint32_t capacity = ring->mask_units + 1;
    return used <= capacity && units <= capacity - used &&
           (used == 0 || (uint64_t)(used + units) * ZL_RING_UNIT_BYTES <= limit);
}

/* Whether `units` fit behind *head, and how much padding they need before them.
 * Reads *head anew when the consumer has got past it meanwhile. */
static inline zl_ring_result fit(zl_ring *ring, uint64_t *head, uint32_t units,
                                 size_t limit, uint32_t *padding) {
    uint32_t capacity = ring->mask_units + 1;

    for (;;) {
        uint32_t position = position_of(*head);
        uint32_t left = capacity - (position & ring->mask_units);
        uint32_t tail = atomic_load_explicit(&ring->known_tail, memory_order_acquire);

        if (*head & ZL_RING_CLOSED_BIT)
            return ZL_RING_CLOSED;
        *padding = left < units ? left : 0;
        if (fits(ring, position - tail, units + *padding, limit))
            return ZL_RING_OK;
        tail = look_at_tail(ring);
        if (fits(ring, position - tail, units + *padding, limit))
            return ZL_RING_OK;
        if (position - tail <= capacity)
            return ZL_RING_FULL;
        *head = atomic_load_explicit(&ring->head, memory_order_acquire);
    }
}

zl_ring_result zl_ring_reserve(zl_ring *ring, size_t payload, size_t limit,
                               void **out) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    uint32_t units, padding;
    zl_ring_result result;
    zl_ring_header *header;

    if (payload > zl_ring_max_payload(ring))
        return ZL_RING_TOO_BIG;
    units = (uint32_t)(payload + ZL_RING_HEADER_BYTES + ZL_RING_UNIT_BYTES - 1) /
            ZL_RING_UNIT_BYTES;
    /* Sequentially consistent, so that a producer that then looks at a wake flag
     * and a consumer that sets it and then looks at the head cannot miss each
     * other. */
    do {
        result = fit(ring, &head, units, limit, &padding);
        if (result != ZL_RING_OK)
            return result;
    } while (!atomic_compare_exchange_weak_explicit(
        &ring->head, &head, zl_ring_advance(head, units + padding),
        memory_order_seq_cst, memory_order_acquire));

    if (padding > 0)
        atomic_store_explicit(&zl_ring_header_at(ring, position_of(head))->size,
                              padding * ZL_RING_UNIT_BYTES | ZL_RING_PADDING_BIT,
                              memory_order_release);
    header = zl_ring_header_at(ring, position_of(head) + padding);
    header->len = units * ZL_RING_UNIT_BYTES;
    *out = header + 1;
    return ZL_RING_OK;
}

void zl_ring_close(zl_ring *ring) {
    atomic_fetch_or_explicit(&ring->head, ZL_RING_CLOSED_BIT, memory_order_seq_cst);
}

int zl_ring_is_closed(const zl_ring *ring) {
    return (atomic_load_explicit(&ring->head, memory_order_seq_cst) &
            ZL_RING_CLOSED_BIT) != 0;
}

uint32_t zl_ring_head_count(const zl_ring *ring) {
    return count_of(atomic_load_explicit(&ring->head, memory_order_seq_cst));
}

size_t zl_ring_used(const zl_ring *ring) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_seq_cst);
    uint32_t used = position_of(head) - tail;

    /* The tail may be older than the head: then more than all seems in use. */
    return used > ring->mask_units ? ring->capacity : (size_t)used * ZL_RING_UNIT_BYTES;
}

int zl_ring_is_empty(const zl_ring *ring) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_seq_cst);
    return position_of(head) == tail;
}

void zl_ring_release(zl_ring *ring) {
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    size_t offset = (size_t)(tail & ring->mask_units) * ZL_RING_UNIT_BYTES;
    size_t bytes = (size_t)(uint32_t)(ring->read_position - tail) * ZL_RING_UNIT_BYTES;
    size_t first = bytes;

    if (bytes == 0)
        return;
    if (first > ring->capacity - offset)
        first = ring->capacity - offset;
    memset(ring->memory + offset, 0, first);
    memset(ring->memory, 0, bytes - first);
    atomic_store_explicit(&ring->tail, ring->read_position, memory_order_release);
}

/* Kernels before 5.14 do not know MADV_POPULATE_WRITE. There an atomic that
 * adds nothing makes the page resident without touching what is written. */
static void touch_pages(char *start, size_t len, size_t page) {
    size_t offset;

    if (madvise(start, len, MADV_POPULATE_WRITE) == 0)
        return;
    for (offset = 0; offset < len; offset += page)
        atomic_fetch_add_explicit((_Atomic uint32_t *)(void *)(start + offset), 0,
                                  memory_order_relaxed);
}

int zl_ring_touch_ahead(zl_ring *ring) {
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t reached = (uint64_t)position_of(head) * ZL_RING_UNIT_BYTES;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint32_t start, len;

    if (reached >= ring->capacity)
        ring->touched = ring->capacity;
    else if (reached > ring->touched)
        ring->touched = (uint32_t)reached;
    if (ring->touched >= ring->capacity)
        return 0;
    start = ring->touched & ~(uint32_t)(page - 1);
    len = ring->capacity - start < TOUCH_BYTES ? ring->capacity - start : TOUCH_BYTES;
    touch_pages(ring->memory + start, len, page);
    ring->touched = start + len;
    return 1;
}
