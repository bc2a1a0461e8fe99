/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether parts of a secret key remain in the process's memory when all handles that
 * had it are freed: the test searches every writable page. It keeps the key under a
 * mask and uncovers it only in a page that it unmaps again. */
#include "support.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zmq.h>

#define KEY_CHARS 40
#define KEY_BYTES 32
#define MASK 0x5a
/* Parts of this length do not occur by chance. */
#define PART 8
#define PAGE 4096

typedef struct masked {
    char public_key[KEY_CHARS + 1];
    uint8_t text[KEY_CHARS], bytes[KEY_BYTES];
} masked;

static masked pair;
static temp_dir dir;

static int made_by_child(int fd) {
    char secret[KEY_CHARS + 1];
    uint8_t bytes[KEY_BYTES];
    masked out;
    if (zmq_curve_keypair(out.public_key, secret) != 0 ||
        !zmq_z85_decode(bytes, secret))
        return 1;
    for (int i = 0; i < KEY_CHARS; i++)
        out.text[i] = (uint8_t)(secret[i] ^ MASK);
    for (int i = 0; i < KEY_BYTES; i++)
        out.bytes[i] = bytes[i] ^ MASK;
    return write(fd, &out, sizeof out) != (ssize_t)sizeof out;
}

static int setup(void **state) {
    (void)state;
    int ends[2], status;
    pid_t child;
    dir = temp_dir_make();
    if (pipe(ends) != 0 || (child = fork()) < 0)
        return -1;
    if (child == 0)
        _exit(made_by_child(ends[1]));
    if (read(ends[0], &pair, sizeof pair) != (ssize_t)sizeof pair)
        return -1;
    close(ends[0]);
    close(ends[1]);
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    temp_dir_remove(&dir);
    return 0;
}

/* ---- searching --------------------------------------------------------- */

static int is_part(const uint8_t *at, const uint8_t *hidden) {
    for (int i = 0; i < PART; i++)
        if ((at[i] ^ MASK) != hidden[i])
            return 0;
    return 1;
}

/* Which part of `hidden` stands there; -1 for none. */
static int find_part(const uint8_t *at, const uint8_t *hidden, int len) {
    for (int i = 0; i + PART <= len; i++)
        if ((*at ^ MASK) == hidden[i] && is_part(at, hidden + i))
            return i;
    return -1;
}

static int search(const uint8_t *from, const uint8_t *to, const char *where,
                  const masked *key) {
    int found = 0;
    for (const uint8_t *at = from; at + PART <= to; at++) {
        int text = find_part(at, key->text, KEY_CHARS);
        int bytes = find_part(at, key->bytes, KEY_BYTES);
        if (text < 0 && bytes < 0)
            continue;
        print_error("%s of a secret, from %d, at %p in %s",
                    text >= 0 ? "text" : "bytes", text >= 0 ? text : bytes,
                    (const void *)at, where);
        found++;
    }
    return found;
}

static int search_memory(const masked *key) {
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    int found = 0;
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        uintptr_t from, to;
        char access[8];
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, access) == 3 &&
            strncmp(access, "rw", 2) == 0)
            found += search((const uint8_t *)from, (const uint8_t *)to, line, key);
    }
    fclose(maps);
    return found;
}

/* Sanitizers and valgrind keep copies of their own. */
static void skip_where_others_look(void) {
    const char *preload = getenv("LD_PRELOAD");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif
    if (preload && strstr(preload, "vgpreload"))
        skip();
}

static void assert_forgotten_after(void (*use)(char *secret)) {
    /* Byte by byte: a vector register would keep the key, and other functions save
     * registers to memory. */
    volatile char *page;
    volatile uint8_t *hidden = pair.text;
    skip_where_others_look();
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(page != MAP_FAILED);
    for (int i = 0; i < KEY_CHARS; i++)
        page[i] = (char)(hidden[i] ^ MASK);
    use((char *)page);
    munmap((char *)page, PAGE);
    assert_int_equal(search_memory(&pair), 0);
}

/* ---- uses -------------------------------------------------------------- */

static zmqlog_auth *server_of(const char *secret) {
    zmqlog_auth *auth = zmqlog_auth_new();
    assert_ok(zmqlog_auth_set_curve_server(auth, secret));
    assert_ok(zmqlog_auth_allow_key(auth, pair.public_key));
    return auth;
}

static void use_as_server(char *secret) {
    zmqlog_auth_free(server_of(secret));
}

static zmqlog_auth *client_of(const char *secret) {
    zmqlog_auth *auth = zmqlog_auth_new();
    assert_ok(
        zmqlog_auth_set_curve_client(auth, pair.public_key, pair.public_key, secret));
    return auth;
}

