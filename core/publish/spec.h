/* SPDX-License-Identifier: BSD-3-Clause */
/* The text that zmqlog_handler_open takes, taken apart: places separated by spaces,
 * each with options behind it. Knows no handler and no option. Pure. */
#ifndef ZL_SPEC_H
#define ZL_SPEC_H

#include "base/buffer.h"
#include "base/errors.h"

#define ZL_SPEC_MAX_BYTES 16384

typedef enum zl_place { ZL_PLACE_LOCAL, ZL_PLACE_BIND, ZL_PLACE_CONNECT } zl_place;

typedef struct zl_spec_option {
    const char *key, *value;
} zl_spec_option;

typedef struct zl_spec_place {
    zl_place kind;
    const char *endpoint; /* "" for local */
} zl_spec_place;

#define ZL_SPEC_PLACES_MAX 64
#define ZL_SPEC_OPTIONS_MAX 256

typedef struct zl_spec {
    char *text; /* all of it; owned */
    zl_spec_place places[ZL_SPEC_PLACES_MAX];
    zl_spec_option options[ZL_SPEC_OPTIONS_MAX];
    size_t place_count, option_count;
} zl_spec;

/* OK, or EINVAL or ENOMEM with a detail; to be freed in any case. */
zmqlog_status zl_spec_parse(zl_spec *spec, zl_errors *errors, const char *text);
void zl_spec_free(zl_spec *spec);

#endif
