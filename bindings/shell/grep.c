/* SPDX-License-Identifier: BSD-3-Clause */
/* Matching messages with PCRE2. Owns the compiled expression and its limits; must
 * not know what happens to a match. */
#include "grep.h"
#include "complain.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

/* A hostile message must not keep the watcher busy: PCRE2's own limit is ten
 * times this, which is seconds. */
#define MATCH_LIMIT 1000000
#define JIT_STACK_START 32768
#define JIT_STACK_MOST 1048576

struct grep {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL without JIT */
    int has_complained;
};

static pcre2_code *compile(const char *text) {
    int number;
    PCRE2_SIZE offset;
    PCRE2_UCHAR why[160];
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &number, &offset, NULL);

    if (!code) {
        pcre2_get_error_message(number, why, sizeof why);
        complain_usage("--grep: %s at offset %zu of \"%s\"", (const char *)why,
                       (size_t)offset, text);
    }
    return code;
}

/* Slower without, but as good. */
static void use_jit(grep *made) {
    if (pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE) != 0)
        return;
    made->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MOST, NULL);
    if (made->stack)
        pcre2_jit_stack_assign(made->context, NULL, made->stack);
}

grep *grep_compile(const char *expression) {
    grep *made = calloc(1, sizeof *made);

    if (!made) {
        complain("out of memory");
        return NULL;
    }
    made->code = compile(expression);
    if (!made->code) {
        free(made);
        return NULL;
    }
    made->data = pcre2_match_data_create_from_pattern(made->code, NULL);
    made->context = pcre2_match_context_create(NULL);
    if (!made->data || !made->context) {
        complain("out of memory");
        grep_free(made);
        return NULL;
    }
    pcre2_set_match_limit(made->context, MATCH_LIMIT);
    use_jit(made);
    return made;
}

void grep_free(grep *expression) {
    if (!expression)
        return;
    pcre2_jit_stack_free(expression->stack);
    pcre2_match_context_free(expression->context);
    pcre2_match_data_free(expression->data);
    pcre2_code_free(expression->code);
    free(expression);
}

int grep_matches(grep *expression, bytes text) {
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    int result = pcre2_match(expression->code, subject, text.len, 0, 0,
                             expression->data, expression->context);
    PCRE2_UCHAR why[160];

    if (result >= 0)
        return 1;
    if (result != PCRE2_ERROR_NOMATCH && !expression->has_complained) {
        expression->has_complained = 1;
        pcre2_get_error_message(result, why, sizeof why);
        complain("--grep gave up on a message: %s", (const char *)why);
    }
    return 0;
}
