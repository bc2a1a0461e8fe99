/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a fuzz target over the files of a directory, once each: so every compiler checks
 * what a fuzzer has found. Knows nothing of the target. */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path) {
    FILE *file = fopen(path, "rb");
    long size;
    uint8_t *data;

    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0)
        return -1;
    rewind(file);
    /* Exactly as large as the input: reading past it is then caught. */
    data = malloc(size ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
        return -1;
    fclose(file);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    return 0;
}

int main(int argc, char **argv) {
    DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
    struct dirent *entry;
    int files = 0;

    if (!directory)
        return fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]), 2;
    while ((entry = readdir(directory))) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (replay(path) != 0)
            return perror(path), 1;
        files++;
    }
    closedir(directory);
    printf("%d inputs\n", files);
    return files == 0;
}
