/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink nats: a stream of JetStream's. Publishes ahead of the acknowledgements, up
 * to a window; at the first sign of trouble the connection is given up, and all that
 * was not acknowledged is published again, in order and with the same ids, before
 * anything new. Owns that order. */
#include "forward/forward.h"
#include "forward/kinds.h"
#include "forward/nats_sink.h"
#include "forward/nats_subject.h"
#include "moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* A server whose answer takes longer may be changing its leader: what is published
 * meanwhile could overtake what is published again. */
#define STALL_MS 1000
#define GIVE_UP_MS 10000
static const char *check(sink *to, const char *address) {
    nats_sink *link = calloc(1, sizeof *link);

    if (!link)
        return "out of memory";
    to->state = link;
    if (nats_acks_init(&link->acks) < 0 ||
        getrandom(&to->remembered[INSTANCE], sizeof to->remembered[INSTANCE], 0) < 0)
        return "no descriptor or no random number";
    return nats_read_address(&link->address, address, &to->options->source.nats,
                             to->options->source.security.insecure);
}

static void free_link(sink *to) {
    nats_sink *link = to->state;

    if (!link)
        return;
    /* No callback runs after this. */
    nats_CloseAndWait(2000);
    nats_acks_free(&link->acks);
    free(link);
}

/* Subject, header and time, each ended by a NUL, and the body. */
static void pack(sink *to, const view *seen, bytes body, buffer *into) {
    (void)to;
    nats_put_subject(into, seen->topic);
    buffer_put_char(into, '\0');
    nats_put_header(into, seen->topic);
    buffer_put_char(into, '\0');
    buffer_printf(into, "%" PRId64, seen->received_ns);
    buffer_put_char(into, '\0');
    buffer_put_bytes(into, body);
}

static int subscribe(sink *to) {
    nats_sink *link = to->state;
    char subject[80];

    nats_acks_begin(&link->acks, to->remembered[INSTANCE], link->acks.stored_at);
    snprintf(subject, sizeof subject, "%s.*", link->acks.inbox);
    natsStatus status = natsConnection_Subscribe(
        &link->answers, link->connection, subject, nats_acks_on_answer, &link->acks);
    return status == NATS_OK ? 0 : nats_fail(to, "the answers", status);
}

static void shut(sink *to) {
    nats_sink *link = to->state;

    nats_acks_end(&link->acks);
    if (to->remembered[KNOWN]) /* else the stream was never seen */
        to->remembered[KNOWN] = link->acks.stored_at + 1;
    if (!link->unsure_from && link->acks.settled != link->acks.put) {
        link->unsure_from = link->acks.settled + 1;
        link->unsure_to = link->acks.put;
    }
    nats_disconnect(&link->connection, &link->answers);
}

static int open_link(sink *to) {
    nats_sink *link = to->state;
    char reason[256];

    nats_stream_remember(to);
    link->connection = nats_connect(&link->address, &to->options->source.nats,
                                    nats_acks_on_closed, &link->acks, reason);
    if (!link->connection) {
        sink_fail(to, 0, "%s", reason);
        return -1;
    }
    if (nats_stream_prepare(to) < 0 || subscribe(to) < 0) {
        shut(to);
        return -1;
    }
    to->fd = link->acks.event;
    return 0;
}

/* Takes one of the texts at the front of an item. */
static const char *take_text(const char **at) {
    const char *text = *at;

    *at += strlen(text) + 1;
    return text;
}

/* A message and its size as the server counts it: the lines of the header and the
 * body. */
typedef struct draft {
    natsMsg *message;
    int64_t size;
} draft;

static natsStatus set_header(draft *of, const char *key, const char *value) {
    of->size += (int64_t)(strlen(key) + strlen(value) + strlen(": \r\n"));
    return natsMsgHeader_Set(of->message, key, value);
}

static void write_id(char *id, size_t size, const sink *to, uint64_t number) {
    snprintf(id, size, "%016" PRIx64 "-%" PRIu64, to->remembered[INSTANCE], number);
}

static natsStatus set_chain(draft *of, const sink *to) {
    const nats_sink *link = to->state;
    char text[48];

    if (link->chain == NATS_CHAIN_PLACES) {
        snprintf(text, sizeof text, "%" PRIu64, link->last_at);
        return set_header(of, "Nats-Expected-Last-Sequence", text);
    }
    if (link->chain == NATS_CHAIN_NONE || !link->last_put)
        return NATS_OK;
    write_id(text, sizeof text, to, link->last_put);
    return set_header(of, "Nats-Expected-Last-Msg-Id", text);
}

