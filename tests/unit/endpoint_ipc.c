/* SPDX-License-Identifier: BSD-3-Clause */
/* Listening on paths: what is there already stays, unless it is a socket on which no
 * program listens. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "address/endpoint.h"

typedef struct fixture {
    temp_dir dir;
    zl_errors errors;
} fixture;

static int make(void **state) {
    fixture *f = calloc(1, sizeof *f);

    f->dir = temp_dir_make();
    zl_errors_init(&f->errors);
    *state = f;
    return 0;
}

static int drop(void **state) {
    fixture *f = *state;

    temp_dir_remove(&f->dir);
    zl_errors_destroy(&f->errors);
    free(f);
    return 0;
}

static zl_endpoint parse(const char *text) {
    zl_endpoint endpoint;

    assert_ok(zl_endpoint_parse(&endpoint, NULL, text, ZL_BIND));
    return endpoint;
}

static zl_endpoint in_dir(const fixture *f, const char *name) {
    return parse(temp_dir_path(&f->dir, "ipc://", name));
}

static int connects(const zl_endpoint *endpoint) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(endpoint->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result;

    memcpy(address.sun_path, endpoint->path, len);
    if (endpoint->abstract)
        address.sun_path[0] = '\0';
    else
        len++;
    result = connect(fd, (struct sockaddr *)&address,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    close(fd);
    return result == 0;
}

static int listen_at(fixture *f, const zl_endpoint *endpoint, int mode) {
    int fd = -1;
    zmqlog_status status = zl_endpoint_listen_ipc(endpoint, &f->errors, mode, &fd);

    if (status != ZMQLOG_OK)
        fail_msg("%s: %s", endpoint->text, zl_errors_last(&f->errors));
    assert_true(fd >= 0);
    return fd;
}

static void refused(fixture *f, const zl_endpoint *endpoint, zmqlog_status status,
                    const char *says) {
    int fd = 0;

    assert_status(zl_endpoint_listen_ipc(endpoint, &f->errors, 0600, &fd), status);
    assert_int_equal(fd, -1);
    if (!strstr(zl_errors_last(&f->errors), says))
        fail_msg("\"%s\" does not say \"%s\"", zl_errors_last(&f->errors), says);
}

TEST_WITH(ipc__a_free_path_is_listened_on, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    int fd = listen_at(f, &endpoint, 0600);

    assert_true(connects(&endpoint));
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
}

static mode_t mode_of(const zl_endpoint *endpoint) {
    struct stat file;

    assert_int_equal(lstat(endpoint->path, &file), 0);
    return file.st_mode & 07777;
}

TEST_WITH(ipc__the_mode_does_not_depend_on_the_umask, make, drop) {
    static const int modes[] = {0600, 0660, 0666, 0777, 0620};
    static const mode_t masks[] = {0, 022, 077, 0777};
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    size_t i, j;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++)
        for (j = 0; j < sizeof masks / sizeof masks[0]; j++) {
            mode_t before = umask(masks[j]);
            int fd = listen_at(f, &endpoint, modes[i]);
            umask(before);
            assert_int_equal(mode_of(&endpoint), modes[i]);
            close(fd);
        }
}

TEST_WITH(ipc__a_live_path_is_not_taken, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    int fd = listen_at(f, &endpoint, 0600);

    refused(f, &endpoint, ZMQLOG_EADDRINUSE, "another program listens there");
    assert_true(connects(&endpoint));
    close(fd);
}

TEST_WITH(ipc__a_path_that_nobody_listens_on_any_more_is_taken_over, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    int fd;

    close(listen_at(f, &endpoint, 0666));
    assert_false(connects(&endpoint));
    fd = listen_at(f, &endpoint, 0600);
    assert_true(connects(&endpoint));
    assert_int_equal(mode_of(&endpoint), 0600);
    close(fd);
}

TEST_WITH(ipc__a_datagram_socket_is_not_taken, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "dgram");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    strcpy(address.sun_path, endpoint.path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    refused(f, &endpoint, ZMQLOG_EADDRINUSE, "another program");
    close(fd);
}

TEST_WITH(ipc__a_file_is_kept, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "precious");
    FILE *file = fopen(endpoint.path, "w");
    char text[8] = "";

    fputs("data", file);
    fclose(file);
    refused(f, &endpoint, ZMQLOG_EADDRINUSE, "the path is a file, which is kept");
    file = fopen(endpoint.path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "data");
}

TEST_WITH(ipc__a_directory_a_link_and_a_fifo_are_kept, make, drop) {
    fixture *f = *state;
    zl_endpoint directory = in_dir(f, "directory");
    zl_endpoint dangling = in_dir(f, "link");
    zl_endpoint fifo = in_dir(f, "fifo");
    struct stat found;

    assert_int_equal(mkdir(directory.path, 0700), 0);
    assert_int_equal(symlink("/nonexistent/x", dangling.path), 0);
    assert_int_equal(mkfifo(fifo.path, 0600), 0);
    refused(f, &directory, ZMQLOG_EADDRINUSE, "a directory");
    refused(f, &dangling, ZMQLOG_EADDRINUSE, "a symbolic link");
    refused(f, &fifo, ZMQLOG_EADDRINUSE, "not a socket");
    assert_int_equal(lstat(directory.path, &found), 0);
    assert_int_equal(lstat(dangling.path, &found), 0);
    assert_int_equal(lstat(fifo.path, &found), 0);
}

TEST_WITH(ipc__a_missing_directory_is_named, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "no/log");
    zl_endpoint relative = parse("ipc://no-such-directory-here/log");

    refused(f, &endpoint, ZMQLOG_EADDRNOTAVAIL, "the directory does not exist");
    refused(f, &relative, ZMQLOG_EADDRNOTAVAIL, "three slashes");
}

TEST_WITH(ipc__a_directory_that_takes_no_sockets_is_not_called_missing, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = parse("ipc:///proc/log");

    if (access("/proc/self", F_OK) != 0)
        skip();
    refused(f, &endpoint, ZMQLOG_EADDRNOTAVAIL,
            "no socket can be made in this directory");
}

TEST_WITH(ipc__a_file_in_the_path_is_not_called_a_missing_directory, make, drop) {
    fixture *f = *state;
    zl_endpoint file = in_dir(f, "file"), below = in_dir(f, "file/log");
    int fd = open(file.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    close(fd);
    refused(f, &below, ZMQLOG_EADDRNOTAVAIL,
            "something in the path is not a directory");
}

TEST_WITH(ipc__an_abstract_name_has_one_owner, make, drop) {
    fixture *f = *state;
    char text[64];
    zl_endpoint endpoint;
    int fd;

    snprintf(text, sizeof text, "ipc://@zmqlog-test-%d", (int)getpid());
    endpoint = parse(text);
    fd = listen_at(f, &endpoint, 0600);
    assert_true(connects(&endpoint));
    refused(f, &endpoint, ZMQLOG_EADDRINUSE, "another program listens there");
    close(fd);
    assert_false(connects(&endpoint));
    close(listen_at(f, &endpoint, 0600));
}

TEST_WITH(ipc__a_lock_kept_by_others_does_not_stop_it, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    int lock = open(f->dir.path, O_RDONLY | O_DIRECTORY);

    assert_int_equal(flock(lock, LOCK_EX), 0);
    close(listen_at(f, &endpoint, 0600));
    close(lock);
}

/* In a child, as the user nobody, because root may do anything. Returns the exit code.
 * */
