/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file zmqlog.h
 * libzmqlog: log broadcasting over ZeroMQ PUB/SUB. This header is the
 * contract and the manual.
 *
 * MODEL. A program opens a *handler* on one or more endpoints and logs. Every record
 * leaves as exactly two frames, `[topic, message]`, where the topic is
 * `<root_topic>.<LEVEL>[.<subtopic>]`. Subscribers choose by topic prefix: the
 * *subscriber* of this library, or any ZMTP 3 SUB socket (libzmq >= 4.0). If a text
 * given to a `log` call reads `sub.topic::hello there`, `sub.topic` goes into the topic
 * and `hello there` into the message.
 *
 * COST. Every handler has a *gate*: one byte per level, which is zero while nobody
 * subscribes to that level. A log call whose byte is zero returns within a few
 * nanoseconds. Any other log call copies the record into a bounded queue, from which
 * the handler's own I/O thread sends it. A log call never waits for the network, unless
 * the policy is ZMQLOG_OVERFLOW_BLOCK and the queue is full.
 *
 * A *relay* hands the records of many publishers on to many subscribers.
 *
 * LIFETIME. `zmqlog_<object>_new` returns NULL only if memory ran out, and
 * `zmqlog_logger_new` also if its handler is NULL. Each option has a typed setter that
 * you call before opening. Afterwards the setter answers ZMQLOG_ESTATE, unless its
 * option is documented as *live*. `zmqlog_<object>_free(NULL)` does nothing. You may
 * free a handler and its loggers in any order. No allocated memory crosses this
 * interface: the library borrows the strings and bytes that you pass for the time of
 * the call, and the strings that it hands out belong to the handle that they came from.
 *
 * STRINGS OUT. Strings of handlers, loggers and subscribers live until the handle is
 * freed. Strings of a keypair live until it is changed or freed. Strings and bytes of a
 * record live until the record is next filled, changed, cleared or freed. `*_errmsg`
 * returns one of the handle's last 16 details. It stays valid until 16 more calls on
 * that handle have failed, and is "" if none has failed yet.
 *
 * STRINGS IN. Names, roots, prefixes, endpoints and formats are NUL-terminated UTF-8.
 * Bodies and subtopics are bytes with a length and may hold anything, NUL included. A
 * NULL pointer with length 0 is an empty string.
 *
 * ERRORS. Everything that can fail returns `zmqlog_status`: ZMQLOG_OK (0) or a negative
 * code. The soft codes EAGAIN, ETIMEDOUT and EINTERRUPTED say that nothing is wrong. A
 * NULL handle is ZMQLOG_EINVAL. errno is never part of the answer, and log calls leave
 * it as it is. Signals never surface as errors. The library never writes to stdout or
 * stderr.
 *
 * TIMEOUTS are in milliseconds. 0 returns at once and a negative value waits without
 * limit, unless documented otherwise.
 *
 * THREADS. Each function says which threads may call it: *any thread*, *one thread at a
 * time* per handle, or *async-signal-safe*. Any number of threads may use handlers and
 * loggers at once. They keep no thread-local state.
 *
 * CANCELLING. No function is a cancellation point: pthread_cancel ends a thread before
 * or after a call, never during it. To end a call that waits without limit, use wakeup
 * or close. Asynchronous cancellation during a call (PTHREAD_CANCEL_ASYNCHRONOUS) and
 * leaving a call from a signal handler by siglongjmp are undefined.
 *
 * FORK. In a forked child, the first log call on an inherited handler that connects
 * somewhere opens its connections again, but not its bound endpoints, unless the child
 * closed the handler first. A handler that only binds or is attached answers
 * ZMQLOG_EFORKED there. The parent is unaffected. Subscribers answer EFORKED in the
 * child. The fork itself closes what the child inherited, and the library does not
 * touch it later, so the child may close all descriptors and use their numbers.
 * Children that are made without fork (`_Fork`, raw clone) must not use handles:
 * nothing tells the library of them, so a log call answers OK and sends nothing.
 *
 * EXIT. A process that ends by `exit` or by returning from main flushes the handlers
 * that are still open once, for at most their linger. `_exit`, `exec` and fatal signals
 * flush nothing, and a Go program never does: close there.
 *
 * COMPATIBILITY. Within ABI major 1, symbols, their types and all constants stay as
 * they are; later versions add. `Since` tells the first version.
 */
#ifndef ZMQLOG_H
#define ZMQLOG_H

#include <stddef.h>
#include <stdint.h>

#ifndef ZMQLOG_API
#if defined(__GNUC__) && defined(ZMQLOG_BUILD)
#define ZMQLOG_API __attribute__((visibility("default")))
#else
#define ZMQLOG_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- version ----------------------------------------------------------- */

#define ZMQLOG_VERSION_MAJOR 1 /**< Changes with the SONAME. */
#define ZMQLOG_VERSION_MINOR 1 /**< Grows when functions are added. */
#define ZMQLOG_VERSION_PATCH 0 /**< Grows with corrections. */

/* ---- status ------------------------------------------------------------ */

/** Result of everything that can fail: ZMQLOG_OK or a negative ZMQLOG_E code. */
typedef int zmqlog_status;

#define ZMQLOG_OK 0         /**< Done; also for a log call that nobody subscribes to. */
#define ZMQLOG_EAGAIN -1    /**< Soft: nothing there, or not queued. */
#define ZMQLOG_ETIMEDOUT -2 /**< Soft: the time ran out first. */
#define ZMQLOG_EINTERRUPTED -3 /**< Soft: a wakeup call ended it. */
#define ZMQLOG_EINVAL -10      /**< An argument is wrong; errmsg names it. */
#define ZMQLOG_ENOMEM -11      /**< Out of memory. */
#define ZMQLOG_ESTATE -12      /**< Not possible now: not open yet, or open already. */
#define ZMQLOG_ECLOSED -13     /**< The handle is closed. */
#define ZMQLOG_EFORKED -14     /**< Inherited by fork; not usable in the child. */
#define ZMQLOG_ENOTSUP -15     /**< This handle or this libzmq cannot do that. */
#define ZMQLOG_ELIMIT -16      /**< A documented limit would be exceeded. */
#define ZMQLOG_EADDRINUSE -17  /**< Another socket has this endpoint. */
#define ZMQLOG_EADDRNOTAVAIL -18 /**< No such local address, path or interface. */
#define ZMQLOG_EACCESS -19       /**< The system denied it. */
#define ZMQLOG_EREFUSED -20      /**< Refused for security; errmsg says what to do. */
#define ZMQLOG_EFORMAT -21       /**< A text is malformed. */
#define ZMQLOG_EIO -22           /**< A file or a socket failed. */

/* ---- level ------------------------------------------------------------- */

/* Level numbers are Python's; any number from MIN to MAX is legal. */
#define ZMQLOG_LEVEL_MIN 1       /**< Lowest legal level. */
#define ZMQLOG_LEVEL_DEBUG 10    /**< Named DEBUG. */
#define ZMQLOG_LEVEL_INFO 20     /**< Named INFO. */
#define ZMQLOG_LEVEL_WARN 30     /**< Named WARN (preset pyzmq: WARNING). */
#define ZMQLOG_LEVEL_ERROR 40    /**< Named ERROR. */
#define ZMQLOG_LEVEL_CRITICAL 50 /**< Named CRITICAL. */
#define ZMQLOG_LEVEL_MAX 63      /**< Highest legal level. */

/* ---- limits ------------------------------------------------------------ */

#define ZMQLOG_TOPIC_MAX_BYTES 200    /**< Longest topic that is ever sent. */
#define ZMQLOG_ROOT_MAX_BYTES 100     /**< Longest root topic. */
#define ZMQLOG_PREFIX_MAX_BYTES 245   /**< Longest subscription prefix. */
#define ZMQLOG_NAME_MAX_BYTES 32      /**< Longest level name. */
#define ZMQLOG_FIELDS_MAX_BYTES 65536 /**< All fields of one record together. */
#define ZMQLOG_GATE_BYTES 64          /**< Size of a gate: indexes 0 to 63. */

/** What separates subtopic and message in the text of a `log` call. */
#define ZMQLOG_TOPIC_DELIM "::"

/** "No time": a record without a time stamp. */
#define ZMQLOG_TIME_NONE INT64_MIN

/* ---- policies and counters --------------------------------------------- */

#define ZMQLOG_OVERFLOW_DROP_NEWEST 0 /**< Full queue: refuse the new record. */
#define ZMQLOG_OVERFLOW_DROP_OLDEST 1 /**< Full queue: discard the oldest. */
#define ZMQLOG_OVERFLOW_BLOCK 2       /**< Full queue: wait for room. */

/* Handler: ACCEPTED = SENT + UNHEARD + DROPPED_QUEUE + DROPPED_OLDEST +
 * DROPPED_TIMEOUT + DROPPED_INTERNAL + QUEUED, exact at every flush. */
#define ZMQLOG_COUNT_ACCEPTED 1         /**< Calls that passed gate and checks. */
#define ZMQLOG_COUNT_SENT 2             /**< Handed to libzmq. */
#define ZMQLOG_COUNT_UNHEARD 3          /**< Nobody had subscribed to it. */
#define ZMQLOG_COUNT_DROPPED_QUEUE 4    /**< Queue full, newest dropped. */
#define ZMQLOG_COUNT_DROPPED_OLDEST 5   /**< Discarded for newer ones. */
#define ZMQLOG_COUNT_DROPPED_TIMEOUT 6  /**< Blocked too long, or left at close. */
#define ZMQLOG_COUNT_DROPPED_INTERNAL 7 /**< libzmq refused it, or no memory. */
#define ZMQLOG_COUNT_QUEUED 8           /**< Waiting in queue or backlog now. */
#define ZMQLOG_COUNT_DROPPED_CLOSED 9   /**< Logged after close; not accepted. */
#define ZMQLOG_COUNT_DROPPED_FORKED 10  /**< Logged in a forked child; not accepted. */
#define ZMQLOG_COUNT_REFUSED 11         /**< Bad arguments or not open; not accepted. */
#define ZMQLOG_COUNT_NOTICES 12         /**< Our own drop notices sent. */
#define ZMQLOG_COUNT_TRUNCATED 13       /**< Cuts of bodies, subtopics, names. */
#define ZMQLOG_COUNT_SLOW_EPISODES 14   /**< Slow subscribers skipped or cut. */
#define ZMQLOG_COUNT_PEER_LOST 15       /**< Connections that ended. */
#define ZMQLOG_COUNT_PEERS 16           /**< Connections now (handler, subscriber). */
#define ZMQLOG_COUNT_SUBSCRIPTIONS 17   /**< Distinct live prefixes (handler). */
#define ZMQLOG_COUNT_MALFORMED 18       /**< Frames no peer should send; both ends. */
#define ZMQLOG_COUNT_REFUSED_PEERS 19   /**< Refused for key or address; both ends. */
/* Subscriber. */
#define ZMQLOG_COUNT_RECEIVED 32   /**< Records handed to the application. */
#define ZMQLOG_COUNT_DROPPED 33    /**< Records the local queue had no room for. */
#define ZMQLOG_COUNT_LOST 34       /**< Missing sequence numbers (style json). */
#define ZMQLOG_COUNT_DUPLICATES 35 /**< Repeated sequence numbers; delivered. */
#define ZMQLOG_COUNT_STRANGERS 36  /**< 1 while everything comes, for subscribe_all. */
/* Relay; it also has SENT, DROPPED_INTERNAL, SLOW_EPISODES, PEER_LOST, PEERS,
 * SUBSCRIPTIONS, MALFORMED, REFUSED_PEERS and RECEIVED. */
#define ZMQLOG_COUNT_PUBLISHERS 48 /**< Connections of publishers now (relay). */

/** No counter has a higher number; see zmqlog_count_name. */
#define ZMQLOG_COUNT_MAX 63

/* ---- fields of a call -------------------------------------------------- */

#define ZMQLOG_FIELD_STRING 1 /**< `text`, `text_len` bytes. */
#define ZMQLOG_FIELD_INT 2    /**< `number`. */
#define ZMQLOG_FIELD_UINT 3   /**< `number`, its 64 bits read as unsigned. */
#define ZMQLOG_FIELD_DOUBLE 4 /**< `real`. */
#define ZMQLOG_FIELD_BOOL 5   /**< `number`: true unless 0. */
#define ZMQLOG_FIELD_JSON 6   /**< `text` is one JSON value of `text_len` bytes. */

