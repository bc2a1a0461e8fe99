/* SPDX-License-Identifier: BSD-3-Clause */
/* Key pairs: made, saved without ever overwriting, loaded, refused. */
#include "support.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zmq.h>

typedef struct fixture {
    temp_dir dir;
    zmqlog_keypair *pair;
    const char *path, *secret; /* where it is saved */
} fixture;

static int make(void **state) {
    fixture *f = calloc(1, sizeof *f);

    f->dir = temp_dir_make();
    f->path = strdup(temp_dir_path(&f->dir, "", "alice"));
    f->secret = strdup(temp_dir_path(&f->dir, "", "alice_secret"));
    f->pair = zmqlog_keypair_new();
    assert_ok_or(zmqlog_keypair_generate(f->pair), zmqlog_keypair_errmsg(f->pair));
    *state = f;
    return 0;
}

static int drop(void **state) {
    fixture *f = *state;

    zmqlog_keypair_free(f->pair);
    temp_dir_remove(&f->dir);
    free((char *)f->path);
    free((char *)f->secret);
    free(f);
    return 0;
}

static void put(const char *path, mode_t mode, const char *public_key,
                const char *secret_key) {
    FILE *file = fopen(path, "w");

    fprintf(file, "curve\n");
    if (public_key)
        fprintf(file, "    public-key = \"%s\"\n", public_key);
    if (secret_key)
        fprintf(file, "    secret-key = \"%s\"\n", secret_key);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void fails(zmqlog_keypair *pair, zmqlog_status got, zmqlog_status wanted,
                  const char *says) {
    assert_status(got, wanted);
    if (!strstr(zmqlog_keypair_errmsg(pair), says))
        fail_msg("\"%s\" does not say \"%s\"", zmqlog_keypair_errmsg(pair), says);
}

TEST(keypair__a_new_one_is_empty) {
    zmqlog_keypair *pair = zmqlog_keypair_new();

    assert_string_equal(zmqlog_keypair_public_key(pair), "");
    assert_string_equal(zmqlog_keypair_secret_key(pair), "");
    assert_string_equal(zmqlog_keypair_errmsg(pair), "");
    fails(pair, zmqlog_keypair_save(pair, "/nonexistent/key"), ZMQLOG_ESTATE,
          "generate or load");
    zmqlog_keypair_free(pair);
}

TEST(keypair__null_is_einval) {
    assert_status(zmqlog_keypair_generate(NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_keypair_load(NULL, "x"), ZMQLOG_EINVAL);
    assert_status(zmqlog_keypair_save(NULL, "x"), ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_keypair_public_key(NULL), "");
    assert_string_equal(zmqlog_keypair_secret_key(NULL), "");
    assert_string_equal(zmqlog_keypair_errmsg(NULL), "");
    zmqlog_keypair_free(NULL);
}

TEST_WITH(keypair__generate_makes_a_pair_that_libzmq_agrees_with, make, drop) {
    fixture *f = *state;
    char derived[41];
    char first[41];

    assert_int_equal(strlen(zmqlog_keypair_public_key(f->pair)), 40);
    assert_int_equal(zmq_curve_public(derived, zmqlog_keypair_secret_key(f->pair)), 0);
    assert_string_equal(derived, zmqlog_keypair_public_key(f->pair));
    memcpy(first, derived, sizeof first);
    assert_ok(zmqlog_keypair_generate(f->pair));
    assert_string_not_equal(zmqlog_keypair_public_key(f->pair), first);
}

static mode_t mode_of(const char *path) {
    struct stat file;

    assert_int_equal(stat(path, &file), 0);
    return file.st_mode & 07777;
}

static int contains(const char *path, const char *text) {
    char content[4096];
    FILE *file = fopen(path, "r");
    size_t len;

    assert_non_null(file);
    len = fread(content, 1, sizeof content, file);
    fclose(file);
    return memmem(content, len, text, strlen(text)) != NULL;
}

TEST_WITH(save__writes_both_halves_with_their_modes, make, drop) {
    static const mode_t masks[] = {0, 022, 077};
    fixture *f = *state;
    size_t i;

    for (i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        mode_t before = umask(masks[i]);
        assert_ok_or(zmqlog_keypair_save(f->pair, f->path),
                     zmqlog_keypair_errmsg(f->pair));
        umask(before);
        assert_int_equal(mode_of(f->path), 0644);
        assert_int_equal(mode_of(f->secret), 0600);
        assert_true(contains(f->path, zmqlog_keypair_public_key(f->pair)));
        assert_false(contains(f->path, zmqlog_keypair_secret_key(f->pair)));
        assert_true(contains(f->secret, zmqlog_keypair_public_key(f->pair)));
        assert_true(contains(f->secret, zmqlog_keypair_secret_key(f->pair)));
        assert_int_equal(unlink(f->path), 0);
        assert_int_equal(unlink(f->secret), 0);
    }
}

TEST_WITH(save__never_overwrites, make, drop) {
    fixture *f = *state;

    put(f->path, 0644, "old", NULL);
    fails(f->pair, zmqlog_keypair_save(f->pair, f->path), ZMQLOG_EADDRINUSE,
          "never overwritten");
    assert_true(contains(f->path, "old"));
    assert_int_equal(access(f->secret, F_OK), -1);
    assert_int_equal(rename(f->path, f->secret), 0);
    fails(f->pair, zmqlog_keypair_save(f->pair, f->path), ZMQLOG_EADDRINUSE,
          "alice_secret exists");
    assert_true(contains(f->secret, "old"));
    assert_int_equal(access(f->path, F_OK), -1);
}

TEST_WITH(save__leaves_nothing_behind_when_it_fails, make, drop) {
    fixture *f = *state;
    struct rlimit before, small;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    fails(f->pair, zmqlog_keypair_save(f->pair, f->path), ZMQLOG_EIO, "cannot write");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(access(f->path, F_OK), -1);
    assert_int_equal(access(f->secret, F_OK), -1);
    assert_ok(zmqlog_keypair_save(f->pair, f->path));
}

TEST_WITH(save__names_what_is_wrong_with_the_path, make, drop) {
    fixture *f = *state;

    fails(f->pair, zmqlog_keypair_save(f->pair, NULL), ZMQLOG_EINVAL, "empty");
    fails(f->pair, zmqlog_keypair_save(f->pair, ""), ZMQLOG_EINVAL, "empty");
    fails(f->pair, zmqlog_keypair_save(f->pair, "/nonexistent/key"), ZMQLOG_EIO,
          "/nonexistent/key");
}

/* Loads into another pair and compares. */
static void loads(const fixture *f, const char *path, int with_secret) {
    zmqlog_keypair *other = zmqlog_keypair_new();

    assert_ok_or(zmqlog_keypair_load(other, path), zmqlog_keypair_errmsg(other));
    assert_string_equal(zmqlog_keypair_public_key(other),
                        zmqlog_keypair_public_key(f->pair));
    assert_string_equal(zmqlog_keypair_secret_key(other),
                        with_secret ? zmqlog_keypair_secret_key(f->pair) : "");
    zmqlog_keypair_free(other);
}

TEST_WITH(load__finds_both_halves_by_either_name, make, drop) {
    fixture *f = *state;

    assert_ok(zmqlog_keypair_save(f->pair, f->path));
    loads(f, f->path, 1);
    loads(f, f->secret, 1);
    assert_int_equal(unlink(f->path), 0);
    loads(f, f->path, 1); /* as czmq does */
}

TEST_WITH(load__a_public_half_alone_has_no_secret, make, drop) {
    fixture *f = *state;

    put(f->path, 0644, zmqlog_keypair_public_key(f->pair), NULL);
    loads(f, f->path, 0);
}

TEST_WITH(load__a_secret_key_alone_tells_its_public_one, make, drop) {
    fixture *f = *state;

    put(f->path, 0600, NULL, zmqlog_keypair_secret_key(f->pair));
    loads(f, f->path, 1);
}

TEST_WITH(load__a_failure_keeps_what_was_there, make, drop) {
    fixture *f = *state;
    zmqlog_keypair *other = zmqlog_keypair_new();
    char before[41];

    assert_ok(zmqlog_keypair_generate(other));
    strcpy(before, zmqlog_keypair_public_key(other));
    fails(other, zmqlog_keypair_load(other, f->path), ZMQLOG_EIO, "there is neither");
    fails(other, zmqlog_keypair_load(other, ""), ZMQLOG_EINVAL, "empty");
    fails(other, zmqlog_keypair_load(other, NULL), ZMQLOG_EINVAL, "empty");
    put(f->path, 0600, "short", NULL);
    fails(other, zmqlog_keypair_load(other, f->path), ZMQLOG_EFORMAT, "line 2");
    put(f->path, 0644, NULL, zmqlog_keypair_secret_key(f->pair));
    fails(other, zmqlog_keypair_load(other, f->path), ZMQLOG_EREFUSED, "mode 0644");
    put(f->path, 0644, zmqlog_keypair_public_key(f->pair), NULL);
    put(f->secret, 0640, NULL, zmqlog_keypair_secret_key(f->pair));
    fails(other, zmqlog_keypair_load(other, f->path), ZMQLOG_EREFUSED, "alice_secret");
    assert_string_equal(zmqlog_keypair_public_key(other), before);
    zmqlog_keypair_free(other);
}

TEST_WITH(load__halves_of_two_pairs_are_refused, make, drop) {
    fixture *f = *state;
    zmqlog_keypair *other = zmqlog_keypair_new(), *third = zmqlog_keypair_new();

    assert_ok(zmqlog_keypair_generate(other));
    put(f->path, 0600, zmqlog_keypair_public_key(other),
        zmqlog_keypair_secret_key(f->pair));
    fails(third, zmqlog_keypair_load(third, f->path), ZMQLOG_EFORMAT,
          "does not belong");
    put(f->path, 0600, zmqlog_keypair_public_key(other), NULL);
    put(f->secret, 0600, zmqlog_keypair_public_key(f->pair),
        zmqlog_keypair_secret_key(f->pair));
    fails(third, zmqlog_keypair_load(third, f->path), ZMQLOG_EFORMAT,
          "not of one pair");
    assert_string_equal(zmqlog_keypair_secret_key(third), "");
    assert_null(
        strstr(zmqlog_keypair_errmsg(third), zmqlog_keypair_secret_key(f->pair)));
    zmqlog_keypair_free(other);
    zmqlog_keypair_free(third);
}
