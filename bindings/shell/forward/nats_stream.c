/* SPDX-License-Identifier: BSD-3-Clause */
/* The stream behind the sink nats: it is made when it is not there, and looked into
 * after a connection ended with messages on their way. Owns what is known to be in it;
 * must not publish. */
#include "complain.h"
#include "forward/nats_sink.h"

#include <inttypes.h>
#include <stdio.h>

/* Of what came to the stream later, to find out what had arrived before a connection
 * ended: ours, and those of others between them. */
#define LOOK_MOST (8 * NATS_WINDOW)

int nats_fail(sink *to, const char *what, natsStatus status) {
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
    nats_fail(to, "the stream", status);
    return NULL;
}

/* The number of a message of ours, 0 for another's. */
static uint64_t number_of(const sink *to, natsMsg *message) {
    const char *id = NULL;
    uint64_t instance, number;

    if (natsMsgHeader_Get(message, "Nats-Msg-Id", &id) != NATS_OK || !id ||
        sscanf(id, "%16" SCNx64 "-%" SCNu64, &instance, &number) != 2)
        return 0;
    return instance == to->remembered[INSTANCE] ? number : 0;
}

/* Their messages come between ours, which name the one before. */
static void note_others(const sink *to) {
    nats_sink *link = to->state;

    if (!link->is_shared)
        complain("%s: others write to this stream, too: when its leader changes, "
                 "records may be stored late",
                 to->name);
    link->is_shared = 1;
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
            return nats_fail(to, "looking into the stream", status);
        number = status == NATS_OK ? number_of(to, message) : 0;
        if (status == NATS_OK && number == 0)
            note_others(to);
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

/* A single server loses nothing but what was last, unless it refuses what does not fit
 * and takes a smaller one after it. */
static void note_rules(nats_sink *link, const jsStreamInfo *info) {
    int has_leaders = info->Cluster && info->Cluster->Name && *info->Cluster->Name;

    link->chain = NATS_CHAIN_NONE;
    if (!link->is_shared && has_leaders)
        link->chain = NATS_CHAIN_PLACES;
    else if (!link->is_shared && info->Config->Discard == js_DiscardNew)
        link->chain = NATS_CHAIN_IDS;
    link->last_put = 0;
    link->last_at = info->State.LastSeq;
    link->most_msg_bytes = info->Config->MaxMsgSize;
}

int nats_stream_prepare(sink *to) {
    nats_sink *link = to->state;
    jsCtx *js = NULL;
    natsStatus status = natsConnection_JetStream(&js, link->connection, NULL);
    int result = -1;

    if (status == NATS_OK) {
        jsStreamInfo *info = ensure_stream(to, js);
        result = info ? settle_stored(to, js, info) : -1;
        if (result == 0) {
            note_rules(link, info);
            to->remembered[KNOWN] = link->acks.stored_at + 1;
        }
        jsStreamInfo_Destroy(info);
    } else {
        nats_fail(to, "", status);
    }
    jsCtx_Destroy(js);
    return result;
}

void nats_stream_remember(sink *to) {
    nats_sink *link = to->state;
    uint64_t oldest = queue_oldest(&to->queue);

    if (link->is_remembered)
        return;
    link->is_remembered = 1;
    if (to->remembered[KNOWN] == 0 || oldest == 0)
        return;
    link->acks.stored_at = to->remembered[KNOWN] - 1;
    link->unsure_from = oldest;
    link->unsure_to = oldest + NATS_WINDOW - 1;
}
