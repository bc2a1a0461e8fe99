/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a stream. A thread takes messages from an ordered consumer and hands them
 * over through a short queue; when a connection ends, the next one goes on behind the
 * last message. Owns that place in the stream. */
#include "forward/nats_read.h"
#include "complain.h"
#include "forward/buffer.h"
#include "forward/nats_link.h"
#include "forward/nats_subject.h"
#include "forward/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_MESSAGES 1024
#define LOOK_MS 200
#define PAUSE_MS 500

struct nats_reader {
    nats_address address;
    nats_options options;
    char subject[1100]; /* what is asked for */
    int64_t begin_ns;   /* 0: only what comes */
    char *name;         /* the address as it may be shown */
    int event;
    pthread_t thread;
    atomic_int is_ending;
    /* The thread's own. */
    natsConnection *connection;
    natsSubscription *subscription;
    uint64_t last; /* number in the stream of the last message, or, without --since, of
                    * the stream's last one when it was first seen */
    int has_place; /* `last` is known */
    int is_in_trouble;
    /* Under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t room;
    natsMsg *messages[QUEUE_MESSAGES];
    size_t first, count;
    /* The reading side. */
    natsMsg *current;
    buffer topic;
};

static void ignore_closed(natsConnection *connection, void *closure) {
    (void)connection;
    (void)closure;
}

/* Nothing that comes once the stream was seen may be missed, also when the connection
 * ends before a first message. A number beyond the stream's end is of another stream,
 * which had the name before. */
static natsStatus find_place(nats_reader *reader, jsCtx *js) {
    jsStreamInfo *info = NULL;
    natsStatus status = js_GetStreamInfo(&info, js, reader->address.stream, NULL, NULL);

    if (status == NATS_OK && !reader->has_place && !reader->begin_ns) {
        reader->last = info->State.LastSeq;
        reader->has_place = 1;
    } else if (status == NATS_OK && reader->last > info->State.LastSeq) {
        reader->last = 0;
    }
    jsStreamInfo_Destroy(info);
    return status;
}

static void choose_begin(const nats_reader *reader, jsConsumerConfig *config) {
    if (reader->has_place) {
        config->DeliverPolicy = js_DeliverByStartSequence;
        config->OptStartSeq = reader->last + 1;
    } else if (reader->begin_ns == INT64_MIN) {
        config->DeliverPolicy = js_DeliverAll;
    } else {
        config->DeliverPolicy = js_DeliverByStartTime;
        config->OptStartTime = reader->begin_ns;
    }
}

static natsStatus subscribe(nats_reader *reader) {
    jsCtx *js = NULL;
    jsSubOptions wanted;
    natsStatus status = natsConnection_JetStream(&js, reader->connection, NULL);

    jsSubOptions_Init(&wanted);
    wanted.Stream = reader->address.stream;
    wanted.Ordered = true;
    if (status == NATS_OK)
        status = find_place(reader, js);
    choose_begin(reader, &wanted.Config);
    if (status == NATS_OK)
        status = js_SubscribeSync(&reader->subscription, js, reader->subject, NULL,
                                  &wanted, NULL);
    jsCtx_Destroy(js);
    return status;
}

static void disconnect(nats_reader *reader) {
    nats_disconnect(&reader->connection, &reader->subscription);
}

static void tell_trouble(nats_reader *reader, const char *reason) {
    if (!reader->is_in_trouble && !reader->is_ending)
        complain("%s: %s; trying again", reader->name, reason);
    reader->is_in_trouble = 1;
}

static void connect_again(nats_reader *reader) {
    char reason[256];

    reader->connection =
        nats_connect(&reader->address, &reader->options, ignore_closed, NULL, reason);
    if (reader->connection) {
        natsStatus status = subscribe(reader);
        if (status == NATS_OK) {
            if (reader->is_in_trouble)
                complain("%s: goes on", reader->name);
            reader->is_in_trouble = 0;
            return;
        }
        nats_reason(reason, "the stream", status);
        disconnect(reader);
    }
    tell_trouble(reader, reason);
    nats_Sleep(PAUSE_MS);
}

/* Waits for room. */
static void hand_over(nats_reader *reader, natsMsg *message) {
    pthread_mutex_lock(&reader->lock);
    while (reader->count == QUEUE_MESSAGES && !reader->is_ending)
        pthread_cond_wait(&reader->room, &reader->lock);
    if (reader->is_ending) {
        natsMsg_Destroy(message);
    } else {
        reader->messages[(reader->first + reader->count) % QUEUE_MESSAGES] = message;
        if (reader->count++ == 0)
            queue_signal(reader->event);
    }
    pthread_mutex_unlock(&reader->lock);
}

static void note_place(nats_reader *reader, natsMsg *message) {
    jsMsgMetaData *meta = NULL;

    if (natsMsg_GetMetaData(&meta, message) == NATS_OK) {
        reader->last = meta->Sequence.Stream;
        reader->has_place = 1;
    }
    jsMsgMetaData_Destroy(meta);
}

