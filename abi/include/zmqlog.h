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
 * THREADS. Each function says who may call it: *any thread*, *one thread at a time* per
 * handle, or *async-signal-safe*. Any number of threads may use handlers and loggers at
 * once. They keep no thread-local state.
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

#define ZMQLOG_OK 0            /**< Done; also for a log call nobody listens to. */
#define ZMQLOG_EAGAIN -1       /**< Soft: nothing there, or not queued. */
#define ZMQLOG_ETIMEDOUT -2    /**< Soft: the time ran out first. */
#define ZMQLOG_EINTERRUPTED -3 /**< Soft: ended by a wakeup call. */
#define ZMQLOG_EINVAL -10      /**< An argument is wrong; errmsg names it. */
#define ZMQLOG_ENOMEM -11      /**< Out of memory. */
#define ZMQLOG_ESTATE -12      /**< Not possible now: not open yet, or open already. */
#define ZMQLOG_ECLOSED -13     /**< The handle has been closed. */
#define ZMQLOG_EFORKED -14     /**< Inherited by fork and not usable in the child. */
#define ZMQLOG_ENOTSUP -15     /**< This handle or this libzmq cannot do that. */
#define ZMQLOG_ELIMIT -16      /**< A documented limit would be exceeded. */
#define ZMQLOG_EADDRINUSE -17  /**< Somebody else has this endpoint. */
#define ZMQLOG_EADDRNOTAVAIL -18 /**< No such local address, path or interface. */
#define ZMQLOG_EACCESS -19       /**< The system denied it. */
#define ZMQLOG_EREFUSED -20 /**< Refused for security; errmsg names the ways out. */
#define ZMQLOG_EFORMAT -21  /**< Text that had to be parsed is malformed. */
#define ZMQLOG_EIO -22      /**< A file or a socket failed. */

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
#define ZMQLOG_COUNT_QUEUED 8           /**< Waiting in the queue now. */
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
/* Subscriber. */
#define ZMQLOG_COUNT_RECEIVED 32   /**< Records handed to the application. */
#define ZMQLOG_COUNT_DROPPED 33    /**< Records the local queue had no room for. */
#define ZMQLOG_COUNT_LOST 34       /**< Missing sequence numbers (style json). */
#define ZMQLOG_COUNT_DUPLICATES 35 /**< Repeated sequence numbers; delivered. */

/** No counter has a higher number; see zmqlog_count_name. */
#define ZMQLOG_COUNT_MAX 63

/* ---- handles ----------------------------------------------------------- */

typedef struct zmqlog_handler zmqlog_handler;       /**< Publishes. */
typedef struct zmqlog_logger zmqlog_logger;         /**< A named view of a handler. */
typedef struct zmqlog_record zmqlog_record;         /**< One record. */
typedef struct zmqlog_subscriber zmqlog_subscriber; /**< Receives and decodes. */
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
 * A handler with default options, not open yet.
 * @return NULL when memory ran out. Ownership: the caller frees it.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_handler *zmqlog_handler_new(void);

/**
 * Gives a handler up. Never blocks and may run in a finalizer: its I/O thread
 * drains the queue for at most the linger and then releases everything; the
 * end of the process waits for that. Loggers keep the memory alive until the
 * last of them is freed. In a forked child: does nothing to an inherited handler
 * that was neither used nor closed there. NULL is allowed.
 * Threads: any thread, once, after the last other call. Since: 1.0
 */
ZMQLOG_API void zmqlog_handler_free(zmqlog_handler *handler);

