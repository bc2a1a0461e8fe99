/* SPDX-License-Identifier: BSD-3-Clause */
/* One row for each option that a setter has. */
#include "publish/spec_options.h"

#include "base/nearest.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

typedef zmqlog_status set_text(zmqlog_handler *handler, const char *value);
typedef zmqlog_status set_int(zmqlog_handler *handler, int value);
typedef zmqlog_status set_bytes(zmqlog_handler *handler, size_t value);

/* By name or number; -1: there is none. */
static int read_level(const zmqlog_handler *handler, zl_span text) {
    int level = zl_level_of_segment(&handler->names, text);
    char *end;
    long number = strtol(text.data, &end, 10);
    if (level)
        return level;
    return text.len && end == text.data + text.len && number >= 0 && number <= 63
               ? (int)number
               : -1;
}

static zmqlog_status set_level(zmqlog_handler *handler, const char *value) {
    int level = read_level(handler, zl_span_of(value));
    if (level < 0)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "no such level; give a name or 0 to 63");
    return zmqlog_handler_set_level(handler, level);
}

/* Whole, with K, M or G (1024 each) behind it where bytes are meant; 0: not one. */
static int read_number(const char *value, int with_unit, long long *number) {
    static const char units[] = "KMG";
    const char *unit;
    char *end;
    errno = 0;
    *number = strtoll(value, &end, 10);
    if (end == value || errno)
        return 0;
    unit =
        with_unit && isalpha((unsigned char)*end) ? strchr(units, *end & ~0x20) : NULL;
    for (int i = 0; unit && i <= unit - units; i++)
        if (*number > INT64_MAX / 1024 || *number < 0)
            return 0;
        else
            *number *= 1024;
    return unit ? end[1] == '\0' : *end == '\0';
}

static zmqlog_status set_backlog(zmqlog_handler *handler, const char *value) {
    size_t len = strcspn(value, ":");
    int level = read_level(handler, zl_span_make(value, len));
    long long bytes;
    if (level < 0 || value[len] != ':' || !read_number(value + len + 1, 1, &bytes) ||
        bytes < 0)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "give LEVEL:BYTES, for instance warn:1M");
    return zmqlog_handler_set_backlog(handler, level, (size_t)bytes);
}

static zmqlog_status set_style(zmqlog_handler *handler, const char *value) {
    return zmqlog_handler_set_style(handler, 0, value);
}

static zmqlog_status set_overflow(zmqlog_handler *handler, const char *value) {
    static const char *const policies[] = {"drop_newest", "drop_oldest", "block"};
    for (int policy = 0; policy < 3; policy++)
        if (strcmp(value, policies[policy]) == 0)
            return zmqlog_handler_set_overflow(
                handler, policy, handler->block_ms ? handler->block_ms : -1);
    return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                   "no such policy; give drop_newest, drop_oldest or block");
}

static zmqlog_status set_block_ms(zmqlog_handler *handler, int value) {
    return zmqlog_handler_set_overflow(handler, handler->overflow, value);
}

static zmqlog_status set_slow_peer(zmqlog_handler *handler, const char *value) {
    const zl_sender_options *now = &handler->options;
    long number[3] = {now->stall_ms, now->budget_ms, now->share_percent};
    const char *from = value;
    char *end = NULL;
    int count = 0, is_fine = 1;
    while (is_fine && count < 3 && (count == 0 || *end == ',')) {
        from = count ? end + 1 : value;
        number[count] = strtol(from, &end, 10);
        is_fine = end != from && number[count] >= 0 && number[count] <= INT32_MAX;
        count++;
    }
    if (!is_fine || *end)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "give stall_ms, or stall_ms,budget_ms,share_percent");
    return zmqlog_handler_set_slow_peer(handler, (int)number[0], (int)number[1],
                                        (int)number[2]);
}

