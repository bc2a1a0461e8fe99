/* SPDX-License-Identifier: BSD-3-Clause */
/* The commands and their help. Each takes the words behind its name and returns
 * the exit code. */
#ifndef SHELL_COMMANDS_H
#define SHELL_COMMANDS_H

int watch_main(char **words);
int send_main(char **words);
int forward_main(char **words);
int record_main(char **words);
int play_main(char **words);
int keygen_main(char **words);

/* Help goes to stdout. `command` is one of the above, or NULL for all. */
int help_print(const char *command);

#endif
