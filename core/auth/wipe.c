/* SPDX-License-Identifier: BSD-3-Clause */
/* Overwrites the unused stack and the registers that copies go through. */
#include "auth/wipe.h"

#include <string.h>

/* More than libsodium and the paths of two files take. */
#define STACK_BYTES 12288
#define LARGEST_COPY 512

#if defined(__has_attribute)
#if __has_attribute(zero_call_used_regs)
#define ZERO_REGISTERS __attribute__((zero_call_used_regs("all")))
#endif
#endif
#ifndef ZERO_REGISTERS
#define ZERO_REGISTERS
#endif

ZERO_REGISTERS __attribute__((noinline)) void zl_wipe_traces(void) {
    /* Through the registers of a processor that the compiler does not know of. */
    void *(*volatile copy)(void *, const void *, size_t) = memmove;
    char room[STACK_BYTES];

    explicit_bzero(room, sizeof room);
    for (size_t size = 8; size <= LARGEST_COPY; size *= 2)
        copy(room + LARGEST_COPY, room, size);
}
