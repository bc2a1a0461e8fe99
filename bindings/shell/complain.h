/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything this program says on stderr: one line with "zmqlog <command>: " in
 * front. */
#ifndef SHELL_COMPLAIN_H
#define SHELL_COMPLAIN_H

#define EXIT_OK 0
#define EXIT_FAILED 1      /* something went wrong while running */
#define EXIT_USAGE 2       /* the command line makes no sense */
#define EXIT_TIMED_OUT 124 /* as timeout(1) has it */

/* What stands behind "zmqlog " from now on; "" for none. */
void complain_as(const char *command);

__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* As complain, with a pointer to --help, returning EXIT_USAGE. */
__attribute__((format(printf, 1, 2))) int complain_usage(const char *format, ...);

#endif
