/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates as text: what czmq, pyzmq and people write, and malformed ones. No error
 * text shows a value. */
#include "support.h"

#include <sys/stat.h>

#include "auth/certificate.h"

#define PUBLIC "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

static const struct good {
    const char *text, *public_key, *secret_key;
} good[] = {
    {"curve\n    public-key = \"" PUBLIC "\"\n", PUBLIC, ""},
    {"curve\n    public-key = '" PUBLIC "'", PUBLIC, ""},
    {"curve\n    public-key = " PUBLIC "\n", PUBLIC, ""},
    {"curve\n    public-key=" PUBLIC "  # mine\n", PUBLIC, ""},
    {"curve\n\tpublic-key\t=\t\"" PUBLIC "\" # mine\r\n", PUBLIC, ""},
    {"curve # keys = 1\n    secret-key = \"" SECRET "\"\n", "", SECRET},
    {"metadata\n    name = \"alice\"\n    email = b@x\n    note =\n"
     "curve\n    public-key = \"" PUBLIC "\"\n    secret-key = \"" SECRET "\"\n",
     PUBLIC, SECRET},
    {"#   ****  Generated on 2024-01-01 by somebody  ****\n\n"
     "curve\n    secret-key = \"" SECRET "\"\n    public-key = \"" PUBLIC "\"\n"
     "metadata\n    public-key = \"not this one\"\n",
     PUBLIC, SECRET},
    {"metadata\n    name = \"Alice \"A.\" # not a comment\"\n    two words\n    = x\n"
     "curve\n    note = \"open\n    public-key = \"" PUBLIC "\"#mine\n",
     PUBLIC, ""},
    {"curve\n\n   \n# public-key = x\n    # y\n    version = 1\n"
     "    public-key = \"" PUBLIC "\"\n",
     PUBLIC, ""},
};

TEST(certificate__well_formed_ones_are_read) {
    zl_certificate certificate;
    zl_errors errors;
    size_t i;

    zl_errors_init(&errors);
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (zl_certificate_parse(&certificate, &errors, "file",
                                 zl_span_of(good[i].text)) != ZMQLOG_OK)
            fail_msg("%zu: %s", i, zl_errors_last(&errors));
        assert_string_equal(certificate.public_key, good[i].public_key);
        assert_string_equal(certificate.secret_key, good[i].secret_key);
    }
    zl_errors_destroy(&errors);
}

#define BYTES(literal)                                                                 \
    { literal, sizeof(literal) - 1 }

static const struct bad {
    zl_span text;
    const char *says;
} bad[] = {
    {BYTES(""), "no curve block"},
    {BYTES("\n\n"), "no curve block"},
    {BYTES("curve\n"), "no curve block"},
    {BYTES("-----BEGIN CERTIFICATE-----\n"), "no curve block"},
    {BYTES("-----BEGIN PRIVATE KEY-----\nMIIB=\n"), "no curve block"},
    {BYTES("curve\n    public-key = \"" PUBLIC "\n"), "line 2"},
    {BYTES("curve\n    public-key = \"" PUBLIC "\" x\n"), "line 2"},
    {BYTES("curve\n    public-key = \"" PUBLIC "0\"\n"), "40 characters"},
    {BYTES("curve\n    public-key = \"0\"\n"), "line 2: public-key"},
    {BYTES("curve\n    public-key =\n"), "line 2: public-key"},
    {BYTES("curve\n    public-key = \"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\"\n"),
     "Z85"},
    {BYTES("curve\n    public-key = \"########################################\"\n"),
     "Z85"},
    {BYTES("curve\n    secret-key = \"" SECRET "\"\n    secret-key = \"" SECRET "\"\n"),
     "line 3: secret-key must stand there once"},
    {BYTES("curve\n    = \"" PUBLIC "\"\n"), "no curve block"},
    {BYTES("curve\n    public-key\n"), "line 2: public-key"},
    {BYTES("curve\n    public-key \"" PUBLIC "\"\n"), "no curve block"},
    {BYTES("public-key = \"" PUBLIC "\"\n"), "no curve block"},
    {BYTES("metadata\n    public-key = \"" PUBLIC "\"\n"), "no curve block"},
    {BYTES("curve\nmetadata\n    public-key = \"" PUBLIC "\"\n"), "no curve block"},
    {BYTES("curve\n    public-key = \"" PUBLIC "\"\n\0"), "binary"},
    {BYTES("\x7f"
           "ELF\0"),
     "binary"},
};

