/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands and their help. Each takes the words behind its name and returns
 * the exit code. */
#ifndef SHELL_COMMANDS_H
#define SHELL_COMMANDS_H

#include "options.h"

int watch_main(char **words);
int ls_main(char **words);
int send_main(char **words);
int forward_main(char **words);
int record_main(char **words);
int play_main(char **words);
int relay_main(char **words);
int keygen_main(char **words);

/* Help goes to stdout. `command` is one of the above, or NULL for all. */
int help_print(const char *command);

/* Takes one option with its value, or an operand. -1: has complained. */
typedef int option_taker(void *options, int id, const char *value);

/* Reads the words of a command. -1: all were taken; otherwise the command ends with
 * this exit code. */
int command_read(const char *command, const option_spec *specs, char **words,
                 option_taker *take, void *options);

#endif
