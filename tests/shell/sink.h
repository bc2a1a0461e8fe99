/* SPDX-License-Identifier: BSD-3-Clause */
/* Output that goes nowhere: tests look at what waits in its buffer. */
#ifndef SHELL_SINK_H
#define SHELL_SINK_H

#include "output.h"
#include "support.h"

static inline output *open_sink(void) {
    static output sink;

    output_close(&sink); /* of the test before */
    memset(&sink, 0, sizeof sink);
    sink.fd = -1;
    return &sink;
}

#define assert_sink(sink, literal) assert_bytes((sink)->data, (sink)->len, literal)

#define B(literal) bytes_make(literal, sizeof(literal) - 1)

#endif
