/* SPDX-License-Identifier: BSD-3-Clause */
/* The programs that have said hello: their root topics, and what their levels are
 * called. Says which prefixes bring a level and above, and reads their topics. Pure. */
#ifndef ZL_PROGRAMS_H
#define ZL_PROGRAMS_H

#include "base/buffer.h"
#include "name/topic.h"

/* More would not fit into what one subscriber may subscribe to. */
#define ZL_PROGRAMS_MAX 1500
#define ZL_PROGRAM_NAMES_MAX 128
/* All programs together; a publisher cuts a subscriber that asks for more than 16384
 * prefixes or 1 MiB of them, and the application subscribes, too. */
#define ZL_PROGRAMS_PREFIXES_MAX 12000
#define ZL_PROGRAMS_PREFIX_BYTES_MAX (768u * 1024u)

typedef struct zl_program_name {
    int level;
    char text[ZMQLOG_NAME_MAX_BYTES + 1];
} zl_program_name;

typedef struct zl_program {
    size_t name_count;
    zl_program_name *names;
    zl_buffer
        asked; /* the prefixes that are subscribed to, each with a NUL behind it */
    size_t asked_count;
    size_t root_len;
    char root[ZMQLOG_ROOT_MAX_BYTES + 1];
} zl_program;

typedef struct zl_programs {
    zl_program **items; /* sorted by root */
    size_t count, capacity;
    size_t prefix_count, prefix_bytes; /* subscribed to */
    int left_out; /* some program, name or prefix, for want of room or memory */
} zl_programs;

void zl_programs_free(zl_programs *set);

typedef enum zl_hello {
    ZL_HELLO_BAD,  /* not one, too many, or no memory */
    ZL_HELLO_NEW,  /* *program is new, or has new names or levels */
    ZL_HELLO_KNOWN /* nothing new */
} zl_hello;
/* The body of a hello. A program that names no root is none, and known. */
zl_hello zl_programs_hear(zl_programs *set, zl_span body, zl_program **program);

/* Calls `use` with each prefix that brings records of at least this level, and as few
 * others as can be. */
void zl_program_prefixes(const zl_program *program, int min_level,
                         void (*use)(zl_span prefix, void *context), void *context);

/* Subscribes to what is wanted of it now, and then cancels what is not wanted any more.
 * What finds no room is left out. */
typedef struct zl_program_socket {
    void (*subscribe)(zl_span prefix, void *context);
    void (*unsubscribe)(zl_span prefix, void *context);
    void *context;
} zl_program_socket;
void zl_program_follow(zl_programs *set, zl_program *program, int min_level,
                       const zl_program_socket *socket);

/* Reads a topic of one of them; the longest root wins. 0 when it is none's. */
int zl_programs_parse(const zl_programs *set, zl_span topic, zl_topic_parts *parts);

#endif
