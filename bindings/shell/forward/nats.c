/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink nats: a stream of JetStream's. Publishes ahead of the acknowledgements, up
 * to a window; at the first sign of trouble the connection is given up, and all that
 * was not acknowledged is published again, in order and with the same ids, before
 * anything new. Owns that order. */
#include "forward/forward.h"
#include "forward/kinds.h"
#include "forward/nats_acks.h"
#include "forward/nats_link.h"
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
/* Of what came to the stream later, to find out what had arrived before a connection
 * ended: ours, and those of others between them. */
#define LOOK_MOST (8 * NATS_WINDOW)

typedef struct nats_sink {
    nats_address address;
    natsConnection *connection;
    natsSubscription *answers;
    nats_acks acks;
    uint64_t instance;   /* in front of message ids */
    int64_t progress_at; /* moment: an acknowledgement, or the first on its way */
    /* A connection ended before all was acknowledged: from the first number to the
     * last. 0: it is known what the stream has. */
    uint64_t unsure_from, unsure_to;
} nats_sink;

static const char *check(sink *to, const char *address) {
    nats_sink *link = calloc(1, sizeof *link);

    if (!link)
        return "out of memory";
    to->state = link;
    if (nats_acks_init(&link->acks) < 0 ||
        getrandom(&link->instance, sizeof link->instance, 0) < 0)
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

static int fail(sink *to, const char *what, natsStatus status) {
    char reason[256];

    nats_reason(reason, what, status);
    sink_fail(to, 0, "%s", reason);
    return -1;
}

static natsStatus add_stream(jsStreamInfo **info, jsCtx *js,
                             const nats_address *address) {
    const char *subjects[] = {NATS_SUBJECTS};
    jsStreamConfig config;

    jsStreamConfig_Init(&config);
    config.Name = address->stream;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.Replicas = address->replicas;
    if (address->max_age_ns)
        config.MaxAge = address->max_age_ns;
    if (address->max_bytes)
        config.MaxBytes = address->max_bytes;
    return js_AddStream(info, js, &config, NULL, NULL);
}

/* The stream is there and has a leader. */
static jsStreamInfo *ensure_stream(sink *to, jsCtx *js) {
    nats_sink *link = to->state;
    jsStreamInfo *info = NULL;
    natsStatus status = js_GetStreamInfo(&info, js, link->address.stream, NULL, NULL);

    if (status == NATS_NOT_FOUND)
        status = add_stream(&info, js, &link->address);
    if (status == NATS_OK)
        return info;
    fail(to, "the stream", status);
    return NULL;
}

/* The number of a message of ours, 0 for another's. */
static uint64_t number_of(const nats_sink *link, natsMsg *message) {
    const char *id = NULL;
    uint64_t instance, number;

    if (natsMsgHeader_Get(message, "Nats-Msg-Id", &id) != NATS_OK || !id ||
        sscanf(id, "%16" SCNx64 "-%" SCNu64, &instance, &number) != 2)
        return 0;
    return instance == link->instance ? number : 0;
}

/* Which of the unsure ones are in the stream, and at which place the last one is. 0, or
 * -1 after sink_fail(). */
static int look_for(sink *to, jsCtx *js, uint64_t at, uint64_t last,
                    unsigned char fates[NATS_WINDOW]) {
    nats_sink *link = to->state;
    uint64_t number = 0;

    for (int i = 0; at <= last && i < LOOK_MOST && number != link->unsure_to;
         i++, at++) {
        natsMsg *message = NULL;
        natsStatus status =
            js_GetMsg(&message, js, link->address.stream, at, NULL, NULL);
        if (status != NATS_OK && status != NATS_NOT_FOUND)
            return fail(to, "looking into the stream", status);
        number = status == NATS_OK ? number_of(link, message) : 0;
        natsMsg_Destroy(message);
        if (number >= link->unsure_from && number <= link->unsure_to) {
            fates[number - link->unsure_from] = QUEUE_ARRIVED;
            link->acks.stored_at = at;
        }
    }
    return 0;
}

/* What the stream holds already needs no second time, however long ago it was: the
 * server forgets ids after some minutes. */
static int settle_stored(sink *to, jsCtx *js, const jsStreamInfo *info) {
    nats_sink *link = to->state;
    unsigned char fates[NATS_WINDOW] = {QUEUE_OPEN};
    uint64_t from = link->acks.stored_at + 1;

    if (!link->unsure_from) {
        link->acks.stored_at = info->State.LastSeq;
        return 0;
    }
    /* Before the last one that we know of: it is another stream of that name. */
    if (from > info->State.LastSeq + 1 || from < info->State.FirstSeq)
        from = info->State.FirstSeq;
    if (look_for(to, js, from, info->State.LastSeq, fates) < 0)
        return -1;
    queue_decide(&to->queue, link->unsure_from, fates, NATS_WINDOW);
    link->unsure_from = 0;
    return 0;
}

static int prepare(sink *to) {
    nats_sink *link = to->state;
    jsCtx *js = NULL;
    natsStatus status = natsConnection_JetStream(&js, link->connection, NULL);
    int result = -1;

    if (status == NATS_OK) {
        jsStreamInfo *info = ensure_stream(to, js);
        result = info ? settle_stored(to, js, info) : -1;
        jsStreamInfo_Destroy(info);
    } else {
        fail(to, "", status);
    }
    jsCtx_Destroy(js);
    return result;
}

static int subscribe(sink *to) {
    nats_sink *link = to->state;
    char subject[80];

    nats_acks_begin(&link->acks, link->instance, link->acks.stored_at);
    snprintf(subject, sizeof subject, "%s.*", link->acks.inbox);
    natsStatus status = natsConnection_Subscribe(
        &link->answers, link->connection, subject, nats_acks_on_answer, &link->acks);
    return status == NATS_OK ? 0 : fail(to, "the answers", status);
}

static void shut(sink *to) {
    nats_sink *link = to->state;

    nats_acks_end(&link->acks);
    if (!link->unsure_from && link->acks.settled != link->acks.put) {
        link->unsure_from = link->acks.settled + 1;
        link->unsure_to = link->acks.put;
    }
    natsSubscription_Destroy(link->answers);
    link->answers = NULL;
    natsConnection_Destroy(link->connection);
    link->connection = NULL;
}

static int open_link(sink *to) {
    nats_sink *link = to->state;
    char reason[256];

    link->connection = nats_connect(&link->address, &to->options->source.nats,
                                    nats_acks_on_closed, &link->acks, reason);
    if (!link->connection) {
        sink_fail(to, 0, "%s", reason);
        return -1;
    }
    if (prepare(to) < 0 || subscribe(to) < 0) {
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

static natsMsg *make_message(const nats_sink *link, const queue_item *item) {
    const char *at = item->data;
    const char *subject = take_text(&at), *topic = take_text(&at),
               *time = take_text(&at);
    char reply[100], id[48];
    natsMsg *message = NULL;
    natsStatus status;

    snprintf(reply, sizeof reply, "%s.%" PRIu64, link->acks.inbox, item->number);
    snprintf(id, sizeof id, "%016" PRIx64 "-%" PRIu64, link->instance, item->number);
    status = natsMsg_Create(&message, subject, reply, at,
                            (int)(item->len - (size_t)(at - item->data)));
    if (status == NATS_OK)
        status = natsMsgHeader_Set(message, "Nats-Msg-Id", id);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(message, NATS_TOPIC_HEADER, topic);
    if (status == NATS_OK)
        status = natsMsgHeader_Set(message, NATS_TIME_HEADER, time);
    if (status == NATS_OK)
        return message;
    natsMsg_Destroy(message);
    return NULL;
}

static sink_result publish(sink *to, const queue_item *item) {
    nats_sink *link = to->state;
    natsMsg *message = make_message(link, item);
    natsStatus status =
        message ? natsConnection_PublishMsg(link->connection, message) : NATS_NO_MEMORY;

    natsMsg_Destroy(message);
    if (status == NATS_OK)
        return SINK_DONE;
    if (status == NATS_MAX_PAYLOAD)
        return SINK_REFUSED;
    fail(to, "", status);
    return SINK_LOST;
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