/** A field for zmqlog_logger_log_fields(). `kind` says which member holds the value;
 * the others are not read. Rules for keys and values as for
 * zmqlog_record_set_field_string(). Since: 1.1 */
typedef struct zmqlog_field {
    int64_t number;   /**< INT, UINT and BOOL. */
    double real;      /**< DOUBLE. */
    const char *key;  /**< NUL-terminated UTF-8, 1 to 200 bytes. */
    const char *text; /**< STRING and JSON. */
    size_t text_len;  /**< Bytes of `text`. */
    int kind;         /**< One of ZMQLOG_FIELD_*. */
    int reserved;     /**< 0. */
} zmqlog_field;

/* ---- handles ----------------------------------------------------------- */

typedef struct zmqlog_handler zmqlog_handler;       /**< Publishes. */
typedef struct zmqlog_logger zmqlog_logger;         /**< A named view of a handler. */
typedef struct zmqlog_record zmqlog_record;         /**< One record. */
typedef struct zmqlog_subscriber zmqlog_subscriber; /**< Receives and decodes. */
typedef struct zmqlog_relay zmqlog_relay;           /**< Passes records on. */
typedef struct zmqlog_auth zmqlog_auth;             /**< Keys and allow lists. */
typedef struct zmqlog_keypair zmqlog_keypair;       /**< A CURVE key pair. */

/* ---- library ----------------------------------------------------------- */

/**
 * Tells the version of the library that is loaded.
 * @return major << 16 | minor << 8 | patch, for instance 0x010100.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API uint32_t zmqlog_version(void);

/**
 * Tells the version of the library that is loaded, as text.
 * @return for instance "1.1.0".
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_version_string(void);

/**
 * Looks up an integer macro of this header, for languages that cannot read it.
 * @param name the macro's name with or without `ZMQLOG_`, for instance "COUNT_SENT"
 * @return its value; INT64_MIN for TIME_NONE, for an unknown name and for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_constant(const char *name);

/**
 * Names a counter. Ask for 1 to ZMQLOG_COUNT_MAX to list all of them.
 * @param which one of ZMQLOG_COUNT_*
 * @return the macro's name in lower case without `ZMQLOG_COUNT_`, for instance "sent";
 *   NULL if no counter has this number.
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_count_name(int which);

/**
 * Says in one phrase what a counter counts.
 * @param which one of ZMQLOG_COUNT_*
 * @return for instance "Handed to libzmq"; NULL if no counter has this number.
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_count_text(int which);

/**
 * Tells whether the library can do something on this machine.
 * @param feature "curve" (libzmq has CURVE), "ipc", "json", "fork" or "attach"
 * @return 1 or 0; 0 for an unknown feature and for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int zmqlog_has(const char *feature);

/**
 * Says in one sentence what a status means.
 * @param status ZMQLOG_OK or one of ZMQLOG_E*
 * @return never NULL; "unknown status" for other numbers.
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_strerror(zmqlog_status status);

/**
 * Names a status, for instance "EAGAIN", or "OK" for 0.
 * @param status ZMQLOG_OK or one of ZMQLOG_E*
 * @return never NULL; "UNKNOWN" for other numbers.
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_status_name(zmqlog_status status);

/**
 * Tells the default delimiter between subtopic and message.
 * @return ZMQLOG_TOPIC_DELIM, "::".
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_topic_delimiter(void);

/**
 * Tells the default name of a level.
 * @param level 1 to 63
 * @return "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL", or "L01" to "L63" for the
 *   others; NULL for other numbers.
 * Ownership: static.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_level_name(int level);

/**
 * Reads a level's name as people write it.
 * @param name in upper or lower case: one of the five names, an alias (WARNING, FATAL,
 *   CRIT, ERR, NOTICE for 25, TRACE for 5, ALERT, EMERG, PANIC, ANY and UNKNOWN for
 *   60), `L01` to `L63`, or a number from 1 to 63
 * @return 1 to 63; 0 for anything else and for NULL.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API int zmqlog_level_number(const char *name);

/* ---- record ------------------------------------------------------------ */

/**
 * Makes an empty record. Fill it to log with fields and source, or give it to
 * zmqlog_subscriber_recv(). Use it as often as you like.
 * @return the record; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_record_free().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_record *zmqlog_record_new(void);

/**
 * Frees a record. NULL is allowed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API void zmqlog_record_free(zmqlog_record *record);

/**
 * Empties a record, which keeps its memory. Its level is then 20.
 * @return OK, EINVAL (the record is NULL).
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_clear(zmqlog_record *record);

/**
 * Reads the text of a received record as a body of style `json`. Afterwards the getters
 * know time, logger, source, seq and epoch, and `text` is the object's `msg`. All other
 * members become fields, `pid` and `host` included. They may be more than a record
 * accepts from its setters, because the logger's fields are among them. A member is
 * left out if its key is empty or over 255 bytes long. A second call changes nothing.
 * @return OK; EFORMAT if the text is not such an object, or has more than 20000 members
 *   or 256 KiB of fields (the record is unchanged); EINVAL (the record is NULL),
 *   ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_parse(zmqlog_record *record);

/**
 * Sets the level.
 * @param level 1 to 63; a cleared record has 20
 * @return OK, EINVAL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_level(zmqlog_record *record, int level);

/**
 * Sets the logger's name that `%(name)s` and json show.
 * @param name over 4096 bytes: cut at a UTF-8 boundary when logged, and counted; NULL:
 *   the name of the logger that logs the record
 * @return OK, EINVAL (the record is NULL), ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_logger(zmqlog_record *record,
                                                  const char *name);

/**
 * Sets the call's subtopic. In the topic it follows the logger's own.
 * @param subtopic,subtopic_len bytes; what the topic has no room for is cut at a UTF-8
 *   boundary when logged, and counted
 * @return OK, EINVAL (NULL with a length, or the record is NULL), ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_subtopic(zmqlog_record *record,
                                                    const char *subtopic,
                                                    size_t subtopic_len);

/**
 * Sets the message. It is never searched for a delimiter.
 * @param text,text_len any bytes
 * @return OK, EINVAL (NULL with a length, or the record is NULL), ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_text(zmqlog_record *record, const char *text,
                                                size_t text_len);

/**
 * Sets where the record comes from. File and function over 4096 bytes are cut at a
 * UTF-8 boundary when logged, and counted.
 * @param file a path; NULL: unknown
 * @param line from 1; 0: unknown
 * @param function a name; NULL: unknown
 * @return OK, EINVAL (a negative line, or the record is NULL), ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_source(zmqlog_record *record,
                                                  const char *file, int line,
                                                  const char *function);

/**
 * Sets the time. Without it, the log call stamps the record.
 * @param time_ns nanoseconds since 1970-01-01 UTC; ZMQLOG_TIME_NONE: no time at all
 * @return OK, EINVAL (the record is NULL).
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_time_ns(zmqlog_record *record,
                                                   int64_t time_ns);

/**
 * Sets what `%(threadName)s` shows.
 * @param name over 4096 bytes: cut at a UTF-8 boundary when logged, and counted; NULL:
 *   "MainThread"
 * @return OK, EINVAL (the record is NULL), ENOMEM.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_thread_name(zmqlog_record *record,
                                                       const char *name);

/**
 * Sets a text field, or replaces the field of the same key. json itself uses the keys
 * time, level, logger, topic, msg, source, seq, epoch, pid and host. A field of such a
 * key is written with a "_" behind it: `level` becomes `level_`, and `level_` becomes
 * `level__`.
 * @param key 1 to 200 bytes of UTF-8
 * @param value,value_len bytes; those that are not UTF-8 are shown as U+FFFD; NULL is
 *   allowed with length 0
 * @return OK; EINVAL (a bad key, NULL with a length, or the record is NULL); ENOMEM;
 *   ELIMIT if all fields together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_field_string(zmqlog_record *record,
                                                        const char *key,
                                                        const char *value,
                                                        size_t value_len);

/**
 * Sets an integer field, or replaces the field of the same key.
 * @param key as for zmqlog_record_set_field_string()
 * @param value any number
 * @return OK; EINVAL (a bad key, or the record is NULL); ENOMEM; ELIMIT if all fields
 *   together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_field_int(zmqlog_record *record,
                                                     const char *key, int64_t value);

/**
 * Sets a number field, or replaces the field of the same key.
 * @param key as for zmqlog_record_set_field_string()
 * @param value any number; NaN and infinities become null
 * @return OK; EINVAL (a bad key, or the record is NULL); ENOMEM; ELIMIT if all fields
 *   together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_field_double(zmqlog_record *record,
                                                        const char *key, double value);

/**
 * Sets a field to true or false, or replaces the field of the same key.
 * @param key as for zmqlog_record_set_field_string()
 * @param value 0: false; any other number: true
 * @return OK; EINVAL (a bad key, or the record is NULL); ENOMEM; ELIMIT if all fields
 *   together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_field_bool(zmqlog_record *record,
                                                      const char *key, int value);

/**
 * Sets a field to any JSON value, such as an object, an array or null, or replaces the
 * field of the same key.
 * @param key as for zmqlog_record_set_field_string()
 * @param json,json_len one JSON value, nested at most 64 deep
 * @return OK; EINVAL (a bad key, NULL with a length, or the record is NULL); ENOMEM;
 *   ELIMIT if all fields together exceed ZMQLOG_FIELDS_MAX_BYTES; EFORMAT if it is not
 *   JSON.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_record_set_field_json(zmqlog_record *record,
                                                      const char *key, const char *json,
                                                      size_t json_len);

/**
 * Tells the topic of a received record: its first frame, unchanged.
 * @param len receives the length in bytes; may be NULL
 * @return the bytes and a NUL behind them; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_topic(const zmqlog_record *record, size_t *len);

/**
 * Tells the root topic of a received record: what stands before the level, or the whole
 * topic if it has no level.
 * @param len receives the length in bytes; may be NULL
 * @return the bytes and a NUL behind them; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_root(const zmqlog_record *record, size_t *len);

/**
 * Tells the level.
 * @return 1 to 63; 0 if the topic of a received record has none, and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API int zmqlog_record_level(const zmqlog_record *record);

/**
 * Tells the name of the level as it stands in the topic of a received record.
 * @return the name; "" if there is none; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_level_name(const zmqlog_record *record);

/**
 * Tells what follows the level in the topic of a received record, or the subtopic that
 * was set.
 * @param len receives the length in bytes; may be NULL
 * @return the bytes and a NUL behind them; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_subtopic(const zmqlog_record *record, size_t *len);

/**
 * Tells the message: the second frame, unchanged, or after zmqlog_record_parse() the
 * object's `msg`.
 * @param len receives the length in bytes; may be NULL
 * @return the bytes and a NUL behind them; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_text(const zmqlog_record *record, size_t *len);

/**
 * Tells the publisher's time, which is known once it was parsed or set.
 * @return nanoseconds since 1970-01-01 UTC; ZMQLOG_TIME_NONE if unknown and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_record_time_ns(const zmqlog_record *record);

/**
 * Tells when the subscriber took the record from its socket.
 * @return nanoseconds since 1970-01-01 UTC; ZMQLOG_TIME_NONE if it was not received,
 *   and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_record_received_ns(const zmqlog_record *record);

/**
 * Tells the number of the record under its exact topic, counted from 1.
 * @return 0 if unknown and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API uint64_t zmqlog_record_seq(const zmqlog_record *record);

/**
 * Tells the id of the counter that gave the seq.
 * @return 16 hex digits; "" if unknown; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_epoch(const zmqlog_record *record);

/**
 * Tells how many records of this exact topic were lost just before this one.
 * zmqlog_subscriber_recv() finds out for bodies that carry seq and epoch.
 * @return 0 if none or unknown, and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API uint64_t zmqlog_record_lost(const zmqlog_record *record);

/**
 * Tells the logger's name.
 * @return the name; "" if unknown; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_logger(const zmqlog_record *record);

/**
 * Tells the source file.
 * @return the path; "" if unknown; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_source_file(const zmqlog_record *record);

/**
 * Tells the source line.
 * @return from 1; 0 if unknown and for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API int zmqlog_record_source_line(const zmqlog_record *record);

/**
 * Tells the source function.
 * @return the name; "" if unknown; NULL for NULL.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_source_function(const zmqlog_record *record);

/**
 * Tells how many fields the record has.
 * @return from 0; 0 for NULL.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API int zmqlog_record_field_count(const zmqlog_record *record);

/**
 * Tells the key of a field.
 * @param index from 0 to one less than the number of fields
 * @param len receives the length in bytes; may be NULL
 * @return the key and a NUL behind it; NULL for other indexes, for NULL, and if memory
 *   ran out.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_field_key(const zmqlog_record *record, int index,
                                               size_t *len);

/**
 * Tells the value of a field as JSON.
 * @param index from 0 to one less than the number of fields
 * @param len receives the length in bytes; may be NULL
 * @return the JSON and a NUL behind it; NULL for other indexes, for NULL, and if memory
 *   ran out.
 * Ownership: the record, until it is next filled, changed, cleared or freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_field_json(const zmqlog_record *record, int index,
                                                size_t *len);

/**
 * Tells the details of the record's last failed call.
 * @return the text; "" if nothing has failed yet, and for NULL.
 * Ownership: the record, until 16 more calls have failed or it is freed.
 * Threads: one thread at a time per record. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_record_errmsg(const zmqlog_record *record);

/* ---- handler ----------------------------------------------------------- */

