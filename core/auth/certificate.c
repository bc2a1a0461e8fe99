/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads and writes certificates. The text is untrusted: whatever is in it, no value
 * is shown in a message, as it might be a secret. Every buffer that held a file is
 * wiped. Knows nothing of handles and lists. */
#include "auth/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void zl_certificate_wipe(zl_certificate *certificate) {
    explicit_bzero(certificate, sizeof *certificate);
}

/* One line of ZPL: `name`, or `name = value`, indented or not. */
typedef struct zpl_line {
    int indented;
    zl_span name, value;
} zpl_line;

static int is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\r';
}

static zl_span trim(zl_span text) {
    while (text.len > 0 && is_blank(text.data[0]))
        text = zl_span_make(text.data + 1, text.len - 1);
    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    return text;
}

/* A comment begins with "#" at the start or after a blank: keys contain "#". */
static zl_span cut_comment(zl_span text) {
    size_t i;

    for (i = 0; i < text.len; i++)
        if (text.data[i] == '#' && (i == 0 || is_blank(text.data[i - 1])))
            text.len = i;
    return trim(text);
}

/* Quoted with ' or ", or bare. A value that is neither stays as it is: it is no key,
 * and other values are of no interest. czmq does not escape quotes inside. */
static zl_span read_value(zl_span text) {
    zl_span value = trim(text);
    const char *end;

    if (value.len == 0 || (value.data[0] != '"' && value.data[0] != '\''))
        return cut_comment(value);
    end = memchr(value.data + 1, value.data[0], value.len - 1);
    if (!end ||
        cut_comment(zl_span_make(end + 1, value.len - (size_t)(end + 1 - value.data)))
                .len > 0)
        return value;
    return zl_span_make(value.data + 1, (size_t)(end - value.data) - 1);
}

/* Whether there is something on the line. */
static int read_line(zpl_line *out, zl_span text) {
    const char *equals;

    memset(out, 0, sizeof *out);
    out->indented = text.len > 0 && is_blank(text.data[0]);
    out->name = trim(text);
    if (out->name.len == 0 || out->name.data[0] == '#')
        return 0;
    equals = memchr(text.data, '=', text.len);
    if (equals) {
        out->name = cut_comment(zl_span_make(text.data, (size_t)(equals - text.data)));
        out->value = read_value(
            zl_span_make(equals + 1, text.len - (size_t)(equals + 1 - text.data)));
    } else {
        out->name = cut_comment(out->name);
    }
    return 1;
}

/* 0, or -1 when there is one already or it is no key. */
static int take_key(char key[ZL_KEY_SIZE], zl_span value) {
    uint8_t ignored[ZL_KEY_BYTES];
    int result;

    if (key[0] != '\0' || value.len != ZL_KEY_CHARS)
        return -1;
    memcpy(key, value.data, ZL_KEY_CHARS);
    key[ZL_KEY_CHARS] = '\0';
    result = zl_z85_decode(ignored, key);
    explicit_bzero(ignored, sizeof ignored);
    return result;
}

static const char *take_line(zl_certificate *out, int *in_curve, const zpl_line *line) {
    if (!line->indented) {
        *in_curve = zl_span_equal(line->name, zl_span_of("curve"));
        return NULL;
    }
    if (!*in_curve)
        return NULL;
    if (zl_span_equal(line->name, zl_span_of("public-key")) &&
        take_key(out->public_key, line->value) != 0)
        return "public-key must stand there once, with 40 characters of Z85";
    if (zl_span_equal(line->name, zl_span_of("secret-key")) &&
        take_key(out->secret_key, line->value) != 0)
        return "secret-key must stand there once, with 40 characters of Z85";
    return NULL;
}

zmqlog_status zl_certificate_parse(zl_certificate *out, zl_errors *errors,
                                   const char *name, zl_span text) {
    const char *wrong = NULL;
    int number = 0, in_curve = 0;
    zpl_line line;

    memset(out, 0, sizeof *out);
    if (text.len > 0 && memchr(text.data, '\0', text.len))
        return zl_fail(errors, ZMQLOG_EFORMAT, "%.200s is no certificate: it is binary",
                       name);
    while (text.len > 0 && !wrong) {
        const char *end = memchr(text.data, '\n', text.len);
        size_t len = end ? (size_t)(end - text.data) : text.len;
        number++;
        if (read_line(&line, zl_span_make(text.data, len)))
            wrong = take_line(out, &in_curve, &line);
        len += end ? 1 : 0;
        text = zl_span_make(text.data + len, text.len - len);
    }
    if (!wrong && (out->public_key[0] || out->secret_key[0]))
        return ZMQLOG_OK;
    zl_certificate_wipe(out);
    if (wrong)
        return zl_fail(errors, ZMQLOG_EFORMAT, "%.150s, line %d: %s", name, number,
                       wrong);
    return zl_fail(errors, ZMQLOG_EFORMAT,
                   "%.200s is no certificate: it has no curve block with a public-key",
                   name);
}

