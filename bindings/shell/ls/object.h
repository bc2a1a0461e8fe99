/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON from anybody, read by the library's own reader: members of one object, elements
 * of an array, texts and numbers. Must not know what they mean. */
#ifndef SHELL_OBJECT_H
#define SHELL_OBJECT_H

#include "bytes.h"

#include "zmqlog.h"

typedef struct object {
    zmqlog_record *record;
} object;

/* 0, or -1 when the text is no object, too large, or memory ran out. Not to be closed
 * then. */
int object_open(object *of, bytes text);
void object_close(object *of);

/* The value of the last member with this key, as JSON; len 0: there is none. It lasts
 * until the object is closed. */
bytes object_member(const object *of, const char *key);
/* The members in turn; 0: there is none with this index. */
int object_at(const object *of, int index, bytes *key, bytes *value);

/* The first element of what is left of an array that was a member's value; 0: there is
 * none. Begins with the array itself. */
int object_element(bytes *rest, bytes *element);

/* What stands in a JSON string, and a NUL; -1: it is none, or does not fit. */
int object_text(bytes value, char *to, size_t room);
/* From 0; -1: it is no such number. */
long long object_number(bytes value);

#endif
