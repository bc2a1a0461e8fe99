/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs of calls that make no sense. The input is a list of calls and their
 * arguments, byte by byte, on a few handles that are opened, used, closed and freed in
 * any order, over loopback and abstract names only. Traps when an answer is none of the
 * documented ones, when a refusal has no text, or when the counters do not add up. */
#include "calls.h"

#include <zmq.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CALLS_MAX 400

/* ---- calls ----------------------------------------------------------------- */

static zmqlog_handler **handler(program *p) {
    return &p->handler[below(p, SLOTS)];
}

static zmqlog_auth *auth(program *p) {
    return p->auth[below(p, SLOTS)];
}

static void renew_handler(program *p) {
    zmqlog_handler **h = handler(p);
    zmqlog_handler_free(*h);
    *h = below(p, 4) ? zmqlog_handler_new() : NULL;
    told_h(*h, zmqlog_handler_set_linger_ms(*h, moment(p)));
    told_h(*h, zmqlog_handler_set_hold_ms(*h, moment(p)));
}

static void configure_handler(program *p) {
    zmqlog_handler *h = *handler(p);
    switch (below(p, 17)) {
    case 0:
        told_h(h, zmqlog_handler_set_root_topic(h, word(p)));
        break;
    case 1:
        told_h(h, zmqlog_handler_set_level(h, number(p)));
        break;
    case 2:
        told_h(h, zmqlog_handler_set_level_names(h, word(p)));
        break;
    case 3:
        told_h(h, zmqlog_handler_set_level_name(h, number(p), word(p)));
        break;
    case 4:
        told_h(h, zmqlog_handler_set_delimiter(h, word(p)));
        break;
    case 5:
        told_h(h, zmqlog_handler_set_style(h, number(p), word(p)));
        break;
    case 6:
        told_h(h, zmqlog_handler_set_time_format(h, word(p)));
        break;
    case 7:
        told_h(h, zmqlog_handler_set_queue_bytes(h, (size_t)number(p)));
        break;
    case 8:
        told_h(h, zmqlog_handler_set_overflow(h, below(p, 4), moment(p)));
        break;
    case 9:
        told_h(h, zmqlog_handler_set_slow_peer(h, number(p), number(p), number(p)));
        break;
    case 10:
        told_h(h, zmqlog_handler_set_send_hwm(h, number(p)));
        break;
    case 11:
        told_h(h, zmqlog_handler_set_max_body_bytes(h, (size_t)number(p)));
        break;
    case 12:
        told_h(h, zmqlog_handler_set_drop_notice(h, number(p)));
        break;
    case 13:
        told_h(h, zmqlog_handler_set_auth(h, auth(p)));
        break;
    case 14:
        told_h(h, zmqlog_handler_set_announce(h, number(p)));
        break;
    case 15:
        told_h(h, zmqlog_handler_set_backlog(h, number(p), (size_t)number(p)));
        break;
    default:
        told_h(h, zmqlog_handler_set_hold_ms(h, moment(p)));
    }
}

static void open_handler(program *p) {
    zmqlog_handler *h = *handler(p);
    if (below(p, 2))
        told_h(h, zmqlog_handler_bind(h, endpoint(p)));
    else
        told_h(h, zmqlog_handler_connect(h, endpoint(p)));
}

/* One handler for the socket's whole life. */
static void attach_handler(program *p) {
    zmqlog_handler *h = *handler(p);
    if (p->context) {
        told_h(h, zmqlog_handler_attach(h, NULL));
        return;
    }
    p->context = zmq_ctx_new();
    p->socket = zmq_socket(p->context, below(p, 2) ? ZMQ_PUB : ZMQ_XPUB);
    zmq_bind(p->socket, "inproc://attached");
    told_h(h, zmqlog_handler_attach(h, p->socket));
}

static void log_something(program *p) {
    zmqlog_handler *h = *handler(p);
    int at = level(p), times = below(p, 2) ? 100 : 1;
    size_t len, topic_len = 0;
    const char *text = bytes(p, &len), *topic = word(p);
    topic_len = topic ? strlen(topic) : 0;
    for (int i = 0; i < times; i++) {
        known(zmqlog_handler_log(h, at, text, len));
        known(zmqlog_handler_log_topic(h, at, topic, topic_len, text, len));
    }
    known(zmqlog_handler_log_record(h, p->record[below(p, SLOTS)]));
}

static void wait_for_handler(program *p) {
    zmqlog_handler *h = *handler(p);
    zmqlog_status status;
    switch (below(p, 5)) {
    case 0:
        status = zmqlog_handler_flush(h, moment(p));
        told_h(h, status);
        if (status == ZMQLOG_OK)
            accounts_add_up(h);
        break;
    case 1:
        told_h(h, zmqlog_handler_wait_subscriber(h, word(p), moment(p)));
        break;
    case 2:
        told_h(h, zmqlog_handler_wait_room(h, (size_t)number(p), moment(p)));
        break;
    case 3:
        known(zmqlog_handler_wakeup(h));
        break;
    default:
        told_h(h, zmqlog_handler_close(h, moment(p)));
    }
}

