/* SPDX-License-Identifier: BSD-3-Clause */
/* What `zmqlog ls` makes of a page of any bytes: numbers from 0, text that hides
 * nothing, and one line of JSON. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "escape.h"
#include "ls/ls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int right) {
    if (!right)
        abort();
}

/* With the first line that fits: a fuzzer would not find the hash. */
static size_t make_page(char *to, size_t room, const uint8_t *data, size_t size) {
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t len;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * UINT64_C(1099511628211);
    len = (size_t)snprintf(to, room, "zmqlog-page 1 %6zu %016llx\n", size,
                           (unsigned long long)hash);
    memcpy(to + len, data, size);
    return len + size;
}

static void check_output(const output *out, int is_one_line) {
    zl_span rest = zl_span_make(out->data, out->len);
    size_t lines = 0;
    while (rest.len > 0) {
        uint32_t code;
        size_t len = zl_utf8_decode(rest, &code);
        check(len > 0 && (code == '\n' || !escape_is_needed(code)));
        lines += code == '\n';
        rest = zl_span_make(rest.data + len, rest.len - len);
    }
    check(!is_one_line || lines == 1);
}

static void show(found *program) {
    static output out;
    found *items[] = {program};
    found_list list = {.items = items, .count = 1};
    output_close(&out);
    memset(&out, 0, sizeof out);
    out.fd = -1;
    ls_json(&out, &list);
    check_output(&out, 1);
    check(zl_json_is_value(zl_span_make(out.data, out.len - 1), NULL));
    for (int columns = 0; columns <= 80; columns += 40) {
        out.len = 0;
        ls_text(&out, &list, columns);
        check_output(&out, 0);
    }
    out.len = 0;
    ls_metrics(&out, &list);
    check_output(&out, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char file[8192];
    static found program;
    size_t len;
    if (size > sizeof file - 64)
        return 0;
    memset(&program, 0, sizeof program);
    strcpy(program.stem, "/d/app.1.1");
    strcpy(program.name.root, "app");
    strcpy(program.name.pid, "1");
    len = make_page(file, sizeof file, data, size);
    if (page_parse(&program.page, bytes_make((const char *)data, size)) == 0)
        page_close(&program.page);
    program.has_page = page_parse(&program.page, bytes_make(file, len)) == 0;
    if (!program.has_page)
        return 0;
    check(program.page.sent >= 0 && program.page.dropped >= 0 &&
          program.page.listeners >= 0 && program.page.queue_bytes >= 0);
    show(&program);
    page_close(&program.page);
    return 0;
}
