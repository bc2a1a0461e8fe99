/* SPDX-License-Identifier: BSD-3-Clause */
/* What can lie at the path of an ipc endpoint: files, live sockets and stale ones; and
 * what becomes of the path afterwards. */
#include "support.h"
#include "peer.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

typedef struct place {
    temp_dir dir;
    char path[100], endpoint[128];
} place;

static int make_place(void **state) {
    place *p = calloc(1, sizeof *p);
    p->dir = temp_dir_make();
    snprintf(p->path, sizeof p->path, "%s/log", p->dir.path);
    snprintf(p->endpoint, sizeof p->endpoint, "ipc://%s", p->path);
    *state = p;
    return 0;
}

static int remove_place(void **state) {
    place *p = *state;
    temp_dir_remove(&p->dir);
    free(p);
    return 0;
}

static zmqlog_handler *open_at(const place *p) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok_or(zmqlog_handler_bind(handler, p->endpoint),
                 zmqlog_handler_errmsg(handler));
    return handler;
}

static void assert_refused(const place *p, zmqlog_status status) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_status(zmqlog_handler_bind(handler, p->endpoint), status);
    assert_non_null(strstr(zmqlog_handler_errmsg(handler), p->path));
    /* And nothing has changed. */
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
}

static void assert_delivers(zmqlog_handler *handler) {
    peer p = peer_listening(handler, "");
    log_text(handler, 20, "through the path");
    peer_expect(&p, "INFO", "through the path");
    peer_close(&p);
}

static void close_and_free(zmqlog_handler *handler) {
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
}

TEST_WITH(path__of_a_file_is_kept_with_the_file, make_place, remove_place) {
    place *p = *state;
    char kept[8] = "";
    FILE *file = fopen(p->path, "w");
    fputs("data", file);
    fclose(file);
    assert_refused(p, ZMQLOG_EADDRINUSE);
    file = fopen(p->path, "r");
    assert_non_null(fgets(kept, sizeof kept, file));
    assert_string_equal("data", kept);
    fclose(file);
}

TEST_WITH(path__of_a_directory_or_a_link_is_kept, make_place, remove_place) {
    place *p = *state;
    assert_int_equal(0, mkdir(p->path, 0700));
    assert_refused(p, ZMQLOG_EADDRINUSE);
    assert_int_equal(0, rmdir(p->path));
    assert_int_equal(0, symlink("/nowhere", p->path));
    assert_refused(p, ZMQLOG_EADDRINUSE);
    assert_int_equal(0, unlink(p->path));
}

TEST_WITH(path__where_somebody_listens_is_his, make_place, remove_place) {
    place *p = *state;
    zmqlog_handler *first = open_at(p);
    for (int i = 0; i < 10; i++)
        assert_refused(p, ZMQLOG_EADDRINUSE);
    assert_status(zmqlog_handler_bind(first, p->endpoint), ZMQLOG_EADDRINUSE);
    assert_delivers(first);
    close_and_free(first);
    assert_int_not_equal(0, access(p->path, F_OK));
}

TEST_WITH(path__that_a_killed_program_left_is_taken_over, make_place, remove_place) {
    place *p = *state;
    for (int i = 0; i < 5; i++) {
        zmqlog_handler *handler;
        int status, ends[2];
        char byte = 0;
        pid_t child;
        assert_int_equal(0, pipe(ends));
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            zmqlog_handler *doomed = zmqlog_handler_new();
            byte = zmqlog_handler_bind(doomed, p->endpoint) == ZMQLOG_OK;
            (void)!write(ends[1], &byte, 1);
            for (;;)
                pause();
        }
        assert_int_equal(1, read(ends[0], &byte, 1));
        assert_int_equal(1, byte);
        assert_refused(p, ZMQLOG_EADDRINUSE);
        assert_int_equal(0, kill(child, SIGKILL));
        assert_int_equal(child, waitpid(child, &status, 0));
        close(ends[0]);
        close(ends[1]);
        assert_int_equal(0, access(p->path, F_OK));
        handler = open_at(p);
        assert_delivers(handler);
        close_and_free(handler);
    }
}

