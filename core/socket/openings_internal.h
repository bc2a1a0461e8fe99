/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of openings share. Nobody else includes this. */
#ifndef ZL_OPENINGS_INTERNAL_H
#define ZL_OPENINGS_INTERNAL_H

#include "socket/openings.h"

struct zl_opening {
    zl_endpoint endpoint;
    zl_endpoint_use use;
    char *given;      /* as the caller wrote it */
    const char *name; /* as endpoint() names it */
};

struct zl_opening_name {
    zl_opening_name *next;
    char text[];
};

/* libzmq knows a bind by what it got and a connect by what it was given. */
static inline const char *zl_opening_known_as(const zl_opening *opening) {
    return opening->use == ZL_BIND ? opening->name : opening->endpoint.text;
}

/* By that name, which is one open endpoint's alone; -1: none. */
int zl_openings_find(const zl_openings *list, const char *known, zl_endpoint_use use);
void zl_openings_remove(zl_openings *list, int index);

#endif
