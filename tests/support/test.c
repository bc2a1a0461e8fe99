/* SPDX-License-Identifier: BSD-3-Clause */
/* The list that tests enter by their definition. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#define TESTS_MAX 128

static struct CMUnitTest tests[TESTS_MAX];
static size_t count;

void test_register(const char *name, CMUnitTestFunction function,
                   CMFixtureFunction set_up, CMFixtureFunction tear_down) {
    if (count == TESTS_MAX) {
        fprintf(stderr, "more than %d tests in one program\n", TESTS_MAX);
        exit(1);
    }
    tests[count++] = (struct CMUnitTest){name, function, set_up, tear_down, NULL};
}

int test_run(void) {
    return _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
}