/**
 * Makes a handler with default options, which is not open yet.
 * @return the handler; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_handler_free().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_handler *zmqlog_handler_new(void);

/**
 * Frees a handler without ever blocking, so it may run in a finalizer. The I/O thread
 * sends what is queued, for at most the linger, and then releases everything. The end
 * of the process waits for that. Loggers keep the memory alive until the last of them
 * is freed. In a forked child, an inherited handler that was neither used nor closed
 * there stays untouched. NULL is allowed.
 * Threads: any thread, once, after the last other call. Since: 1.0
 */
ZMQLOG_API void zmqlog_handler_free(zmqlog_handler *handler);

/**
 * Opens the handler on an endpoint that subscribers connect to. You may call it several
 * times and mix it with connect, for 64 endpoints together.
 * @param endpoint `tcp://127.0.0.1:5556`, `tcp://127.0.0.1:*` (a free port, see
 *   zmqlog_handler_endpoint()), `tcp://[::1]:5556`, `tcp://localhost:5556`,
 *   `ipc:///run/app.log` (mode 0600 unless zmqlog_auth_set_ipc_mode() says otherwise),
 *   `ipc://@name`. tcp beyond loopback needs an auth with CURVE or insecure.
 * @return OK; EINVAL (not an endpoint, or options that contradict each other);
 *   EADDRINUSE; EADDRNOTAVAIL (no such address, interface or directory); EACCESS (the
 *   system denies it); EREFUSED (others could connect without a key); ENOTSUP (neither
 *   tcp nor ipc); ESTATE (attached); ECLOSED, EFORKED; ELIMIT (over 64 endpoints);
 *   ENOMEM; EIO (no thread or descriptor is left). Unless it is OK, nothing has
 *   changed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_bind(zmqlog_handler *handler,
                                             const char *endpoint);

/**
 * Opens the handler on an endpoint where a relay or a subscriber has bound. The other
 * side need not be running yet. You may call it several times and mix it with bind, for
 * 64 endpoints together. If the handler is already connected there, nothing changes.
 * @param endpoint as for zmqlog_handler_bind(), but with a port and, for tcp, an
 *   address or a host name. tcp beyond loopback needs an auth with CURVE or insecure.
 * @return OK; EINVAL (not an endpoint, or options that contradict each other);
 *   EADDRNOTAVAIL (no such interface); EACCESS (the system denies it); EREFUSED
 *   (anybody could read it); ENOTSUP (neither tcp nor ipc); ESTATE (attached); ECLOSED,
 *   EFORKED; ELIMIT (over 64 endpoints); ENOMEM; EIO (no thread or descriptor is left).
 *   Unless it is OK, nothing has changed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_connect(zmqlog_handler *handler,
                                                const char *endpoint);

/**
 * Opens the handler at the places that a text names, so that a user can move a program
 * without a change to its code. Spaces separate places. A place is `local:` (programs
 * on this machine find it), an at sign and an endpoint to bind, or `>` and an endpoint
 * to connect. Options can follow each place: `?key=value&key=value`. They apply to the
 * whole handler and override the setters. The keys are root, names, level, style,
 * time_format, delimiter, queue, body (bytes, with K, M or G), overflow (drop_newest,
 * drop_oldest, block), block_ms, slow_peer (stall_ms,budget_ms,share_percent), hwm,
 * hold, linger (ms), drop_notice, announce (0 or 1), backlog (LEVEL:BYTES), key (a
 * certificate with the secret key), server_key (the public one), allow (a public key, a
 * path to keys, an address; several times), insecure (0 or 1). In a value, `%` and two
 * hexadecimal digits are a byte.
 * @param spec for instance "local: >tcp://127.0.0.1:5557?root=app&level=info"; NULL or
 * "": $ZMQLOG_URL, else "local:" (a set-uid program does not look at the variable)
 * @return OK; EINVAL (the detail names the key and the nearest one); ESTATE (options
 *   after opening); EACCESS (no directory for local:); what bind, connect and the
 *   setters answer. A refused spec changes nothing. If a later place cannot be opened,
 *   the places before it stay open.
 * Threads: one thread at a time per handler. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_open(zmqlog_handler *handler, const char *spec);

/**
 * Closes one bound endpoint; the others go on. The handler first sends the records that
 * it accepted before the call. Subscribers there have at most the linger to take them,
 * and then their connections end. They may miss records that are logged during the
 * call. A handler without any endpoint stays open: its records are UNHEARD.
 * @param endpoint as it was given to bind, or as zmqlog_handler_endpoint() names it; if
 *   several are alike, the last one
 * @return OK; ETIMEDOUT (closed, but a subscriber had not taken all); EINVAL (not bound
 *   there; the details list what is); ENOMEM; ESTATE (attached); ECLOSED, EFORKED;
 *   EINTERRUPTED (nothing has changed).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_unbind(zmqlog_handler *handler,
                                               const char *endpoint);

/**
 * Ends one connection that connect opened, or the attempts to open it. The handler
 * still sends the records that are queued for it, for at most the linger.
 * @param endpoint as it was given to connect, or as zmqlog_handler_endpoint() names it;
 *   if several are alike, the last one
 * @return OK; ETIMEDOUT (ended, but the subscriber had not taken all); EINVAL (not
 *   connected there; the details list what is); ENOMEM; ESTATE (attached); ECLOSED,
 *   EFORKED; EINTERRUPTED (nothing has changed).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_disconnect(zmqlog_handler *handler,
                                                   const char *endpoint);

/**
 * Opens the handler on a PUB or XPUB socket that the caller made, configured and keeps.
 * Log calls then send synchronously under a lock, without waiting for the network.
 * There is no queue and no hold, and the gate follows the level only. Before each send
 * the handler reads and discards the subscription messages of an XPUB. Close or free
 * the handler before the socket.
 * @param socket `void *` from zmq_socket() of the same libzmq that this library uses;
 *   afterwards only this handler may use it
 * @return OK; EINVAL (not a PUB or XPUB, or of another copy of libzmq); ESTATE (open
 *   already, or an option was set that does not apply here: queue_bytes, overflow,
 *   slow_peer, send_hwm, hold_ms, heartbeat_ms, backlog, auth); ENOMEM.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_attach(zmqlog_handler *handler, void *socket);

/**
 * Waits for the rest of the hold, sends the queued records, and closes. A second call
 * changes nothing. Later log calls answer ECLOSED and are counted.
 * @param timeout_ms how long to wait at most; negative: the linger. libzmq always has
 *   50 ms more for what it holds already.
 * @return OK; ETIMEDOUT (something was left over, and counted DROPPED_TIMEOUT if it was
 *   still queued); EINVAL (the handler is NULL); EFORKED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_close(zmqlog_handler *handler, int timeout_ms);

/**
 * Waits until libzmq or the backlog has every record that was logged before this call.
 * That includes the rest of the hold. libzmq sends on threads of its own, so records
 * that were only flushed do not survive _exit, exec or a fatal signal: call
 * zmqlog_handler_close() before these.
 * @param timeout_ms how long to wait at most; negative: without limit
 * @return OK (also if the handler is not open yet); ETIMEDOUT; EINTERRUPTED; EINVAL
 *   (the handler is NULL); ECLOSED, EFORKED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_flush(zmqlog_handler *handler, int timeout_ms);

/**
 * Ends a blocking call on this handler with EINTERRUPTED: flush, wait_subscriber,
 * wait_room, or a log call under BLOCK. If none is blocked, the next one that would
 * block ends so. It works once.
 * @return OK, EINVAL (the handler is NULL).
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wakeup(zmqlog_handler *handler);

/**
 * Tells an endpoint that is open, with its real port.
 * @param index from 0, in the order of the bind and connect calls
 * @return the endpoint; NULL past the end and for NULL.
 * Ownership: the handler, until it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_handler_endpoint(const zmqlog_handler *handler,
                                               int index);

/**
 * Tells the details of the last failed call.
 * @return the text; "" if nothing has failed yet.
 * Ownership: the handler, until 16 more calls have failed or it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_handler_errmsg(const zmqlog_handler *handler);

/**
 * Sets the first part of every topic. Live: it applies from the next record on. A
 * handler takes at most 256 different root topics in its life.
 * @param root_topic 0 to 100 bytes (ZMQLOG_ROOT_MAX_BYTES) of UTF-8, default "".
 *   "zmqlog", "zmqlog.INFO" and what begins with "zmqlog.INFO." are reserved
 * @return OK; EINVAL; ENOMEM; ELIMIT (over 256 root topics); ECLOSED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_root_topic(zmqlog_handler *handler,
                                                       const char *root_topic);

/**
 * Tells the root topic.
 * @return the root topic, "" by default; NULL for NULL.
 * Ownership: the handler, until it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_handler_root_topic(const zmqlog_handler *handler);

/**
 * Sets the floor: the handler never publishes records below it, whoever subscribes.
 * Live.
 * @param level 0 to 63, default 0 (everything)
 * @return OK, EINVAL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level(zmqlog_handler *handler, int level);

/**
 * Tells the floor.
 * @return 0 to 63; EINVAL for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int zmqlog_handler_level(const zmqlog_handler *handler);

/**
 * Chooses the names of all levels, before opening.
 * @param preset "default" (30 is WARN) or "pyzmq" (30 is WARNING, and as in PyZMQ a
 *   subtopic may hold control characters)
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level_names(zmqlog_handler *handler,
                                                        const char *preset);

/**
 * Names one level, before opening.
 * @param level 1 to 63
 * @param name 1 to 32 bytes of UTF-8 without "." and ASCII control characters; no other
 *   level may have it, not even in other case
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level_name(zmqlog_handler *handler,
                                                       int level, const char *name);

/**
 * Tells the name of a level in this handler's topics.
 * @param level 1 to 63
 * @return the name; NULL for other numbers and for NULL.
 * Ownership: the handler, until it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_handler_level_name(const zmqlog_handler *handler,
                                                 int level);

/**
 * Sets what separates subtopic and message in the text of `log` calls, before opening.
 * @param delimiter 0 to 16 bytes, default "::"; "" or NULL: texts are never searched
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_delimiter(zmqlog_handler *handler,
                                                      const char *delimiter);

/**
 * Sets how messages look. Live: it applies to the records that are sent from then on.
 * @param level 1 to 63; 0: all levels
 * @param style "plain" (default: the message as given), "logfmt" (the message, then
 *   key=value for each field), "json", "pyzmq" (PyZMQ's default bodies), or a format of
 *   Python's logging, which has a `%` in it. Its attributes are message levelname
 *   levelno name asctime created msecs relativeCreated filename pathname module lineno
 *   funcName process processName thread threadName, and in addition topic subtopic root
 *   hostname seq fields.
 * @return OK; EINVAL (a name of no style, or a bad level); EFORMAT (a malformed format;
 *   the details tell the offset); ENOMEM; ECLOSED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_style(zmqlog_handler *handler, int level,
                                                  const char *style);

/**
 * Sets what `%(asctime)s` shows, before opening, as Python's datefmt does.
 * @param time_format 0 to 200 bytes for strftime, in local time; "" or NULL (default):
 *   `2026-11-22 05:48:11,123`
 * @return OK, EINVAL, ESTATE (opened already), ENOMEM.
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_time_format(zmqlog_handler *handler,
                                                        const char *time_format);

/**
 * Sets the size of the queue, before opening. The size is rounded up to a power of two.
 * @param queue_bytes 16384 (16 KiB) to 1073741824 (1 GiB), default 4 MiB; to open, it
 *   must be at least twice max_body_bytes plus 8 KiB
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_queue_bytes(zmqlog_handler *handler,
                                                        size_t queue_bytes);

/**
 * Sets what a full queue does with a new record, before opening.
 * @param policy ZMQLOG_OVERFLOW_DROP_NEWEST (default; the last eighth of the queue is
 *   kept for WARN and above), ZMQLOG_OVERFLOW_DROP_OLDEST or ZMQLOG_OVERFLOW_BLOCK
 * @param block_ms how long a log call waits under BLOCK. 0: it answers EAGAIN,
 *   uncounted, and the caller may use zmqlog_handler_wait_room(). Negative: without
 *   limit, and nothing is dropped while subscribers are connected. Other policies
 *   ignore it.
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_overflow(zmqlog_handler *handler,
                                                     int policy, int block_ms);

/**
 * Sets how long the handler waits for slow subscribers, before opening. For the only
 * subscriber that matches a record, and with BLOCK for every subscriber, it waits
 * without limit. If several match and the policy drops, it waits within a budget. Then
 * it skips the full one, which gets nothing until it has drained to half of send_hwm.
 * SLOW_EPISODES counts skipping and cutting.
 * @param stall_ms 1 to 3600000, default 60000. A subscriber that takes nothing at all
 *   for that long, while a record waits for it, is cut: its connection ends
 *   (PEER_LOST), and it may connect again. Before 1.1 the default was 1000, and the
 *   subscriber was skipped instead.
 * @param budget_ms 0 to 60000, default 300: how much waiting time is in store. One wait
 *   may take half of it and at most 100 ms.
 * @param share_percent 0 to 100, default 5: how fast that budget refills, in percent of
 *   the time that passes
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_slow_peer(zmqlog_handler *handler,
                                                      int stall_ms, int budget_ms,
                                                      int share_percent);

/**
 * Sets the high-water mark of libzmq's queue for each subscriber, before opening.
 * @param hwm 1 to 10000000 records, default 10000
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_send_hwm(zmqlog_handler *handler, int hwm);

/**
 * Tells the default of an option that is a number, for languages that set several at
 * once and must not repeat it.
 * @param option "level", "queue_bytes", "max_body_bytes", "overflow", "stall_ms",
 *   "budget_ms", "share_percent", "send_hwm", "hold_ms", "heartbeat_ms", "linger_ms",
 *   "drop_notice", "announce", "backlog_level" or "backlog_bytes"
 * @return the value; INT64_MIN for other options and for NULL.
 * Threads: async-signal-safe. Since: 1.1
 */