/**
 * Opens the handler on an endpoint that subscribers connect to. May be called
 * several times and mixed with connect.
 * @param endpoint `tcp://127.0.0.1:5556`, `tcp://127.0.0.1:*` (a free port, see
 *   zmqlog_handler_endpoint()), `tcp://[::1]:5556`, `tcp://localhost:5556`,
 *   `ipc:///run/app.log` (mode 0600 unless zmqlog_auth_set_ipc_mode()),
 *   `ipc://@name`. tcp beyond loopback needs an auth with CURVE or insecure.
 * @return OK, EINVAL, ENOMEM, EADDRINUSE, EADDRNOTAVAIL, EACCESS, EREFUSED,
 *   ENOTSUP, ECLOSED, EFORKED, ESTATE (attached), ELIMIT (over 64 endpoints),
 *   EIO; on failure nothing has changed. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_bind(zmqlog_handler *handler,
                                             const char *endpoint);

/**
 * Opens the handler on an endpoint where a relay or a binding subscriber
 * listens. It need not be there yet. Rules and results as for bind.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_connect(zmqlog_handler *handler,
                                                const char *endpoint);

/**
 * Closes one endpoint that was bound; the others go on. Records that were accepted
 * before the call are handed over first, and listeners there get as much of the linger
 * to take them; then their connections end. Records that are logged during the call
 * may miss them. A handler without any endpoint stays open: its records are UNHEARD.
 * @param endpoint as it was given to bind, or as zmqlog_handler_endpoint() names it;
 *   of several alike the last one
 * @return OK; ETIMEDOUT: closed, but a listener had not taken all; EINVAL (not bound
 *   there; the detail lists what is), ENOMEM, ESTATE (attached), ECLOSED, EFORKED,
 *   EINTERRUPTED (nothing has changed). Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_unbind(zmqlog_handler *handler,
                                               const char *endpoint);

/**
 * Ends one connection that connect opened, or the attempts to get it. What is queued
 * for it is still sent, for at most the linger. Rules and results as for unbind, but
 * for ETIMEDOUT. Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_disconnect(zmqlog_handler *handler,
                                                   const char *endpoint);

/**
 * Opens the handler on a PUB or XPUB socket that the caller made, configured
 * and keeps. Log calls then send synchronously, without waiting, under a lock.
 * There is no queue and no hold, the gate follows the level only, and an XPUB's
 * subscription messages are read and discarded before each send. Close or free
 * the handler before the socket.
 * @param socket `void *` of zmq_socket(); it must belong to the same libzmq
 *   that this library uses
 * @return OK; EINVAL (not a PUB or XPUB, or of another copy of libzmq);
 *   ESTATE (already open, or an option was set that does not apply here:
 *   queue_bytes, overflow, slow_peer, send_hwm, hold_ms, auth); ENOMEM.
 * Threads: any thread; afterwards only this handler may use the socket. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_attach(zmqlog_handler *handler, void *socket);

/**
 * Sends what is queued, waits for the rest of the hold, and closes. Idempotent.
 * Later log calls are counted and answer ECLOSED.
 * @param timeout_ms at most that long; negative: the linger. What libzmq holds
 *   already has 50 ms in any case
 * @return OK; ETIMEDOUT when something was left over (counted
 *   DROPPED_TIMEOUT if it was still queued); EINVAL, EFORKED.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_close(zmqlog_handler *handler, int timeout_ms);

/**
 * Waits until everything logged before this call has been handed to libzmq,
 * the rest of the hold included. libzmq sends on threads of its own, so what was only
 * flushed does not survive _exit, exec or a signal: call close before these.
 * @return OK (also when not open), ETIMEDOUT, EINTERRUPTED, EINVAL, EFORKED,
 *   ECLOSED. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_flush(zmqlog_handler *handler, int timeout_ms);

/**
 * Ends this handler's blocking call (flush, wait_subscriber, wait_room, a log
 * call under BLOCK) with EINTERRUPTED; without one, the next. Once.
 * @return OK, EINVAL. Threads: async-signal-safe. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wakeup(zmqlog_handler *handler);

/**
 * The endpoint that bind or connect number `index` (from 0, in order of the
 * calls) got, with the real port.
 * @return NULL past the end. Ownership: the handler, until it is freed.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API const char *zmqlog_handler_endpoint(const zmqlog_handler *handler,
                                               int index);

/** Details of the last failed configuration call. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_handler_errmsg(const zmqlog_handler *handler);

/**
 * Sets the first part of every topic; "" for none. Live: takes effect with the
 * next record. At most 256 distinct values in a handler's life.
 * @param root_topic at most ZMQLOG_ROOT_MAX_BYTES bytes
 * @return OK, EINVAL, ENOMEM, ELIMIT, ECLOSED. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_root_topic(zmqlog_handler *handler,
                                                       const char *root_topic);

/** The root topic, "" by default; NULL for NULL. Valid until free.
 * Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_handler_root_topic(const zmqlog_handler *handler);

/**
 * Sets the floor: records below it are never published, whoever listens. Live.
 * @param level 0 (everything, the default) to 63
 * @return OK, EINVAL. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level(zmqlog_handler *handler, int level);

/** The floor, 0 to 63; EINVAL for NULL. Threads: any thread. Since: 1.0 */
ZMQLOG_API int zmqlog_handler_level(const zmqlog_handler *handler);