static int as_nobody(int (*what)(fixture *), fixture *f) {
    pid_t child = fork();
    int status = 0;

    if (child == 0)
        _exit(setgid(65534) == 0 && setuid(65534) == 0 ? what(f) : 99);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int listen_as_nobody(fixture *f) {
    zl_endpoint endpoint;
    int fd;

    zl_endpoint_parse(&endpoint, NULL, temp_dir_path(&f->dir, "ipc://", "log"),
                      ZL_BIND);
    return -zl_endpoint_listen_ipc(&endpoint, NULL, 0600, &fd);
}

TEST_WITH(ipc__a_directory_that_is_not_ours_is_access_denied, make, drop) {
    fixture *f = *state;

    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(f->dir.path, 0755), 0);
    assert_int_equal(as_nobody(listen_as_nobody, f), -ZMQLOG_EACCESS);
}

TEST_WITH(ipc__a_socket_of_another_user_is_left_alone, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");

    if (geteuid() != 0)
        skip();
    close(listen_at(f, &endpoint, 0600));
    assert_int_equal(chmod(f->dir.path, 0777), 0);
    assert_int_equal(as_nobody(listen_as_nobody, f), -ZMQLOG_EADDRINUSE);
    assert_int_equal(access(endpoint.path, F_OK), 0);
}