ZMQLOG_API int64_t zmqlog_handler_default(const char *option);

/**
 * Sets how long free, exit and close(-1) may take to send the queued records, before
 * opening.
 * @param linger_ms 0 to 3600000, default 1000; never infinite
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_linger_ms(zmqlog_handler *handler,
                                                      int linger_ms);

/**
 * Sets how long records wait for a first subscriber after opening, so that a short
 * script does not lose its first lines. Before opening.
 * @param hold_ms 0 (off) to 60000, default 500
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_hold_ms(zmqlog_handler *handler,
                                                    int hold_ms);

/**
 * Sets how often a bound handler pings its subscribers, before opening. Pings find a
 * dead subscriber where the network does not report it. The handler cuts a subscriber
 * that has not answered for six pings and for a minute. PING is a command of ZMTP 3.1.
 * libzmq also sends it to peers that speak 3.0, and ends their connections. So use it
 * only where all subscribers speak 3.1, as libzmq does since 4.2.
 * @param heartbeat_ms 0 (off, the default) to 3600000
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_heartbeat_ms(zmqlog_handler *handler,
                                                         int heartbeat_ms);

/**
 * Sets, before opening, which records the handler keeps while no subscription matches
 * them. When a subscription matches kept records, the handler sends them in order and
 * before newer ones, and removes them from the backlog. So a collector that restarts
 * receives what was logged meanwhile. QUEUED counts records in the backlog. When the
 * backlog is full, the handler drops the oldest records and counts them UNHEARD. It
 * also counts UNHEARD the records that are left at the end, because closing does not
 * wait for a subscriber that is not connected. A new subscriber has up to 100 ms to
 * send all of its subscriptions; newer records wait meanwhile, and while kept records
 * are sent. Subscriptions that change again and again begin this anew. Log calls of
 * these levels always cost as much as with a subscriber.
 * @param level 1 to 63: records of lower levels are not kept
 * @param bytes 4096 to 1073741824 (1 GiB) for all kept records, which take some 60
 * bytes beside their text; 0 (the default): none are kept
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_backlog(zmqlog_handler *handler, int level,
                                                    size_t bytes);

/**
 * Sets the longest message frame, before opening. A longer one is cut at a UTF-8
 * boundary with a visible mark, and counted.
 * @param max_body_bytes 256 to 268435456 (256 MiB), default 1 MiB
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_max_body_bytes(zmqlog_handler *handler,
                                                           size_t max_body_bytes);

/**
 * Switches the handler's notices on or off, before opening. They are records
 * `<root>.<LEVEL>.zmqlog` about records that were dropped and, once, about fields that
 * the style does not show.
 * @param on 1 (default) or 0
 * @return OK, EINVAL, ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_drop_notice(zmqlog_handler *handler,
                                                        int on);

/**
 * Sets, before opening, whether the handler answers subscribers that ask about it. A
 * subscription is the request. `zmqlog.INFO.hello`: the handler publishes
 * `zmqlog.INFO.hello.<root>` once for each new subscription that begins with this, also
 * in its hold, and again when its root topic changes. `zmqlog.INFO.stats`: it publishes
 * `zmqlog.INFO.stats.<root>` once a second while such a subscription is live. The
 * messages are JSON. A subscription to "" is no request. The answers are not records:
 * no counter counts them. An attached handler does not answer.
 * @param on 1 (default) or 0
 * @return OK; EINVAL; ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_announce(zmqlog_handler *handler, int on);

/**
 * Gives the handler keys and allow lists, before opening. The handler holds a
 * reference.
 * @param auth NULL: none
 * @return OK, EINVAL (the handler is NULL), ESTATE (opened already).
 * Threads: one thread at a time per handler. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_auth(zmqlog_handler *handler,
                                                 zmqlog_auth *auth);

/**
 * Logs a text. The part before its first delimiter becomes the subtopic, unless that
 * part holds a control character or the topic has no room for it. A log call blocks
 * only under BLOCK, and it never raises a signal.
 * @param level 1 to 63
 * @param text,text_len bytes, which are neither changed nor interpreted otherwise
 * @return OK (accepted, or nobody subscribes to it); EAGAIN (BLOCK with 0 ms and a full
 *   queue; not counted); ETIMEDOUT or EINTERRUPTED (BLOCK; counted DROPPED_TIMEOUT);
 *   ELIMIT (the queue is full, or the record is too large for it; counted); EINVAL,
 *   ESTATE (not open; counted REFUSED); ECLOSED, EFORKED (counted); EIO (an attached
 *   socket failed; counted). In a forked child that connects anew: EIO, EACCESS,
 *   ENOMEM (no thread, descriptor or memory is left; counted, and tried again a second
 *   later).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log(zmqlog_handler *handler, int level,
                                            const char *text, size_t text_len);

/**
 * Logs a text under a given subtopic. The text is never searched for a delimiter.
 * @param level 1 to 63
 * @param subtopic,subtopic_len bytes; what the topic has no room for is cut and counted
 * @param text,text_len bytes
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_topic(zmqlog_handler *handler, int level,
                                                  const char *subtopic,
                                                  size_t subtopic_len, const char *text,
                                                  size_t text_len);

/**
 * Logs a record with everything that is set in it. It does not change the record.
 * @param record its level, 1 to 63, decides whether anybody wants it
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread, but one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_record(zmqlog_handler *handler,
                                                   const zmqlog_record *record);

/**
 * Publishes two frames exactly as they are, for programs that pass on the records of
 * others. It adds no root, level, style or number, cuts nothing, and ignores the floor.
 * If no subscription matches the topic, the record is counted UNHEARD.
 * @param topic,topic_len the first frame: 0 to 65535 bytes
 * @param body,body_len the second frame: as many bytes as
 *   zmqlog_handler_set_max_body_bytes() allows
 * @return OK; EAGAIN, ETIMEDOUT, EINTERRUPTED, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as
 *   for zmqlog_handler_log(); ELIMIT also if a frame is too long (counted
 *   DROPPED_QUEUE).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_frames(zmqlog_handler *handler,
                                                   const char *topic, size_t topic_len,
                                                   const char *body, size_t body_len);

/**
 * Tells where zmqlog_handler_log() would split a text. Formatted calls use it to take
 * the subtopic from the format before they format.
 * @param level 1 to 63
 * @param text,text_len bytes
 * @param message_start receives the offset at which the message begins, 0 if the text
 *   is not split; may be NULL
 * @return the length of the subtopic in bytes; 0 if the text is not split, for a bad
 *   level and for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API size_t zmqlog_handler_split(const zmqlog_handler *handler, int level,
                                       const char *text, size_t text_len,
                                       size_t *message_start);

/**
 * Tells whether a record of this level would be taken now.
 * @param level 1 to 63
 * @return 1 or 0; 0 for other numbers, for NULL, and if the handler is not open.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API int zmqlog_handler_enabled(const zmqlog_handler *handler, int level);

/**
 * Tells where the gate is: 64 bytes, of which byte `level` is not 0 if a record of that
 * level is to be logged. Languages read it without a call, so that a foreign call costs
 * nothing while nobody subscribes.
 * @return the gate; NULL for NULL.
 * Ownership: the handler, until it and the last of its loggers are freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const uint8_t *zmqlog_handler_gate(const zmqlog_handler *handler);

/**
 * Waits for a subscriber.
 * @param topic a whole topic such as "app.INFO": until a record with it would reach a
 *   subscriber. "" or NULL: until anything that this handler publishes would.
 * @param timeout_ms how long to wait at most; negative: without limit
 * @return OK; ETIMEDOUT; EINTERRUPTED; EINVAL (the handler is NULL); ESTATE (not open);
 *   ECLOSED, EFORKED; ENOTSUP (attached).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wait_subscriber(zmqlog_handler *handler,
                                                        const char *topic,
                                                        int timeout_ms);

/**
 * Waits until the queue has room for a record.
 * @param bytes its text, subtopic and fields together
 * @param timeout_ms how long to wait at most; negative: without limit
 * @return OK; ETIMEDOUT; EINTERRUPTED; EINVAL (the handler is NULL); ELIMIT (it never
 *   fits); ESTATE (not open); ECLOSED, EFORKED; ENOTSUP (attached).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wait_room(zmqlog_handler *handler, size_t bytes,
                                                  int timeout_ms);

/**
 * Reads a counter.
 * @param which ZMQLOG_COUNT_ACCEPTED to ZMQLOG_COUNT_REFUSED_PEERS
 * @return the count, from 0; EINVAL for other numbers and for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_handler_count(const zmqlog_handler *handler, int which);

/**
 * Says why an endpoint brings no subscriber, and what to do about it. For a connected
 * endpoint it tells within seconds what the other side is or says, or that no
 * subscription from there matches. For a bound endpoint it tells how many peers were
 * refused, with the address and key of the last one.
 * @param index as for zmqlog_handler_endpoint()
 * @return one line; "" if all is well or nothing is known yet; NULL beyond the last
 *   endpoint, in a forked child, and for NULL.
 * Ownership: valid until 128 different texts have come after it, or the handler's
 * memory goes.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_handler_problem(zmqlog_handler *handler, int index);

/**
 * Tells whether a fork made this handler useless: it answers EFORKED in this child.
 * @return 1 or 0; 0 for NULL.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API int zmqlog_handler_forked(const zmqlog_handler *handler);

/* ---- logger ------------------------------------------------------------ */