/**
 * Chooses the names of levels before opening.
 * @param preset "default" (30 is WARN) or "pyzmq" (30 is WARNING, and a
 *   subtopic may hold control characters as PyZMQ's may)
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level_names(zmqlog_handler *handler,
                                                        const char *preset);

/**
 * Names a level before opening.
 * @param level 1 to 63
 * @param name 1 to 32 bytes of UTF-8 without "." and ASCII control characters;
 *   unique whatever the case of ASCII letters
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_level_name(zmqlog_handler *handler,
                                                       int level, const char *name);

/** Name of a level in this handler's topics; NULL out of range. Valid until
 * free. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_handler_level_name(const zmqlog_handler *handler,
                                                 int level);

/**
 * Sets what separates subtopic and message in `log` calls, before opening.
 * @param delimiter 0 to 16 bytes; "" or NULL: texts are never scanned
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_delimiter(zmqlog_handler *handler,
                                                      const char *delimiter);

/**
 * Sets how messages look. Live: applies to records sent from then on.
 * @param level 1 to 63, or 0 for all
 * @param style a name: "plain" (the message as given; default), "logfmt" (the message,
 *   then key=value for each field), "json", "pyzmq" (PyZMQ's default bodies); or, with
 * a
 *   `%` in it, a format of Python's logging:
 *   message levelname levelno name asctime created msecs relativeCreated
 *   filename pathname module lineno funcName process processName thread
 *   threadName, and topic subtopic root hostname seq fields
 * @return OK; EINVAL (unknown name), EFORMAT (errmsg tells the offset), ENOMEM,
 *   ECLOSED. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_style(zmqlog_handler *handler, int level,
                                                  const char *style);

/**
 * Sets what `%(asctime)s` shows, as Python's datefmt does; before opening.
 * @param time_format for strftime in local time, at most 200 bytes; NULL or "":
 *   `2026-11-22 05:48:11,123`
 * @return OK, EINVAL, ESTATE, ENOMEM. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_time_format(zmqlog_handler *handler,
                                                        const char *time_format);

/**
 * Sets the size of the queue before opening; rounded up to a power of two.
 * @param queue_bytes 16 KiB to 1 GiB, default 4 MiB; at opening it must be at
 *   least twice max_body_bytes plus 8 KiB
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_queue_bytes(zmqlog_handler *handler,
                                                        size_t queue_bytes);

/**
 * Sets what happens when the queue is full, before opening.
 * @param policy ZMQLOG_OVERFLOW_DROP_NEWEST (default; the last eighth of the
 *   queue is kept for WARN and above), DROP_OLDEST, or BLOCK
 * @param block_ms for BLOCK: how long a log call waits; 0: it answers EAGAIN,
 *   uncounted, and the caller may use zmqlog_handler_wait_room(); negative: no
 *   limit, and nothing is dropped while subscribers are connected. Ignored
 *   otherwise.
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_overflow(zmqlog_handler *handler,
                                                     int policy, int block_ms);

/**
 * Sets how long the handler waits for slow subscribers, before opening. It waits
 * without limit for the only subscriber that matches a record, and with BLOCK for
 * every subscriber. Where several match and the policy drops, it waits within a
 * budget and then skips the full one, which gets nothing until it has drained to
 * half of send_hwm. SLOW_EPISODES counts skipping and cutting.
 * @param stall_ms a subscriber that takes nothing at all for that long, while a
 *   record waits for it, is cut: its connection ends (PEER_LOST), and it may
 *   connect again; 1 to 3600000, default 60000 (1000 before 1.1, when it was
 *   skipped instead)
 * @param budget_ms waiting time in store, of which one wait may take half and at
 *   most 100 ms; 0 to 60000, default 300
 * @param share_percent how fast that budget refills, in percent of wall time;
 *   0 to 100, default 5
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_slow_peer(zmqlog_handler *handler,
                                                      int stall_ms, int budget_ms,
                                                      int share_percent);

/**
 * Sets libzmq's queue per subscriber, in records, before opening.
 * @param hwm 1 to 10000000, default 10000
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_send_hwm(zmqlog_handler *handler, int hwm);

/**
 * Sets how long free, exit and close(-1) may take to send what is queued;
 * before opening.
 * @param linger_ms 0 to 3600000, default 1000; never infinite
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_linger_ms(zmqlog_handler *handler,
                                                      int linger_ms);

/**
 * Sets how long records are kept for a first subscriber after opening, so that
 * a short script does not lose its first lines; before opening.
 * @param hold_ms 0 (off) to 60000, default 500
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_hold_ms(zmqlog_handler *handler,
                                                    int hold_ms);

/**
 * Sets the longest message frame, before opening. Longer ones are cut at a
 * UTF-8 boundary with a visible mark, and counted.
 * @param max_body_bytes 256 to 256 MiB, default 1 MiB
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_max_body_bytes(zmqlog_handler *handler,
                                                           size_t max_body_bytes);

/**
 * Switches notices (`<root>.<LEVEL>.zmqlog`: of records that were dropped and, once,
 * of fields that the style does not show) on (1, default) or off (0);
 * before opening.
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_drop_notice(zmqlog_handler *handler,
                                                        int on);

/**
 * Gives the handler keys and allow lists before opening. It holds a reference.
 * @param auth NULL: none
 * @return OK, EINVAL, ESTATE. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_set_auth(zmqlog_handler *handler,
                                                 zmqlog_auth *auth);

/**
 * Logs a text; what stands before its first delimiter becomes the subtopic,
 * unless that holds a control character or would make the topic too long.
 * @param level 1 to 63
 * @param text bytes, never changed or interpreted otherwise
 * @return OK (accepted, or nobody listens); EAGAIN (BLOCK with 0 ms and a full
 *   queue; not counted); ETIMEDOUT or EINTERRUPTED (BLOCK; counted
 *   DROPPED_TIMEOUT); ELIMIT (queue full or record too large for it; counted);
 *   EINVAL, ESTATE (counted REFUSED); ECLOSED, EFORKED (counted); EIO (attached
 *   socket failed; counted). Never blocks but under BLOCK, never raises signals.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log(zmqlog_handler *handler, int level,
                                            const char *text, size_t text_len);

/**
 * Logs a text under a given subtopic; the text is never scanned.
 * @return as zmqlog_handler_log(). Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_topic(zmqlog_handler *handler, int level,
                                                  const char *subtopic,
                                                  size_t subtopic_len, const char *text,
                                                  size_t text_len);

/**
 * Logs a record with all that was set in it; the record is not changed.
 * @return as zmqlog_handler_log(). Threads: any thread for the handler, one at
 *   a time for the record. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_record(zmqlog_handler *handler,
                                                   const zmqlog_record *record);

/**
 * Publishes two frames exactly as they are: no root, level, style or number is added,
 * nothing is cut, and no floor applies. For programs that pass on what others logged.
 * A topic that no subscription matches is counted UNHEARD.
 * @param topic the first frame, any bytes; at most 65535, which may be 0
 * @param body the second frame, any bytes, as many as set_max_body_bytes() allows
 * @return as zmqlog_handler_log(); ELIMIT also when a frame is too long (counted
 *   DROPPED_QUEUE). Threads: any thread. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_handler_log_frames(zmqlog_handler *handler,
                                                   const char *topic, size_t topic_len,
                                                   const char *body, size_t body_len);

/** As zmqlog_logger_split(), for zmqlog_handler_log(). Threads: any thread.
 * Since: 1.0 */
