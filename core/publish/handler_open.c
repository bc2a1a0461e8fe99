/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening a handler by a text: from the program, or from the environment. All of it is
 * tried on another handler first, so that a text that is refused changes nothing. */
#include "publish/spec_options.h"

#include "publish/local.h"
#include "thread/cancel.h"

#include <stdio.h>
#include <stdlib.h>

#define NAMES_TRIED 16

typedef struct opening {
    zmqlog_handler *handler;
    zl_spec spec;
    char local[ZL_LOCAL_PATH_BYTES]; /* what the files begin with; "": none */
} opening;

/* Where the place is for bind and connect. */
static void name_endpoint(const opening *o, const zl_spec_place *place,
                          char out[ZL_ENDPOINT_MAX_BYTES]) {
    if (place->kind == ZL_PLACE_LOCAL)
        snprintf(out, ZL_ENDPOINT_MAX_BYTES, "ipc://%s.sock", o->local);
    else
        snprintf(out, ZL_ENDPOINT_MAX_BYTES, "%s", place->endpoint);
}

static zmqlog_status find_place(opening *o, zl_span root) {
    char directory[ZL_LOCAL_PATH_BYTES];
    zl_errors *errors = &o->handler->errors;
    zmqlog_status status = zl_local_directory(directory, errors);
    return status == ZMQLOG_OK ? zl_local_name(o->local, errors, directory, root)
                               : status;
}

static zmqlog_status check_place(opening *o, const zl_spec_place *place,
                                 zmqlog_handler *trial) {
    zl_endpoint_use use = place->kind == ZL_PLACE_CONNECT ? ZL_CONNECT : ZL_BIND;
    const zl_root *root = atomic_load(&trial->root);
    char text[ZL_ENDPOINT_MAX_BYTES];
    zl_endpoint endpoint;
    zmqlog_status status = ZMQLOG_OK;
    if (place->kind == ZL_PLACE_LOCAL && o->local[0])
        return zl_fail(&o->handler->errors, ZMQLOG_EINVAL, "open: local: stands twice");
    if (place->kind == ZL_PLACE_LOCAL)
        status = find_place(o, zl_span_make(root->text, root->len));
    name_endpoint(o, place, text);
    if (status == ZMQLOG_OK)
        status = zl_endpoint_parse(&endpoint, &o->handler->errors, text, use);
    if (status == ZMQLOG_OK)
        status = zl_auth_check_open(trial->options.auth, &o->handler->errors, &endpoint,
                                    use, 0);
    return status;
}

/* A handler with what the program has set; only what the spec depends on. */
static void resemble(zmqlog_handler *trial, const zmqlog_handler *handler) {
    const zl_root *root = atomic_load(&handler->root);
    trial->names = handler->names;
    trial->overflow = handler->overflow;
    trial->block_ms = handler->block_ms;
    trial->queue_bytes = handler->queue_bytes;
    trial->options.max_body_bytes = handler->options.max_body_bytes;
    trial->options.auth = zl_auth_hold(handler->options.auth);
    zmqlog_handler_set_root_topic(trial, root->text);
}

static zmqlog_status try_all(opening *o) {
    zmqlog_handler *trial = zmqlog_handler_new();
    zmqlog_status status;
    if (!trial)
        return zl_fail(&o->handler->errors, ZMQLOG_ENOMEM, "out of memory");
    resemble(trial, o->handler);
    status = zl_spec_apply(&o->spec, trial, &o->handler->errors);
    if (status == ZMQLOG_OK)
        status = zl_handler_check_queue(trial, &o->handler->errors);
    for (size_t i = 0; i < o->spec.place_count && status == ZMQLOG_OK; i++)
        status = check_place(o, &o->spec.places[i], trial);
    zmqlog_handler_free(trial);
    return status;
}

static zmqlog_status try_place(opening *o, const zl_spec_place *place) {
    char text[ZL_ENDPOINT_MAX_BYTES];
    name_endpoint(o, place, text);
    return place->kind == ZL_PLACE_CONNECT ? zmqlog_handler_connect(o->handler, text)
                                           : zmqlog_handler_bind(o->handler, text);
}

/* Others may take the same name meanwhile; then it is another one. */
static zmqlog_status open_place(opening *o, const zl_spec_place *place) {
    const zl_root *root = atomic_load(&o->handler->root);
    zmqlog_status status = try_place(o, place);
    for (int i = 1; i < NAMES_TRIED && status == ZMQLOG_EADDRINUSE &&
                    place->kind == ZL_PLACE_LOCAL;
         i++) {
        status = find_place(o, zl_span_make(root->text, root->len));
        if (status == ZMQLOG_OK)
            status = try_place(o, place);
    }
    return status;
}

static zmqlog_status open_all(opening *o) {
    zmqlog_status status = zl_spec_apply(&o->spec, o->handler, &o->handler->errors);
    for (size_t i = 0; i < o->spec.place_count && status == ZMQLOG_OK; i++)
        status = open_place(o, &o->spec.places[i]);
    if (status == ZMQLOG_OK && o->local[0])
        zl_sender_open_page(&o->handler->sender, o->local);
    return status;
}

static zmqlog_status check_fresh(const opening *o) {
    if (o->spec.option_count == 0 || atomic_load(&o->handler->state) == ZL_NEW)
        return ZMQLOG_OK;
    return zl_fail(&o->handler->errors, ZMQLOG_ESTATE,
                   "open: options are possible only before the handler is opened");
}

static const char *from_environment(void) {
    const char *given = secure_getenv("ZMQLOG_URL");
    return given && *given ? given : "local:";
}

zmqlog_status zmqlog_handler_open(zmqlog_handler *handler, const char *spec) {
    ZL_UNCANCELLED;
    opening *o;
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    o = calloc(1, sizeof *o);
    if (!o)
        return zl_fail(&handler->errors, ZMQLOG_ENOMEM, "out of memory");
    o->handler = handler;
    status = zl_spec_parse(&o->spec, &handler->errors,
                           spec && *spec ? spec : from_environment());
    if (status == ZMQLOG_OK)
        status = check_fresh(o);
    if (status == ZMQLOG_OK)
        status = try_all(o);
    if (status == ZMQLOG_OK)
        status = open_all(o);
    zl_spec_free(&o->spec);
    free(o);
    return status;
}
