/* SPDX-License-Identifier: BSD-3-Clause */
/* Why an endpoint brings nothing: told once for each cause, as soon as the library
 * knows it. Owns when to look; must not know what the causes are. */
#ifndef SHELL_PROBLEMS_H
#define SHELL_PROBLEMS_H

#include "moment.h"

#include "zmqlog.h"

#define PROBLEMS_MOST 64  /* endpoints looked at */
#define PROBLEM_BYTES 256 /* of a text, to know it again */

typedef struct problems {
    zmqlog_subscriber *subscriber; /* one of the two */
    zmqlog_handler *handler;
    int64_t next; /* moment of the next look; MOMENT_NEVER: none */
    int looks;
    struct {
        char text[PROBLEM_BYTES]; /* as it was told last */
        int64_t when;
    } told[PROBLEMS_MOST];
} problems;

/* With neither of the two yet. `quiet`: nothing is ever told. */
void problems_begin(problems *known, int64_t now, int quiet);
int64_t problems_due(const problems *known);
void problems_tell(problems *known, int64_t now);

#endif