static void look_at_handler(program *p) {
    zmqlog_handler *h = *handler(p);
    int at = level(p), enabled = zmqlog_handler_enabled(h, at);
    size_t len, start, text_len;
    const char *text = bytes(p, &text_len);
    demand(enabled == 0 || enabled == 1);
    demand(!h == !zmqlog_handler_root_topic(h) && !h == !zmqlog_handler_gate(h));
    len = zmqlog_handler_split(h, at, text, text_len, &start);
    demand(len <= start && start <= text_len);
    demand(zmqlog_handler_count(h, number(p)) >= ZMQLOG_EINVAL);
    zmqlog_handler_level_name(h, at);
    for (int i = 0; h && zmqlog_handler_endpoint(h, i); i++)
        demand(zmqlog_handler_endpoint(h, i)[0] != '\0');
}

static void use_logger(program *p) {
    zmqlog_logger **slot = &p->logger[below(p, SLOTS)], *l = *slot;
    size_t len;
    const char *text = bytes(p, &len);
    switch (below(p, 7)) {
    case 0:
        *slot = zmqlog_logger_new(*handler(p), word(p));
        break;
    case 1:
        *slot = zmqlog_logger_clone(l);
        break;
    case 2:
        *slot = NULL;
        break;
    case 3:
        known(zmqlog_logger_set_level(l, number(p)));
        return;
    case 4:
        known(zmqlog_logger_set_topic(l, text, len));
        return;
    case 5:
        known(zmqlog_logger_set_field_string(l, word(p), text, len));
        return;
    default:
        known(zmqlog_logger_log(l, level(p), text, len));
        known(zmqlog_logger_log_source(l, level(p), word(p), number(p), word(p), text,
                                       len));
        known(zmqlog_logger_log_record(l, p->record[below(p, SLOTS)]));
        return;
    }
    zmqlog_logger_free(l);
}

static void use_record(program *p) {
    zmqlog_record **slot = &p->record[below(p, SLOTS)], *r = *slot;
    size_t len;
    const char *text = bytes(p, &len);
    switch (below(p, 10)) {
    case 0:
        zmqlog_record_free(r);
        *slot = zmqlog_record_new();
        break;
    case 1:
        known(zmqlog_record_clear(r));
        break;
    case 2:
        known(zmqlog_record_parse(r));
        break;
    case 3:
        known(zmqlog_record_set_level(r, number(p)));
        break;
    case 4:
        known(zmqlog_record_set_text(r, text, len));
        break;
    case 5:
        known(zmqlog_record_set_subtopic(r, text, len));
        break;
    case 6:
        known(zmqlog_record_set_field_string(r, word(p), text, len));
        break;
    case 7:
        known(zmqlog_record_set_field_json(r, word(p), text, len));
        break;
    case 8:
        known(zmqlog_record_set_source(r, word(p), number(p), word(p)));
        break;
    default:
        known(zmqlog_record_set_time_ns(r, number(p)));
    }
}

static void configure_subscriber(program *p) {
    zmqlog_subscriber **slot = &p->subscriber[below(p, SLOTS)], *s = *slot;
    switch (below(p, 9)) {
    case 0:
        zmqlog_subscriber_free(s);
        *slot = zmqlog_subscriber_new();
        break;
    case 1:
        told_s(s, zmqlog_subscriber_set_level_name(s, number(p), word(p)));
        break;
    case 2:
        told_s(s, zmqlog_subscriber_set_exact(s, number(p)));
        break;
    case 3:
        told_s(s, zmqlog_subscriber_set_receive_hwm(s, number(p)));
        break;
    case 4:
        told_s(s, zmqlog_subscriber_set_queue_bytes(s, (size_t)number(p)));
        break;
    case 5:
        told_s(s, zmqlog_subscriber_set_overflow(s, below(p, 4), moment(p)));
        break;
    case 6:
        told_s(s, zmqlog_subscriber_set_auth(s, auth(p)));
        break;
    case 7:
        told_s(s, zmqlog_subscriber_add_root(s, word(p)));
        break;
    default:
        told_s(s, zmqlog_subscriber_subscribe_level(s, word(p), number(p)));
    }
}

