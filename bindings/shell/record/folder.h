/* SPDX-License-Identifier: BSD-3-Clause */
/* The directory of recordings: NAME.20260102T030405.678Z.jsonl, with .zst behind it
 * when compressed. Owns these names, which file is the newest of a name, and what is
 * removed; must not know what is in the files. */
#ifndef SHELL_FOLDER_H
#define SHELL_FOLDER_H

#include "bytes.h"

#include <stdint.h>

#define FOLDER_NAME_MOST 180
#define FOLDER_FILE_BYTES 256

typedef struct folder_limits {
    int64_t rotate_bytes;   /* 0: no limit, as in all of these */
    int64_t rotate_seconds; /* begins at multiples of it since 1970 */
    int64_t retain_files;   /* of each name */
    int64_t retain_bytes;   /* of all */
} folder_limits;

typedef struct folder {
    char *path;
    int lock;   /* descriptor of the directory, locked; -1: none */
    int packed; /* files are compressed */
} folder;

/* Makes the directory when it is not there, and locks it: there is one recorder in a
 * directory. Returns an exit code. */
int folder_open(folder *in, const char *path, int packed);
void folder_close(folder *in);

/* A file name for any root topic, reversible but for very long ones: bytes other than
 * letters, digits, "_", "-" and "." become %XX, and so does a dot in front. */
void folder_escape(char name[FOLDER_NAME_MOST + 1], bytes root);

/* The path of a new file of this name; free it. NULL without memory. */
char *folder_new_file(const folder *in, const char *name, int64_t now_ns);

/* The path of the newest file of this name, and when it was begun; NULL when there is
 * none or it is of the other kind. Free it. */
char *folder_newest(const folder *in, const char *name, int64_t *begun_ns);

/* Removes the oldest files beyond the limits; the newest of each name stays. */
void folder_retain(const folder *in, const folder_limits *limits);

#endif
