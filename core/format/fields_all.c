/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields that a log call brings as an array. Nothing that is wrong with one of them
 * costs the record or its other fields. */
#include "format/fields.h"

#include <stdio.h>

static zmqlog_status set_one(zl_fields *fields, zl_errors *errors,
                             const zmqlog_field *given) {
    switch (given->kind) {
    case ZMQLOG_FIELD_STRING:
        return zl_fields_set_string(fields, errors, given->key, given->text,
                                    given->text_len);
    case ZMQLOG_FIELD_INT:
        return zl_fields_set_int(fields, errors, given->key, given->number);
    case ZMQLOG_FIELD_UINT:
        return zl_fields_set_uint(fields, errors, given->key, (uint64_t)given->number);
    case ZMQLOG_FIELD_DOUBLE:
        return zl_fields_set_double(fields, errors, given->key, given->real);
    case ZMQLOG_FIELD_BOOL:
        return zl_fields_set_bool(fields, errors, given->key, given->number != 0);
    case ZMQLOG_FIELD_JSON:
        return zl_fields_set_json(fields, errors, given->key, given->text,
                                  given->text_len);
    default:
        return zl_fail(errors, ZMQLOG_EINVAL, "field kind: %d, it must be %d to %d",
                       given->kind, ZMQLOG_FIELD_STRING, ZMQLOG_FIELD_JSON);
    }
}

/* Out of line: the texts of errors take a few kilobytes of stack. */
__attribute__((noinline, cold)) static void note_refusal(zl_fields *fields,
                                                         const zmqlog_field *given) {
    char word[ZL_ERROR_BYTES + 2];
    zl_errors errors;
    int len;

    zl_errors_init(&errors);
    set_one(fields, &errors, given);
    len = snprintf(word, sizeof word, "(%s)", zl_errors_last(&errors));
    zl_errors_destroy(&errors);
    if (zl_fields_set_string(fields, NULL, given->key, word, (size_t)len) != ZMQLOG_OK)
        zl_fields_set_string(fields, NULL, "!BADKEY", word, (size_t)len);
}

void zl_fields_set_all(zl_fields *fields, const zmqlog_field *given, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (set_one(fields, NULL, &given[i]) != ZMQLOG_OK)
            note_refusal(fields, &given[i]);
}