static void use_subscriber(program *p) {
    zmqlog_subscriber *s = p->subscriber[below(p, SLOTS)];
    switch (below(p, 9)) {
    case 0:
        told_s(s, zmqlog_subscriber_bind(s, endpoint(p)));
        break;
    case 1:
        told_s(s, zmqlog_subscriber_connect(s, endpoint(p)));
        break;
    case 2:
        told_s(s,
               zmqlog_subscriber_connect(s, zmqlog_handler_endpoint(*handler(p), 0)));
        break;
    case 3:
        told_s(s, zmqlog_subscriber_subscribe(s, word(p)));
        break;
    case 4:
        told_s(s, zmqlog_subscriber_unsubscribe(s, word(p)));
        break;
    case 5:
        known(zmqlog_subscriber_recv(s, p->record[below(p, SLOTS)], moment(p)));
        break;
    case 6:
        zmqlog_subscriber_fd(s);
        break;
    case 7:
        known(zmqlog_subscriber_wakeup(s));
        break;
    default:
        known(zmqlog_subscriber_close(s));
    }
    demand(zmqlog_subscriber_count(s, number(p)) >= ZMQLOG_EINVAL);
}

static void use_auth(program *p) {
    zmqlog_auth **slot = &p->auth[below(p, SLOTS)], *a = *slot;
    const char *own = zmqlog_keypair_public_key(p->keypair);
    const char *secret = zmqlog_keypair_secret_key(p->keypair);
    switch (below(p, 9)) {
    case 0:
        zmqlog_auth_free(a);
        *slot = zmqlog_auth_new();
        break;
    case 1:
        told_a(a, zmqlog_auth_set_curve_server(a, secret));
        break;
    case 2:
        told_a(a, zmqlog_auth_set_curve_client(a, own, own, secret));
        break;
    case 3:
        told_a(a, zmqlog_auth_allow_key(a, below(p, 2) ? own : word(p)));
        break;
    case 4:
        told_a(a, zmqlog_auth_allow_address(a, word(p)));
        break;
    case 5:
        told_a(a, zmqlog_auth_allow_uid(a, number(p)));
        break;
    case 6:
        told_a(a, zmqlog_auth_remove_key(a, own));
        break;
    case 7:
        told_a(a, zmqlog_auth_remove_address(a, word(p)));
        break;
    default:
        told_a(a, zmqlog_auth_set_ipc_mode(a, number(p)));
    }
}

static void (*const calls[])(program *) = {
    renew_handler, configure_handler,    open_handler,    attach_handler, log_something,
    log_something, wait_for_handler,     look_at_handler, use_logger,     use_record,
    use_auth,      configure_subscriber, use_subscriber};

/* Two pairs, of which one end each has bound, or nothing at all. */
static void begin(program *p) {
    p->keypair = zmqlog_keypair_new();
    known(zmqlog_keypair_generate(p->keypair));
    if (!below(p, 4))
        return;
    for (int i = 0; i < 2; i++) {
        p->handler[i] = zmqlog_handler_new();
        p->subscriber[i] = zmqlog_subscriber_new();
        p->logger[i] = zmqlog_logger_new(p->handler[i], "name");
        p->record[i] = zmqlog_record_new();
        known(zmqlog_handler_set_linger_ms(p->handler[i], moment(p)));
        known(zmqlog_handler_set_hold_ms(p->handler[i], moment(p)));
        p->auth[i] = zmqlog_auth_new();
        known(zmqlog_subscriber_subscribe(p->subscriber[i], ""));
    }
    if (!below(p, 2))
        return;
    known(zmqlog_handler_bind(p->handler[0], "tcp://127.0.0.1:*"));
    known(zmqlog_subscriber_connect(p->subscriber[0],
                                    zmqlog_handler_endpoint(p->handler[0], 0)));
    known(zmqlog_subscriber_bind(p->subscriber[1], "tcp://127.0.0.1:*"));
    known(zmqlog_handler_connect(p->handler[1],
                                 zmqlog_subscriber_endpoint(p->subscriber[1], 0)));
    known(zmqlog_handler_wait_subscriber(p->handler[below(p, 2)], "", 100));
}

static void end(program *p) {
    for (int i = 0; i < SLOTS; i++) {
        known(zmqlog_handler_close(p->handler[i], 0));
        zmqlog_handler_free(p->handler[i]);
        zmqlog_subscriber_free(p->subscriber[i]);
        zmqlog_logger_free(p->logger[i]);
        zmqlog_record_free(p->record[i]);
        zmqlog_auth_free(p->auth[i]);
    }
    zmqlog_keypair_free(p->keypair);
    if (p->context) {
        zmq_close(p->socket);
        zmq_ctx_term(p->context);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    program p = {.at = data, .end = data + size};
    begin(&p);
    for (int i = 0; i < CALLS_MAX && p.at < p.end; i++)
        calls[below(&p, sizeof calls / sizeof *calls)](&p);
    end(&p);
    return 0;
}
