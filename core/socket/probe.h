/* SPDX-License-Identifier: BSD-3-Clause */
/* Why a connection does not come about: libzmq tells only that it does not. So a thread
 * of its own connects once to the same address, greets as a peer would, and looks at
 * what the other side says. Knows no libzmq and no handle, which it may outlive. */
#ifndef ZL_PROBE_H
#define ZL_PROBE_H

typedef enum zl_finding {
    ZL_NOT_KNOWN = -1,
    ZL_NOTHING_WRONG, /* that can be seen from outside */
    ZL_REFUSED,
    ZL_NO_FILE,
    ZL_DENIED,
    ZL_UNREACHABLE,
    ZL_SILENT,
    ZL_HANGS_UP,
    ZL_HTTP,
    ZL_OLD_ZMTP,
    ZL_NO_ZMTP,
    ZL_WANTS_KEYS,
    ZL_WANTS_NO_KEYS,
    ZL_OTHER_MECHANISM, /* `word`: which */
    ZL_WRONG_TYPE       /* `word`: which */
} zl_finding;

#define ZL_PROBE_WORD 24

typedef struct zl_probe zl_probe;

/* `endpoint`: tcp:// with a numeric address, or ipc://. Whether our side has CURVE keys
 * and whether it publishes. NULL: no memory, or no thread. */
zl_probe *zl_probe_begin(const char *endpoint, int has_keys, int publishes);
/* Never waits. */
zl_finding zl_probe_finding(const zl_probe *probe, char word[ZL_PROBE_WORD]);
/* At any time. NULL passes. */
void zl_probe_end(zl_probe *probe);

#endif
