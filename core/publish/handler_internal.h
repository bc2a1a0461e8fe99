/* SPDX-License-Identifier: BSD-3-Clause */
/* The handler as its own files, the logger and the process's lifecycle see it. */
#ifndef ZL_HANDLER_INTERNAL_H
#define ZL_HANDLER_INTERNAL_H

#include "publish/sender.h"
#include "socket/openings.h"

#define ZL_ENDPOINTS_MAX 64
#define ZL_ROOTS_MAX 256

typedef enum zl_handler_state {
    ZL_NEW,
    ZL_OPEN,
    ZL_ATTACHED,
    ZL_CLOSED,
    ZL_REOPEN, /* forked child, to be opened again by its first log call */
    ZL_LOST    /* forked child, never to be used */
} zl_handler_state;

/* A root topic that was ever set; kept, since root_topic() hands it out. */
typedef struct zl_root {
    struct zl_root *next;
    size_t len;
    char text[];
} zl_root;

/* What a log call has to know of its level. */
typedef struct zl_level_facts {
    _Atomic uint8_t needs; /* ZL_NEEDS_..., of the style */
    uint8_t name_len;
} zl_level_facts;

struct zmqlog_handler {
    zl_gate gate; /* a cache line of its own */

    /* One cache line that every log call reads and that is seldom written. Rule and
     * options are set before opening and immutable afterwards. */
    _Atomic int state;
    _Atomic uint32_t root_len;
    zl_split_rule rule;
    zl_sender_options options;
    zl_level_facts levels[ZMQLOG_GATE_BYTES];
    char pad_[ZL_APART_BYTES]; /* the I/O thread writes what is below */

    /* any thread, atomic */
    _Atomic uint32_t references; /* the user's, each logger's, the I/O thread's */
    _Atomic(const zl_root *) root;
    zl_counters counters;
    zl_errors errors;
    zl_openings openings;

    /* set before opening, immutable afterwards */
    zl_level_names names;
    size_t queue_bytes;
    int overflow, block_ms, linger_ms;
    int queue_options_set; /* attach refuses */

    /* guarded by lock */
    pthread_mutex_t lock;
    zl_root *roots;
    size_t root_count;
    char *style[ZMQLOG_GATE_BYTES]; /* NULL: plain */
    char *time_format;
    /* in a forked child, guarded by lock */
    int holds_inherited; /* queue and thread of the parent, not freed yet */
    int64_t reopen_ns;   /* not before */
    zmqlog_status reopen_status;

    /* while open */
    zl_queue queue;
    zl_sender sender;
    _Atomic int has_queue;

    /* while attached; guarded by attached_lock */
    void *attached;
    zl_composer *composer;
    pthread_mutex_t attached_lock;

    /* lifecycle.c, guarded by the lock of forks */
    zmqlog_handler *next_of_all, **link_of_all;
    zmqlog_handler *next_live;
    int is_live;
};

/* handler.c */
/* After level names have changed: how long they are. */
void zl_handler_measure_names(zmqlog_handler *handler);

void zl_handler_hold(zmqlog_handler *handler);
void zl_handler_release(zmqlog_handler *handler);

/* handler_endpoints.c */
/* Opens inherited connects again in a forked child. OK; EFORKED, ECLOSED; ENOMEM, EIO,
 * EACCESS: not now, but perhaps a second later. */
zmqlog_status zl_handler_reopen(zmqlog_handler *handler);
/* Whether the largest record fits into the queue as it should. OK, EINVAL. */
zmqlog_status zl_handler_check_queue(const zmqlog_handler *handler, zl_errors *errors);
/* Frees what the child has no use for, once. */
void zl_handler_drop_inherited(zmqlog_handler *handler);

/* handler_style.c: compiles the styles of one level, or of all (level 0), into
 * formats[1..63]; the others are NULL. On failure none is left. */
zmqlog_status zl_handler_compile(zmqlog_handler *handler, int level, const char *style,
                                 zl_format **formats);
zmqlog_status zl_handler_compile_all(zmqlog_handler *handler, zl_format **formats);
void zl_handler_drop_formats(zl_format **formats);

/* handler_log.c: what loggers log through. The view's level is valid; text,
 * subtopic, logger, source, thread name and fields are filled; `timed` tells
 * whether time_ns is. `call_topic` comes behind the view's subtopic. */
zmqlog_status zl_handler_publish(zmqlog_handler *handler, zl_view *view,
                                 zl_span call_topic, int timed);
zmqlog_status zl_handler_refuse(zmqlog_handler *handler);
/* Splits a text as `log` does; `taken`: bytes of the logger's subtopic. */
zl_split zl_handler_split(const zmqlog_handler *handler, int level, size_t taken,
                          zl_span text);

/* handler_attach.c */
zmqlog_status zl_handler_send_attached(zmqlog_handler *handler, const zl_view *view,
                                       int timed);

#endif
