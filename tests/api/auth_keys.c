/* SPDX-License-Identifier: BSD-3-Clause */
/* The auth object as programs see it: what its calls take and refuse, and keys from
 * files and directories. */
#include "support.h"

#include <sys/stat.h>
#include <sys/wait.h>

TEST_LABELS(threads);

#define KEY "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
#define OTHER "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

typedef struct fixture {
    temp_dir dir;
    zmqlog_auth *auth;
} fixture;

static int make(void **state) {
    fixture *f = calloc(1, sizeof *f);

    f->dir = temp_dir_make();
    f->auth = zmqlog_auth_new();
    *state = f;
    return f->auth ? 0 : -1;
}

static int drop(void **state) {
    fixture *f = *state;

    zmqlog_auth_free(f->auth);
    temp_dir_remove(&f->dir);
    free(f);
    return 0;
}

static void fails(const fixture *f, zmqlog_status got, zmqlog_status wanted,
                  const char *says) {
    assert_status(got, wanted);
    if (!strstr(zmqlog_auth_errmsg(f->auth), says))
        fail_msg("\"%s\" does not say \"%s\"", zmqlog_auth_errmsg(f->auth), says);
    assert_null(strstr(zmqlog_auth_errmsg(f->auth), SECRET));
}

TEST(auth__null_is_einval) {
    assert_status(zmqlog_auth_set_curve_server(NULL, SECRET), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_set_curve_client(NULL, KEY, KEY, SECRET), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_allow_key(NULL, KEY), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_allow_address(NULL, "::1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_allow_uid(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_remove_key(NULL, KEY), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_remove_address(NULL, "::1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_remove_uid(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_load_keys(NULL, "/"), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_set_insecure(NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_set_ipc_mode(NULL, 0600), ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_auth_errmsg(NULL), "");
    zmqlog_auth_free(NULL);
}

TEST_WITH(auth__curve_keys_are_checked, make, drop) {
    fixture *f = *state;
    zmqlog_auth *a = f->auth;

    assert_string_equal(zmqlog_auth_errmsg(a), "");
    assert_ok(zmqlog_auth_set_curve_server(a, SECRET));
    assert_ok(zmqlog_auth_set_curve_server(a, NULL));
    fails(f, zmqlog_auth_set_curve_server(a, ""), ZMQLOG_EINVAL, "secret key");
    fails(f, zmqlog_auth_set_curve_server(a, SECRET "0"), ZMQLOG_EINVAL, "it has 41");
    assert_ok(zmqlog_auth_set_curve_client(a, OTHER, KEY, SECRET));
    assert_ok(zmqlog_auth_set_curve_client(a, NULL, NULL, NULL));
    fails(f, zmqlog_auth_set_curve_client(a, NULL, KEY, SECRET), ZMQLOG_EINVAL,
          "the server key is NULL");
    fails(f, zmqlog_auth_set_curve_client(a, OTHER, "~", SECRET), ZMQLOG_EINVAL,
          "the public key");
    fails(f, zmqlog_auth_set_curve_client(a, OTHER, KEY, NULL), ZMQLOG_EINVAL,
          "the secret key is NULL");
    fails(f, zmqlog_auth_set_curve_client(a, OTHER, OTHER, SECRET), ZMQLOG_EINVAL,
          "does not belong");
}

TEST_WITH(auth__lists_take_well_formed_entries_only, make, drop) {
    fixture *f = *state;
    zmqlog_auth *a = f->auth;

    fails(f, zmqlog_auth_allow_key(a, NULL), ZMQLOG_EINVAL, "NULL");
    fails(f, zmqlog_auth_allow_key(a, "**"), ZMQLOG_EINVAL, "\"*\"");
    fails(f, zmqlog_auth_allow_address(a, NULL), ZMQLOG_EINVAL, "NULL");
    fails(f, zmqlog_auth_allow_address(a, "10.0.0.1/8"), ZMQLOG_EINVAL, "192.0.2.0/24");
    fails(f, zmqlog_auth_allow_address(a, "example.org"), ZMQLOG_EINVAL,
          "\"example.org\"");
    fails(f, zmqlog_auth_allow_uid(a, -1), ZMQLOG_EINVAL, "-1");
    fails(f, zmqlog_auth_allow_uid(a, 4294967295), ZMQLOG_EINVAL, "4294967294");
    assert_ok(zmqlog_auth_allow_uid(a, 4294967294));
    assert_ok(zmqlog_auth_remove_uid(a, 4294967294));
}

TEST_WITH(auth__what_is_not_on_a_list_cannot_be_removed, make, drop) {
    fixture *f = *state;
    zmqlog_auth *a = f->auth;

    fails(f, zmqlog_auth_remove_key(a, KEY), ZMQLOG_EINVAL, "not on the list");
    fails(f, zmqlog_auth_remove_key(a, "*"), ZMQLOG_EINVAL, "\"*\" was not");
    fails(f, zmqlog_auth_remove_address(a, "::1"), ZMQLOG_EINVAL, "\"::1\" was not");
    fails(f, zmqlog_auth_remove_uid(a, 0), ZMQLOG_EINVAL, "not on the list");
    assert_ok(zmqlog_auth_allow_key(a, KEY));
    assert_ok(zmqlog_auth_allow_key(a, KEY));
    assert_ok(zmqlog_auth_remove_key(a, KEY));
    fails(f, zmqlog_auth_remove_key(a, KEY), ZMQLOG_EINVAL, "not on the list");
}

TEST_WITH(auth__modes_are_octal, make, drop) {
    static const int good[] = {0600, 0660, 0666, 0777, 0620};
    static const int bad[] = {0, 0400, 0200, 0066, 660, 600, 666, 777, 01600, -1};
    fixture *f = *state;
    size_t i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_ok(zmqlog_auth_set_ipc_mode(f->auth, good[i]));
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        fails(f, zmqlog_auth_set_ipc_mode(f->auth, bad[i]), ZMQLOG_EINVAL,
              "432 in decimal");
}

TEST_WITH(auth__insecure_is_0_or_1, make, drop) {
    fixture *f = *state;

    assert_ok(zmqlog_auth_set_insecure(f->auth, 1));
    assert_ok(zmqlog_auth_set_insecure(f->auth, 0));
    fails(f, zmqlog_auth_set_insecure(f->auth, 2), ZMQLOG_EINVAL, "0 to 1");
}

/* ---- files -------------------------------------------------------------- */

static void put(const fixture *f, const char *name, mode_t mode, const char *text) {
    const char *path = temp_dir_path(&f->dir, "", name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

#define PUBLIC_FILE(key) "metadata\ncurve\n    public-key = \"" key "\"\n"
#define SECRET_FILE "curve\n    secret-key = \"" SECRET "\"\n"

static zmqlog_status load(const fixture *f, const char *name) {
    return zmqlog_auth_load_keys(f->auth, temp_dir_path(&f->dir, "", name));
}

TEST_WITH(load__takes_the_key_of_a_file, make, drop) {
    fixture *f = *state;

    put(f, "alice", 0644, PUBLIC_FILE(KEY));
    assert_ok(load(f, "alice"));
    assert_ok(zmqlog_auth_remove_key(f->auth, KEY));
}

TEST_WITH(load__counts_a_secret_by_its_public_key, make, drop) {
    fixture *f = *state;

    put(f, "alice", 0600, SECRET_FILE);
    assert_ok(load(f, "alice"));
    assert_ok(zmqlog_auth_remove_key(f->auth, KEY));
}

TEST_WITH(load__takes_all_files_of_a_directory, make, drop) {
    fixture *f = *state;

    put(f, "alice", 0644, PUBLIC_FILE(KEY));
    put(f, "bob.key", 0600, PUBLIC_FILE(OTHER));
    assert_int_equal(mkdir(temp_dir_path(&f->dir, "", "revoked"), 0700), 0);
    put(f, "revoked/carol", 0644, "not looked at");
    put(f, ".alice.swp", 0644, "not looked at");
    put(f, "alice~", 0644, "not looked at");
    put(f, "alice_secret", 0600, "not looked at");
    assert_ok_or(load(f, "."), zmqlog_auth_errmsg(f->auth));
    assert_ok(zmqlog_auth_remove_key(f->auth, KEY));
    assert_ok(zmqlog_auth_remove_key(f->auth, OTHER));
}

TEST_WITH(load__reads_a_secret_that_stands_alone, make, drop) {
    fixture *f = *state;

    put(f, "alice_secret", 0600, SECRET_FILE);
    assert_ok(load(f, "."));
    assert_ok(zmqlog_auth_remove_key(f->auth, KEY));
}

TEST_WITH(load__follows_links_in_a_directory, make, drop) {
    fixture *f = *state;

    assert_int_equal(mkdir(temp_dir_path(&f->dir, "", "enabled"), 0700), 0);
    put(f, "alice", 0644, PUBLIC_FILE(KEY));
    assert_int_equal(symlink("../alice", temp_dir_path(&f->dir, "", "enabled/alice")),
                     0);
    assert_int_equal(symlink("../gone", temp_dir_path(&f->dir, "", "enabled/gone")), 0);
    assert_ok(load(f, "enabled"));
    assert_ok(zmqlog_auth_remove_key(f->auth, KEY));
}

TEST_WITH(load__changes_nothing_when_one_file_is_malformed, make, drop) {
    fixture *f = *state;

    put(f, "alice", 0644, PUBLIC_FILE(KEY));
    put(f, "bob", 0644, PUBLIC_FILE(OTHER));
    put(f, "carol", 0644, PUBLIC_FILE("short"));
    fails(f, load(f, "."), ZMQLOG_EFORMAT, "carol");
    assert_status(zmqlog_auth_remove_key(f->auth, KEY), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_remove_key(f->auth, OTHER), ZMQLOG_EINVAL);
}

TEST_WITH(load__an_empty_directory_adds_nothing, make, drop) {
    fixture *f = *state;

    assert_ok(load(f, "."));
    assert_status(zmqlog_auth_remove_key(f->auth, KEY), ZMQLOG_EINVAL);
}

TEST_WITH(load__names_what_is_wrong_with_the_path, make, drop) {
    fixture *f = *state;

    fails(f, zmqlog_auth_load_keys(f->auth, NULL), ZMQLOG_EINVAL, "empty");
    fails(f, zmqlog_auth_load_keys(f->auth, ""), ZMQLOG_EINVAL, "empty");
    fails(f, load(f, "none"), ZMQLOG_EIO, "none");
    assert_int_equal(mkfifo(temp_dir_path(&f->dir, "", "fifo"), 0600), 0);
    fails(f, load(f, "fifo"), ZMQLOG_EFORMAT, "fifo is not a file");
    assert_ok(load(f, ".")); /* in a directory it is passed over */
}

/* In a child, as nobody: root may read everything. */
TEST_WITH(load__what_may_not_be_read_is_access_denied, make, drop) {
    fixture *f = *state;
    int status = 0;
    pid_t child;

    if (geteuid() != 0)
        skip();
    put(f, "alice", 0600, PUBLIC_FILE(KEY));
    assert_int_equal(chmod(f->dir.path, 0755), 0);
    child = fork();
    if (child == 0)
        _exit(setgid(65534) == 0 && setuid(65534) == 0 &&
                      load(f, ".") == ZMQLOG_EACCESS &&
                      load(f, "alice") == ZMQLOG_EACCESS
                  ? 0
                  : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

TEST_WITH(load__many_keys_fit, make, drop) {
    fixture *f = *state;
    zmqlog_keypair *pair = zmqlog_keypair_new();
    char first[41] = "";
    int i;

    for (i = 0; i < 50; i++) {
        char name[16];
        assert_ok(zmqlog_keypair_generate(pair));
        if (i == 0)
            strcpy(first, zmqlog_keypair_public_key(pair));
        snprintf(name, sizeof name, "key%d", i);
        assert_ok(zmqlog_keypair_save(pair, temp_dir_path(&f->dir, "", name)));
    }
    assert_ok_or(load(f, "."), zmqlog_auth_errmsg(f->auth));
    assert_ok(zmqlog_auth_remove_key(f->auth, first));
    assert_ok(zmqlog_auth_remove_key(f->auth, zmqlog_keypair_public_key(pair)));
    zmqlog_keypair_free(pair);
}
