/* SPDX-License-Identifier: BSD-3-Clause */
/* As statuses.c: the statuses that the header promises, provoked, of subscribers, auths
 * and keypairs. */
#include "child.h"
#include "statuses.h"

#include <sys/stat.h>

TEST_LABELS(untidy);

#define KEY "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

/* ---- subscribers -------------------------------------------------------- */

static void use(zmqlog_subscriber *s, zmqlog_record *r) {
    SEE(subscriber_connect, s, "tcp://127.0.0.1:1");
    SEE(subscriber_bind, s, "tcp://127.0.0.1:*");
    SEE(subscriber_subscribe, s, "x");
    SEE(subscriber_subscribe_level, s, "x", 20);
    SEE(subscriber_add_root, s, "x");
    SEE(subscriber_set_exact, s, 0);
    SEE(subscriber_unsubscribe, s, "x");
    SEE(subscriber_disconnect, s, "tcp://127.0.0.1:1");
    SEE(subscriber_unbind, s, "tcp://127.0.0.1:1");
    SEE(subscriber_recv, s, r, 0);
    SEE(subscriber_decode, s, r, "t", 1, "b", 1, 0);
    SEE(subscriber_set_level_name, s, 5, "FINE");
    SEE(subscriber_set_auth, s, NULL);
    SEE(subscriber_wakeup, s);
}

static int use_as_an_heir(void *subscriber) {
    zmqlog_record *r = zmqlog_record_new();
    use(subscriber, r);
    SEE(subscriber_close, subscriber);
    return 0;
}

static void use_badly(zmqlog_subscriber *s) {
    char text[300];
    memset(text, 'x', sizeof text);
    text[299] = '\0';
    SEE(subscriber_connect, s, "nonsense");
    SEE(subscriber_connect, s, "udp://127.0.0.1:5556");
    SEE(subscriber_connect, s, "tcp://[fe80::1%nowhere]:5556");
    SEE(subscriber_bind, s, "nonsense");
    SEE(subscriber_bind, s, "udp://127.0.0.1:5556");
    SEE(subscriber_bind, s, "tcp://192.0.2.1:5556");
    SEE(subscriber_bind, s, "ipc:///nonexistent/directory/socket");
    SEE(subscriber_subscribe, s, text);
    SEE(subscriber_unsubscribe, s, "never");
    SEE(subscriber_subscribe_level, s, "x", 0);
    SEE(subscriber_add_root, s, text);
    SEE(subscriber_set_exact, s, 2);
    SEE(subscriber_set_level_name, s, 0, "FINE");
    SEE(subscriber_set_auth, NULL, NULL);
    SEE(subscriber_disconnect, s, "tcp://127.0.0.1:2");
    SEE(subscriber_unbind, s, "tcp://127.0.0.1:2");
    SEE(subscriber_wakeup, NULL);
    SEE(subscriber_close, NULL);
}

static void know_too_many_roots(zmqlog_subscriber *s) {
    char root[16];
    for (int i = 0; i <= 1024; i++) {
        snprintf(root, sizeof root, "root%d", i);
        SEE(subscriber_add_root, s, root);
    }
    SEE(subscriber_subscribe_level, s, "one.more", 60);
}

TEST(subscriber__all_statuses) {
    zmqlog_subscriber *s = zmqlog_subscriber_new(), *other = zmqlog_subscriber_new();
    zmqlog_handler *h = open_handler("app");
    zmqlog_record *r = zmqlog_record_new();
    use_badly(s);
    SEE(subscriber_recv, s, r, 0); /* ESTATE */
    use(s, r);
    SEE(subscriber_unbind, s, zmqlog_subscriber_endpoint(s, 0));
    assert_int_equal(0, in_child(use_as_an_heir, s));
    SEE(subscriber_bind, s, zmqlog_handler_endpoint(h, 0)); /* EADDRINUSE */
    know_too_many_roots(s);
    SEE(subscriber_close, s);
    use(s, r); /* ECLOSED */
    SEE(subscriber_set_level_name, other, 5, "FINE");
    SEE(subscriber_set_auth, other, NULL);
    assert_ok(zmqlog_subscriber_bind(other, "tcp://127.0.0.1:*"));
    SEE(subscriber_set_level_name, other, 6, "FINER"); /* ESTATE */
    SEE(subscriber_set_auth, other, NULL);
    zmqlog_record_free(r);
    zmqlog_subscriber_free(s);
    zmqlog_subscriber_free(other);
    zmqlog_handler_free(h);
}

static int bind_without_right(void *path) {
    zmqlog_subscriber *s = zmqlog_subscriber_new();
    if (geteuid() == 0 && setuid(65534) != 0)
        return 1;
    SEE(subscriber_bind, s, path);
    return 0;
}

TEST(subscriber__bind_without_the_right) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "ipc://", "socket");
    assert_int_equal(0, chmod(dir.path, 0500));
    assert_int_equal(0, in_child(bind_without_right, (void *)path));
    temp_dir_remove(&dir);
}

TEST(recv__all_statuses) {
    zmqlog_handler *h = open_handler("app");
    zmqlog_subscriber *s = open_subscriber(h);
    zmqlog_record *r = zmqlog_record_new();
    SEE(subscriber_recv, s, r, 0);
    SEE(subscriber_recv, s, r, 1);
    SEE(subscriber_recv, s, NULL, 0);
    SEE(subscriber_wakeup, s);
    SEE(subscriber_recv, s, r, PATIENCE_MS);
    log_text(h, 20, "x");
    SEE(subscriber_recv, s, r, PATIENCE_MS);
    SEE(subscriber_decode, s, r, "t", 1, "b", 1, 0);
    SEE(subscriber_decode, s, NULL, "t", 1, "b", 1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(s, ""));
    SEE(subscriber_decode, s, r, "t", 1, "b", 1, 0); /* EAGAIN */
    zmqlog_record_free(r);
    zmqlog_subscriber_free(s);
    zmqlog_handler_free(h);
}