TEST(certificate__malformed_ones_are_refused_and_say_where) {
    zl_certificate certificate;
    zl_errors errors;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        zl_errors_init(&errors);
        assert_status(
            zl_certificate_parse(&certificate, &errors, "the-file", bad[i].text),
            ZMQLOG_EFORMAT);
        if (!strstr(zl_errors_last(&errors), bad[i].says))
            fail_msg("%zu: \"%s\" does not say \"%s\"", i, zl_errors_last(&errors),
                     bad[i].says);
        assert_non_null(strstr(zl_errors_last(&errors), "the-file"));
        assert_null(strstr(zl_errors_last(&errors), SECRET));
        assert_string_equal(certificate.public_key, "");
        assert_string_equal(certificate.secret_key, "");
        zl_errors_destroy(&errors);
    }
}

/* ---- files ------------------------------------------------------------- */

static void put(const char *path, const char *text, mode_t mode) {
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

TEST(file__a_secret_that_others_may_read_is_refused) {
    static const mode_t loose[] = {0644, 0640, 0604, 0660, 0602, 0611};
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "", "key");
    zl_certificate certificate;
    zl_errors errors;
    size_t i;

    zl_errors_init(&errors);
    for (i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        put(path, "curve\n    secret-key = \"" SECRET "\"\n", loose[i]);
        assert_status(zl_certificate_read(&certificate, &errors, path, 1, NULL),
                      ZMQLOG_EREFUSED);
        assert_string_equal(certificate.secret_key, "");
        assert_non_null(strstr(zl_errors_last(&errors), "chmod 600"));
        assert_ok(zl_certificate_read(&certificate, &errors, path, 0, NULL));
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_ok(zl_certificate_read(&certificate, &errors, path, 1, NULL));
    assert_int_equal(chmod(path, 0600), 0);
    put(path, "curve\n    public-key = \"" PUBLIC "\"\n", 0666);
    assert_ok(zl_certificate_read(&certificate, &errors, path, 1, NULL));
    zl_errors_destroy(&errors);
    temp_dir_remove(&dir);
}

TEST(file__what_is_none_is_refused) {
    temp_dir dir = temp_dir_make();
    const char *large = temp_dir_path(&dir, "", "large");
    const char *fifo = temp_dir_path(&dir, "", "fifo");
    zl_certificate certificate;
    int missing = -1;
    FILE *file;

    assert_status(zl_certificate_read(&certificate, NULL, dir.path, 0, &missing),
                  ZMQLOG_EFORMAT);
    assert_int_equal(missing, 0);
    assert_status(zl_certificate_read(&certificate, NULL,
                                      temp_dir_path(&dir, "", "none"), 0, &missing),
                  ZMQLOG_EIO);
    assert_int_equal(missing, 1);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_status(zl_certificate_read(&certificate, NULL, fifo, 0, &missing),
                  ZMQLOG_EFORMAT);
    file = fopen(large, "w");
    fprintf(file, "%*s\n", ZL_CERTIFICATE_MAX_BYTES, "#");
    fputs("curve\n    public-key = \"" PUBLIC "\"\n", file);
    fclose(file);
    assert_status(zl_certificate_read(&certificate, NULL, large, 0, NULL),
                  ZMQLOG_EFORMAT);
    temp_dir_remove(&dir);
}

TEST(file__what_is_written_is_read_back) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "", "key");
    const char *link = temp_dir_path(&dir, "", "link");
    zl_certificate written = {PUBLIC, SECRET}, read_back;
    struct stat file;

    assert_ok(zl_certificate_write(&written, NULL, path));
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    assert_ok(zl_certificate_read(&read_back, NULL, path, 1, NULL));
    assert_memory_equal(&written, &read_back, sizeof written);
    assert_status(zl_certificate_write(&written, NULL, path), ZMQLOG_EADDRINUSE);
    /* Nor through a link to nowhere. */
    assert_int_equal(symlink("target", link), 0);
    assert_status(zl_certificate_write(&written, NULL, link), ZMQLOG_EADDRINUSE);
    assert_status(
        zl_certificate_write(&written, NULL, temp_dir_path(&dir, "", "no/key")),
        ZMQLOG_EIO);
    temp_dir_remove(&dir);
}