ZMQLOG_API size_t zmqlog_handler_split(const zmqlog_handler *handler, int level,
                                       const char *text, size_t text_len,
                                       size_t *message_start);

/** 1 when a record of this level would be taken, else 0 (also for NULL and bad
 * levels). Threads: async-signal-safe. Since: 1.0 */
ZMQLOG_API int zmqlog_handler_enabled(const zmqlog_handler *handler, int level);

/**
 * The gate: 64 bytes; byte `level` is not 0 when a record of that level is to
 * be logged. May be read at any time without a call, so that a language tests
 * it before a foreign call.
 * @return NULL for NULL. Ownership: valid until the handler's memory goes, with
 *   the last of handler and loggers. Threads: any thread. Since: 1.0
 */
ZMQLOG_API const uint8_t *zmqlog_handler_gate(const zmqlog_handler *handler);

/**
 * Waits for a listener.
 * @param topic NULL or "": until something this handler publishes has one;
 *   else until a record with exactly this topic ("app.INFO") would reach one
 * @return OK, ETIMEDOUT, EINTERRUPTED, EINVAL, ESTATE (not open), ECLOSED,
 *   EFORKED, ENOTSUP (attached). Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wait_subscriber(zmqlog_handler *handler,
                                                        const char *topic,
                                                        int timeout_ms);

/**
 * Waits until the queue has room for a record of that many bytes (text,
 * subtopic and fields together).
 * @return OK, ETIMEDOUT, EINTERRUPTED, EINVAL, ELIMIT (never fits), ESTATE,
 *   ECLOSED, EFORKED, ENOTSUP (attached). Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_handler_wait_room(zmqlog_handler *handler, size_t bytes,
                                                  int timeout_ms);

/**
 * Reads a counter.
 * @param which ZMQLOG_COUNT_ACCEPTED to ZMQLOG_COUNT_MALFORMED
 * @return the count from 0; EINVAL. Threads: any thread. Since: 1.0
 */
ZMQLOG_API int64_t zmqlog_handler_count(const zmqlog_handler *handler, int which);

/** 1 in a forked child in which this inherited handler answers EFORKED, else 0.
 * Threads: async-signal-safe. Since: 1.0 */
ZMQLOG_API int zmqlog_handler_forked(const zmqlog_handler *handler);

/* ---- logger ------------------------------------------------------------ */

/**
 * A cheap named view of a handler with its own level, subtopic and fields.
 * Holds a reference on the handler.
 * @param name what `%(name)s` and json show; NULL is ""; over 4096 bytes: cut at
 *   a UTF-8 boundary when logged, and counted
 * @return NULL when memory ran out or handler is NULL. Ownership: the caller
 *   frees it, before or after the handler. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_logger *zmqlog_logger_new(zmqlog_handler *handler, const char *name);

/** Frees a logger; NULL is allowed. Never blocks. Threads: any thread, once,
 * after the last other call. Since: 1.0 */
ZMQLOG_API void zmqlog_logger_free(zmqlog_logger *logger);

/**
 * An independent copy that has not logged yet, so its setters work again.
 * @return NULL when memory ran out or logger is NULL. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_logger *zmqlog_logger_clone(const zmqlog_logger *logger);

/** Sets the logger's own threshold, 0 (default) to 63. Live.
 * @return OK, EINVAL. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_level(zmqlog_logger *logger, int level);

/** The logger's threshold; EINVAL for NULL. Threads: any thread. Since: 1.0 */
ZMQLOG_API int zmqlog_logger_level(const zmqlog_logger *logger);

