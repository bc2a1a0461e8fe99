/* SPDX-License-Identifier: BSD-3-Clause */
/* A record as data: everything that a style can show and a queue can carry. Made by
 * loggers and records, packed by entries, rendered by formats; knows none of them. */
#ifndef ZL_VIEW_H
#define ZL_VIEW_H

#include "base/span.h"

#include <stdint.h>

/* Spans are borrowed. */
typedef struct zl_view {
    int level;
    zl_span level_name;
    zl_span root;
    zl_span subtopic; /* logger's and call's joined */
    zl_span topic;
    zl_span logger; /* "": shown as "root" by %(name)s, left out by json */
    zl_span text;
    size_t cut;      /* bytes of the text behind `text` that are gone already */
    int64_t time_ns; /* ZMQLOG_TIME_NONE: shown as 1970 by %, left out by json */
    uint64_t thread;
    zl_span thread_name; /* "": "MainThread" */
    zl_span file;        /* "": Python's "(unknown file)" and module "Unknown module" */
    int line;
    zl_span function; /* "": "(unknown function)" */
    zl_span hostname;
    int64_t pid;
    int64_t start_ns; /* base of relativeCreated */
    uint64_t seq;
    uint64_t epoch;
    zl_span fields; /* packed, see fields.h */
    zl_span bound;  /* fields under those, merged before a style is asked */
    int is_bare;    /* of cut to bound, all that a record brings is empty */
} zl_view;

#endif