/* ---- auths and keypairs ------------------------------------------------- */

TEST(auth__all_statuses) {
    zmqlog_auth *a = zmqlog_auth_new();
    zmqlog_handler *h = zmqlog_handler_new();
    const char *addresses[] = {"192.0.2.0/24", "nonsense"}, *keys[] = {KEY, "short"};
    const int64_t uids[] = {1000, -1};
    const int ons[] = {1, 2, 1}, modes[] = {0660, 0, 0660};
    for (int i = 0; i < 2; i++) {
        SEE(auth_allow_address, a, addresses[i]);
        SEE(auth_allow_key, a, keys[i]);
        SEE(auth_allow_uid, a, uids[i]);
        SEE(auth_remove_address, a, addresses[i]);
        SEE(auth_remove_key, a, keys[i]);
        SEE(auth_remove_uid, a, uids[i]);
    }
    for (int i = 0; i < 3; i++) { /* good, bad, in use */
        SEE(auth_set_insecure, a, ons[i]);
        SEE(auth_set_ipc_mode, a, modes[i]);
        if (i == 1) {
            assert_ok(zmqlog_handler_set_auth(h, a));
            assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
        }
    }
    zmqlog_handler_free(h);
    zmqlog_auth_free(a);
}

static void write_file(const char *path, int mode, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(0, chmod(path, (mode_t)mode));
}

static int read_without_right(void *path) {
    zmqlog_auth *a = zmqlog_auth_new();
    zmqlog_keypair *k = zmqlog_keypair_new();
    char beside[200];
    snprintf(beside, sizeof beside, "%s.beside", (char *)path);
    if (zmqlog_has("curve"))
        assert_ok(zmqlog_keypair_generate(k));
    if (geteuid() == 0 && setuid(65534) != 0)
        return 1;
    SEE(auth_load_keys, a, path);
    SEE(auth_reload_keys, a, path);
    SEE(keypair_save, k, beside);
    SEE(keypair_load, k, path);
    return 0;
}

TEST(keys__all_statuses) {
    zmqlog_auth *a = zmqlog_auth_new();
    zmqlog_keypair *k = zmqlog_keypair_new();
    temp_dir dir = temp_dir_make();
    char path[128], wrong[128], loose[128];
    snprintf(path, sizeof path, "%s/pair", dir.path);
    snprintf(wrong, sizeof wrong, "%s/wrong", dir.path);
    snprintf(loose, sizeof loose, "%s/loose", dir.path);
    write_file(wrong, 0600, "curve\n    public-key = \"short\"\n");
    write_file(loose, 0644, "curve\n    secret-key = \"" SECRET "\"\n");
    SEE(keypair_save, k, path); /* ESTATE */
    SEE(keypair_generate, k);
    SEE(keypair_generate, NULL);
    SEE(keypair_save, k, path);
    SEE(keypair_save, k, path); /* EADDRINUSE */
    SEE(keypair_save, k, "");
    SEE(keypair_save, k, "/nonexistent/directory/pair");
    SEE(keypair_load, k, path);
    SEE(keypair_load, k, "");
    SEE(keypair_load, k, "/nonexistent/directory/pair");
    SEE(keypair_load, k, wrong);
    SEE(keypair_load, k, loose); /* EREFUSED */
    SEE(auth_load_keys, a, path);
    SEE(auth_reload_keys, a, path);
    SEE(auth_load_keys, a, "");
    SEE(auth_reload_keys, a, "");
    SEE(auth_load_keys, a, "/nonexistent/directory/pair");
    SEE(auth_reload_keys, a, "/nonexistent/directory/pair");
    SEE(auth_load_keys, a, wrong);
    SEE(auth_reload_keys, a, wrong);
    assert_int_equal(0, chmod(dir.path, 0));
    assert_int_equal(0, in_child(read_without_right, path));
    assert_int_equal(0, chmod(dir.path, 0700));
    temp_dir_remove(&dir);
    zmqlog_keypair_free(k);
    zmqlog_auth_free(a);
}

TEST(docstrings__list_what_came) {
    static const char refused[] = "libzmq refuses no prefix that is short enough";
    static const char curve[] = "takes a libzmq without CURVE";
    static const elsewhere list[] = {
        {NULL, ZMQLOG_ENOMEM, "tests/fault/memory.c"},
        {"subscriber_bind", ZMQLOG_EIO, "tests/fault/descriptors.c"},
        {"subscriber_connect", ZMQLOG_EIO, "tests/fault/descriptors.c"},
        {"subscriber_connect", ZMQLOG_EACCESS, "tests/fault/sandbox.c"},
        {"subscriber_subscribe", ZMQLOG_EIO, refused},
        {"subscriber_unsubscribe", ZMQLOG_EIO, refused},
        {"subscriber_subscribe_level", ZMQLOG_EIO, refused},
        {"subscriber_set_exact", ZMQLOG_EIO, refused},
        {"keypair_generate", ZMQLOG_ENOTSUP, curve},
        {"keypair_load", ZMQLOG_ENOTSUP, curve},
        {NULL, ZMQLOG_OK, NULL},
    };
    if (zmqlog_has("curve"))
        assert_in_range(count_compared(list), 27, SEEN_MAX);
}