/** The logger's name; NULL for NULL. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_logger_name(const zmqlog_logger *logger);

/** Details of the last failed configuration call on this logger; they are kept
 * with its handler's. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_logger_errmsg(const zmqlog_logger *logger);

/**
 * Sets the subtopic that comes before the call's own. Before the first log.
 * @return OK, EINVAL, ESTATE, ENOMEM. Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_topic(zmqlog_logger *logger,
                                                 const char *subtopic,
                                                 size_t subtopic_len);

/** Binds a text field to every record of this logger; before the first log. See
 * zmqlog_record_set_field_string(). @return OK, EINVAL, ESTATE, ENOMEM, ELIMIT.
 * Threads: one thread at a time. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_string(zmqlog_logger *logger,
                                                        const char *key,
                                                        const char *value,
                                                        size_t value_len);

/** Binds an integer field; see zmqlog_logger_set_field_string(). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_int(zmqlog_logger *logger,
                                                     const char *key, int64_t value);

/** Binds a number field; see zmqlog_logger_set_field_string(). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_double(zmqlog_logger *logger,
                                                        const char *key, double value);

/** Binds true or false; see zmqlog_logger_set_field_string(). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_bool(zmqlog_logger *logger,
                                                      const char *key, int value);

/** Binds a JSON value; EFORMAT when it is none. See
 * zmqlog_logger_set_field_string(). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_set_field_json(zmqlog_logger *logger,
                                                      const char *key, const char *json,
                                                      size_t json_len);

/** As zmqlog_handler_log(), with the logger's name, subtopic and fields.
 * Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_log(zmqlog_logger *logger, int level,
                                           const char *text, size_t text_len);

/** As zmqlog_handler_log_topic(), with the logger's name, subtopic and fields.
 * Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_topic(zmqlog_logger *logger, int level,
                                                 const char *subtopic,
                                                 size_t subtopic_len, const char *text,
                                                 size_t text_len);

/** As zmqlog_logger_log(), with the source of the call; file and function may
 * be NULL, line 0, and are cut as zmqlog_record_set_source() says. Threads: any thread.
 * Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_source(zmqlog_logger *logger, int level,
                                                  const char *file, int line,
                                                  const char *function,
                                                  const char *text, size_t text_len);

/** As zmqlog_logger_log_topic(), with the source of the call: what printf-like
 * conveniences end in. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_source_topic(
    zmqlog_logger *logger, int level, const char *file, int line, const char *function,
    const char *subtopic, size_t subtopic_len, const char *text, size_t text_len);

/**
 * Where zmqlog_logger_log() would split a text: for formatted calls, which take
 * the subtopic from the format before formatting.
 * @param message_start the offset at which the message begins; 0 when the text
 *   is not split
 * @return length of the subtopic in bytes; 0 also for NULL.
 * Threads: any thread. Since: 1.0
 */
ZMQLOG_API size_t zmqlog_logger_split(const zmqlog_logger *logger, int level,
                                      const char *text, size_t text_len,
                                      size_t *message_start);

/** As zmqlog_handler_log_record(), with the logger's name (unless the record
 * has one), subtopic before the record's, and fields under the record's.
 * Threads: any thread for the logger. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_logger_log_record(zmqlog_logger *logger,
                                                  const zmqlog_record *record);

/** 1 when this logger would log at this level, else 0.
 * Threads: async-signal-safe. Since: 1.0 */
ZMQLOG_API int zmqlog_logger_enabled(const zmqlog_logger *logger, int level);

/* ---- subscriber -------------------------------------------------------- */

/**
 * A subscriber, not open yet.
 * @return NULL when memory ran out. Ownership: the caller frees it.
 * Threads: any thread; afterwards one thread at a time, but for wakeup, close,
 *   count and errmsg. Since: 1.0
 */
ZMQLOG_API zmqlog_subscriber *zmqlog_subscriber_new(void);

/** Closes and frees; waits for its pump thread, which ends at once. In a forked
 * child: does nothing. NULL is allowed. Since: 1.0 */
ZMQLOG_API void zmqlog_subscriber_free(zmqlog_subscriber *subscriber);

