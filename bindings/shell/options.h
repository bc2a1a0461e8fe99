/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a command line: long and short options in any place among operands,
 * "--" ends them, what is unknown is refused by name. */
#ifndef SHELL_OPTIONS_H
#define SHELL_OPTIONS_H

typedef enum option_value { OPTION_ALONE, OPTION_NEEDS, OPTION_MAY } option_value;

typedef struct option_spec {
    int id;           /* 1 and up, or OPTION_HELP */
    const char *name; /* without "--"; NULL ends the table */
    char letter;      /* 0 for none */
    option_value value;
} option_spec;

#define OPTION_END 0      /* nothing is left */
#define OPTION_OPERAND -1 /* *value is it */
#define OPTION_BAD -2     /* has been complained about */
#define OPTION_HELP -3    /* what every command has */

/* Lines of a table that every command has. */
#define HELP_OPTION                                                                    \
    { OPTION_HELP, "help", 'h', OPTION_ALONE }

typedef struct option_reader {
    const option_spec *specs;
    char **words; /* NULL-terminated */
    int only_operands;
    const char *cluster; /* rest of "-abc" */
} option_reader;

void options_begin(option_reader *reader, const option_spec *specs, char **words);

/* Returns an id or one of OPTION_*. *value: what was given to the option, or
 * NULL. */
int options_next(option_reader *reader, const char **value);

/* Lists of operands and repeated options; they borrow the command line. */
typedef struct option_list {
    const char **items;
    int count;
} option_list;

/* -1 when memory ran out. */
int options_collect(option_list *list, const char *value);
void options_release(option_list *list);

/* Numbers in words: 0, or -1 when the whole word is not one within the limits. */
int options_read_count(const char *word, long long lowest, long long highest,
                       long long *number);
/* Seconds with up to three decimals that count, as milliseconds. */
int options_read_seconds(const char *word, long long *ms);

#endif
