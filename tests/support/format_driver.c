/* SPDX-License-Identifier: BSD-3-Clause */
/* Renders what it is told, for tests that compare formats with another program's.
 * Reads cases from stdin, each a list of items "<length>:<bytes>" in the order of
 * read_case; answers each with three items: status, whether it was cut, and the
 * message or the error's detail. */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/fields.h"
#include "format/format.h"

#define ITEMS_MAX 64

typedef struct item {
    char *text; /* NUL-terminated */
    size_t len;
} item;

static int read_item(item *to) {
    to->text = NULL;
    if (scanf("%zu", &to->len) != 1 || getchar() != ':')
        return 0;
    to->text = calloc(1, to->len + 1);
    return to->text && fread(to->text, 1, to->len, stdin) == to->len;
}

static zl_span next_span(const item **at) {
    const item *it = (*at)++;
    return zl_span_make(it->text, it->len);
}

static int64_t next_int(const item **at) {
    return strtoll((*at)++->text, NULL, 10);
}

static uint64_t next_uint(const item **at) {
    return strtoull((*at)++->text, NULL, 10);
}

static void write_item(const char *text, size_t len) {
    printf("%zu:", len);
    fwrite(text, 1, len, stdout);
}

static void read_view(const item **at, zl_view *view) {
    memset(view, 0, sizeof *view);
    view->level = (int)next_int(at);
    view->level_name = next_span(at);
    view->root = next_span(at);
    view->subtopic = next_span(at);
    view->topic = next_span(at);
    view->logger = next_span(at);
    view->text = next_span(at);
    view->time_ns = next_int(at);
    view->thread = next_uint(at);
    view->thread_name = next_span(at);
    view->file = next_span(at);
    view->line = (int)next_int(at);
    view->function = next_span(at);
    view->hostname = next_span(at);
    view->pid = next_int(at);
    view->start_ns = next_int(at);
    view->seq = next_uint(at);
    view->epoch = next_uint(at);
}

static void read_fields(const item **at, zl_fields *fields) {
    int64_t count = next_int(at);

    while (count-- > 0) {
        zl_span key = next_span(at);
        zl_span json = next_span(at);
        zl_fields_set_json(fields, NULL, key.data, json.data, json.len);
    }
}

static void render(const zl_format *format, const zl_view *view, size_t max) {
    zl_buffer out = ZL_BUFFER_INIT;
    int cut = zl_format_render(format, view, max, &out);

    write_item("OK", 2);
    write_item(cut ? "1" : "0", 1);
    write_item(out.data, out.failed ? 0 : out.len);
    zl_buffer_free(&out);
}

static void answer(const item *at, zl_errors *errors) {
    zl_format *format;
    zl_fields fields;
    zl_view view;
    const char *style = next_span(&at).data;
    const char *time_format = next_span(&at).data;
    size_t max = next_uint(&at);
    zmqlog_status status;

    zl_fields_init(&fields);
    read_view(&at, &view);
    read_fields(&at, &fields);
    view.fields = zl_buffer_span(&fields.packed);
    status = zl_format_compile(&format, errors, view.level, style, time_format);
    if (status == ZMQLOG_OK) {
        render(format, &view, max);
        zl_format_free(format);
    } else {
        const char *detail = zl_errors_last(errors);
        write_item(zmqlog_status_name(status), strlen(zmqlog_status_name(status)));
        write_item("0", 1);
        write_item(detail, strlen(detail));
    }
    zl_fields_free(&fields);
}

int main(void) {
    static zl_errors errors;
    size_t count, i;

    setlocale(LC_ALL, "");
    zl_errors_init(&errors);
    while (scanf("%zu", &count) == 1 && getchar() == '\n' && count <= ITEMS_MAX) {
        item items[ITEMS_MAX];

        for (i = 0; i < count; i++)
            if (!read_item(&items[i]))
                return 1;
        answer(items, &errors);
        fflush(stdout);
        for (i = 0; i < count; i++)
            free(items[i].text);
    }
    zl_errors_destroy(&errors);
    return ferror(stdout) ? 1 : 0;
}