static natsStatus set_headers(draft *of, const sink *to, const queue_item *item,
                              const char *topic, const char *time) {
    char id[48];

    of->size += (int64_t)strlen("NATS/1.0\r\n\r\n");
    write_id(id, sizeof id, to, item->number);
    natsStatus status = set_header(of, "Nats-Msg-Id", id);
    if (status == NATS_OK)
        status = set_header(of, NATS_TOPIC_HEADER, topic);
    if (status == NATS_OK)
        status = set_header(of, NATS_TIME_HEADER, time);
    return status == NATS_OK ? set_chain(of, to) : status;
}

static natsStatus make_message(draft *of, const sink *to, const queue_item *item) {
    const nats_sink *link = to->state;
    const char *at = item->data;
    const char *subject = take_text(&at), *topic = take_text(&at),
               *time = take_text(&at);
    size_t len = item->len - (size_t)(at - item->data);
    char reply[100];

    snprintf(reply, sizeof reply, "%s.%" PRIu64, link->acks.inbox, item->number);
    *of = (draft){.size = (int64_t)len};
    natsStatus status = natsMsg_Create(&of->message, subject, reply, at, (int)len);
    return status == NATS_OK ? set_headers(of, to, item, topic, time) : status;
}

/* The server would refuse it, too, but then also what names it as the one before. */
static int is_too_large(const nats_sink *link, int64_t size) {
    return link->most_msg_bytes >= 0 && size > link->most_msg_bytes;
}

static sink_result publish(sink *to, const queue_item *item) {
    nats_sink *link = to->state;
    draft made;
    natsStatus status = make_message(&made, to, item);

    if (status == NATS_OK)
        status = is_too_large(link, made.size)
                     ? NATS_MAX_PAYLOAD
                     : natsConnection_PublishMsg(link->connection, made.message);
    natsMsg_Destroy(made.message);
    if (status == NATS_MAX_PAYLOAD)
        return SINK_REFUSED;
    if (status != NATS_OK) {
        nats_fail(to, "", status);
        return SINK_LOST;
    }
    link->last_put = item->number;
    link->last_at++;
    return SINK_DONE;
}

static sink_result put(sink *to, const queue_item *item) {
    nats_sink *link = to->state;
    int64_t now = moment_now();

    if (link->acks.settled == link->acks.put)
        link->progress_at = now;
    if (now - link->progress_at >= STALL_MS * MOMENT_MS ||
        !nats_acks_expect(&link->acks, item->number))
        return SINK_BUSY;
    sink_result result = publish(to, item);
    if (result == SINK_REFUSED)
        nats_acks_give(&link->acks, item->number);
    return result;
}

/* Takes what was answered. 1, or 0 with the problem. */
static int take_answers(sink *to, char problem[256]) {
    nats_sink *link = to->state;
    uint64_t before = link->acks.settled, refused;
    int is_well;

    do {
        is_well = nats_acks_look(&link->acks, &refused, problem);
        queue_settle(&to->queue, refused ? refused - 1 : link->acks.settled);
        if (refused)
            queue_decide(&to->queue, refused, &(unsigned char){QUEUE_NEVER}, 1);
    } while (refused);
    if (link->acks.settled != before)
        link->progress_at = moment_now();
    return is_well;
}

static sink_result turn(sink *to) {
    const nats_sink *link = to->state;
    char problem[256];

    if (!take_answers(to, problem)) {
        sink_fail(to, 0, "%s", problem);
        return SINK_LOST;
    }
    if (link->acks.settled != link->acks.put &&
        moment_now() - link->progress_at >= GIVE_UP_MS * MOMENT_MS) {
        sink_fail(to, 0, "no acknowledgement for %d seconds", GIVE_UP_MS / 1000);
        return SINK_LOST;
    }
    return SINK_DONE;
}

const sink_kind sink_nats = {
    .scheme = "nats://",
    .is_raw = 1,
    .check = check,
    .pack = pack,
    .open = open_link,
    .put = put,
    .turn = turn,
    .shut = shut,
    .free = free_link,
};
