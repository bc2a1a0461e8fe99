/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog keygen: a CURVE key pair in two files. Owns its options; the files'
 * format and modes are the library's. */
#include "commands.h"
#include "complain.h"
#include "options.h"

#include "zmqlog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const option_spec specs[] = {{1, "help", 'h', OPTION_ALONE}, {0}};

/* The files are there by now, and the key is in one of them. */
static int tell(const zmqlog_keypair *pair, const char *path) {
    if (printf("%s\n", zmqlog_keypair_public_key(pair)) < 0 || fflush(stdout) != 0) {
        complain("standard output: %s; %s and %s_secret have been made",
                 strerror(errno), path, path);
        return EXIT_FAILED;
    }
    complain("%s is public, give it to the other side; %s_secret is yours", path, path);
    return EXIT_OK;
}

static int make(const char *path) {
    zmqlog_keypair *pair = zmqlog_keypair_new();
    zmqlog_status status = pair ? zmqlog_keypair_generate(pair) : ZMQLOG_ENOMEM;
    int code = EXIT_FAILED;

    if (status == ZMQLOG_OK)
        status = zmqlog_keypair_save(pair, path);
    if (status == ZMQLOG_OK) {
        code = tell(pair, path);
    } else {
        const char *detail = zmqlog_keypair_errmsg(pair);
        complain("%s", detail && *detail ? detail : zmqlog_strerror(status));
    }
    zmqlog_keypair_free(pair);
    return code;
}

int keygen_main(char **words) {
    option_reader reader;
    const char *value, *path = NULL;
    int id;

    options_begin(&reader, specs, words);
    while ((id = options_next(&reader, &value)) != OPTION_END) {
        if (id == OPTION_BAD)
            return EXIT_USAGE;
        if (id != OPTION_OPERAND)
            return help_print("keygen");
        if (path)
            return complain_usage("one FILE at a time");
        path = value;
    }
    if (!path)
        return complain_usage("which FILE?");
    return make(path);
}
