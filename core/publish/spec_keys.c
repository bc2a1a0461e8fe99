/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of a spec that make an auth: key, server_key, allow and insecure. Values
 * are never shown: somebody may put a key where a file is meant. */
#include "publish/spec_options.h"

#define Z85_KEY_LEN 40

typedef struct keys {
    zmqlog_auth *auth;
    zmqlog_keypair *own, *server;
    int has_own, has_server, allows_keys;
    zl_errors *errors;
} keys;

static zmqlog_status fail(const keys *k, zmqlog_status status, const char *key,
                          const char *detail) {
    return zl_fail(k->errors, status, "open: %s: %s", key, detail);
}

static zmqlog_status load(keys *k, const char *key, zmqlog_keypair *pair,
                          const char *path, int *has) {
    zmqlog_status status = zmqlog_keypair_load(pair, path);
    *has = status == ZMQLOG_OK;
    return *has ? status : fail(k, status, key, zmqlog_keypair_errmsg(pair));
}

/* A public key or "*", a file or directory of keys, or an address. One key in
 * forty begins as a path does; nearly all of these have a character that paths have
 * not. */
static zmqlog_status allow(keys *k, const char *value) {
    int is_key = strcmp(value, "*") == 0 || strlen(value) == Z85_KEY_LEN;
    int is_path = (*value == '/' || *value == '.') &&
                  !(is_key && strpbrk(value, "+=^!*?&<>()[]{}@%$#:"));
    zmqlog_status status = is_path  ? zmqlog_auth_load_keys(k->auth, value)
                           : is_key ? zmqlog_auth_allow_key(k->auth, value)
                                    : zmqlog_auth_allow_address(k->auth, value);
    k->allows_keys |= is_key || is_path;
    return status == ZMQLOG_OK ? status
                               : fail(k, status, "allow", zmqlog_auth_errmsg(k->auth));
}

static zmqlog_status be_insecure(keys *k, const char *value) {
    if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
        return fail(k, ZMQLOG_EINVAL, "insecure", "give 0 or 1");
    return zmqlog_auth_set_insecure(k->auth, *value == '1');
}

static zmqlog_status take(keys *k, const zl_spec_option *option) {
    if (strcmp(option->key, "key") == 0)
        return load(k, "key", k->own, option->value, &k->has_own);
    if (strcmp(option->key, "server_key") == 0)
        return load(k, "server_key", k->server, option->value, &k->has_server);
    if (strcmp(option->key, "allow") == 0)
        return allow(k, option->value);
    return be_insecure(k, option->value);
}

static zmqlog_status use_keys(keys *k) {
    zmqlog_status status = ZMQLOG_OK;
    if (k->has_server && !k->has_own)
        status = zmqlog_keypair_generate(k->own);
    if (status == ZMQLOG_OK && k->has_server)
        status = zmqlog_auth_set_curve_client(
            k->auth, zmqlog_keypair_public_key(k->server),
            zmqlog_keypair_public_key(k->own), zmqlog_keypair_secret_key(k->own));
    if (status == ZMQLOG_OK && k->has_own && (k->allows_keys || !k->has_server))
        status =
            zmqlog_auth_set_curve_server(k->auth, zmqlog_keypair_secret_key(k->own));
    return status == ZMQLOG_OK ? status
                               : fail(k, status, k->has_server ? "server_key" : "key",
                                      zmqlog_auth_errmsg(k->auth));
}

static int is_wanted(const zl_spec *spec) {
    for (size_t i = 0; i < spec->option_count; i++)
        if (zl_spec_is_key(spec->options[i].key))
            return 1;
    return 0;
}

static zmqlog_status fill(keys *k, const zl_spec *spec) {
    zmqlog_status status = ZMQLOG_OK;
    if (!k->auth || !k->own || !k->server)
        return zl_fail(k->errors, ZMQLOG_ENOMEM, "out of memory");
    for (size_t i = 0; i < spec->option_count && status == ZMQLOG_OK; i++)
        if (zl_spec_is_key(spec->options[i].key))
            status = take(k, &spec->options[i]);
    return status == ZMQLOG_OK ? use_keys(k) : status;
}

zmqlog_status zl_spec_apply_keys(const zl_spec *spec, zmqlog_handler *handler,
                                 zl_errors *errors) {
    keys k = {.errors = errors};
    zmqlog_status status;
    if (!is_wanted(spec))
        return ZMQLOG_OK;
    k.auth = zmqlog_auth_new();
    k.own = zmqlog_keypair_new();
    k.server = zmqlog_keypair_new();
    status = fill(&k, spec);
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_set_auth(handler, k.auth);
    zmqlog_auth_free(k.auth);
    zmqlog_keypair_free(k.own);
    zmqlog_keypair_free(k.server);
    return status;
}
