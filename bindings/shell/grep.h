/* SPDX-License-Identifier: BSD-3-Clause */
/* A regular expression (PCRE2) that messages are tried against. */
#ifndef SHELL_GREP_H
#define SHELL_GREP_H

#include "bytes.h"

typedef struct grep grep;

/* NULL when the expression is malformed, which has been complained about. */
grep *grep_compile(const char *expression);
void grep_free(grep *expression);

/* Any bytes: what is not UTF-8 matches nothing, not even ".". An expression that
 * takes too long on a message does not match it; that is said once. */
int grep_matches(grep *expression, bytes text);

#endif