TEST_WITH(path__is_for_its_owner_alone, make_place, remove_place) {
    place *p = *state;
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler;
    struct stat info;
    mode_t before = umask(0);
    handler = open_at(p);
    assert_int_equal(0, stat(p->path, &info));
    assert_int_equal(0600, info.st_mode & 0777);
    close_and_free(handler);
    umask(0777);
    handler = zmqlog_handler_new();
    assert_ok(zmqlog_auth_set_ipc_mode(auth, 0660));
    assert_ok(zmqlog_handler_set_auth(handler, auth));
    assert_ok(zmqlog_handler_bind(handler, p->endpoint));
    assert_int_equal(0, stat(p->path, &info));
    assert_int_equal(0660, info.st_mode & 0777);
    umask(before);
    close_and_free(handler);
    zmqlog_auth_free(auth);
}

/* Another program has put something else there meanwhile. */
TEST_WITH(path__of_others_is_not_removed_at_close, make_place, remove_place) {
    place *p = *state;
    zmqlog_handler *first = open_at(p), *second;
    assert_int_equal(0, unlink(p->path));
    second = open_at(p);
    close_and_free(first);
    assert_int_equal(0, access(p->path, F_OK));
    assert_delivers(second);
    close_and_free(second);
    assert_int_not_equal(0, access(p->path, F_OK));
}

TEST_WITH(path__in_no_directory_or_too_long_is_told, make_place, remove_place) {
    place *p = *state;
    zmqlog_handler *handler = zmqlog_handler_new();
    char longer[256];
    snprintf(p->endpoint, sizeof p->endpoint, "ipc://%s/none/log", p->dir.path);
    assert_status(zmqlog_handler_bind(handler, p->endpoint), ZMQLOG_EADDRNOTAVAIL);
    memset(longer, 'x', sizeof longer);
    memcpy(longer, "ipc:///tmp/", 11);
    longer[6 + 108] = '\0';
    assert_status(zmqlog_handler_bind(handler, longer), ZMQLOG_EINVAL);
    assert_string_not_equal("", zmqlog_handler_errmsg(handler));
    zmqlog_handler_free(handler);
}

#define RIVALS 8

typedef struct rival {
    const place *at;
    zmqlog_handler *handler;
    zmqlog_status status;
} rival;

static void *bind_rival(void *argument) {
    rival *r = argument;
    r->handler = zmqlog_handler_new();
    r->status = zmqlog_handler_bind(r->handler, r->at->endpoint);
    return NULL;
}

/* A stale socket that many processes want at once: one gets it. */
TEST_WITH(path__is_taken_over_by_one_of_many, make_place, remove_place) {
    place *p = *state;
    for (int round = 0; round < 10; round++) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        rival rivals[RIVALS];
        pthread_t thread[RIVALS];
        int winners = 0, fd = socket(AF_UNIX, SOCK_STREAM, 0);
        snprintf(address.sun_path, sizeof address.sun_path, "%s", p->path);
        assert_int_equal(0, bind(fd, (struct sockaddr *)&address, sizeof address));
        close(fd);
        for (int i = 0; i < RIVALS; i++) {
            rivals[i].at = p;
            pthread_create(&thread[i], NULL, bind_rival, &rivals[i]);
        }
        for (int i = 0; i < RIVALS; i++) {
            pthread_join(thread[i], NULL);
            winners += rivals[i].status == ZMQLOG_OK;
            if (rivals[i].status != ZMQLOG_OK)
                assert_status(rivals[i].status, ZMQLOG_EADDRINUSE);
        }
        assert_int_equal(1, winners);
        for (int i = 0; i < RIVALS; i++) {
            if (rivals[i].status == ZMQLOG_OK)
                assert_delivers(rivals[i].handler);
            close_and_free(rivals[i].handler);
        }
        assert_int_not_equal(0, access(p->path, F_OK));
    }
}

TEST_WITH(path__a_relative_one_is_removed_wherever_the_program_has_gone, make_place,
          remove_place) {
    place *p = *state;
    zmqlog_handler *handler = zmqlog_handler_new();
    int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat info;
    assert_int_equal(0, chdir(p->dir.path));
    assert_ok(zmqlog_handler_bind(handler, "ipc://log"));
    assert_int_equal(0, fchdir(before));
    close(before);
    assert_int_equal(0, lstat(p->path, &info));
    close_and_free(handler);
    assert_int_equal(-1, lstat(p->path, &info));
}