static zmqlog_status fail_file(zl_errors *errors, const char *verb, const char *path,
                               int error) {
    zmqlog_status status = ZMQLOG_EIO;

    if (error == EACCES || error == EPERM || error == EROFS)
        status = ZMQLOG_EACCESS;
    if (error == EEXIST)
        return zl_fail(errors, ZMQLOG_EADDRINUSE,
                       "%.200s exists; keys are never overwritten: choose another name "
                       "or remove it",
                       path);
    return zl_fail(errors, status, "cannot %s %.200s: %s", verb, path,
                   strerrordesc_np(error));
}

/* Reads until the end or until the buffer is full: the length, or -1 with errno. */
static ssize_t read_all(int fd, char *buffer, size_t size) {
    size_t len = 0;
    ssize_t got = 1;

    while (len < size && got > 0) {
        got = read(fd, buffer + len, size - len);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got < 0)
            return -1;
        else
            len += (size_t)got;
    }
    return (ssize_t)len;
}

static zmqlog_status read_text(zl_certificate *out, zl_errors *errors, const char *path,
                               int fd) {
    size_t size = ZL_CERTIFICATE_MAX_BYTES + 1;
    char *buffer = malloc(size);
    zmqlog_status status;
    ssize_t len;

    if (!buffer)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory for %.200s", path);
    len = read_all(fd, buffer, size);
    if (len < 0)
        status = fail_file(errors, "read", path, errno);
    else if ((size_t)len == size)
        status = zl_fail(errors, ZMQLOG_EFORMAT,
                         "%.200s is no certificate: it is longer than %d bytes", path,
                         ZL_CERTIFICATE_MAX_BYTES);
    else
        status =
            zl_certificate_parse(out, errors, path, zl_span_make(buffer, (size_t)len));
    explicit_bzero(buffer, size);
    free(buffer);
    return status;
}

static zmqlog_status read_open(zl_certificate *out, zl_errors *errors, const char *path,
                               int private_only, int fd) {
    struct stat file;
    zmqlog_status status;

    if (fstat(fd, &file) != 0)
        return fail_file(errors, "read", path, errno);
    if (!S_ISREG(file.st_mode))
        return zl_fail(errors, ZMQLOG_EFORMAT, "%.200s is not a file", path);
    status = read_text(out, errors, path, fd);
    if (status != ZMQLOG_OK || !private_only || !out->secret_key[0] ||
        (file.st_mode & 0077) == 0)
        return status;
    zl_certificate_wipe(out);
    return zl_fail(errors, ZMQLOG_EREFUSED,
                   "%.150s holds a secret key and has mode %04o, so others may have "
                   "read it: make a new pair, or chmod 600 it if nobody has",
                   path, (unsigned)file.st_mode & 07777);
}

zmqlog_status zl_certificate_read(zl_certificate *out, zl_errors *errors,
                                  const char *path, int private_only, int *missing) {
    /* Not blocking: it may be a FIFO, which only turns out afterwards. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    zmqlog_status status;

    memset(out, 0, sizeof *out);
    if (missing)
        *missing = fd < 0 && errno == ENOENT;
    if (fd < 0)
        return missing && *missing ? ZMQLOG_EIO
                                   : fail_file(errors, "read", path, errno);
    status = read_open(out, errors, path, private_only, fd);
    close(fd);
    return status;
}

static int write_all(int fd, const char *text, size_t len) {
    while (len > 0) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno != EINTR)
            return -1;
        if (put > 0) {
            text += put;
            len -= (size_t)put;
        }
    }
    return 0;
}

static int format(char *out, size_t size, const zl_certificate *certificate) {
    if (!certificate->secret_key[0])
        return snprintf(out, size,
                        "#   CURVE public certificate\n"
                        "#   Give this file to those who connect to its owner, or let\n"
                        "#   its owner in. Make sure that nobody exchanges it.\n"
                        "\n"
                        "metadata\n"
                        "curve\n"
                        "    public-key = \"%s\"\n",
                        certificate->public_key);
    return snprintf(out, size,
                    "#   CURVE secret certificate\n"
                    "#   Do not give this file to anybody.\n"
                    "\n"
                    "metadata\n"
                    "curve\n"
                    "    public-key = \"%s\"\n"
                    "    secret-key = \"%s\"\n",
                    certificate->public_key, certificate->secret_key);
}

zmqlog_status zl_certificate_write(const zl_certificate *certificate, zl_errors *errors,
                                   const char *path) {
    mode_t mode = certificate->secret_key[0] ? 0600 : 0644;
    char text[512];
    int len = format(text, sizeof text, certificate);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int error = 0;

    if (fd < 0) {
        error = errno;
        explicit_bzero(text, sizeof text);
        return fail_file(errors, "create", path, error);
    }
    if (fchmod(fd, mode) != 0 || write_all(fd, text, (size_t)len) != 0 ||
        fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && !error)
        error = errno;
    explicit_bzero(text, sizeof text);
    if (!error)
        return ZMQLOG_OK;
    unlink(path);
    return fail_file(errors, "write", path, error);
}
