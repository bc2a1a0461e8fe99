/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and texts of statuses. */
#include "support.h"

#define CODE(name)                                                                     \
    { ZMQLOG_##name, #name }

static const struct {
    zmqlog_status code;
    const char *name;
} codes[] = {
    CODE(OK),
    CODE(EAGAIN),
    CODE(ETIMEDOUT),
    CODE(EINTERRUPTED),
    CODE(EINVAL),
    CODE(ENOMEM),
    CODE(ESTATE),
    CODE(ECLOSED),
    CODE(EFORKED),
    CODE(ENOTSUP),
    CODE(ELIMIT),
    CODE(EADDRINUSE),
    CODE(EADDRNOTAVAIL),
    CODE(EACCESS),
    CODE(EREFUSED),
    CODE(EFORMAT),
    CODE(EIO),
};
#define CODES (sizeof codes / sizeof *codes)

TEST(status__name_is_the_macro_without_its_prefix) {
    for (size_t i = 0; i < CODES; i++)
        assert_string_equal(zmqlog_status_name(codes[i].code), codes[i].name);
}

TEST(status__texts_are_short_and_all_different) {
    for (size_t i = 0; i < CODES; i++) {
        const char *text = zmqlog_strerror(codes[i].code);
        assert_in_range(strlen(text), 5, 60);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text, zmqlog_strerror(codes[j].code));
    }
}

TEST(status__foreign_numbers_are_unknown) {
    static const int foreign[] = {1, -4, -9, -23, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_string_equal(zmqlog_status_name(foreign[i]), "UNKNOWN");
        assert_string_equal(zmqlog_strerror(foreign[i]), "unknown status");
    }
}

TEST(status__codes_are_soft_above_ten_and_hard_below) {
    for (size_t i = 0; i < CODES; i++) {
        int soft = i >= 1 && i <= 3;
        assert_int_equal(codes[i].code < 0 && codes[i].code > -10, soft);
    }
}
