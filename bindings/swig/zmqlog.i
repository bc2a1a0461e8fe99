/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The shapes of the raw layer, shared by all languages: one class for each
 * handle of zmqlog.h, with the same parameter names. No logic and no language
 * in here. Each entry (lua.i, ruby.i, go.i) says `%module`, defines the
 * typemaps that the %apply lines below name, and then includes this file:
 *
 *   zmqlog_status             as result: the language's own error
 *   (const char *BYTES, size_t BYTES_LEN)  a byte string in; NULL and 0 for none
 *   const char *BYTES_OUT     as result of a getter with `size_t *BYTES_OUT_LEN`
 *   size_t *OUTPUT_SIZE       a number handed out
 *   void *ZMQ_SOCKET          a socket of libzmq
 *   const uint8_t *GATE       as result: the address of 64 bytes
 *
 * Constants are read with zmqlog_constant(). Only the collector frees.
 */
%{
#include <zmqlog.h>
%}

%include <stdint.i>

typedef int zmqlog_status;

%apply (const char *BYTES, size_t BYTES_LEN) {
    (const char *text, size_t text_len),
    (const char *subtopic, size_t subtopic_len),
    (const char *value, size_t value_len),
    (const char *json, size_t json_len)
};
%apply size_t *BYTES_OUT_LEN { size_t *len };
%apply size_t *OUTPUT_SIZE { size_t *message_start };
%apply void *ZMQ_SOCKET { void *socket };
%apply const uint8_t *GATE { const uint8_t *gate };
%apply const char *BYTES_OUT {
    const char *zmqlog_record::topic,
    const char *zmqlog_record::root,
    const char *zmqlog_record::subtopic,
    const char *zmqlog_record::text,
    const char *zmqlog_record::field_key,
    const char *zmqlog_record::field_json
};

%rename(Handler) zmqlog_handler;
%rename(Logger) zmqlog_logger;
%rename(Record) zmqlog_record;
%rename(Subscriber) zmqlog_subscriber;
%rename(Auth) zmqlog_auth;
%rename(Keypair) zmqlog_keypair;

%newobject zmqlog_logger::clone;

/* ---- library ----------------------------------------------------------- */

uint32_t zmqlog_version(void);
const char *zmqlog_version_string(void);
int64_t zmqlog_constant(const char *name);
const char *zmqlog_count_name(int which);
const char *zmqlog_count_text(int which);
int zmqlog_has(const char *feature);
const char *zmqlog_strerror(int status);
const char *zmqlog_status_name(int status);
const char *zmqlog_topic_delimiter(void);
const char *zmqlog_level_name(int level);
int zmqlog_level_number(const char *name);
int64_t zmqlog_handler_default(const char *option);

/* ---- shapes ------------------------------------------------------------ */

/* All of them first: methods of one take others. */
%nodefaultctor;
%nodefaultdtor;
typedef struct zmqlog_auth {} zmqlog_auth;
typedef struct zmqlog_keypair {} zmqlog_keypair;
typedef struct zmqlog_record {} zmqlog_record;
typedef struct zmqlog_handler {} zmqlog_handler;
typedef struct zmqlog_logger {} zmqlog_logger;
typedef struct zmqlog_subscriber {} zmqlog_subscriber;

/* ---- auth, keypair ----------------------------------------------------- */

%extend zmqlog_auth {
    zmqlog_auth() { return zmqlog_auth_new(); }
    ~zmqlog_auth() { zmqlog_auth_free($self); }
    zmqlog_status set_curve_server(const char *secret_key);
    zmqlog_status set_curve_client(const char *server_key, const char *public_key,
                                   const char *secret_key);
    zmqlog_status allow_key(const char *public_key);
    zmqlog_status allow_address(const char *address);
    zmqlog_status allow_uid(int64_t uid);
    zmqlog_status remove_key(const char *public_key);
    zmqlog_status remove_address(const char *address);
    zmqlog_status remove_uid(int64_t uid);
    zmqlog_status load_keys(const char *path);
    zmqlog_status reload_keys(const char *path);
    zmqlog_status set_insecure(int on);
    zmqlog_status set_ipc_mode(int mode);
    const char *errmsg();
}

%extend zmqlog_keypair {
    zmqlog_keypair() { return zmqlog_keypair_new(); }
    ~zmqlog_keypair() { zmqlog_keypair_free($self); }
    zmqlog_status generate();
    zmqlog_status load(const char *path);
    zmqlog_status save(const char *path);
    const char *public_key();
    const char *secret_key();
    const char *errmsg();
}

/* ---- record ------------------------------------------------------------ */

%extend zmqlog_record {
    zmqlog_record() { return zmqlog_record_new(); }
    ~zmqlog_record() { zmqlog_record_free($self); }
    zmqlog_status clear();
    zmqlog_status parse();
    zmqlog_status set_level(int level);
    zmqlog_status set_logger(const char *name);
    zmqlog_status set_subtopic(const char *subtopic, size_t subtopic_len);
    zmqlog_status set_text(const char *text, size_t text_len);
    zmqlog_status set_source(const char *file, int line, const char *function);
    zmqlog_status set_time_ns(int64_t time_ns);
    zmqlog_status set_thread_name(const char *name);
    zmqlog_status set_field_string(const char *key, const char *value,
                                   size_t value_len);
    zmqlog_status set_field_int(const char *key, int64_t value);
    zmqlog_status set_field_double(const char *key, double value);
    zmqlog_status set_field_bool(const char *key, int value);
    zmqlog_status set_field_json(const char *key, const char *json, size_t json_len);
    const char *topic(size_t *len);
    const char *root(size_t *len);
    int level();
    const char *level_name();
    const char *subtopic(size_t *len);
    const char *text(size_t *len);
    int64_t time_ns();
    int64_t received_ns();
    uint64_t seq();
    const char *epoch();
    uint64_t lost();
    const char *logger();
    const char *source_file();
    int source_line();
    const char *source_function();
    int field_count();
    const char *field_key(int index, size_t *len);
    const char *field_json(int index, size_t *len);
    const char *errmsg();
}