static const struct row {
    const char *key;
    set_text *text;
    set_int *number;
    set_bytes *bytes;
} rows[] = {
    {"root", zmqlog_handler_set_root_topic, NULL, NULL},
    {"names", zmqlog_handler_set_level_names, NULL, NULL},
    {"level", set_level, NULL, NULL},
    {"style", set_style, NULL, NULL},
    {"time_format", zmqlog_handler_set_time_format, NULL, NULL},
    {"delimiter", zmqlog_handler_set_delimiter, NULL, NULL},
    {"queue", NULL, NULL, zmqlog_handler_set_queue_bytes},
    {"body", NULL, NULL, zmqlog_handler_set_max_body_bytes},
    {"overflow", set_overflow, NULL, NULL},
    {"block_ms", NULL, set_block_ms, NULL},
    {"slow_peer", set_slow_peer, NULL, NULL},
    {"hwm", NULL, zmqlog_handler_set_send_hwm, NULL},
    {"hold", NULL, zmqlog_handler_set_hold_ms, NULL},
    {"linger", NULL, zmqlog_handler_set_linger_ms, NULL},
    {"heartbeat", NULL, zmqlog_handler_set_heartbeat_ms, NULL},
    {"drop_notice", NULL, zmqlog_handler_set_drop_notice, NULL},
    {"announce", NULL, zmqlog_handler_set_announce, NULL},
    {"backlog", set_backlog, NULL, NULL},
};
#define ROWS (sizeof rows / sizeof *rows)

static const char *const auth_keys[] = {"key", "server_key", "allow", "insecure"};
#define AUTH_KEYS (sizeof auth_keys / sizeof *auth_keys)

int zl_spec_is_key(const char *key) {
    for (size_t i = 0; i < AUTH_KEYS; i++)
        if (strcmp(key, auth_keys[i]) == 0)
            return 1;
    return 0;
}

static const struct row *find(const char *key) {
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(key, rows[i].key) == 0)
            return &rows[i];
    return NULL;
}

static zmqlog_status fail_unknown(zl_errors *errors, const char *key) {
    const char *words[ROWS + AUTH_KEYS + 1] = {NULL};
    for (size_t i = 0; i < ROWS; i++)
        words[i] = rows[i].key;
    memcpy(words + ROWS, auth_keys, sizeof auth_keys);
    const char *nearest = zl_nearest(key, words);
    if (!nearest)
        return zl_fail(errors, ZMQLOG_EINVAL, "open: unknown option %.40s", key);
    return zl_fail(errors, ZMQLOG_EINVAL,
                   "open: unknown option %.40s; did you mean %s?", key, nearest);
}

static zmqlog_status apply_number(const struct row *row, zmqlog_handler *handler,
                                  const char *value) {
    long long number;
    if (!read_number(value, row->bytes != NULL, &number))
        return zl_fail(&handler->errors, ZMQLOG_EINVAL, "not a number");
    if (row->bytes)
        return row->bytes(handler, number < 0 ? 0 : (size_t)number);
    if (number > INT32_MAX || number < INT32_MIN)
        number = number < 0 ? INT32_MIN : INT32_MAX;
    return row->number(handler, (int)number);
}

static zmqlog_status apply(const zl_spec_option *option, zmqlog_handler *handler,
                           zl_errors *errors) {
    const struct row *row = find(option->key);
    zmqlog_status status;
    if (!row)
        return fail_unknown(errors, option->key);
    status = row->text ? row->text(handler, option->value)
                       : apply_number(row, handler, option->value);
    if (status == ZMQLOG_OK)
        return status;
    return zl_fail(errors, status, "open: %s: %s", option->key,
                   zl_errors_last(&handler->errors));
}

zmqlog_status zl_spec_apply(const zl_spec *spec, zmqlog_handler *handler,
                            zl_errors *errors) {
    zmqlog_status status = ZMQLOG_OK;
    for (size_t i = 0; i < spec->option_count && status == ZMQLOG_OK; i++)
        if (!zl_spec_is_key(spec->options[i].key))
            status = apply(&spec->options[i], handler, errors);
    return status == ZMQLOG_OK ? zl_spec_apply_keys(spec, handler, errors) : status;
}
