/* SPDX-License-Identifier: BSD-3-Clause */
/* Overwrites the unused stack and the registers that copies go through. */
#include "base/wipe.h"

#include <string.h>

/* More than libsodium and the paths of two files take. */
#define STACK_BYTES 16384
#define LARGEST_COPY 512
/* Between the wiped frame's own words, which are not overwritten, and what they would
 * cover. */
#define GAP_BYTES 256

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

__attribute__((noinline)) static zmqlog_status run_deeper(zl_secret_work *work,
                                                          void *argument) {
    zl_secret_work *volatile opaque = work; /* neither inlined nor called last */
    volatile char gap[GAP_BYTES];
    zmqlog_status status;

    gap[0] = 0;
    status = opaque(argument);
    gap[GAP_BYTES - 1] = gap[0];
    return status;
}

/* Wiped before, too: at the first call of a function in another library the dynamic
 * linker saves the registers on the stack, below what is wiped. */
zmqlog_status zl_wipe_after(zl_secret_work *work, void *argument) {
    zmqlog_status status;

    zl_wipe_traces();
    status = run_deeper(work, argument);
    zl_wipe_traces();
    return status;
}
