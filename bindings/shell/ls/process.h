/* SPDX-License-Identifier: BSD-3-Clause */
/* A process of this machine, as the kernel tells. */
#ifndef SHELL_PROCESS_H
#define SHELL_PROCESS_H

#include <sys/types.h>

typedef struct process {
    int is_there;
    uid_t uid;
    long long ticks; /* its start: with the id, which process it is */
} process;

/* By its id, as text of digits. */
process process_find(const char *pid);

#endif