/**
 * Connects to a publisher; it need not be there yet, and is found again when it
 * restarts. Any number of times. A subscriber may connect anywhere.
 * @return OK, EINVAL, ENOMEM, EACCESS, ENOTSUP, EREFUSED, ECLOSED, EFORKED, EIO.
 * Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_connect(zmqlog_subscriber *subscriber,
                                                   const char *endpoint);

/** Listens on an endpoint that publishers connect to; rules and results as for
 * zmqlog_handler_bind(). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_bind(zmqlog_subscriber *subscriber,
                                                const char *endpoint);

/**
 * Ends one connection that connect opened, or the attempts to get it. Records that
 * have arrived can still be received; others of this publisher are lost.
 * @param endpoint as it was given to connect, or as zmqlog_subscriber_endpoint() names
 *   it; of several alike the last one
 * @return OK; EINVAL (not connected there; the detail lists what is), ENOMEM, ECLOSED,
 *   EFORKED. Threads: one thread at a time. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_disconnect(zmqlog_subscriber *subscriber,
                                                      const char *endpoint);

/** Closes one endpoint that was bound, and the connections there; rules and results
 * as for disconnect. Since: 1.1 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_unbind(zmqlog_subscriber *subscriber,
                                                  const char *endpoint);

/**
 * Subscribes to all topics that start with a prefix; before or after opening.
 * @param prefix at most ZMQLOG_PREFIX_MAX_BYTES bytes; "" or NULL: everything
 * @return OK, EINVAL (too long), ENOMEM, ECLOSED, EFORKED. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_subscribe(zmqlog_subscriber *subscriber,
                                                     const char *prefix);

/** Takes back one subscribe of the same prefix. @return OK; EINVAL when there
 * was none; ECLOSED, EFORKED. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_unsubscribe(zmqlog_subscriber *subscriber,
                                                       const char *prefix);

/**
 * Subscribes to a program's records of a level and above: one prefix for each name
 * that is read as a level from min_level to 63 when this is called: the default
 * ones, aliases such as WARNING, NOTICE, FATAL and UNKNOWN, and those that this
 * subscriber was told before (zmqlog_subscriber_set_level_name()). Adds the root.
 * @param root root topic, "" for publishers without one
 * @param min_level 1 to 63
 * @return OK, EINVAL, ENOMEM, ELIMIT (over 1024 roots), ECLOSED, EFORKED.
 * Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_subscribe_level(
    zmqlog_subscriber *subscriber, const char *root, int min_level);

/** Makes a root topic known, so that `a.b.INFO.x` is read as root `a.b`. The
 * longest known root wins. @return OK, EINVAL, ENOMEM, ELIMIT (over 1024),
 * ECLOSED, EFORKED. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_add_root(zmqlog_subscriber *subscriber,
                                                    const char *root);

/** Makes a level name known, as zmqlog_handler_set_level_name() does for the
 * publisher; before opening. @return OK, EINVAL, ESTATE, ECLOSED, EFORKED; so
 * do all that set options of a subscriber. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_level_name(zmqlog_subscriber *subscriber,
                                                          int level, const char *name);

/** 1: a prefix matches whole segments only (`app.INFO` not `app.INFORMATION`);
 * WARN and WARNING are one. 0 (default): libzmq's byte prefixes. Live.
 * @return OK, EINVAL (neither 1 nor 0), ECLOSED, EFORKED. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_exact(zmqlog_subscriber *subscriber,
                                                     int on);

/** Sets libzmq's queue per publisher, in records, before opening: 0 (no limit)
 * to 10000000, default 100000. @return OK, EINVAL, ESTATE. Since: 1.0 */
ZMQLOG_API zmqlog_status
zmqlog_subscriber_set_receive_hwm(zmqlog_subscriber *subscriber, int hwm);

/** Sets the size of the local queue before opening: 16 KiB to 1 GiB, default
 * 8 MiB, rounded up to a power of two. A record over half of it is dropped and
 * counted. @return OK, EINVAL, ESTATE. Since: 1.0 */
ZMQLOG_API zmqlog_status
zmqlog_subscriber_set_queue_bytes(zmqlog_subscriber *subscriber, size_t queue_bytes);

/** Sets what happens when the local queue is full, before opening: BLOCK
 * (default: the pump waits, so publishers feel it; block_ms negative: no
 * limit, else drop after that long), DROP_NEWEST or DROP_OLDEST; drops are
 * counted. @return OK, EINVAL, ESTATE. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_overflow(zmqlog_subscriber *subscriber,
                                                        int policy, int block_ms);

/** Gives the subscriber keys and allow lists before opening; NULL: none.
 * @return OK, EINVAL, ESTATE. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_set_auth(zmqlog_subscriber *subscriber,
                                                    zmqlog_auth *auth);

/**
 * Receives one record.
 * @param record is filled; whatever it held before is gone
 * @return OK; EAGAIN (timeout 0 and nothing there); ETIMEDOUT; EINTERRUPTED;
 *   EINVAL, ENOMEM, ESTATE (not open), ECLOSED, EFORKED.
 * Threads: one thread at a time. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_recv(zmqlog_subscriber *subscriber,
                                                zmqlog_record *record, int timeout_ms);

/**
 * Fills a record with two frames that came another way, from a file for instance, as
 * recv would: with this subscriber's level names, roots and subscriptions. The
 * subscriber need not be open. Gaps are not looked for, and nothing is counted.
 * @param record is filled; whatever it held before is gone
 * @param received_ns when the frames arrived, nanoseconds since 1970
 * @return OK; EAGAIN when no subscription matches the topic (record unchanged); EINVAL,
 *   ENOMEM, ECLOSED, EFORKED. Threads: one thread at a time. Since: 1.1
 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_decode(zmqlog_subscriber *subscriber,
                                                  zmqlog_record *record,
                                                  const char *topic, size_t topic_len,
                                                  const char *body, size_t body_len,
                                                  int64_t received_ns);

/**
 * A descriptor that is readable (level-triggered) when records wait after a
 * recv has answered EAGAIN. Receive with timeout 0 until EAGAIN, then poll; one
 * spurious wake is legal. Also readable after wakeup and close.
 * @return the descriptor, owned by the subscriber; a negative status. Since: 1.0
 */
