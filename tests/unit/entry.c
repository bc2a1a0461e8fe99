/* SPDX-License-Identifier: BSD-3-Clause */
/* Queued records: what is packed comes out again, pointing into the entry only. */
#include "view.h"

#include "publish/entry.h"

/* A view with every part known, packed and unpacked again. */
typedef struct packed {
    size_t size;
    zl_entry *entry;
    zl_view view;
} packed;

static packed pack(const zl_view *view, int timed) {
    packed p;
    p.size = zl_entry_size(view);
    p.entry = malloc(p.size); /* exactly, so that a byte too many is noticed */
    assert_non_null(p.entry);
    memset(p.entry, 0xa5, p.size);
    zl_entry_pack(p.entry, view, timed);
    memset(&p.view, 0, sizeof p.view);
    zl_entry_unpack(p.entry, &p.view);
    return p;
}

static void assert_same(zl_span got, zl_span wanted) {
    assert_true(zl_span_equal(got, wanted));
}

static void assert_inside(const packed *p, zl_span span) {
    const char *begin = (const char *)p->entry;
    if (span.len == 0)
        return;
    assert_true(span.data >= begin && span.data + span.len <= begin + p->size);
}

TEST(entry__keeps_everything_a_log_call_gives) {
    zl_view view = full_view();
    packed p;
    view.fields = zl_span_of("fields, packed");
    view.bound = zl_span_of("fields of the logger");
    p = pack(&view, 1);
    assert_int_equal(p.entry->level, 20);
    assert_int_equal(p.entry->timed, 1);
    assert_int_equal(p.view.level, view.level);
    assert_int_equal(p.view.time_ns, view.time_ns);
    assert_int_equal(p.view.thread, view.thread);
    assert_int_equal(p.view.line, view.line);
    assert_same(p.view.text, view.text);
    assert_same(p.view.subtopic, view.subtopic);
    assert_same(p.view.logger, view.logger);
    assert_same(p.view.file, view.file);
    assert_same(p.view.function, view.function);
    assert_same(p.view.thread_name, view.thread_name);
    assert_same(p.view.fields, view.fields);
    assert_same(p.view.bound, view.bound);
    free(p.entry);
}

TEST(entry__points_to_nothing_outside_itself) {
    zl_view view = full_view();
    packed p;
    view.fields = view.bound = zl_span_of("packed");
    p = pack(&view, 0);
    assert_inside(&p, p.view.text);
    assert_inside(&p, p.view.subtopic);
    assert_inside(&p, p.view.logger);
    assert_inside(&p, p.view.file);
    assert_inside(&p, p.view.function);
    assert_inside(&p, p.view.thread_name);
    assert_inside(&p, p.view.fields);
    assert_inside(&p, p.view.bound);
    free(p.entry);
}

TEST(entry__of_a_bare_text_is_small) {
    zl_view view = bare_view("0123456789");
    packed p = pack(&view, 0);
    assert_int_equal(p.size, sizeof(zl_entry) + 10);
    assert_same(p.view.text, view.text);
    assert_int_equal(p.view.time_ns, ZMQLOG_TIME_NONE);
    assert_int_equal(p.view.logger.len, 0);
    assert_int_equal(p.view.bound.len, 0);
    free(p.entry);
}

/* Each part alone must be enough to be remembered. */
TEST(entry__remembers_any_single_extra) {
    for (int part = 0; part < 8; part++) {
        zl_view view = bare_view("x");
        zl_span *const spans[] = {&view.logger, &view.file,  &view.function,
                                  &view.fields, &view.bound, &view.thread_name};
        packed p;
        if (part < 6)
            *spans[part] = zl_span_of("it");
        else if (part == 6)
            view.line = -1;
        else
            view.thread = UINT64_MAX;
        p = pack(&view, 0);
        assert_int_equal(p.view.logger.len, part == 0 ? 2 : 0);
        assert_int_equal(p.view.file.len, part == 1 ? 2 : 0);
        assert_int_equal(p.view.function.len, part == 2 ? 2 : 0);
        assert_int_equal(p.view.fields.len, part == 3 ? 2 : 0);
        assert_int_equal(p.view.bound.len, part == 4 ? 2 : 0);
        assert_int_equal(p.view.thread_name.len, part == 5 ? 2 : 0);
        assert_int_equal(p.view.line, part == 6 ? -1 : 0);
        assert_true(p.view.thread == (part == 7 ? UINT64_MAX : 0));
        assert_same(p.view.text, view.text);
        free(p.entry);
    }
}

