/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that grow: what a record becomes on its way to a sink. Knows no records. */
#ifndef SHELL_FORWARD_BUFFER_H
#define SHELL_FORWARD_BUFFER_H

#include "bytes.h"

typedef struct buffer {
    char *data;
    size_t len, size;
    int failed; /* memory ran out: what it holds is not whole */
} buffer;

void buffer_clear(buffer *into);
void buffer_free(buffer *into);

/* Has room for so many bytes behind what it holds; 0 without memory. */
int buffer_room(buffer *into, size_t len);
void buffer_put(buffer *into, const char *data, size_t len);
void buffer_put_char(buffer *into, char c);
void buffer_put_text(buffer *into, const char *text);
void buffer_put_bytes(buffer *into, bytes text);
__attribute__((format(printf, 2, 3))) void buffer_printf(buffer *into,
                                                         const char *format, ...);

/* A JSON string without its quotes becomes the text that it stands for; a lone
 * surrogate becomes U+FFFD. */
void buffer_put_unescaped(buffer *into, bytes json);

#endif