/* ---- handler ----------------------------------------------------------- */

%extend zmqlog_handler {
    zmqlog_handler() { return zmqlog_handler_new(); }
    ~zmqlog_handler() { zmqlog_handler_free($self); }
    zmqlog_status bind(const char *endpoint);
    zmqlog_status connect(const char *endpoint);
    zmqlog_status open(const char *spec);
    zmqlog_status unbind(const char *endpoint);
    zmqlog_status disconnect(const char *endpoint);
    zmqlog_status attach(void *socket);
    zmqlog_status close(int timeout_ms);
    zmqlog_status flush(int timeout_ms);
    zmqlog_status wakeup();
    const char *endpoint(int index);
    const char *errmsg();
    zmqlog_status set_root_topic(const char *root_topic);
    const char *root_topic();
    zmqlog_status set_level(int level);
    int level();
    zmqlog_status set_level_names(const char *preset);
    zmqlog_status set_level_name(int level, const char *name);
    const char *level_name(int level);
    zmqlog_status set_delimiter(const char *delimiter);
    zmqlog_status set_style(int level, const char *style);
    zmqlog_status set_time_format(const char *time_format);
    zmqlog_status set_queue_bytes(size_t queue_bytes);
    zmqlog_status set_overflow(int policy, int block_ms);
    zmqlog_status set_slow_peer(int stall_ms, int budget_ms, int share_percent);
    zmqlog_status set_send_hwm(int hwm);
    zmqlog_status set_linger_ms(int linger_ms);
    zmqlog_status set_hold_ms(int hold_ms);
    zmqlog_status set_heartbeat_ms(int heartbeat_ms);
    zmqlog_status set_backlog(int level, size_t bytes);
    zmqlog_status set_max_body_bytes(size_t max_body_bytes);
    zmqlog_status set_drop_notice(int on);
    zmqlog_status set_announce(int on);
    zmqlog_status set_auth(zmqlog_auth *auth);
    zmqlog_status log(int level, const char *text, size_t text_len);
    zmqlog_status log_topic(int level, const char *subtopic, size_t subtopic_len,
                            const char *text, size_t text_len);
    zmqlog_status log_record(const zmqlog_record *record);
    size_t split(int level, const char *text, size_t text_len, size_t *message_start);
    int enabled(int level);
    const uint8_t *gate();
    zmqlog_status wait_subscriber(const char *topic, int timeout_ms);
    zmqlog_status wait_room(size_t bytes, int timeout_ms);
    int64_t count(int which);
    int forked();
}

/* ---- logger ------------------------------------------------------------ */

%extend zmqlog_logger {
    zmqlog_logger(zmqlog_handler *handler, const char *name) {
        return zmqlog_logger_new(handler, name);
    }
    ~zmqlog_logger() { zmqlog_logger_free($self); }
    zmqlog_logger *clone();
    zmqlog_status set_level(int level);
    int level();
    const char *name();
    const char *errmsg();
    zmqlog_status set_topic(const char *subtopic, size_t subtopic_len);
    zmqlog_status set_field_string(const char *key, const char *value,
                                   size_t value_len);
    zmqlog_status set_field_int(const char *key, int64_t value);
    zmqlog_status set_field_double(const char *key, double value);
    zmqlog_status set_field_bool(const char *key, int value);
    zmqlog_status set_field_json(const char *key, const char *json, size_t json_len);
    zmqlog_status log(int level, const char *text, size_t text_len);
    zmqlog_status log_topic(int level, const char *subtopic, size_t subtopic_len,
                            const char *text, size_t text_len);
    zmqlog_status log_source(int level, const char *file, int line,
                             const char *function, const char *text,
                             size_t text_len);
    zmqlog_status log_source_topic(int level, const char *file, int line,
                                   const char *function, const char *subtopic,
                                   size_t subtopic_len, const char *text,
                                   size_t text_len);
    size_t split(int level, const char *text, size_t text_len, size_t *message_start);
    zmqlog_status log_record(const zmqlog_record *record);
    int enabled(int level);
}

/* ---- subscriber -------------------------------------------------------- */

%extend zmqlog_subscriber {
    zmqlog_subscriber() { return zmqlog_subscriber_new(); }
    ~zmqlog_subscriber() { zmqlog_subscriber_free($self); }
    zmqlog_status connect(const char *endpoint);
    zmqlog_status bind(const char *endpoint);
    zmqlog_status disconnect(const char *endpoint);
    zmqlog_status unbind(const char *endpoint);
    zmqlog_status subscribe(const char *prefix);
    zmqlog_status unsubscribe(const char *prefix);
    zmqlog_status subscribe_level(const char *root, int min_level);
    zmqlog_status subscribe_all(int min_level);
    zmqlog_status add_root(const char *root);
    zmqlog_status set_level_name(int level, const char *name);
    zmqlog_status set_exact(int on);
    zmqlog_status set_receive_hwm(int hwm);
    zmqlog_status set_queue_bytes(size_t queue_bytes);
    zmqlog_status set_overflow(int policy, int block_ms);
    zmqlog_status set_auth(zmqlog_auth *auth);
    zmqlog_status recv(zmqlog_record *record, int timeout_ms);
    int fd();
    zmqlog_status wakeup();
    zmqlog_status close();
    int64_t count(int which);
    const char *endpoint(int index);
    const char *errmsg();
}