ZMQLOG_API int zmqlog_subscriber_fd(zmqlog_subscriber *subscriber);

/** Ends the current or the next recv with EINTERRUPTED, once.
 * @return OK, EINVAL, EFORKED. Threads: async-signal-safe. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_wakeup(zmqlog_subscriber *subscriber);

/** Closes; a blocked recv and all later calls answer ECLOSED, but for these: count,
 * endpoint and errmsg tell what they told before (PEERS is 0), fd gives the
 * descriptor, which stays readable, wakeup answers OK and does nothing, and close
 * and free may be called. @return OK, EINVAL, EFORKED. Threads: any thread.
 * Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_subscriber_close(zmqlog_subscriber *subscriber);

/** Reads a counter: PEERS, MALFORMED, RECEIVED, DROPPED, LOST, DUPLICATES.
 * @return the count from 0; EINVAL, EFORKED. Threads: any thread. Since: 1.0 */
ZMQLOG_API int64_t zmqlog_subscriber_count(const zmqlog_subscriber *subscriber,
                                           int which);

/** The endpoint number `index`, with the real port; NULL past the end. Valid
 * until free. Since: 1.0 */
ZMQLOG_API const char *zmqlog_subscriber_endpoint(const zmqlog_subscriber *subscriber,
                                                  int index);

/** Details of the last failed call. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_subscriber_errmsg(const zmqlog_subscriber *subscriber);

/* ---- auth -------------------------------------------------------------- */

/**
 * Keys and allow lists for handlers and subscribers. One object may serve
 * several handles; they hold references. Lists are live: a change counts for
 * the next connection.
 * @return NULL when memory ran out. Ownership: the caller frees it, before or
 *   after the handles. Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_auth *zmqlog_auth_new(void);

/** Gives the caller's reference up; keys are wiped with the last one. NULL is
 * allowed. Threads: any thread. Since: 1.0 */
ZMQLOG_API void zmqlog_auth_free(zmqlog_auth *auth);

/**
 * What listens uses CURVE with this key: only allowed client keys get in. With
 * no allowed key, opening is refused; `allow_key(a, "*")` allows any.
 * @param secret_key 40 characters of Z85; NULL: no CURVE
 * @return OK, EINVAL, ENOTSUP, ESTATE (in use). Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_curve_server(zmqlog_auth *auth,
                                                      const char *secret_key);

/**
 * What connects uses CURVE.
 * @param server_key the listener's public key; all three are 40 characters of
 *   Z85, or all NULL: no CURVE
 * @param public_key own public key
 * @param secret_key own secret key; it must belong to the public one
 * @return OK, EINVAL, ENOTSUP, ESTATE (in use). Threads: any thread. Since: 1.0
 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_curve_client(zmqlog_auth *auth,
                                                      const char *server_key,
                                                      const char *public_key,
                                                      const char *secret_key);

/** Allows a client's public key, 40 characters of Z85, or "*" for any. Live.
 * Without zmqlog_auth_set_curve_server() nobody would be asked for a key:
 * listening is then refused, unless insecure is set.
 * @return OK, EINVAL, ENOMEM. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_key(zmqlog_auth *auth,
                                               const char *public_key);

/** Allows tcp clients by address or network ("192.0.2.7", "192.0.2.0/24",
 * "2001:db8::/32"). With none, all addresses pass. Live.
 * @return OK, EINVAL, ENOMEM. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_address(zmqlog_auth *auth,
                                                   const char *address);

/** Allows ipc clients by user id. With none, all users pass that the socket's
 * file mode lets in; `ipc://@name` has no file, so all of this machine. Live. @return
 * OK, EINVAL, ENOMEM. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_allow_uid(zmqlog_auth *auth, int64_t uid);

/** Takes a key back; a list that becomes empty by removal refuses everybody.
 * Connections that stand remain. @return OK; EINVAL when it was not there.
 * Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_key(zmqlog_auth *auth,
                                                const char *public_key);

/** As zmqlog_auth_remove_key(), for an address or network. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_address(zmqlog_auth *auth,
                                                    const char *address);

/** As zmqlog_auth_remove_key(), for a user id. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_remove_uid(zmqlog_auth *auth, int64_t uid);

/** Allows all public keys in a certificate file (ZPL, as zmqlog keygen and czmq
 * write it) or in the files of a directory. Files with a secret key count by
 * their public one. Of a directory all files count but hidden ones (`.NAME`),
 * backups (`NAME~`), and `NAME_secret` beside `NAME`; directories in it are not
 * entered. Nothing changes when one is malformed.
 * @return OK, EINVAL, EIO, EACCESS, EFORMAT, ENOMEM. Threads: any thread. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_load_keys(zmqlog_auth *auth, const char *path);

/** 1: permits tcp beyond loopback without CURVE: anybody may read the stream.
 * 0 (default): refused. @return OK, EINVAL, ESTATE (in use). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_insecure(zmqlog_auth *auth, int on);

/** File mode of ipc sockets that are bound; 0600 (default) to 0777, the owner
 * always included; who connects needs the right to write. @return OK, EINVAL, ESTATE
 * (in use). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_auth_set_ipc_mode(zmqlog_auth *auth, int mode);

/** Details of the last failed call. Threads: any thread. Since: 1.0 */
ZMQLOG_API const char *zmqlog_auth_errmsg(const zmqlog_auth *auth);

