/* SPDX-License-Identifier: BSD-3-Clause */
/* Takes malloc over: this program's definitions replace glibc's for all libraries, and
 * the return address tells which library calls. */
#include "failing.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PUBLIC __attribute__((visibility("default")))
#define SLOTS (1u << 20)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static uintptr_t code_begin, code_end;
static _Atomic long made, fails_at, held;
static _Atomic int fails_all;
static _Thread_local long mine;

/* ---- who calls ---- */

static int find_library(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size, (void)data;
    if (!info->dlpi_name || !strstr(info->dlpi_name, "libzmqlog.so"))
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X)) {
            code_begin = info->dlpi_addr + header->p_vaddr;
            code_end = code_begin + header->p_memsz;
        }
    }
    return 1;
}

__attribute__((constructor)) static void find(void) {
    dl_iterate_phdr(find_library, NULL);
}

/* 1: the library calls, and gets no memory. -1: the library calls, and gets it. */
static int judge(const void *caller) {
    long number, at = atomic_load(&fails_at);
    if ((uintptr_t)caller < code_begin || (uintptr_t)caller >= code_end)
        return 0;
    number = atomic_fetch_add(&made, 1) + 1;
    mine++;
    if (at && (number == at || (number > at && atomic_load(&fails_all)))) {
        errno = ENOMEM;
        return 1;
    }
    return -1;
}

/* ---- what it holds: a table of addresses ---- */

static uintptr_t blocks[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(uintptr_t block) {
    return (size_t)(block / 16 * 2654435761u) % SLOTS;
}

static void *keep(int verdict, void *block) {
    size_t at = slot_of((uintptr_t)block);
    if (verdict == 0 || !block)
        return block;
    pthread_mutex_lock(&lock);
    while (blocks[at] > 1)
        at = (at + 1) % SLOTS;
    blocks[at] = (uintptr_t)block;
    pthread_mutex_unlock(&lock);
    atomic_fetch_add(&held, 1);
    return block;
}

static void forget(void *block) {
    size_t at = slot_of((uintptr_t)block);
    if (!block)
        return;
    pthread_mutex_lock(&lock);
    while (blocks[at] && blocks[at] != (uintptr_t)block)
        at = (at + 1) % SLOTS;
    if (blocks[at]) {
        blocks[at] = 1; /* was used: entries behind it must still be found */
        atomic_fetch_sub(&held, 1);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- instead of glibc's ---- */

PUBLIC void *malloc(size_t size) {
    int verdict = judge(__builtin_return_address(0));
    return verdict > 0 ? NULL : keep(verdict, __libc_malloc(size));
}

PUBLIC void *calloc(size_t count, size_t size) {
    int verdict = judge(__builtin_return_address(0));
    return verdict > 0 ? NULL : keep(verdict, __libc_calloc(count, size));
}

PUBLIC void *realloc(void *block, size_t size) {
    int verdict = judge(__builtin_return_address(0));
    if (verdict > 0)
        return NULL;
    forget(block);
    return keep(verdict, __libc_realloc(block, size));
}

PUBLIC void free(void *block) {
    forget(block);
    __libc_free(block);
}

PUBLIC int posix_memalign(void **out, size_t alignment, size_t size) {
    int verdict = judge(__builtin_return_address(0));
    void *block = verdict > 0 ? NULL : keep(verdict, __libc_memalign(alignment, size));
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

PUBLIC char *strdup(const char *text) {
    size_t size = strlen(text) + 1;
    int verdict = judge(__builtin_return_address(0));
    char *copy = verdict > 0 ? NULL : keep(verdict, __libc_malloc(size));
    return copy ? memcpy(copy, text, size) : NULL;
}

PUBLIC void *mmap(void *address, size_t len, int prot, int flags, int fd,
                  off_t offset) {
    static void *(*real)(void *, size_t, int, int, int, off_t);
    if (judge(__builtin_return_address(0)) > 0)
        return MAP_FAILED;
    if (!real)
        *(void **)&real =
            dlsym(RTLD_NEXT, sizeof(off_t) > sizeof(long) ? "mmap64" : "mmap");
    return real(address, len, prot, flags, fd, offset);
}

/* ---- for tests ---- */

void failing_begin(long nth, int all) {
    atomic_store(&fails_at, 0);
    atomic_store(&made, 0);
    atomic_store(&fails_all, all);
    atomic_store(&fails_at, nth);
}

long failing_end(void) {
    atomic_store(&fails_at, 0);
    return atomic_load(&made);
}

long failing_count_mine(void) {
    long count = mine;
    mine = 0;
    return count;
}

long failing_held(void) {
    return atomic_load(&held);
}
