/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates between this library and czmq's zcert, in both directions. */
#include "support.h"

#include <czmq.h>

typedef struct fixture {
    temp_dir dir;
    zmqlog_keypair *pair;
    const char *path;
} fixture;

static int make(void **state) {
    fixture *f = calloc(1, sizeof *f);

    f->dir = temp_dir_make();
    f->pair = zmqlog_keypair_new();
    f->path = temp_dir_path(&f->dir, "", "alice");
    *state = f;
    return 0;
}

static int drop(void **state) {
    fixture *f = *state;

    zmqlog_keypair_free(f->pair);
    temp_dir_remove(&f->dir);
    free(f);
    return 0;
}

static void same(fixture *f, zcert_t *cert, const char *secret) {
    assert_string_equal(zcert_public_txt(cert), zmqlog_keypair_public_key(f->pair));
    assert_string_equal(secret, zmqlog_keypair_secret_key(f->pair));
}

TEST_WITH(czmq__reads_what_we_save, make, drop) {
    fixture *f = *state;
    zcert_t *cert;

    assert_ok(zmqlog_keypair_generate(f->pair));
    assert_ok_or(zmqlog_keypair_save(f->pair, f->path), zmqlog_keypair_errmsg(f->pair));
    cert = zcert_load(f->path);
    assert_non_null(cert);
    same(f, cert, zcert_secret_txt(cert));
    zcert_destroy(&cert);
    assert_int_equal(unlink(temp_dir_path(&f->dir, "", "alice_secret")), 0);
    cert = zcert_load(f->path); /* the public half */
    assert_non_null(cert);
    assert_string_equal(zcert_public_txt(cert), zmqlog_keypair_public_key(f->pair));
    zcert_destroy(&cert);
}

TEST_WITH(czmq__writes_what_we_load, make, drop) {
    fixture *f = *state;
    zcert_t *cert = zcert_new();

    zcert_set_meta(cert, "name", "Alice \"A.\" # not a comment");
    zcert_set_meta(cert, "email", "%s", "alice@example.org");
    assert_int_equal(zcert_save(cert, f->path), 0);
    assert_ok_or(zmqlog_keypair_load(f->pair, f->path), zmqlog_keypair_errmsg(f->pair));
    same(f, cert, zcert_secret_txt(cert));
    zcert_destroy(&cert);
}

TEST_WITH(czmq__public_halves_are_allowed_by_the_directory, make, drop) {
    fixture *f = *state;
    zmqlog_auth *auth = zmqlog_auth_new();
    zcert_t *certs[5];
    int i;

    for (i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "cert%d", i);
        certs[i] = zcert_new();
        assert_int_equal(zcert_save_public(certs[i], temp_dir_path(&f->dir, "", name)),
                         0);
    }
    assert_ok_or(zmqlog_auth_load_keys(auth, f->dir.path), zmqlog_auth_errmsg(auth));
    for (i = 0; i < 5; i++) {
        assert_ok(zmqlog_auth_remove_key(auth, zcert_public_txt(certs[i])));
        zcert_destroy(&certs[i]);
    }
    zmqlog_auth_free(auth);
}
