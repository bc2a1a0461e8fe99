/* SPDX-License-Identifier: BSD-3-Clause */
/* The way through the command line of a command: each option and operand goes to the
 * command, which knows what it means; --help and what is refused end it. */
#include "commands.h"
#include "complain.h"

int command_read(const char *command, const option_spec *specs, char **words,
                 option_taker *take, void *options) {
    option_reader reader;
    const char *value;
    int id;

    options_begin(&reader, specs, words);
    while ((id = options_next(&reader, &value)) != OPTION_END) {
        if (id == OPTION_HELP)
            return help_print(command);
        if (id == OPTION_BAD || take(options, id, value) < 0)
            return EXIT_USAGE;
    }
    return -1;
}
