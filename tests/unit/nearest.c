/* SPDX-License-Identifier: BSD-3-Clause */
/* What a mistyped word means. */
#include "support.h"

#include "base/nearest.h"

TEST(nearest__is_what_was_meant) {
    static const char *const names[] = {"format", "color", "count",
                                        "bind",   "tee",   NULL};
    assert_string_equal(zl_nearest("formta", names), "format");
    assert_string_equal(zl_nearest("colour", names), "color");
    assert_string_equal(zl_nearest("cuont", names), "count");
    assert_string_equal(zl_nearest("teee", names), "tee");
    assert_null(zl_nearest("frobnicate", names));
    assert_null(zl_nearest("x", names));
    assert_null(zl_nearest("formatformatformatformatformatformat", names));
}
