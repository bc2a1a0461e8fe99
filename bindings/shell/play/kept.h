/* SPDX-License-Identifier: BSD-3-Clause */
/* One line of a recording, read back into the frames that it was made of. */
#ifndef SHELL_KEPT_H
#define SHELL_KEPT_H

#include "bytes.h"

typedef struct kept {
    int64_t received_ns;
    bytes topic, body; /* exactly as they came; in data */
    uint64_t lost;
    char *data;
    size_t room;
} kept;

/* 0; -1 when the line is no record, with the rest left as it was; -2 without memory.
 * What is in it lasts until the next call. */
int kept_read(kept *record, bytes line);
void kept_free(kept *record);

#endif