TEST(entry__of_nothing_is_possible) {
    zl_view view;
    packed p;
    memset(&view, 0, sizeof view);
    view.level = 63;
    p = pack(&view, 0);
    assert_int_equal(p.size, sizeof(zl_entry));
    assert_int_equal(p.view.level, 63);
    assert_int_equal(p.view.text.len, 0);
    assert_int_equal(p.view.subtopic.len, 0);
    free(p.entry);
}

TEST(entry__knows_what_its_text_has_lost) {
    zl_view view = bare_view("what is left");
    packed p;
    view.cut = SIZE_MAX / 3;
    p = pack(&view, 0);
    assert_bytes(p.view.text.data, p.view.text.len, "what is left");
    assert_true(p.view.cut == view.cut);
    view = bare_view("whole");
    zl_entry_pack(p.entry, &view, 0);
    zl_entry_unpack(p.entry, &p.view);
    assert_int_equal(p.view.cut, 0);
    free(p.entry);
}

TEST(entry__keeps_names_of_any_length_there_is) {
    char name[ZL_ENTRY_NAME_MAX];
    zl_view view = bare_view("x");
    zl_span all = zl_span_make(name, sizeof name);
    packed p;
    memset(name, 'n', sizeof name);
    view.logger = view.file = view.function = view.thread_name = all;
    p = pack(&view, 0);
    assert_same(p.view.logger, all);
    assert_same(p.view.file, all);
    assert_same(p.view.function, all);
    assert_same(p.view.thread_name, all);
    free(p.entry);
}

TEST(entry__takes_texts_with_any_bytes) {
    static char text[1 << 20];
    zl_view view = bare_view("");
    packed p;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    view.text = zl_span_make(text, sizeof text);
    view.line = 1;
    p = pack(&view, 0);
    assert_same(p.view.text, view.text);
    free(p.entry);
}

/* One view takes one record after the other. */
TEST(entry__a_bare_one_after_a_full_one_shows_nothing_of_it) {
    zl_view full = full_view(), bare = bare_view("text");
    packed first, second;
    full.fields = full.bound = zl_span_of("fields");
    first = pack(&full, 1);
    second = pack(&bare, 0);
    for (int i = 0; i < 2; i++) {
        zl_entry_unpack(second.entry, &first.view);
        assert_same(first.view.text, zl_span_of("text"));
        assert_int_equal(first.view.level, bare.level);
        assert_int_equal(first.view.thread, 0);
        assert_int_equal(first.view.line, 0);
        assert_int_equal(first.view.logger.len + first.view.file.len +
                             first.view.function.len + first.view.thread_name.len +
                             first.view.fields.len + first.view.bound.len +
                             first.view.subtopic.len,
                         0);
    }
    zl_entry_unpack(first.entry, &first.view);
    assert_same(first.view.logger, full.logger);
    assert_same(first.view.bound, full.bound);
    free(first.entry);
    free(second.entry);
}

/* Both ways of packing a bare record make the same bytes. */
TEST(entry__a_bare_one_is_the_same_either_way) {
    zl_view view = bare_view("text");
    zl_span subtopic = zl_span_of("a.b");
    packed p;
    char *bytes;
    view.subtopic = subtopic;
    p = pack(&view, 1);
    assert_int_equal(zl_entry_bare_size(subtopic, view.text), p.size);
    bytes = malloc(p.size);
    assert_non_null(bytes);
    memset(bytes, 0xa5, p.size);
    zl_entry_pack_bare(bytes, view.level, 1, view.time_ns, subtopic, view.text);
    assert_memory_equal(bytes, p.entry, p.size);
    free(bytes);
    free(p.entry);
}
