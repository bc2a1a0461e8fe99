/* SPDX-License-Identifier: BSD-3-Clause */
/* The I/O thread of a handler: owns socket, composer, prefixes and hold; reads
 * the queue, sends, follows subscriptions, and carries out commands. Knows
 * nothing of handlers, only what it is given here. */
#ifndef ZL_SENDER_H
#define ZL_SENDER_H

#include "name/control.h"
#include "publish/backlog.h"
#include "publish/composer.h"
#include "publish/gate.h"
#include "publish/hold.h"
#include "publish/nap.h"
#include "publish/queue.h"
#include "socket/openings.h"
#include "socket/slow.h"
#include "socket/socket.h"
#include "thread/forks.h"
#include "thread/worker.h"

#include <pthread.h>

typedef struct zl_sender_options {
    size_t max_body_bytes; /* log calls look at it */
    int stall_ms, budget_ms, share_percent;
    int hwm, hold_ms, drop_notice, heartbeat_ms;
    int announce; /* answer subscriptions to hello and stats */
    int backlog_level;
    size_t backlog_bytes;
    int64_t start_ns; /* for relativeCreated */
    zmqlog_auth *auth;
    const zl_openings *openings; /* what hello names; the owner's */
} zl_sender_options;

typedef struct zl_sender zl_sender;

/* A change of root, to apply before the record number `at` (counted as
 * zl_ring_head_count does). */
typedef struct zl_root_change {
    struct zl_root_change *next;
    uint32_t at;
    zl_span root;
} zl_root_change;

/* What is known of the subscriptions to hello and stats. */
typedef struct zl_asked {
    uint64_t requests;   /* for hello, that were seen */
    uint64_t generation; /* of the prefixes that the next two hold for */
    int wants_hello, wants_stats;
    int owes_hello;
    int64_t hello_ns, stats_ns; /* not before */
    int64_t full_ns;            /* since when a listener keeps hello back; 0: none */
    zl_buffer body;
} zl_asked;

#define ZL_PAGE_PATH_BYTES 128

/* The file that says how it does; see sender_page.c. */
typedef struct zl_page {
    int is_open;
    zl_owned_fd fd;
    char path[ZL_PAGE_PATH_BYTES];
    uint64_t dev, ino;
    long long start_ticks;
    uint64_t done, kept, generation; /* what stands there */
    int floor;
    int64_t next_ns; /* not before */
    zl_buffer text;
} zl_page;

struct zl_sender {
    /* any thread; the only one that a start leaves as it is */
    _Atomic int floor;

    /* given, immutable while the thread runs */
    zl_sender_options options;
    zl_worker *worker; /* its thread */
    zl_queue *queue;
    zl_gate *gate;
    zl_counters *counters;
    zl_errors *errors;
    const zl_level_names *names;
    void (*released)(void *owner); /* the thread's last act */
    void *owner;

    /* any thread */
    _Atomic int gate_stale; /* the gate must be recomputed */
    _Atomic uint64_t done;  /* records taken from the queue and dealt with */
    _Atomic uint64_t stuck; /* number, from 1, of the one that waits; 0: none */
    _Atomic uint64_t peers, peers_lost, subscriptions, refused_peers;
    _Atomic int heard;        /* levels that some subscription opens */
    _Atomic uint64_t settled; /* generation of the prefixes that the gate follows */
    _Atomic int closing;      /* close was asked for */
    _Atomic int64_t close_deadline_ns;
    _Atomic int closed;    /* socket and context are gone */
    _Atomic int left_over; /* closing dropped something or took too long */

    /* guarded by lock */
    pthread_mutex_t lock;
    zl_root_change *first_root, *last_root;
    _Atomic int has_roots;

    /* written by the I/O thread only; has a lock of its own, taken after ours */
    zl_listeners listeners;

    /* I/O thread only */
    zl_socket *socket;
    zl_composer composer;
    zl_hold hold;
    zl_slow slow;
    zl_nap nap;
    zl_backlog backlog;
    int64_t served_ns;     /* when ZAP and monitor were looked at last */
    int64_t notice_ns;     /* not before: the next drop notice */
    uint64_t cuts, strays; /* of the book's, counted already */
    zl_asked asked;
    zl_page page;
    uint64_t epoch;     /* of this start, in hello */
    int told_of_fields; /* that a style drops them: 1 in errmsg, 2 listeners, too */
};

