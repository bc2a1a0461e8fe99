/* SPDX-License-Identifier: BSD-3-Clause */
/* The signals that ask this program to end. They only set a flag and make a
 * descriptor readable; what follows from it is decided where one waits. */
#ifndef SHELL_INTERRUPT_H
#define SHELL_INTERRUPT_H

#include <sys/types.h>

/* SIGINT, SIGTERM and SIGHUP are caught (those that were ignored stay ignored),
 * SIGPIPE is ignored. Returns 0, or -1 with errno. */
int interrupt_install(void);

/* This many SIGINTs are not yet a request: a program that stands behind another
 * in a pipeline gets the same ones, and has to read to the end. Default 0. */
void interrupt_tolerate(int keyboard);

/* From now on SIGHUP is no request to end: files are to be opened or read again. */
int interrupt_hangup_reopens(void);

/* Whether SIGHUP has come since this was asked last. */
int interrupt_took_hangup(void);

/* Whether one of the signals, and enough of them, have come. */
int interrupt_requested(void);

/* How many came since it was first requested, that one included. */
int interrupt_count(void);

/* As read(2), but ends as at the end of the file once it is requested. */
ssize_t interrupt_read(int fd, void *to, size_t room);

/* Readable once it is requested; -1 before install. */
int interrupt_fd(void);

#endif
