/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON on its way out: valid, in UTF-8 and on one line, whatever the bytes. */
#ifndef SHELL_JSON_OUT_H
#define SHELL_JSON_OUT_H

#include "output.h"

/* With quotes; each byte that is not UTF-8 becomes U+FFFD. */
void json_put_text(output *out, bytes text);
/* A value that is JSON already. */
void json_put_value(output *out, bytes json);

#endif