static void take(nats_reader *reader) {
    natsMsg *message = NULL;
    natsStatus status =
        natsSubscription_NextMsg(&message, reader->subscription, LOOK_MS);

    if (status == NATS_OK) {
        note_place(reader, message);
        hand_over(reader, message);
    } else if (status != NATS_TIMEOUT || natsConnection_IsClosed(reader->connection)) {
        tell_trouble(reader, "the connection ended");
        disconnect(reader);
    }
}

static void *work(void *argument) {
    nats_reader *reader = argument;

    while (!reader->is_ending) {
        if (reader->connection)
            take(reader);
        else
            connect_again(reader);
    }
    disconnect(reader);
    return NULL;
}

static void choose_subject(nats_reader *reader, const char *root) {
    buffer subject = {0};

    if (root && *root) {
        nats_put_subject(&subject, bytes_of(root));
        buffer_put_text(&subject, ".>");
    } else {
        buffer_put_text(&subject, NATS_SUBJECTS);
    }
    snprintf(reader->subject, sizeof reader->subject, "%.*s", (int)subject.len,
             subject.data);
    buffer_free(&subject);
}

static int64_t begin_of(const nats_options *options) {
    struct timespec now;

    if (!options->since)
        return 0;
    if (options->since_ns == INT64_MAX)
        return INT64_MIN;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - options->since_ns;
}

static int start(nats_reader *reader) {
    pthread_mutex_init(&reader->lock, NULL);
    pthread_cond_init(&reader->room, NULL);
    reader->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return reader->event >= 0 &&
           pthread_create(&reader->thread, NULL, work, reader) == 0;
}

static void free_reader(nats_reader *reader) {
    free(reader->name);
    free(reader);
}

nats_reader *nats_reader_open(const char *address, const nats_options *options,
                              int is_insecure, const char *root, int *code) {
    nats_reader *reader = calloc(1, sizeof *reader);

    *code = EXIT_FAILED;
    if (reader)
        reader->name = nats_shown_address(address);
    if (!reader || !reader->name) {
        complain("out of memory");
        free(reader);
        return NULL;
    }
    reader->options = *options;
    reader->begin_ns = begin_of(options);
    const char *problem = nats_read_address(
        &reader->address, address + sizeof NATS_SCHEME - 1, options, is_insecure);
    if (problem) {
        *code = complain_usage("%s: %s", reader->name, problem);
        free_reader(reader);
        return NULL;
    }
    choose_subject(reader, root);
    if (start(reader))
        return reader;
    complain("%s: no thread or no descriptor", reader->name);
    free_reader(reader);
    return NULL;
}

void nats_reader_close(nats_reader *reader) {
    if (!reader)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->is_ending = 1;
    pthread_cond_signal(&reader->room);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    for (; reader->count > 0; reader->count--, reader->first++)
        natsMsg_Destroy(reader->messages[reader->first % QUEUE_MESSAGES]);
    natsMsg_Destroy(reader->current);
    nats_CloseAndWait(2000);
    close(reader->event);
    buffer_free(&reader->topic);
    free_reader(reader);
}

int nats_reader_fd(const nats_reader *reader) {
    return reader->event;
}

static natsMsg *take_message(nats_reader *reader) {
    natsMsg *message = NULL;

    pthread_mutex_lock(&reader->lock);
    if (reader->count > 0) {
        message = reader->messages[reader->first];
        reader->first = (reader->first + 1) % QUEUE_MESSAGES;
        reader->count--;
        pthread_cond_signal(&reader->room);
    } else {
        queue_clear_signal(reader->event);
    }
    pthread_mutex_unlock(&reader->lock);
    return message;
}

/* Messages that others published have no such headers: their subject is the topic. */
static void put_topic(nats_reader *reader, natsMsg *message) {
    const char *text = NULL;

    buffer_clear(&reader->topic);
    if (natsMsgHeader_Get(message, NATS_TOPIC_HEADER, &text) != NATS_OK)
        text = natsMsg_GetSubject(message);
    nats_put_unescaped(&reader->topic, bytes_of(text));
}

static int64_t time_of(natsMsg *message) {
    const char *text = NULL;

    if (natsMsgHeader_Get(message, NATS_TIME_HEADER, &text) == NATS_OK && text)
        return strtoll(text, NULL, 10);
    return nats_NowInNanoSeconds();
}

int nats_reader_next(nats_reader *reader, nats_frames *frames) {
    natsMsg_Destroy(reader->current);
    reader->current = take_message(reader);
    if (!reader->current)
        return 0;
    put_topic(reader, reader->current);
    frames->topic = bytes_make(reader->topic.data, reader->topic.len);
    frames->body = bytes_make(natsMsg_GetData(reader->current),
                              (size_t)natsMsg_GetDataLength(reader->current));
    frames->received_ns = time_of(reader->current);
    return 1;
}