/* ---- keypair ----------------------------------------------------------- */

/** An empty key pair. @return NULL when memory ran out. Ownership: the caller.
 * Threads: any thread; afterwards one thread at a time. Since: 1.0 */
ZMQLOG_API zmqlog_keypair *zmqlog_keypair_new(void);

/** Wipes and frees; NULL is allowed. Since: 1.0 */
ZMQLOG_API void zmqlog_keypair_free(zmqlog_keypair *keypair);

/** Makes a new pair. @return OK, EINVAL, ENOTSUP (libzmq without CURVE). Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_keypair_generate(zmqlog_keypair *keypair);

/** Reads a certificate: `<path>_secret` when it exists and `path` has no secret
 * key, else `path`. A file with only a public key leaves secret_key "". A
 * secret that others may read is refused.
 * @return OK, EINVAL, EIO, EACCESS, EREFUSED (loose mode), EFORMAT. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_keypair_load(zmqlog_keypair *keypair, const char *path);

/** Writes `path` (public, 0644) and `<path>_secret` (both keys, 0600) as ZPL;
 * neither may exist. On failure neither does.
 * @return OK, EINVAL, ESTATE (empty), EADDRINUSE (exists), EACCESS, EIO. Since: 1.0 */
ZMQLOG_API zmqlog_status zmqlog_keypair_save(const zmqlog_keypair *keypair,
                                             const char *path);

/** Public key, 40 characters of Z85, or "". Valid until changed or freed. Since: 1.0 */
ZMQLOG_API const char *zmqlog_keypair_public_key(const zmqlog_keypair *keypair);

/** Secret key, 40 characters of Z85, or "". Valid until changed or freed. Since: 1.0 */
ZMQLOG_API const char *zmqlog_keypair_secret_key(const zmqlog_keypair *keypair);

/** Details of the last failed call. Since: 1.0 */
ZMQLOG_API const char *zmqlog_keypair_errmsg(const zmqlog_keypair *keypair);

/* ---- C conveniences ---------------------------------------------------- */

#if !defined(SWIG) && defined(__GNUC__)

#include <errno.h>

/* What the macros below expand to; use those. Formats on the stack, or for long
 * messages on the heap. A prefix that holds a % is no subtopic: cutting it off
 * would shift the arguments. What vsnprintf refuses, such as a %ls that the locale
 * has no bytes for, is logged as its format. errno stays what it was. */
__attribute__((format(printf, 6, 7), unused)) static inline void
zmqlog_printf_(zmqlog_logger *logger, int level, const char *file, int line,
               const char *function, const char *format, ...) {
    char small[1024];
    char *text = small;
    size_t start = 0;
    int saved = errno;
    size_t subtopic_len =
        zmqlog_logger_split(logger, level, format, __builtin_strlen(format), &start);
    __builtin_va_list arguments;
    int len;

    if (subtopic_len > 0 && __builtin_memchr(format, '%', subtopic_len))
        subtopic_len = start = 0;
    __builtin_va_start(arguments, format);
    len = __builtin_vsnprintf(small, sizeof small, format + start, arguments);
    __builtin_va_end(arguments);
    if (len >= (int)sizeof small) {
        text = (char *)__builtin_malloc((size_t)len + 1);
        if (text) {
            __builtin_va_start(arguments, format);
            len = __builtin_vsnprintf(text, (size_t)len + 1, format + start, arguments);
            __builtin_va_end(arguments);
        } else {
            text = small;
            len = (int)sizeof small - 1;
        }
    }
    zmqlog_logger_log_source_topic(logger, level, file, line, function, format,
                                   subtopic_len, len < 0 ? format + start : text,
                                   len < 0 ? __builtin_strlen(format + start)
                                           : (size_t)len);
    if (text != small)
        __builtin_free(text);
    errno = saved;
}

/**
 * printf-like logging for C and C++: `ZMQLOG_INFO(logger, "%d rows", n)`. A
 * delimiter in the format, never one in the arguments, splits off the subtopic.
 * Nothing is evaluated or formatted while nobody listens, but for `logger`,
 * which is evaluated twice.
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

#endif /* !SWIG && __GNUC__ */

#ifdef __cplusplus
}
#endif

#endif /* ZMQLOG_H */
