/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a recording line by line. */
#include "play/recording.h"
#include "support.h"

TEST(recording__one_that_is_closed_has_no_lines) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "", "kept.jsonl");
    FILE *file = fopen(path, "w");
    recording from;
    bytes line;
    int is_whole;
    assert_non_null(file);
    fputs("one\ntwo\nthree", file);
    fclose(file);
    recording_init(&from, path);
    assert_int_equal(recording_next(&from, &line, &is_whole), 1);
    assert_bytes(line.data, line.len, "one");
    recording_close(&from);
    assert_int_equal(recording_next(&from, &line, &is_whole), 0);
    recording_close(&from);
    temp_dir_remove(&dir);
}