static void use_as_client(char *secret) {
    zmqlog_auth_free(client_of(secret));
}

static void use_where_it_is_wrong(char *secret) {
    zmqlog_auth *auth = zmqlog_auth_new();
    assert_status(
        zmqlog_auth_set_curve_client(auth, pair.public_key, secret, pair.public_key),
        ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_set_curve_client(auth, secret, secret, secret),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_allow_address(auth, secret), ZMQLOG_EINVAL);
    secret[39] = ' ';
    assert_status(zmqlog_auth_set_curve_server(auth, secret), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_allow_key(auth, secret), ZMQLOG_EINVAL);
    zmqlog_auth_free(auth);
}

static void use_as_name(char *secret) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_keypair *keypair = zmqlog_keypair_new();
    zmqlog_auth *auth = zmqlog_auth_new();
    assert_status(zmqlog_handler_bind(handler, secret), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_connect(handler, secret), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_level_names(handler, secret), ZMQLOG_EINVAL);
    assert_true(zmqlog_handler_set_style(handler, 0, secret) != ZMQLOG_OK);
    assert_status(zmqlog_subscriber_connect(subscriber, secret), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_bind(subscriber, secret), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_unsubscribe(subscriber, secret), ZMQLOG_EINVAL);
    assert_true(zmqlog_keypair_load(keypair, secret) != ZMQLOG_OK);
    assert_true(zmqlog_auth_load_keys(auth, secret) != ZMQLOG_OK);
    zmqlog_auth_free(auth);
    zmqlog_keypair_free(keypair);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

static void write_certificate(const char *path, const char *secret) {
    static const char head[] = "metadata\ncurve\n    secret-key = \"";
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, head, sizeof head - 1), sizeof head - 1);
    assert_int_equal(write(fd, secret, KEY_CHARS), KEY_CHARS);
    assert_int_equal(write(fd, "\"\n", 2), 2);
    close(fd);
}

static void use_of_files(char *secret) {
    zmqlog_keypair *keypair = zmqlog_keypair_new();
    zmqlog_auth *auth = zmqlog_auth_new();
    write_certificate(temp_dir_path(&dir, "", "own"), secret);
    assert_ok(zmqlog_keypair_load(keypair, temp_dir_path(&dir, "", "own")));
    assert_ok(zmqlog_keypair_save(keypair, temp_dir_path(&dir, "", "copy")));
    assert_ok(zmqlog_keypair_load(keypair, temp_dir_path(&dir, "", "copy")));
    assert_string_equal(zmqlog_keypair_public_key(keypair), pair.public_key);
    assert_ok(zmqlog_auth_load_keys(auth, dir.path));
    zmqlog_keypair_free(keypair);
    zmqlog_auth_free(auth);
}

TEST_WITH(memory__forgets_a_server_key, setup, teardown) {
    assert_forgotten_after(use_as_server);
}

TEST_WITH(memory__forgets_a_client_key, setup, teardown) {
    assert_forgotten_after(use_as_client);
}

TEST_WITH(memory__forgets_a_key_that_was_passed_by_mistake, setup, teardown) {
    assert_forgotten_after(use_where_it_is_wrong);
}

TEST_WITH(memory__forgets_a_key_that_was_passed_for_a_name, setup, teardown) {
    assert_forgotten_after(use_as_name);
}

TEST_WITH(memory__forgets_keys_of_files, setup, teardown) {
    assert_forgotten_after(use_of_files);
}

TEST_WITH(memory__forgets_a_key_that_was_made, setup, teardown) {
    zmqlog_keypair *keypair;
    masked made = pair;
    const volatile char *secret; /* byte by byte, not in wide registers */
    skip_where_others_look();
    keypair = zmqlog_keypair_new();
    assert_ok(zmqlog_keypair_generate(keypair));
    secret = zmqlog_keypair_secret_key(keypair);
    for (int i = 0; i < KEY_CHARS; i++)
        made.text[i] = (uint8_t)(secret[i] ^ MASK);
    zmqlog_keypair_free(keypair);
    assert_int_equal(search_memory(&made), 0);
}

/* Proves that the search finds a key. */
TEST_WITH(search__finds_a_part, setup, teardown) {
    volatile char part[PART];
    skip_where_others_look();
    for (int i = 0; i < PART; i++)
        part[i] = (char)(pair.text[i + 3] ^ MASK);
    assert_true(search_memory(&pair) > 0);
    assert_int_equal(part[0] ^ MASK, pair.text[3]);
    for (int i = 0; i < PART; i++)
        part[i] = 0;
    assert_int_equal(search_memory(&pair), 0);
}