/**
 * Makes a cheap named view of a handler with its own level, subtopic and fields. It
 * holds a reference to the handler.
 * @param handler the handler that its records go to
 * @param name what `%(name)s` and json show; over 4096 bytes: cut at a UTF-8 boundary
 *   when logged, and counted; NULL: ""
 * @return the logger; NULL if memory ran out or the handler is NULL.
 * Ownership: the caller frees it with zmqlog_logger_free(), before or after the
 * handler.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_logger *zmqlog_logger_new(zmqlog_handler *handler, const char *name);

/**
 * Frees a logger. It never blocks. NULL is allowed.
 * Threads: any thread, once, after the last other call. Since: 1.0
 */
ZMQLOG_API void zmqlog_logger_free(zmqlog_logger *logger);

/**
 * Makes an independent copy that has not logged yet, so that its setters work again.
 * @return the copy; NULL if memory ran out, and for NULL.
 * Ownership: the caller frees it with zmqlog_logger_free().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_logger *zmqlog_logger_clone(const zmqlog_logger *logger);

/**
 * Sets the logger's own floor. Live.
 * @param level 0 to 63, default 0 (everything)
 * @return OK, EINVAL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_level(zmqlog_logger *logger, int level);

/**
 * Tells the logger's own floor.
 * @return 0 to 63; EINVAL for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int zmqlog_logger_level(const zmqlog_logger *logger);

/**
 * Tells the logger's name.
 * @return the name; NULL for NULL.
 * Ownership: the logger, until it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_logger_name(const zmqlog_logger *logger);

/**
 * Tells the details of the last failed call. They are kept together with those of the
 * handler.
 * @return the text; "" if nothing has failed yet.
 * Ownership: the handler, until 16 more calls have failed, or it and the last of its
 * loggers are freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_logger_errmsg(const zmqlog_logger *logger);

/**
 * Sets the subtopic that comes before the call's own, before the first log call.
 * @param subtopic,subtopic_len bytes; what the topic has no room for is cut at a UTF-8
 *   boundary when logged, and counted
 * @return OK; EINVAL (NULL with a length, or the logger is NULL); ESTATE (has logged
 *   already); ENOMEM.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_topic(zmqlog_logger *logger,
                                                 const char *subtopic,
                                                 size_t subtopic_len);

/**
 * Gives every record of this logger a text field, before the first log call.
 * @param key as for zmqlog_record_set_field_string()
 * @param value,value_len bytes; those that are not UTF-8 are shown as U+FFFD; NULL is
 *   allowed with length 0
 * @return OK; EINVAL (a bad key, NULL with a length, or the logger is NULL); ESTATE
 *   (has logged already); ENOMEM; ELIMIT if all fields together exceed
 *   ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_string(zmqlog_logger *logger,
                                                        const char *key,
                                                        const char *value,
                                                        size_t value_len);

/**
 * Gives every record of this logger an integer field, before the first log call.
 * @param key as for zmqlog_record_set_field_string()
 * @param value any number
 * @return OK; EINVAL (a bad key, or the logger is NULL); ESTATE (has logged already);
 *   ENOMEM; ELIMIT if all fields together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_int(zmqlog_logger *logger,
                                                     const char *key, int64_t value);

/**
 * Gives every record of this logger a number field, before the first log call.
 * @param key as for zmqlog_record_set_field_string()
 * @param value any number; NaN and infinities become null
 * @return OK; EINVAL (a bad key, or the logger is NULL); ESTATE (has logged already);
 *   ENOMEM; ELIMIT if all fields together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_double(zmqlog_logger *logger,
                                                        const char *key, double value);

/**
 * Gives every record of this logger a field that is true or false, before the first log
 * call.
 * @param key as for zmqlog_record_set_field_string()
 * @param value 0: false; any other number: true
 * @return OK; EINVAL (a bad key, or the logger is NULL); ESTATE (has logged already);
 *   ENOMEM; ELIMIT if all fields together exceed ZMQLOG_FIELDS_MAX_BYTES.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_bool(zmqlog_logger *logger,
                                                      const char *key, int value);

/**
 * Gives every record of this logger a field with any JSON value, before the first log
 * call.
 * @param key as for zmqlog_record_set_field_string()
 * @param json,json_len one JSON value, nested at most 64 deep
 * @return OK; EINVAL (a bad key, NULL with a length, or the logger is NULL); ESTATE
 *   (has logged already); ENOMEM; ELIMIT if all fields together exceed
 *   ZMQLOG_FIELDS_MAX_BYTES; EFORMAT if it is not JSON.
 * Threads: one thread at a time per logger. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_json(zmqlog_logger *logger,
                                                      const char *key, const char *json,
                                                      size_t json_len);

/**
 * Logs a text as zmqlog_handler_log() does, with the logger's name, subtopic and
 * fields.
 * @param level 1 to 63
 * @param text,text_len bytes; what stands before the first delimiter becomes the
 *   subtopic
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log(zmqlog_logger *logger, int level,
                                           const char *text, size_t text_len);

/**
 * Logs a text as zmqlog_handler_log_topic() does, with the logger's name, subtopic and
 * fields.
 * @param level 1 to 63
 * @param subtopic,subtopic_len bytes; they follow the logger's own subtopic
 * @param text,text_len bytes, never searched for a delimiter
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_topic(zmqlog_logger *logger, int level,
                                                 const char *subtopic,
                                                 size_t subtopic_len, const char *text,
                                                 size_t text_len);

/**
 * Logs a text as zmqlog_logger_log() does, with the source of the call.
 * @param level 1 to 63
 * @param file a path; NULL: unknown; over 4096 bytes: cut and counted
 * @param line from 1; 0: unknown
 * @param function a name; NULL: unknown; over 4096 bytes: cut and counted
 * @param text,text_len bytes; what stands before the first delimiter becomes the
 *   subtopic
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_source(zmqlog_logger *logger, int level,
                                                  const char *file, int line,
                                                  const char *function,
                                                  const char *text, size_t text_len);

/**
 * Logs a text as zmqlog_logger_log_topic() does, with the source of the call. The
 * printf-like macros end in this function.
 * @param level 1 to 63
 * @param file a path; NULL: unknown; over 4096 bytes: cut and counted
 * @param line from 1; 0: unknown
 * @param function a name; NULL: unknown; over 4096 bytes: cut and counted
 * @param subtopic,subtopic_len bytes; they follow the logger's own subtopic
 * @param text,text_len bytes, never searched for a delimiter
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_source_topic(
    zmqlog_logger *logger, int level, const char *file, int line, const char *function,
    const char *subtopic, size_t subtopic_len, const char *text, size_t text_len);

/**
 * Logs like zmqlog_logger_log_source_topic(), with fields over the logger's own; see
 * also ZMQLOG_LOG_F. If a field cannot be set, the reason stands in its place, under
 * "!BADKEY" if the key is unusable; the rest of the record is unaffected.
 * @param level 1 to 63
 * @param file a path; NULL: unknown; over 4096 bytes: cut and counted
 * @param line from 1; 0: unknown
 * @param function a name; NULL: unknown; over 4096 bytes: cut and counted
 * @param subtopic,subtopic_len bytes; they follow the logger's own subtopic
 * @param text,text_len bytes, never searched for a delimiter
 * @param fields,count the fields, copied before the call returns; NULL with count 0
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_fields(
    zmqlog_logger *logger, int level, const char *file, int line, const char *function,
    const char *subtopic, size_t subtopic_len, const char *text, size_t text_len,
    const zmqlog_field *fields, size_t count);

/**
 * Tells where zmqlog_logger_log() would split a text. Formatted calls use it to take
 * the subtopic from the format before they format.
 * @param level 1 to 63
 * @param text,text_len bytes
 * @param message_start receives the offset at which the message begins, 0 if the text
 *   is not split; may be NULL
 * @return the length of the subtopic in bytes; 0 if the text is not split, for a bad
 *   level and for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API size_t zmqlog_logger_split(const zmqlog_logger *logger, int level,
                                      const char *text, size_t text_len,
                                      size_t *message_start);

/**
 * Logs a record as zmqlog_handler_log_record() does, with the logger's subtopic before
 * the record's own. The logger's name applies if the record has none, and its fields
 * apply except those that the record has.
 * @param record its level, 1 to 63, decides whether anybody wants it
 * @return OK (accepted, or nobody subscribes to it); EAGAIN, ETIMEDOUT, EINTERRUPTED,
 *   ELIMIT, EINVAL, ESTATE, ECLOSED, EFORKED, EIO as for zmqlog_handler_log().
 * Threads: any thread, but one thread at a time per record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_record(zmqlog_logger *logger,
                                                  const zmqlog_record *record);

/**
 * Tells whether this logger would log at this level now.
 * @param level 1 to 63
 * @return 1 or 0; 0 for other numbers and for NULL.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API int zmqlog_logger_enabled(const zmqlog_logger *logger, int level);

/* ---- subscriber -------------------------------------------------------- */

/**
 * Makes a subscriber, which is not open yet.
 * @return the subscriber; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_subscriber_free().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_subscriber *zmqlog_subscriber_new(void);

/**
 * Closes and frees a subscriber. It waits for the pump thread, which ends at once. In a
 * forked child it does nothing. NULL is allowed.
 * Threads: one thread, once, after the last other call. Since: 1.0
 */
ZMQLOG_API void zmqlog_subscriber_free(zmqlog_subscriber *subscriber);