/* Fills `sender` and starts its thread, which owns `formats` (64, index 0
 * unused). OK, ENOMEM, EIO; on failure nothing remains and formats stay the
 * caller's. `released(owner)` is called exactly once, by the thread, at its end. */
zmqlog_status zl_sender_start(zl_sender *sender, const zl_sender_options *options,
                              zl_queue *queue, zl_gate *gate, zl_counters *counters,
                              zl_errors *errors, const zl_level_names *names,
                              zl_span root, zl_format **formats,
                              void (*released)(void *), void *owner);

/* Frees what outlives the thread; after it has ended. */
void zl_sender_destroy(zl_sender *sender);

/* Takes the formats that are not NULL (64) into use. OK, ENOMEM, ECLOSED; they are
 * the sender's in any case. */
zmqlog_status zl_sender_set_formats(zl_sender *sender, zl_format **formats);

/* With the next record put into the queue, the root changes. -1: no memory. */
int zl_sender_change_root(zl_sender *sender, zl_span root);
/* A new floor: takes effect at once, refined by the I/O thread. */
void zl_sender_set_floor(zl_sender *sender, int floor);

/* Asks the thread to drain until the deadline, close and end. A second request
 * can only shorten. Does not wait. */
void zl_sender_close(zl_sender *sender, int64_t deadline_ns);

/* Waits for a subscriber, see zmqlog_handler_wait_subscriber(). */
zmqlog_status zl_sender_wait_subscriber(zl_sender *sender, zl_span topic,
                                        int64_t deadline_ns);
/* What a handler with an I/O thread counts. */
int64_t zl_sender_count(const zl_sender *sender, int which);
/* Records that were ever put into the queue. */
uint64_t zl_sender_reserved(const zl_sender *sender);
/* Waits until the first `target` records are dealt with. */
zmqlog_status zl_sender_wait_done(zl_sender *sender, uint64_t target,
                                  int64_t deadline_ns);

/* -- between the files of this room -- */
/* sender_batch.c */
int zl_sender_send_batch(zl_sender *sender);
/* 1: sent, or counted as lost; 0: nobody hears it, or older ones must go first. */
int zl_sender_send_record(zl_sender *sender, const zl_entry *entry, size_t len,
                          zl_span root);
int zl_sender_is_record_heard(zl_sender *sender, const zl_entry *entry, zl_span root);
int zl_sender_take_events(zl_sender *sender); /* sender_interest.c */
void zl_sender_refresh_gate(zl_sender *sender);
void zl_sender_note_interest(zl_sender *sender);
void zl_sender_count_cuts(zl_sender *sender, int level);
/* sender_backlog.c. Before the queue's memory of a record is given back; 0, or -1
 * without memory: */
int zl_sender_hold_in_hand(zl_sender *sender, const zl_entry *entry, size_t len);
void zl_sender_let_go(zl_sender *sender);
int zl_sender_keeps(const zl_sender *sender, int level);
void zl_sender_keep(zl_sender *sender, const zl_entry *entry, size_t len);
void zl_sender_owe_backlog(zl_sender *sender);
int zl_sender_owes_backlog(const zl_sender *sender);
int zl_sender_send_backlog(zl_sender *sender);
void zl_sender_drop_backlog(zl_sender *sender);
/* sender_commands.c */
void zl_sender_take_roots(zl_sender *sender, uint64_t number);
void zl_sender_send_notices(zl_sender *sender, int even_early); /* sender_notice.c */
void zl_sender_serve_when_due(zl_sender *sender, int64_t now_ns);
void zl_sender_serve_all(zl_sender *sender);
/* sender_announce.c: to whom and when */
void zl_sender_announce(zl_sender *sender);
void zl_sender_owe_hello(zl_sender *sender);
int64_t zl_sender_announce_due_ns(const zl_sender *sender);
/* sender_report.c: one JSON object each; trouble is in out->failed */
void zl_sender_report_hello(zl_sender *sender, zl_buffer *out);
void zl_sender_report_stats(zl_sender *sender, zl_buffer *out);
void zl_sender_report_who(const zl_sender *sender, zl_buffer *out);
/* sender_page.c: any thread has it begun, in a file `<stem>.page` */
void zl_sender_open_page(zl_sender *sender, const char *stem);
void zl_sender_keep_page(zl_sender *sender, int64_t now_ns);
int64_t zl_sender_page_due_ns(const zl_sender *sender);
void zl_sender_close_page(zl_sender *sender);

#endif