/* Several programs start at once over the socket that a dead one left: exactly one gets
 * it, and no other takes it away. */
#define STARTERS 6

typedef struct starters {
    int start[2], tried[2], finish[2]; /* pipes */
} starters;

static int take(const zl_endpoint *endpoint, const starters *pipes) {
    zmqlog_status status;
    char byte;
    int fd;

    close(pipes->start[1]);
    close(pipes->finish[1]);
    if (read(pipes->start[0], &byte, 1) != 0)
        return 99;
    status = zl_endpoint_listen_ipc(endpoint, NULL, 0600, &fd);
    if (write(pipes->tried[1], "", 1) != 1 || read(pipes->finish[0], &byte, 1) != 0)
        return 99;
    if (status == ZMQLOG_OK)
        return connects(endpoint) ? 1 : 99;
    return status == ZMQLOG_EADDRINUSE ? 0 : 99;
}

TEST_WITH(ipc__of_many_takers_one_wins, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    pid_t children[STARTERS];
    int winners = 0, i, status;
    starters pipes;
    char byte;

    close(listen_at(f, &endpoint, 0600));
    assert_int_equal(pipe(pipes.start), 0);
    assert_int_equal(pipe(pipes.tried), 0);
    assert_int_equal(pipe(pipes.finish), 0);
    for (i = 0; i < STARTERS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(take(&endpoint, &pipes));
    }
    close(pipes.start[1]);
    for (i = 0; i < STARTERS; i++)
        assert_int_equal(read(pipes.tried[0], &byte, 1), 1);
    close(pipes.finish[1]);
    for (i = 0; i < STARTERS; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        winners += WEXITSTATUS(status);
    }
    assert_int_equal(winners, 1);
    close(pipes.start[0]);
    close(pipes.tried[0]);
    close(pipes.tried[1]);
    close(pipes.finish[0]);
}

TEST_WITH(ipc__only_the_very_socket_is_unlinked, make, drop) {
    fixture *f = *state;
    zl_endpoint endpoint = in_dir(f, "log");
    zl_endpoint other = in_dir(f, "other");
    int fd = listen_at(f, &endpoint, 0600);
    struct stat file, changed;

    assert_int_equal(lstat(endpoint.path, &file), 0);
    assert_int_equal(rename(endpoint.path, other.path), 0);
    close(listen_at(f, &endpoint, 0600));
    zl_endpoint_unlink_ipc(endpoint.path, file.st_dev, file.st_ino);
    assert_int_equal(lstat(endpoint.path, &changed), 0);
    zl_endpoint_unlink_ipc(other.path, file.st_dev, file.st_ino);
    assert_int_equal(lstat(other.path, &changed), -1);
    zl_endpoint_unlink_ipc(other.path, file.st_dev, file.st_ino);
    close(fd);
}