/**
 * Connects to a publisher or a relay, any number of times. The other side need not be
 * running yet. When it restarts, the subscriber reconnects. A subscriber may connect to
 * any address. If it is already connected there, nothing changes.
 * @param endpoint as for zmqlog_handler_connect()
 * @return OK; EINVAL (not an endpoint); EADDRNOTAVAIL (no such interface); EACCESS (the
 *   system denies it); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM; EIO (no
 *   thread or descriptor is left).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_connect(zmqlog_subscriber *subscriber,
                                                   const char *endpoint);

/**
 * Opens an endpoint that publishers connect to, any number of times.
 * @param endpoint as for zmqlog_handler_bind()
 * @return OK; EINVAL (not an endpoint); EADDRINUSE; EADDRNOTAVAIL (no such address,
 *   interface or directory); EACCESS (the system denies it); EREFUSED (others could
 *   connect without a key); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM;
 *   EIO (no thread or descriptor is left).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_bind(zmqlog_subscriber *subscriber,
                                                const char *endpoint);

/**
 * Ends one connection that connect opened, or the attempts to open it. You can still
 * receive records that have arrived; other records of this publisher are lost.
 * @param endpoint as it was given to connect, or as zmqlog_subscriber_endpoint() names
 *   it; if several are alike, the last one
 * @return OK; EINVAL (not connected there; the details list what is); ENOMEM; ECLOSED,
 *   EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_disconnect(zmqlog_subscriber *subscriber,
                                                      const char *endpoint);

/**
 * Closes one bound endpoint and the connections there. You can still receive records
 * that have arrived; other records are lost.
 * @param endpoint as it was given to bind, or as zmqlog_subscriber_endpoint() names it;
 *   if several are alike, the last one
 * @return OK; EINVAL (not bound there; the details list what is); ENOMEM; ECLOSED,
 *   EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_unbind(zmqlog_subscriber *subscriber,
                                                  const char *endpoint);

/**
 * Subscribes to all topics that start with a prefix, before or after opening.
 * @param prefix 0 to 245 bytes (ZMQLOG_PREFIX_MAX_BYTES); "" or NULL: everything
 * @return OK; EINVAL (too long); ENOMEM; ECLOSED, EFORKED; EIO (libzmq refused it).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_subscribe(zmqlog_subscriber *subscriber,
                                                     const char *prefix);

/**
 * Takes back one subscribe of the same prefix.
 * @param prefix as it was given to subscribe
 * @return OK; EINVAL (there is no such subscription); ENOMEM; ECLOSED, EFORKED; EIO
 *   (libzmq refused it).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_unsubscribe(zmqlog_subscriber *subscriber,
                                                       const char *prefix);

/**
 * Subscribes to a program's records from a level up, and adds its root. There is one
 * subscription for each name that means a level from min_level to 63 now: the default
 * names, aliases such as WARNING, NOTICE, FATAL and UNKNOWN, and the names that
 * zmqlog_subscriber_set_level_name() gave before.
 * @param root the root topic; "" or NULL: publishers without one
 * @param min_level 1 to 63
 * @return OK; EINVAL (a bad level, or the root leaves no room for a level); ENOMEM;
 *   ELIMIT (over 1024 roots); ECLOSED, EFORKED; EIO (libzmq refused it).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_subscribe_level(
    zmqlog_subscriber *subscriber, const char *root, int min_level);

/**
 * Subscribes to the records of all programs from a level up, and to nothing else. The
 * subscriber asks each publisher for its root topic and level names
 * (`zmqlog.INFO.hello`, see zmqlog_handler_set_announce()) and subscribes to exactly
 * those, also when a publisher starts later or comes back. So it opens no lower level
 * anywhere. A publisher that does not answer within a second (another library, version
 * 1.0) is a stranger. While a stranger is connected, the subscriber subscribes to
 * everything and filters, and ZMQLOG_COUNT_STRANGERS is 1. The same holds when more
 * programs say hello than one subscriber may subscribe to (1500, 12,000 prefixes). A
 * relay answers, too, so a stranger behind a relay is not found. The subscriber does
 * not deliver records without a level.
 * @param min_level 1 to 63; the last call counts
 * @return OK; EINVAL; ENOMEM; ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_subscribe_all(zmqlog_subscriber *subscriber,
                                                         int min_level);

/**
 * Makes a root topic known, so that `a.b.INFO.x` is read as root `a.b`. The longest
 * known root wins.
 * @param root 0 to 245 bytes
 * @return OK; EINVAL (too long); ENOMEM; ELIMIT (over 1024 roots); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_add_root(zmqlog_subscriber *subscriber,
                                                    const char *root);

/**
 * Makes a level name known, before opening, as zmqlog_handler_set_level_name() does for
 * the publisher.
 * @param level 1 to 63
 * @param name 1 to 32 bytes of UTF-8 without "." and ASCII control characters; no other
 *   level may have it, not even in other case
 * @return OK; EINVAL; ESTATE (opened already); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_level_name(zmqlog_subscriber *subscriber,
                                                          int level, const char *name);

/**
 * Sets whether a prefix matches whole segments only. Live.
 * @param on 1: `app.INFO` does not match `app.INFORMATION`, and WARN and WARNING are
 *   one. 0 (default): libzmq's byte prefixes.
 * @return OK; EINVAL (neither 1 nor 0); ENOMEM; ECLOSED, EFORKED; EIO (libzmq refused
 *   it).
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_exact(zmqlog_subscriber *subscriber,
                                                     int on);

/**
 * Sets how many records can wait beside a full queue, before opening. They take at most
 * four times the queue's bytes. Beyond that, libzmq keeps up to 1000 records of each
 * publisher, or `hwm` if that is less.
 * @param hwm 1 to 10000000 records, default 100000; 0: no limit of records or bytes
 * @return OK; EINVAL; ESTATE (opened already); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status
zmqlog_subscriber_set_receive_hwm(zmqlog_subscriber *subscriber, int hwm);

/**
 * Sets the size of the local queue, before opening. The size is rounded up to a power
 * of two. A record over half of it is dropped and counted.
 * @param queue_bytes 16384 (16 KiB) to 1073741824 (1 GiB), default 8 MiB
 * @return OK; EINVAL; ESTATE (opened already); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status
zmqlog_subscriber_set_queue_bytes(zmqlog_subscriber *subscriber, size_t queue_bytes);

/**
 * Sets what a full local queue does with a new record, before opening. Drops are
 * counted.
 * @param policy ZMQLOG_OVERFLOW_BLOCK (default: the pump waits, so the publishers'
 *   queues fill), ZMQLOG_OVERFLOW_DROP_NEWEST or ZMQLOG_OVERFLOW_DROP_OLDEST
 * @param block_ms how long the pump waits under BLOCK before it drops; negative
 *   (default -1): without limit. Other policies ignore it.
 * @return OK; EINVAL; ESTATE (opened already); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_overflow(zmqlog_subscriber *subscriber,
                                                        int policy, int block_ms);

/**
 * Gives the subscriber keys and allow lists, before opening. The subscriber holds a
 * reference.
 * @param auth NULL: none
 * @return OK; EINVAL (the subscriber is NULL); ESTATE (opened already); ECLOSED,
 *   EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_auth(zmqlog_subscriber *subscriber,
                                                    zmqlog_auth *auth);

/**
 * Receives one record.
 * @param record is filled; what it held before is gone
 * @param timeout_ms how long to wait at most; 0: not at all; negative: without limit
 * @return OK; EAGAIN (timeout 0 and nothing there); ETIMEDOUT; EINTERRUPTED; EINVAL;
 *   ENOMEM; ESTATE (not open); ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_recv(zmqlog_subscriber *subscriber,
                                                zmqlog_record *record, int timeout_ms);

/**
 * Fills a record with two frames that came another way, for instance from a file. It
 * uses the level names, roots and subscriptions of this subscriber, which need not be
 * open. It looks for no gaps and counts nothing.
 * @param record is filled; what it held before is gone
 * @param topic,topic_len the first frame
 * @param body,body_len the second frame
 * @param received_ns when the frames arrived, in nanoseconds since 1970-01-01 UTC
 * @return OK; EAGAIN (no subscription matches the topic; the record is unchanged);
 *   EINVAL; ENOMEM; ECLOSED, EFORKED.
 * Threads: one thread at a time per subscriber. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_decode(zmqlog_subscriber *subscriber,
                                                  zmqlog_record *record,
                                                  const char *topic, size_t topic_len,
                                                  const char *body, size_t body_len,
                                                  int64_t received_ns);

/**
 * Tells a descriptor to poll. It is readable (level-triggered) if records wait after a
 * recv has answered EAGAIN, and after wakeup and close. Receive with timeout 0 until
 * EAGAIN, then poll. A wake without a record is possible.
 * @return the descriptor, from 0; EINVAL (the subscriber is NULL), EFORKED, EIO (no
 *   descriptor is left).
 * Ownership: the subscriber, which closes it when it is freed.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API int zmqlog_subscriber_fd(zmqlog_subscriber *subscriber);

/**
 * Ends the current or the next recv with EINTERRUPTED, once.
 * @return OK, EINVAL (the subscriber is NULL), EFORKED.
 * Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_wakeup(zmqlog_subscriber *subscriber);

/**
 * Closes the subscriber. A blocked recv and later calls answer ECLOSED, with these
 * exceptions. count, endpoint and errmsg return the same as before (PEERS is 0). fd
 * returns the descriptor, which stays readable. wakeup answers OK and does nothing. You
 * may close again, and free.
 * @return OK, EINVAL (the subscriber is NULL), EFORKED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_close(zmqlog_subscriber *subscriber);

/**
 * Reads a counter.
 * @param which ZMQLOG_COUNT_PEERS, MALFORMED, RECEIVED, DROPPED, LOST or DUPLICATES
 * @return the count, from 0; EINVAL for other numbers and for NULL; EFORKED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_subscriber_count(const zmqlog_subscriber *subscriber,
                                           int which);

/**
 * Tells an endpoint that is open, with its real port.
 * @param index from 0, in the order of the bind and connect calls
 * @return the endpoint; NULL past the end and for NULL.
 * Ownership: the subscriber, until it is freed.
 * Threads: one thread at a time per subscriber. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_subscriber_endpoint(const zmqlog_subscriber *subscriber,
                                                  int index);

/**
 * Says why an endpoint brings no record, and what to do about it. For a connected
 * endpoint it tells within seconds that its name has no address, that nothing listens
 * there, what the other side is or says, or that no record has come that matches a
 * subscription. For a bound endpoint it tells how many peers were refused, with the
 * address and key of the last one.
 * @param index as for zmqlog_subscriber_endpoint()
 * @return one line; "" if all is well or nothing is known yet; NULL beyond the last
 *   endpoint, in a forked child, and for NULL.
 * Ownership: valid until 128 different texts have come after it, or the subscriber is
 * freed.
 * Threads: one thread at a time. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_subscriber_problem(zmqlog_subscriber *subscriber,
                                                 int index);

/**
 * Tells the details of the last failed call.
 * @return the text; "" if nothing has failed yet, and for NULL.
 * Ownership: the subscriber, until 16 more calls have failed or it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_subscriber_errmsg(const zmqlog_subscriber *subscriber);

/* ---- relay ------------------------------------------------------------- */

/* The sides of a relay. */
#define ZMQLOG_RELAY_PUBLISHERS 1  /**< Where records come from. */
#define ZMQLOG_RELAY_SUBSCRIBERS 2 /**< Where records go to. */

/**
 * Makes a relay, which is not open yet. A relay stands between publishers and
 * subscribers, so that any number of each meet at one known endpoint. It passes records
 * on as they are, whatever their style and size. It passes subscriptions on to the
 * publishers, so their gates open only for what somebody has subscribed to, also
 * through several relays. It passes on a subscription that starts with `zmqlog.INFO.`
 * each time, and any other once. It refuses a subscription of over 245 bytes and counts
 * it as MALFORMED. If there are over 15000 different subscriptions, or 768 KiB of them,
 * it disconnects the subscriber that has most of them. A subscriber that does not read
 * delays others by at most 300 ms at first, and by at most 5 % of the time in the long
 * run. After each delay libzmq skips it until it has drained half of its 10000 records.
 * SLOW_EPISODES counts that, and the sequence numbers tell the subscriber how many
 * records it has lost. If a subscriber reads nothing for a minute, the relay
 * disconnects it. When the relay has passed on every record, RECEIVED is SENT +
 * DROPPED_INTERNAL. From its first endpoint on, the relay works on a thread of its own.
 * @return the relay; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_relay_free().
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_relay *zmqlog_relay_new(void);

/**
 * Stops a relay, waits until its thread has ended, and frees it. In a forked child it
 * does nothing. NULL is allowed.
 * Threads: any thread, once, after the last other call. Since: 1.1
 */
ZMQLOG_API void zmqlog_relay_free(zmqlog_relay *relay);

/**
 * Opens an endpoint that publishers connect to, any number of times.
 * @param endpoint as for zmqlog_subscriber_bind()
 * @return OK; EINVAL (not an endpoint); EADDRINUSE; EADDRNOTAVAIL (no such address,
 *   interface or directory); EACCESS (the system denies it); EREFUSED (others could
 *   connect without a key); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM;
 *   EIO (no thread or descriptor is left).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_bind_publishers(zmqlog_relay *relay,
                                                      const char *endpoint);

/**
 * Opens an endpoint that subscribers and other relays connect to, any number of times.
 * @param endpoint as for zmqlog_handler_bind()
 * @return OK; EINVAL (not an endpoint); EADDRINUSE; EADDRNOTAVAIL (no such address,
 *   interface or directory); EACCESS (the system denies it); EREFUSED (others could
 *   connect without a key); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM;
 *   EIO (no thread or descriptor is left).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_bind_subscribers(zmqlog_relay *relay,
                                                       const char *endpoint);

/**
 * Connects to a publisher that has bound, any number of times.
 * @param endpoint as for zmqlog_subscriber_connect()
 * @return OK; EINVAL (not an endpoint); EADDRNOTAVAIL (no such interface); EACCESS (the
 *   system denies it); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM; EIO (no
 *   thread or descriptor is left).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_connect_publishers(zmqlog_relay *relay,
                                                         const char *endpoint);

/**
 * Connects to another relay, at an endpoint that it has bound for subscribers. If
 * records from there come from this relay, the two relays form a loop. This relay then
 * ends the connection for good, and zmqlog_relay_run() reports it. Otherwise the call
 * is the same as connect_publishers, which finds loops, too.
 * @param endpoint as for zmqlog_subscriber_connect()
 * @return OK; EINVAL (not an endpoint); EADDRNOTAVAIL (no such interface); EACCESS (the
 *   system denies it); ENOTSUP (neither tcp nor ipc); ECLOSED, EFORKED; ENOMEM; EIO (no
 *   thread or descriptor is left).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_connect_upstream(zmqlog_relay *relay,
                                                       const char *endpoint);

/**
 * Connects to a subscriber that has bound, or to another relay, at an endpoint that it
 * has bound for publishers.
 * @param endpoint as for zmqlog_handler_connect()
 * @return OK; EINVAL (not an endpoint); EADDRNOTAVAIL (no such interface); EACCESS (the
 *   system denies it); EREFUSED (anybody could read it); ENOTSUP (neither tcp nor ipc);
 *   ECLOSED, EFORKED; ENOMEM; EIO (no thread or descriptor is left).
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_connect_subscribers(zmqlog_relay *relay,
                                                          const char *endpoint);

/**
 * Gives one side keys and allow lists, before opening. One auth may serve both sides.
 * @param side ZMQLOG_RELAY_PUBLISHERS or ZMQLOG_RELAY_SUBSCRIBERS
 * @param auth NULL: none
 * @return OK; EINVAL; ESTATE (opened already); ECLOSED, EFORKED.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_set_auth(zmqlog_relay *relay, int side,
                                               zmqlog_auth *auth);

/**
 * Waits until the relay has ended. After zmqlog_relay_stop() it passes on the records
 * that have arrived, for at most a second, and ends.
 * @param timeout_ms how long to wait at most; negative: without limit
 * @return OK (it has ended); ETIMEDOUT; EREFUSED (a connection led back to this relay
 *   and was ended; errmsg names both endpoints; the relay goes on, so call run again);
 *   EINVAL (the relay is NULL); ESTATE (nothing is open on one of the sides); EFORKED.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_relay_run(zmqlog_relay *relay, int timeout_ms);

/**
 * Tells the relay to end, and does not wait for it. NULL is allowed.
 * Threads: async-signal-safe. Since: 1.1
 */
