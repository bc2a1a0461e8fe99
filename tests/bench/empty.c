/* SPDX-License-Identifier: BSD-3-Clause */
/* A function in a shared library that does nothing, beside those that do. */
#include <stddef.h>

int bench_empty(void *handler, int level, const char *text, size_t text_len);

int bench_empty(void *handler, int level, const char *text, size_t text_len) {
    (void)handler;
    (void)level;
    (void)text;
    (void)text_len;
    return 0;
}
