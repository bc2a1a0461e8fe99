/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog relay: what its options say. */
#ifndef SHELL_RELAY_H
#define SHELL_RELAY_H

#include "options.h"
#include "security.h"

typedef struct relay_options {
    option_list publishers, subscribers; /* bound */
    option_list upstream, downstream;    /* connected */
    security security;
    int quiet;
} relay_options;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int relay_read_options(relay_options *options, char **words);
void relay_release_options(relay_options *options);

#endif