ZMQLOG_API void zmqlog_relay_stop(zmqlog_relay *relay);

/**
 * Reads a counter.
 * @param which ZMQLOG_COUNT_RECEIVED (records that came), SENT (handed to libzmq for
 *   all who have subscribed), DROPPED_INTERNAL, SLOW_EPISODES, PEERS (subscribers now),
 *   PUBLISHERS (publishers now), PEER_LOST (connections of both sides that ended),
 *   SUBSCRIPTIONS, MALFORMED or REFUSED_PEERS
 * @return the count, from 0; EINVAL for other numbers and for NULL; EFORKED.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API int64_t zmqlog_relay_count(const zmqlog_relay *relay, int which);

/**
 * Tells an endpoint of either side that is open, with its real port.
 * @param index from 0, in the order of opening
 * @return the endpoint; NULL past the end and for NULL.
 * Ownership: the relay, until it is freed.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_relay_endpoint(const zmqlog_relay *relay, int index);

/**
 * Tells the details of the last failed call.
 * @return the text; "" if nothing has failed yet, and for NULL.
 * Ownership: the relay, until 16 more calls have failed or it is freed.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API const char *zmqlog_relay_errmsg(const zmqlog_relay *relay);

/* ---- auth -------------------------------------------------------------- */

/**
 * Makes an empty set of keys and allow lists for handlers and subscribers. One auth may
 * serve several handles, which hold references. Its lists are live: a change applies to
 * the next connection.
 * @return the auth; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_auth_free(), before or after the handles.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_auth *zmqlog_auth_new(void);

/**
 * Releases the caller's reference. The release of the last reference wipes the keys.
 * NULL is allowed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API void zmqlog_auth_free(zmqlog_auth *auth);

/**
 * Makes the side that binds use CURVE with this key, so that only allowed client keys
 * get in. Without an allowed key, binding is refused; `allow_key(a, "*")` allows any
 * key.
 * @param secret_key 40 characters of Z85; NULL: no CURVE
 * @return OK; EINVAL; ENOTSUP (libzmq has no CURVE); ESTATE (a handle with this auth is
 *   open).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_curve_server(zmqlog_auth *auth,
                                                      const char *secret_key);

/**
 * Makes the side that connects use CURVE. All three keys are 40 characters of Z85, or
 * all are NULL: no CURVE.
 * @param server_key the public key of the side that binds
 * @param public_key your own public key
 * @param secret_key your own secret key, which belongs to that public key
 * @return OK; EINVAL; ENOTSUP (libzmq has no CURVE); ESTATE (a handle with this auth is
 *   open).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_curve_client(zmqlog_auth *auth,
                                                      const char *server_key,
                                                      const char *public_key,
                                                      const char *secret_key);

/**
 * Allows a client's public key. Live. Without zmqlog_auth_set_curve_server() no client
 * must show a key. So binding is then refused, unless insecure is set.
 * @param public_key 40 characters of Z85; "*": any
 * @return OK, EINVAL, ENOMEM.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_key(zmqlog_auth *auth,
                                               const char *public_key);

/**
 * Allows tcp clients by address or network. If none is allowed, all addresses pass.
 * Live.
 * @param address for instance "192.0.2.7", "192.0.2.0/24" or "2001:db8::/32"
 * @return OK, EINVAL, ENOMEM.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_address(zmqlog_auth *auth,
                                                   const char *address);

/**
 * Allows ipc clients by user id. If none is allowed, the socket's file mode alone
 * decides. `ipc://@name` has no file, so all users of this machine pass. Live.
 * @param uid 0 to 4294967294
 * @return OK, EINVAL, ENOMEM.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_uid(zmqlog_auth *auth, int64_t uid);

/**
 * Removes a key from the list. A list that becomes empty by removal refuses everybody.
 * Existing connections stay.
 * @param public_key as it was allowed
 * @return OK; EINVAL (it is not on the list).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_key(zmqlog_auth *auth,
                                                const char *public_key);

/**
 * Removes an address or a network from the list. A list that becomes empty by removal
 * refuses everybody. Existing connections stay.
 * @param address as it was allowed
 * @return OK; EINVAL (it is not on the list).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_address(zmqlog_auth *auth,
                                                    const char *address);

/**
 * Removes a user id from the list. A list that becomes empty by removal refuses
 * everybody. Existing connections stay.
 * @param uid 0 to 4294967294
 * @return OK; EINVAL (it is not on the list).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_uid(zmqlog_auth *auth, int64_t uid);

/**
 * Allows the public keys in a certificate file (ZPL, as zmqlog keygen and czmq write
 * it) or in all files of a directory. From a file with a secret key it takes the public
 * key. In a directory, it ignores hidden files (`.NAME`), backups (`NAME~`),
 * `NAME_secret` beside `NAME`, and directories. If one file is malformed, nothing
 * changes.
 * @param path the file or the directory
 * @return OK; EINVAL (no path); EIO; EACCESS; EFORMAT (a malformed file); ENOMEM.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_load_keys(zmqlog_auth *auth, const char *path);

/**
 * Allows the public keys of a file or directory, as zmqlog_auth_load_keys(), and no
 * others: it replaces all keys that were allowed before, "*" included. When a key is
 * gone, also one that was removed before, open handles end connections, which takes a
 * moment. A handler, and a relay
 * towards subscribers, end those of that key. A subscriber, and a relay towards
 * publishers, end all that they have accepted; publishers whose keys are still allowed
 * reconnect. An empty directory lets nobody in. On failure nothing changes.
 * @param path the file or the directory
 * @return OK; EINVAL (no path); EIO; EACCESS; EFORMAT (a malformed file); ENOMEM.
 * Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_auth_reload_keys(zmqlog_auth *auth, const char *path);

/**
 * Permits tcp beyond loopback without CURVE, so that anybody may read the stream.
 * @param on 1: permitted; 0 (default): refused
 * @return OK; EINVAL; ESTATE (a handle with this auth is open).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_insecure(zmqlog_auth *auth, int on);

/**
 * Sets the file mode of ipc sockets that are bound. To connect, a user needs the right
 * to write.
 * @param mode octal 0600 (default) to 0777; the owner's 0600 must be among the bits
 * @return OK; EINVAL; ESTATE (a handle with this auth is open).
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_ipc_mode(zmqlog_auth *auth, int mode);

/**
 * Tells the details of the last failed call. They never show a secret key.
 * @return the text; "" if nothing has failed yet, and for NULL.
 * Ownership: the auth, until 16 more calls have failed or it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_auth_errmsg(const zmqlog_auth *auth);

/* ---- keypair ----------------------------------------------------------- */

/**
 * Makes an empty key pair.
 * @return the key pair; NULL if memory ran out.
 * Ownership: the caller frees it with zmqlog_keypair_free().
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_keypair *zmqlog_keypair_new(void);

/**
 * Wipes and frees a key pair. NULL is allowed.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API void zmqlog_keypair_free(zmqlog_keypair *keypair);

/**
 * Makes a new pair, which replaces the old one.
 * @return OK; EINVAL (the keypair is NULL); ENOTSUP (libzmq has no CURVE).
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_keypair_generate(zmqlog_keypair *keypair);

/**
 * Reads a certificate: `<path>_secret` if it exists and `path` has no secret key,
 * otherwise `path`. After a file with only a public key, secret_key is "". A secret key
 * that others may read is refused.
 * @param path of the public file
 * @return OK; EINVAL (no path, or too long a one); EIO; EACCESS; EREFUSED (others may
 *   read the secret key); EFORMAT (a malformed file, or keys that are not of one pair);
 *   ENOTSUP (libzmq has no CURVE); ENOMEM.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_keypair_load(zmqlog_keypair *keypair, const char *path);

/**
 * Writes `path` (the public key, mode 0644) and `<path>_secret` (both keys, mode 0600)
 * as ZPL. Neither file may exist. If it fails, it leaves no file of its own.
 * @param path of the public file
 * @return OK; EINVAL (no path, or too long a one); ESTATE (no secret key is there to
 *   save); EADDRINUSE (a file exists); EACCESS; EIO.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_keypair_save(const zmqlog_keypair *keypair,
                                             const char *path);

/**
 * Tells the public key.
 * @return 40 characters of Z85; "" if there is none, and for NULL.
 * Ownership: the keypair, until it is changed or freed.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_keypair_public_key(const zmqlog_keypair *keypair);

/**
 * Tells the secret key.
 * @return 40 characters of Z85; "" if there is none, and for NULL.
 * Ownership: the keypair, until it is changed or freed.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_keypair_secret_key(const zmqlog_keypair *keypair);

/**
 * Tells the details of the last failed call.
 * @return the text; "" if nothing has failed yet, and for NULL.
 * Ownership: the keypair, until 16 more calls have failed or it is freed.
 * Threads: one thread at a time per keypair. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_keypair_errmsg(const zmqlog_keypair *keypair);

/* ---- C conveniences ---------------------------------------------------- */

#if !defined(SWIG) && defined(__GNUC__)

#include <errno.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wunused-function"
#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wzero-as-null-pointer-constant"
#endif

/* The macros below expand to this function; use them. It formats on the stack, and long
 * messages on the heap. A prefix that holds a % is no subtopic, because cutting it off
 * would shift the arguments. If vsnprintf refuses an argument, such as a %ls that the
 * locale has no bytes for, the format itself is logged. errno stays as it was. */
__attribute__((format(printf, 8, 0))) static inline void
zmqlog_vprintf_(zmqlog_logger *logger, int level, const char *file, int line,
                const char *function, const zmqlog_field *fields, size_t count,
                const char *format, __builtin_va_list arguments) {
    char small[1024];
    char *text = small;
    size_t start = 0;
    int saved = errno;
    size_t subtopic_len =
        zmqlog_logger_split(logger, level, format, __builtin_strlen(format), &start);
    __builtin_va_list again;
    int len;

    if (subtopic_len > 0 && __builtin_memchr(format, '%', subtopic_len))
        subtopic_len = start = 0;
    __builtin_va_copy(again, arguments);
    len = __builtin_vsnprintf(small, sizeof small, format + start, arguments);
    if (len >= (int)sizeof small) {
        text = (char *)__builtin_malloc((size_t)len + 1);
        if (text) {
            len = __builtin_vsnprintf(text, (size_t)len + 1, format + start, again);
        } else {
            text = small;
            len = (int)sizeof small - 1;
        }
    }
    __builtin_va_end(again);
    zmqlog_logger_log_fields(logger, level, file, line, function, format, subtopic_len,
                             len < 0 ? format + start : text,
                             len < 0 ? __builtin_strlen(format + start) : (size_t)len,
                             fields, count);
    if (text != small)
        __builtin_free(text);
    errno = saved;
}

