/* SPDX-License-Identifier: BSD-3-Clause */
/* What makes a function a test. A test registers itself by its definition:
 *
 *     TEST(topic__prefix_stops_at_a_dot) { ... }
 *     TEST_WITH(logger__keeps_its_handler, set_up, tear_down) { ... *state ... }
 *
 * The tests of a file run in the order in which they stand there. */
#ifndef TEST_H
#define TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define TEST(name) TEST_WITH(name, NULL, NULL)

#define TEST_WITH(name, set_up, tear_down)                                             \
    static void name(void **state);                                                    \
    __attribute__((constructor)) static void register_##name(void) {                   \
        test_register(#name, name, set_up, tear_down);                                 \
    }                                                                                  \
    static void name(void **state __attribute__((unused)))

/* How this file's program is run, besides plainly. tests/CMakeLists.txt reads the line:
 *   threads    under ThreadSanitizer, too: threads meet here
 *   sanitized  under AddressSanitizer, too (only the tests in fault/ have to say so)
 *   untidy     processes end with open handlers here, so a leak means nothing
 *   own_malloc replaces malloc, as sanitizers do: never together
 *   alone      needs all processors: beside no other test */
#define TEST_LABELS(...) _Static_assert(1, #__VA_ARGS__)

void test_register(const char *name, CMUnitTestFunction function,
                   CMFixtureFunction set_up, CMFixtureFunction tear_down);
/* Runs all that is registered: the number of failures. A program without a main of its
 * own is exactly this. */
int test_run(void);

#endif