__attribute__((format(printf, 6, 7))) static inline void
zmqlog_printf_(zmqlog_logger *logger, int level, const char *file, int line,
               const char *function, const char *format, ...) {
    __builtin_va_list arguments;

    __builtin_va_start(arguments, format);
    zmqlog_vprintf_(logger, level, file, line, function, (const zmqlog_field *)0, 0,
                    format, arguments);
    __builtin_va_end(arguments);
}

/**
 * Logs like printf in C and C++: `ZMQLOG_INFO(logger, "%d rows", n)`. A delimiter in
 * the format splits off the subtopic; one in the arguments does not. While nobody
 * subscribes, nothing is formatted and only `logger` and `level` are evaluated. Both
 * are evaluated twice otherwise.
 */
#define ZMQLOG_LOG(logger, level, ...)                                                 \
    do {                                                                               \
        if (zmqlog_logger_enabled((logger), (level)))                                  \
            zmqlog_printf_((logger), (level), __FILE__, __LINE__, __func__,            \
                           __VA_ARGS__);                                               \
    } while (0)
#define ZMQLOG_DEBUG(logger, ...) ZMQLOG_LOG(logger, ZMQLOG_LEVEL_DEBUG, __VA_ARGS__)
#define ZMQLOG_INFO(logger, ...) ZMQLOG_LOG(logger, ZMQLOG_LEVEL_INFO, __VA_ARGS__)
#define ZMQLOG_WARN(logger, ...) ZMQLOG_LOG(logger, ZMQLOG_LEVEL_WARN, __VA_ARGS__)
#define ZMQLOG_ERROR(logger, ...) ZMQLOG_LOG(logger, ZMQLOG_LEVEL_ERROR, __VA_ARGS__)
#define ZMQLOG_CRITICAL(logger, ...)                                                   \
    ZMQLOG_LOG(logger, ZMQLOG_LEVEL_CRITICAL, __VA_ARGS__)

/* Fields of one call. Compilers evaluate arguments in an order of their own, so each
 * field has the place that it has in the source. */
typedef struct zmqlog_fields_ {
    zmqlog_field list[33]; /* the last one tells how many had no room */
    int place[34];
    int count;
    int left_out;
} zmqlog_fields_;

/* What a field is among the arguments: nothing that a format asks for. */
typedef struct zmqlog_mark_ zmqlog_mark_;

static inline zmqlog_field *zmqlog_field_(zmqlog_fields_ *fields, int place, int kind,
                                          const char *key) {
    int at = fields->count;
    zmqlog_field *field;

    if (at == 32) {
        fields->left_out++;
    } else {
        fields->count++;
    }
    for (; at > 0 && at < 32 && fields->place[at - 1] > place; at--) {
        fields->list[at] = fields->list[at - 1];
        fields->place[at] = fields->place[at - 1];
    }
    fields->place[at] = place;
    field = &fields->list[at];
    field->number = 0;
    field->real = 0.0;
    field->key = key;
    field->text = (const char *)0;
    field->text_len = 0;
    field->kind = kind;
    field->reserved = 0;
    return field;
}

static inline zmqlog_mark_ *zmqlog_field_bytes_(zmqlog_fields_ *fields, int place,
                                                int kind, const char *key,
                                                const char *text, size_t text_len) {
    zmqlog_field *field = zmqlog_field_(fields, place, kind, key);

    field->text = text;
    field->text_len = text_len;
    return (zmqlog_mark_ *)0;
}

static inline zmqlog_mark_ *zmqlog_field_text_(zmqlog_fields_ *fields, int place,
                                               int kind, const char *key,
                                               const char *text) {
    if (text)
        return zmqlog_field_bytes_(fields, place, kind, key, text,
                                   __builtin_strlen(text));
    return zmqlog_field_bytes_(fields, place, ZMQLOG_FIELD_JSON, key, "null", 4);
}

static inline zmqlog_mark_ *zmqlog_field_int_(zmqlog_fields_ *fields, int place,
                                              const char *key, int64_t value) {
    zmqlog_field_(fields, place, ZMQLOG_FIELD_INT, key)->number = value;
    return (zmqlog_mark_ *)0;
}

static inline zmqlog_mark_ *zmqlog_field_uint_(zmqlog_fields_ *fields, int place,
                                               const char *key, uint64_t value) {
    zmqlog_field_(fields, place, ZMQLOG_FIELD_UINT, key)->number = (int64_t)value;
    return (zmqlog_mark_ *)0;
}

static inline zmqlog_mark_ *zmqlog_field_double_(zmqlog_fields_ *fields, int place,
                                                 const char *key, double value) {
    zmqlog_field_(fields, place, ZMQLOG_FIELD_DOUBLE, key)->real = value;
    return (zmqlog_mark_ *)0;
}

static inline zmqlog_mark_ *zmqlog_field_bool_(zmqlog_fields_ *fields, int place,
                                               const char *key, int value) {
    zmqlog_field_(fields, place, ZMQLOG_FIELD_BOOL, key)->number = value;
    return (zmqlog_mark_ *)0;
}

static inline zmqlog_status zmqlog_bind_field_(zmqlog_logger *logger,
                                               const zmqlog_field *field) {
    char digits[24];

    switch (field->kind) {
    case ZMQLOG_FIELD_STRING:
        return zmqlog_logger_set_field_string(logger, field->key, field->text,
                                              field->text_len);
    case ZMQLOG_FIELD_INT:
        return zmqlog_logger_set_field_int(logger, field->key, field->number);
    case ZMQLOG_FIELD_DOUBLE:
        return zmqlog_logger_set_field_double(logger, field->key, field->real);
    case ZMQLOG_FIELD_BOOL:
        return zmqlog_logger_set_field_bool(logger, field->key, field->number != 0);
    case ZMQLOG_FIELD_UINT:
        return zmqlog_logger_set_field_json(
            logger, field->key, digits,
            (size_t)__builtin_snprintf(digits, sizeof digits, "%llu",
                                       (unsigned long long)field->number));
    default:
        return zmqlog_logger_set_field_json(logger, field->key, field->text,
                                            field->text_len);
    }
}

static inline void zmqlog_clone_fields_(const zmqlog_fields_ *fields,
                                        zmqlog_logger **out,
                                        const zmqlog_logger *logger, ...) {
    char word[352];
    int i, len;

    *out = zmqlog_logger_clone(logger);
    for (i = 0; *out && i < fields->count; i++) {
        if (!zmqlog_bind_field_(*out, &fields->list[i]))
            continue;
        len = __builtin_snprintf(word, sizeof word, "(%s)", zmqlog_logger_errmsg(*out));
        if (zmqlog_logger_set_field_string(*out, fields->list[i].key, word,
                                           (size_t)len))
            zmqlog_logger_set_field_string(*out, "!BADKEY", word, (size_t)len);
    }
}

__attribute__((format(printf, 7, 8))) static inline void
zmqlog_printf_fields_(zmqlog_fields_ *fields, zmqlog_logger *logger, int level,
                      const char *file, int line, const char *function,
                      const char *format, ...) {
    __builtin_va_list arguments;

    if (fields->left_out > 0) {
        fields->count = 32;
        zmqlog_field_int_(fields, 0, "!LEFTOUT", fields->left_out);
        fields->count = 33;
    }
    __builtin_va_start(arguments, format);
    zmqlog_vprintf_(logger, level, file, line, function, fields->list,
                    (size_t)fields->count, format, arguments);
    __builtin_va_end(arguments);
}

#pragma GCC diagnostic pop

/**
 * printf-like logging with fields:
 *
 *     ZMQLOG_INFO_F(logger, "order %d paid", 7, ZF_INT("order", 7), ZF_STR("site", s));
 *
 * The fields follow the arguments of the format, at most 32 of them. If there are more,
 * the field `!LEFTOUT` tells how many. They override the logger's own fields. Nothing
 * is evaluated while nobody listens, and nothing is allocated except for messages over
 * 1023 bytes and fields over 1 KiB. Bytes are copied before the call returns. Compilers
 * check the arguments of the format, but not whether there are too many. Since: 1.1
 */
#define ZMQLOG_LOG_F(logger, level, ...)                                               \
    do {                                                                               \
        if (zmqlog_logger_enabled((logger), (level))) {                                \
            zmqlog_fields_ zmqlog_here_;                                               \
            zmqlog_here_.count = zmqlog_here_.left_out = 0;                            \
            _Pragma("GCC diagnostic push")                                             \
                _Pragma("GCC diagnostic ignored \"-Wformat-extra-args\"")              \
                    zmqlog_printf_fields_(&zmqlog_here_, (logger), (level), __FILE__,  \
                                          __LINE__, __func__, __VA_ARGS__);            \
            _Pragma("GCC diagnostic pop")                                              \
        }                                                                              \
    } while (0)
#define ZMQLOG_DEBUG_F(logger, ...)                                                    \
    ZMQLOG_LOG_F(logger, ZMQLOG_LEVEL_DEBUG, __VA_ARGS__)
#define ZMQLOG_INFO_F(logger, ...) ZMQLOG_LOG_F(logger, ZMQLOG_LEVEL_INFO, __VA_ARGS__)
#define ZMQLOG_WARN_F(logger, ...) ZMQLOG_LOG_F(logger, ZMQLOG_LEVEL_WARN, __VA_ARGS__)
#define ZMQLOG_ERROR_F(logger, ...)                                                    \
    ZMQLOG_LOG_F(logger, ZMQLOG_LEVEL_ERROR, __VA_ARGS__)
#define ZMQLOG_CRITICAL_F(logger, ...)                                                 \
    ZMQLOG_LOG_F(logger, ZMQLOG_LEVEL_CRITICAL, __VA_ARGS__)

/**
 * Makes a copy of a logger with more fields, to be freed by zmqlog_logger_free():
 *
 *     zmqlog_logger *request;
 *     ZMQLOG_CLONE_F(&request, logger, ZF_STR("request_id", id));
 *
 * It is NULL when memory ran out or `logger` is NULL. At most 32 fields; one that is
 * refused says why in its place. Since: 1.1
 */
#define ZMQLOG_CLONE_F(out, logger, ...)                                               \
    do {                                                                               \
        zmqlog_fields_ zmqlog_here_;                                                   \
        zmqlog_here_.count = zmqlog_here_.left_out = 0;                                \
        zmqlog_clone_fields_(&zmqlog_here_, (out), (logger), __VA_ARGS__);             \
    } while (0)

/** A text field; a NULL text is null. Only among the arguments of ZMQLOG_..._F, as are
 * all of these. Since: 1.1 */
#define ZF_STR(key, text)                                                              \
    zmqlog_field_text_(&zmqlog_here_, __COUNTER__, ZMQLOG_FIELD_STRING, (key), (text))
/** A text field of so many bytes, which may be any. Since: 1.1 */
#define ZF_STRN(key, text, len)                                                        \
    zmqlog_field_bytes_(&zmqlog_here_, __COUNTER__, ZMQLOG_FIELD_STRING, (key),        \
                        (text), (len))
/** A field of a signed integer; what is no integer does not compile. Since: 1.1 */
#define ZF_INT(key, value)                                                             \
    zmqlog_field_int_(&zmqlog_here_, __COUNTER__, (key), (value) | 0)
/** A field of an unsigned integer; what is no integer does not compile. Since: 1.1 */
#define ZF_UINT(key, value)                                                            \
    zmqlog_field_uint_(&zmqlog_here_, __COUNTER__, (key), (value) | 0U)
/** A number field; NaN and infinities are null. Since: 1.1 */
#define ZF_DOUBLE(key, value)                                                          \
    zmqlog_field_double_(&zmqlog_here_, __COUNTER__, (key), (value))
/** A field that is true or false. Since: 1.1 */
#define ZF_BOOL(key, value)                                                            \
    zmqlog_field_bool_(&zmqlog_here_, __COUNTER__, (key), (value) ? 1 : 0)
/** A field of any JSON value, as text; NULL is null. Since: 1.1 */
#define ZF_JSON(key, json)                                                             \
    zmqlog_field_text_(&zmqlog_here_, __COUNTER__, ZMQLOG_FIELD_JSON, (key), (json))

#endif /* !SWIG && __GNUC__ */

#ifdef __cplusplus
}
#endif

#endif /* ZMQLOG_H */
