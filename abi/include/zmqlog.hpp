/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file zmqlog.hpp
 * libzmqlog for C++17: objects that free what they hold, std::string_view, exceptions.
 * It calls zmqlog.h and nothing else, so zmqlog.h says what each call does; here are
 * the differences:
 *
 *     zmqlog::handler out;
 *     out.set_root_topic("shop").set_style(0, "json").bind("tcp://127.0.0.1:5556");
 *     zmqlog::logger log(out, "shop");
 *     log.info("order paid", {{"order", 7}, {"site", site}});
 *     ZMQLOG_WARN_F(log, "%d left", n, ZF_INT("left", n));
 *
 * - What is refused throws zmqlog::error, with the status and the handle's own words.
 * - Log calls never throw; they return the status.
 * - Calls that wait return true, or false if the time ran out or wakeup ended them.
 * - Setters return the object.
 * - An object converts to the pointer of C, so every function and macro of zmqlog.h
 *   takes it.
 * - Objects move and do not copy; a logger has clone(). What was moved from holds NULL.
 * - Threads, forks and lifetimes are as in C: a handler may go before its loggers.
 */
#ifndef ZMQLOG_HPP
#define ZMQLOG_HPP

#include "zmqlog.h"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace zmqlog {

using milliseconds = std::chrono::milliseconds;

/** As a timeout: no limit. */
inline constexpr milliseconds forever{-1};

inline constexpr int debug = ZMQLOG_LEVEL_DEBUG;
inline constexpr int info = ZMQLOG_LEVEL_INFO;
inline constexpr int warn = ZMQLOG_LEVEL_WARN;
inline constexpr int error_level = ZMQLOG_LEVEL_ERROR;
inline constexpr int critical = ZMQLOG_LEVEL_CRITICAL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wweak-vtables"
#endif

/** What was refused: status() is one of ZMQLOG_E*, what() begins with its name. */
class error : public std::runtime_error {
  public:
    error(zmqlog_status status, std::string_view detail)
        : std::runtime_error(text(status, detail)), status_(status) {}
    zmqlog_status status() const noexcept {
        return status_;
    }

  private:
    static std::string text(zmqlog_status status, std::string_view detail) {
        std::string words = zmqlog_status_name(status);
        words += ": ";
        return words.append(detail.empty() ? zmqlog_strerror(status) : detail);
    }
    zmqlog_status status_;
};

#pragma GCC diagnostic pop

inline std::uint32_t version() {
    return zmqlog_version();
}
inline std::string_view version_string() {
    return zmqlog_version_string();
}
inline bool has(const std::string &feature) {
    return zmqlog_has(feature.c_str()) != 0;
}
inline std::int64_t constant(const std::string &name) {
    return zmqlog_constant(name.c_str());
}
inline std::string_view strerror(zmqlog_status status) {
    return zmqlog_strerror(status);
}
inline std::string_view status_name(zmqlog_status status) {
    return zmqlog_status_name(status);
}
inline std::string_view topic_delimiter() {
    return zmqlog_topic_delimiter();
}
/** 0 for what names no level. */
inline int level_number(const std::string &name) {
    return zmqlog_level_number(name.c_str());
}

namespace detail {

/** "" for NULL. */
inline std::string_view view(const char *text) {
    return text ? text : "";
}

inline int whole(milliseconds time) {
    constexpr std::int64_t most = 2147483647;
    const std::int64_t count = time.count();
    return static_cast<int>(count < 0 ? -1 : count > most ? most : count);
}

/** True for OK, false for what is soft; all else throws. */
inline bool is_done(zmqlog_status status, const char *errmsg) {
    if (status == ZMQLOG_OK)
        return true;
    if (status == ZMQLOG_EAGAIN || status == ZMQLOG_ETIMEDOUT ||
        status == ZMQLOG_EINTERRUPTED)
        return false;
    throw error(status, view(errmsg));
}

/** A handle of C, and who frees it. */
template <class Raw, void (*Free)(Raw *), const char *(*Errmsg)(const Raw *)>
class handle {
  public:
    Raw *get() const noexcept {
        return raw_.get();
    }
    operator Raw *() const noexcept {
        return raw_.get();
    }
    /** Details of the last failed call. */
    std::string_view errmsg() const {
        return view(Errmsg(get()));
    }

  protected:
    explicit handle(Raw *raw) : raw_(raw) {
        if (!raw)
            throw std::bad_alloc();
    }
    /** OK, or what was refused as an exception, the soft statuses, too. */
    void check(zmqlog_status status) const {
        if (status < 0)
            throw error(status, view(Errmsg(get())));
    }
    bool is_done(zmqlog_status status) const {
        return detail::is_done(status, Errmsg(get()));
    }

  private:
    struct freeing {
        void operator()(Raw *raw) const noexcept {
            Free(raw);
        }
    };
    std::unique_ptr<Raw, freeing> raw_;
};

} // namespace detail

inline std::string_view level_name(int level) {
    return detail::view(zmqlog_level_name(level));
}
inline std::string_view count_name(int which) {
    return detail::view(zmqlog_count_name(which));
}
inline std::string_view count_text(int which) {
    return detail::view(zmqlog_count_text(which));
}

/** A value that is JSON already: `{"list", zmqlog::json{"[1,2]"}}`. */
struct json {
    std::string_view text;
};

/**
 * A field of one call. Texts are borrowed until the call returns. Integers, bool,
 * floating point, text, nullptr (null) and json; no other type compiles.
 */
class field {
  public:
    field(const char *key, std::string_view text) : raw_(made(key)) {
        raw_.kind = ZMQLOG_FIELD_STRING;
        raw_.text = text.data();
        raw_.text_len = text.size();
    }
    field(const char *key, const char *text)
        : field(key, text ? std::string_view(text) : std::string_view("null")) {
        if (!text)
            raw_.kind = ZMQLOG_FIELD_JSON;
    }
    field(const char *key, const std::string &text)
        : field(key, std::string_view(text)) {}
    field(const char *key, std::nullptr_t) : field(key, json{"null"}) {}
    field(const char *key, json value) : field(key, value.text) {
        raw_.kind = ZMQLOG_FIELD_JSON;
    }
    template <class Number, std::enable_if_t<std::is_arithmetic_v<Number>, int> = 0>
    field(const char *key, Number value) : raw_(made(key)) {
        if constexpr (std::is_floating_point_v<Number>) {
            raw_.kind = ZMQLOG_FIELD_DOUBLE;
            raw_.real = static_cast<double>(value);
        } else {
            raw_.kind = std::is_same_v<Number, bool> ? ZMQLOG_FIELD_BOOL
                        : std::is_unsigned_v<Number> ? ZMQLOG_FIELD_UINT
                                                     : ZMQLOG_FIELD_INT;
            raw_.number = static_cast<std::int64_t>(value);
        }
    }
    const zmqlog_field &raw() const noexcept {
        return raw_;
    }

  private:
    static zmqlog_field made(const char *key) {
        zmqlog_field field = {};
        field.key = key;
        return field;
    }
    zmqlog_field raw_;
};

/** Fields of one call: `{{"order", 7}, {"site", site}}`. */
using fields = std::initializer_list<field>;

static_assert(sizeof(field) == sizeof(zmqlog_field), "fields are passed as they are");

/** A key pair of CURVE. */
class keypair : public detail::handle<zmqlog_keypair, zmqlog_keypair_free,
                                      zmqlog_keypair_errmsg> {
  public:
    keypair() : handle(zmqlog_keypair_new()) {}
    keypair &generate() {
        check(zmqlog_keypair_generate(get()));
        return *this;
    }
    keypair &load(const std::string &path) {
        check(zmqlog_keypair_load(get(), path.c_str()));
        return *this;
    }
    void save(const std::string &path) const {
        check(zmqlog_keypair_save(get(), path.c_str()));
    }
    std::string_view public_key() const {
        return zmqlog_keypair_public_key(get());
    }
    std::string_view secret_key() const {
        return zmqlog_keypair_secret_key(get());
    }
};

/** Keys and allow lists, shared by any number of handles. */
class auth : public detail::handle<zmqlog_auth, zmqlog_auth_free, zmqlog_auth_errmsg> {
  public:
    auth() : handle(zmqlog_auth_new()) {}
    auth &set_curve_server(const std::string &secret_key) {
        check(zmqlog_auth_set_curve_server(get(), secret_key.c_str()));
        return *this;
    }
    auth &set_curve_client(const std::string &server_key, const std::string &public_key,
                           const std::string &secret_key) {
        check(zmqlog_auth_set_curve_client(get(), server_key.c_str(),
                                           public_key.c_str(), secret_key.c_str()));
        return *this;
    }
    auth &allow_key(const std::string &public_key) {
        check(zmqlog_auth_allow_key(get(), public_key.c_str()));
        return *this;
    }
    auth &allow_address(const std::string &address) {
        check(zmqlog_auth_allow_address(get(), address.c_str()));
        return *this;
    }
    auth &allow_uid(std::int64_t uid) {
        check(zmqlog_auth_allow_uid(get(), uid));
        return *this;
    }
    auth &remove_key(const std::string &public_key) {
        check(zmqlog_auth_remove_key(get(), public_key.c_str()));
        return *this;
    }
    auth &remove_address(const std::string &address) {
        check(zmqlog_auth_remove_address(get(), address.c_str()));
        return *this;
    }
    auth &remove_uid(std::int64_t uid) {
        check(zmqlog_auth_remove_uid(get(), uid));
        return *this;
    }
    auth &load_keys(const std::string &path) {
        check(zmqlog_auth_load_keys(get(), path.c_str()));
        return *this;
    }
    auth &reload_keys(const std::string &path) {
        check(zmqlog_auth_reload_keys(get(), path.c_str()));
        return *this;
    }
    auth &set_insecure(bool on) {
        check(zmqlog_auth_set_insecure(get(), on ? 1 : 0));
        return *this;
    }
    auth &set_ipc_mode(int mode) {
        check(zmqlog_auth_set_ipc_mode(get(), mode));
        return *this;
    }
};

/** A record, to be logged or filled by a subscriber. Its strings live until it is next
 * filled, changed, cleared or freed. */
class record
    : public detail::handle<zmqlog_record, zmqlog_record_free, zmqlog_record_errmsg> {
  public:
    record() : handle(zmqlog_record_new()) {}
    record &clear() {
        check(zmqlog_record_clear(get()));
        return *this;
    }
    record &set_level(int level) {
        check(zmqlog_record_set_level(get(), level));
        return *this;
    }
    record &set_logger(const std::string &name) {
        check(zmqlog_record_set_logger(get(), name.c_str()));
        return *this;
    }
    record &set_subtopic(std::string_view subtopic) {
        check(zmqlog_record_set_subtopic(get(), subtopic.data(), subtopic.size()));
        return *this;
    }
    record &set_text(std::string_view text) {
        check(zmqlog_record_set_text(get(), text.data(), text.size()));
        return *this;
    }
    record &set_source(const char *file, int line, const char *function) {
        check(zmqlog_record_set_source(get(), file, line, function));
        return *this;
    }
    record &set_time_ns(std::int64_t time_ns) {
        check(zmqlog_record_set_time_ns(get(), time_ns));
        return *this;
    }
    record &set_thread_name(const std::string &name) {
        check(zmqlog_record_set_thread_name(get(), name.c_str()));
        return *this;
    }
    /** Sets a field, whatever its type; throws if it is refused. */
    record &set(const field &field) {
        const zmqlog_field &f = field.raw();
        switch (f.kind) {
        case ZMQLOG_FIELD_STRING:
            check(zmqlog_record_set_field_string(get(), f.key, f.text, f.text_len));
            break;
        case ZMQLOG_FIELD_INT:
            check(zmqlog_record_set_field_int(get(), f.key, f.number));
            break;
        case ZMQLOG_FIELD_UINT: {
            const std::string digits =
                std::to_string(static_cast<std::uint64_t>(f.number));
            check(zmqlog_record_set_field_json(get(), f.key, digits.data(),
                                               digits.size()));
            break;
        }
        case ZMQLOG_FIELD_DOUBLE:
            check(zmqlog_record_set_field_double(get(), f.key, f.real));
            break;
        case ZMQLOG_FIELD_BOOL:
            check(zmqlog_record_set_field_bool(get(), f.key, f.number != 0));
            break;
        default:
            check(zmqlog_record_set_field_json(get(), f.key, f.text, f.text_len));
        }
        return *this;
    }
    /** Reads a received body of style json; false if it is none. */
    bool parse() {
        const zmqlog_status status = zmqlog_record_parse(get());
        if (status == ZMQLOG_EFORMAT)
            return false;
        check(status);
        return true;
    }
    int level() const {
        return zmqlog_record_level(get());
    }
    std::int64_t time_ns() const {
        return zmqlog_record_time_ns(get());
    }
    std::int64_t received_ns() const {
        return zmqlog_record_received_ns(get());
    }
    std::uint64_t seq() const {
        return zmqlog_record_seq(get());
    }
    std::uint64_t lost() const {
        return zmqlog_record_lost(get());
    }
    std::string_view epoch() const {
        return zmqlog_record_epoch(get());
    }
    std::string_view level_name() const {
        return zmqlog_record_level_name(get());
    }
    std::string_view logger() const {
        return zmqlog_record_logger(get());
    }
    std::string_view source_file() const {
        return zmqlog_record_source_file(get());
    }
    int source_line() const {
        return zmqlog_record_source_line(get());
    }
    std::string_view source_function() const {
        return zmqlog_record_source_function(get());
    }
    std::string_view topic() const {
        return bytes(zmqlog_record_topic);
    }
    std::string_view root() const {
        return bytes(zmqlog_record_root);
    }
    std::string_view subtopic() const {
        return bytes(zmqlog_record_subtopic);
    }
    std::string_view text() const {
        return bytes(zmqlog_record_text);
    }
    int field_count() const {
        return zmqlog_record_field_count(get());
    }
    /** Key and value, as JSON, of field `index`; empty past the end. */
    std::string_view field_key(int index) const {
        return bytes(zmqlog_record_field_key, index);
    }
    std::string_view field_json(int index) const {
        return bytes(zmqlog_record_field_json, index);
    }

  private:
    template <class Getter, class... More>
    std::string_view bytes(Getter getter, More... more) const {
        std::size_t len = 0;
        const char *data = getter(get(), more..., &len);
        return data ? std::string_view(data, len) : std::string_view();
    }
};

/** Publishes. */
class handler : public detail::handle<zmqlog_handler, zmqlog_handler_free,
                                      zmqlog_handler_errmsg> {
  public:
    handler() : handle(zmqlog_handler_new()) {}
    /** The default of an option that is a number; INT64_MIN for others. */
    static std::int64_t default_of(const std::string &option) {
        return zmqlog_handler_default(option.c_str());
    }
    /** "": what `$ZMQLOG_URL` says, else `local:`. */
    handler &open(const std::string &spec = "") {
        check(zmqlog_handler_open(get(), spec.empty() ? nullptr : spec.c_str()));
        return *this;
    }
    handler &bind(const std::string &endpoint) {
        check(zmqlog_handler_bind(get(), endpoint.c_str()));
        return *this;
    }
    handler &connect(const std::string &endpoint) {
        check(zmqlog_handler_connect(get(), endpoint.c_str()));
        return *this;
    }
    handler &attach(void *socket) {
        check(zmqlog_handler_attach(get(), socket));
        return *this;
    }
    handler &set_root_topic(const std::string &root_topic) {
        check(zmqlog_handler_set_root_topic(get(), root_topic.c_str()));
        return *this;
    }
    handler &set_level(int level) {
        check(zmqlog_handler_set_level(get(), level));
        return *this;
    }
    handler &set_level_names(const std::string &preset) {
        check(zmqlog_handler_set_level_names(get(), preset.c_str()));
        return *this;
    }
    handler &set_level_name(int level, const std::string &name) {
        check(zmqlog_handler_set_level_name(get(), level, name.c_str()));
        return *this;
    }
    handler &set_delimiter(const std::string &delimiter) {
        check(zmqlog_handler_set_delimiter(get(), delimiter.c_str()));
        return *this;
    }
    handler &set_style(int level, const std::string &style) {
        check(zmqlog_handler_set_style(get(), level, style.c_str()));
        return *this;
    }
    handler &set_time_format(const std::string &time_format) {
        check(zmqlog_handler_set_time_format(get(), time_format.c_str()));
        return *this;
    }
    handler &set_queue_bytes(std::size_t queue_bytes) {
        check(zmqlog_handler_set_queue_bytes(get(), queue_bytes));
        return *this;
    }
    handler &set_slow_peer(milliseconds stall, milliseconds budget, int share_percent) {
        check(zmqlog_handler_set_slow_peer(get(), detail::whole(stall),
                                           detail::whole(budget), share_percent));
        return *this;
    }
    handler &set_send_hwm(int hwm) {
        check(zmqlog_handler_set_send_hwm(get(), hwm));
        return *this;
    }
    handler &set_max_body_bytes(std::size_t max_body_bytes) {
        check(zmqlog_handler_set_max_body_bytes(get(), max_body_bytes));
        return *this;
    }
    handler &set_drop_notice(bool on) {
        check(zmqlog_handler_set_drop_notice(get(), on ? 1 : 0));
        return *this;
    }
    handler &set_announce(bool on) {
        check(zmqlog_handler_set_announce(get(), on ? 1 : 0));
        return *this;
    }
    handler &set_auth(const auth &auth) {
        check(zmqlog_handler_set_auth(get(), auth));
        return *this;
    }
    /** `block` matters to ZMQLOG_OVERFLOW_BLOCK only. */
    handler &set_overflow(int policy, milliseconds block = forever) {
        check(zmqlog_handler_set_overflow(get(), policy, detail::whole(block)));
        return *this;
    }
    handler &set_linger(milliseconds linger) {
        check(zmqlog_handler_set_linger_ms(get(), detail::whole(linger)));
        return *this;
    }
    handler &set_hold(milliseconds hold) {
        check(zmqlog_handler_set_hold_ms(get(), detail::whole(hold)));
        return *this;
    }
    handler &set_heartbeat(milliseconds heartbeat) {
        check(zmqlog_handler_set_heartbeat_ms(get(), detail::whole(heartbeat)));
        return *this;
    }
    handler &set_backlog(int level, std::size_t bytes) {
        check(zmqlog_handler_set_backlog(get(), level, bytes));
        return *this;
    }
    /** True, or false if a listener had not taken all when its time was over. */
    bool unbind(const std::string &endpoint) {
        return is_done(zmqlog_handler_unbind(get(), endpoint.c_str()));
    }
    bool disconnect(const std::string &endpoint) {
        return is_done(zmqlog_handler_disconnect(get(), endpoint.c_str()));
    }
    bool close(milliseconds timeout = forever) {
        return is_done(zmqlog_handler_close(get(), detail::whole(timeout)));
    }
    bool flush(milliseconds timeout = forever) {
        return is_done(zmqlog_handler_flush(get(), detail::whole(timeout)));
    }
    /** Waits for a subscriber to exactly this topic, or with "" to anything. */
    bool wait_subscriber(const std::string &topic = "",
                         milliseconds timeout = forever) {
        return is_done(zmqlog_handler_wait_subscriber(get(), topic.c_str(),
                                                      detail::whole(timeout)));
    }
    bool wait_room(std::size_t bytes, milliseconds timeout = forever) {
        return is_done(zmqlog_handler_wait_room(get(), bytes, detail::whole(timeout)));
    }
    void wakeup() {
        check(zmqlog_handler_wakeup(get()));
    }
    /** Empty past the end. */
    std::string_view endpoint(int index = 0) const {
        return detail::view(zmqlog_handler_endpoint(get(), index));
    }
    /** Why the endpoint brings nothing; empty if all is well. */
    std::string_view problem(int index = 0) {
        return detail::view(zmqlog_handler_problem(get(), index));
    }
    std::string_view root_topic() const {
        return detail::view(zmqlog_handler_root_topic(get()));
    }
    int level() const {
        return zmqlog_handler_level(get());
    }
    std::string_view level_name(int level) const {
        return detail::view(zmqlog_handler_level_name(get(), level));
    }
    bool enabled(int level) const noexcept {
        return zmqlog_handler_enabled(get(), level) != 0;
    }
    const std::uint8_t *gate() const noexcept {
        return zmqlog_handler_gate(get());
    }
    std::int64_t count(int which) const {
        return zmqlog_handler_count(get(), which);
    }
    bool forked() const noexcept {
        return zmqlog_handler_forked(get()) != 0;
    }
    /** Length of the subtopic; *message_start is where the message begins. */
    std::size_t split(int level, std::string_view text,
                      std::size_t *message_start) const {
        return zmqlog_handler_split(get(), level, text.data(), text.size(),
                                    message_start);
    }

    zmqlog_status log(int level, std::string_view text) noexcept {
        return zmqlog_handler_log(get(), level, text.data(), text.size());
    }
    zmqlog_status log_topic(int level, std::string_view subtopic,
                            std::string_view text) noexcept {
        return zmqlog_handler_log_topic(get(), level, subtopic.data(), subtopic.size(),
                                        text.data(), text.size());
    }
    zmqlog_status log(const record &record) noexcept {
        return zmqlog_handler_log_record(get(), record);
    }
    zmqlog_status log_frames(std::string_view topic, std::string_view body) noexcept {
        return zmqlog_handler_log_frames(get(), topic.data(), topic.size(), body.data(),
                                         body.size());
    }
};

/** A named view of a handler. */
class logger
    : public detail::handle<zmqlog_logger, zmqlog_logger_free, zmqlog_logger_errmsg> {
  public:
    logger(const handler &handler, const std::string &name)
        : handle(zmqlog_logger_new(handler, name.c_str())) {}
    /** A copy with more fields, for a request for instance. */
    logger clone(fields more = {}) const {
        logger copy(zmqlog_logger_clone(get()));
        for (const field &one : more)
            copy.set(one);
        return copy;
    }
    logger &set_level(int level) {
        check(zmqlog_logger_set_level(get(), level));
        return *this;
    }
    logger &set_topic(std::string_view subtopic) {
        check(zmqlog_logger_set_topic(get(), subtopic.data(), subtopic.size()));
        return *this;
    }
    /** Sets a field, whatever its type; throws if it is refused. */
    logger &set(const field &field) {
        const zmqlog_field &f = field.raw();
        switch (f.kind) {
        case ZMQLOG_FIELD_STRING:
            check(zmqlog_logger_set_field_string(get(), f.key, f.text, f.text_len));
            break;
        case ZMQLOG_FIELD_INT:
            check(zmqlog_logger_set_field_int(get(), f.key, f.number));
            break;
        case ZMQLOG_FIELD_UINT: {
            const std::string digits =
                std::to_string(static_cast<std::uint64_t>(f.number));
            check(zmqlog_logger_set_field_json(get(), f.key, digits.data(),
                                               digits.size()));
            break;
        }
        case ZMQLOG_FIELD_DOUBLE:
            check(zmqlog_logger_set_field_double(get(), f.key, f.real));
            break;
        case ZMQLOG_FIELD_BOOL:
            check(zmqlog_logger_set_field_bool(get(), f.key, f.number != 0));
            break;
        default:
            check(zmqlog_logger_set_field_json(get(), f.key, f.text, f.text_len));
        }
        return *this;
    }
    int level() const {
        return zmqlog_logger_level(get());
    }
    std::string_view name() const {
        return detail::view(zmqlog_logger_name(get()));
    }
    bool enabled(int level) const noexcept {
        return zmqlog_logger_enabled(get(), level) != 0;
    }
    std::size_t split(int level, std::string_view text,
                      std::size_t *message_start) const {
        return zmqlog_logger_split(get(), level, text.data(), text.size(),
                                   message_start);
    }

    zmqlog_status log(int level, std::string_view text) noexcept {
        return zmqlog_logger_log(get(), level, text.data(), text.size());
    }
    zmqlog_status log(int level, std::string_view text, const char *file, int line,
                      const char *function) noexcept {
        return zmqlog_logger_log_source(get(), level, file, line, function, text.data(),
                                        text.size());
    }
    zmqlog_status log_topic(int level, std::string_view subtopic,
                            std::string_view text) noexcept {
        return zmqlog_logger_log_topic(get(), level, subtopic.data(), subtopic.size(),
                                       text.data(), text.size());
    }
    zmqlog_status log_topic(int level, std::string_view subtopic, std::string_view text,
                            const char *file, int line, const char *function) noexcept {
        return zmqlog_logger_log_source_topic(get(), level, file, line, function,
                                              subtopic.data(), subtopic.size(),
                                              text.data(), text.size());
    }
    zmqlog_status log(const record &record) noexcept {
        return zmqlog_logger_log_record(get(), record);
    }
    /** With fields over the logger's own; one that is refused says why in its place. */
    zmqlog_status log(int level, std::string_view text, fields more) noexcept {
        if (!enabled(level))
            return zmqlog_logger_log(get(), level, text.data(), text.size());
        std::size_t start = 0;
        const std::size_t len = split(level, text, &start);
        return zmqlog_logger_log_fields(
            get(), level, nullptr, 0, nullptr, text.data(), len, text.data() + start,
            text.size() - start, reinterpret_cast<const zmqlog_field *>(more.begin()),
            more.size());
    }
    zmqlog_status debug(std::string_view text, fields more = {}) noexcept {
        return log(ZMQLOG_LEVEL_DEBUG, text, more);
    }
    zmqlog_status info(std::string_view text, fields more = {}) noexcept {
        return log(ZMQLOG_LEVEL_INFO, text, more);
    }
    zmqlog_status warn(std::string_view text, fields more = {}) noexcept {
        return log(ZMQLOG_LEVEL_WARN, text, more);
    }
    zmqlog_status error(std::string_view text, fields more = {}) noexcept {
        return log(ZMQLOG_LEVEL_ERROR, text, more);
    }
    zmqlog_status critical(std::string_view text, fields more = {}) noexcept {
        return log(ZMQLOG_LEVEL_CRITICAL, text, more);
    }

  private:
    explicit logger(zmqlog_logger *raw) : handle(raw) {}
};

/** Receives. */
class subscriber : public detail::handle<zmqlog_subscriber, zmqlog_subscriber_free,
                                         zmqlog_subscriber_errmsg> {
  public:
    subscriber() : handle(zmqlog_subscriber_new()) {}
    subscriber &connect(const std::string &endpoint) {
        check(zmqlog_subscriber_connect(get(), endpoint.c_str()));
        return *this;
    }
    subscriber &bind(const std::string &endpoint) {
        check(zmqlog_subscriber_bind(get(), endpoint.c_str()));
        return *this;
    }
    subscriber &disconnect(const std::string &endpoint) {
        check(zmqlog_subscriber_disconnect(get(), endpoint.c_str()));
        return *this;
    }
    subscriber &unbind(const std::string &endpoint) {
        check(zmqlog_subscriber_unbind(get(), endpoint.c_str()));
        return *this;
    }
    /** "": everything. */
    subscriber &subscribe(const std::string &prefix = "") {
        check(zmqlog_subscriber_subscribe(get(), prefix.c_str()));
        return *this;
    }
    subscriber &unsubscribe(const std::string &prefix) {
        check(zmqlog_subscriber_unsubscribe(get(), prefix.c_str()));
        return *this;
    }
    subscriber &subscribe_level(const std::string &root, int min_level) {
        check(zmqlog_subscriber_subscribe_level(get(), root.c_str(), min_level));
        return *this;
    }
    subscriber &subscribe_all(int min_level) {
        check(zmqlog_subscriber_subscribe_all(get(), min_level));
        return *this;
    }
    subscriber &add_root(const std::string &root) {
        check(zmqlog_subscriber_add_root(get(), root.c_str()));
        return *this;
    }
    subscriber &set_level_name(int level, const std::string &name) {
        check(zmqlog_subscriber_set_level_name(get(), level, name.c_str()));
        return *this;
    }
    subscriber &set_exact(bool on) {
        check(zmqlog_subscriber_set_exact(get(), on ? 1 : 0));
        return *this;
    }
    subscriber &set_receive_hwm(int hwm) {
        check(zmqlog_subscriber_set_receive_hwm(get(), hwm));
        return *this;
    }
    subscriber &set_queue_bytes(std::size_t queue_bytes) {
        check(zmqlog_subscriber_set_queue_bytes(get(), queue_bytes));
        return *this;
    }
    subscriber &set_auth(const auth &auth) {
        check(zmqlog_subscriber_set_auth(get(), auth));
        return *this;
    }
    subscriber &set_overflow(int policy, milliseconds block = forever) {
        check(zmqlog_subscriber_set_overflow(get(), policy, detail::whole(block)));
        return *this;
    }
    /** True with a record, or false if there was none in time or wakeup ended it. */
    bool recv(record &record, milliseconds timeout = forever) {
        return is_done(zmqlog_subscriber_recv(get(), record, detail::whole(timeout)));
    }
    /** False when no subscription matches the topic. */
    bool decode(record &record, std::string_view topic, std::string_view body,
                std::int64_t received_ns) {
        return is_done(zmqlog_subscriber_decode(get(), record, topic.data(),
                                                topic.size(), body.data(), body.size(),
                                                received_ns));
    }
    int fd() const {
        const int fd = zmqlog_subscriber_fd(get());
        check(fd);
        return fd;
    }
    void wakeup() {
        check(zmqlog_subscriber_wakeup(get()));
    }
    void close() {
        check(zmqlog_subscriber_close(get()));
    }
    std::int64_t count(int which) const {
        return zmqlog_subscriber_count(get(), which);
    }
    std::string_view endpoint(int index = 0) const {
        return detail::view(zmqlog_subscriber_endpoint(get(), index));
    }
    /** Why the endpoint brings nothing; empty if all is well. */
    std::string_view problem(int index = 0) {
        return detail::view(zmqlog_subscriber_problem(get(), index));
    }

    /** Goes through the records as they come: `for (zmqlog::record &r : subscriber)`.
     * Ends when wakeup or close ends it. Each step fills the same record again. */
    class iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = record;
        using difference_type = std::ptrdiff_t;
        using pointer = record *;
        using reference = record &;
        iterator() = default;
        explicit iterator(subscriber *from)
            : from_(from), record_(std::make_shared<record>()) {
            ++*this;
        }
        reference operator*() const {
            return *record_;
        }
        pointer operator->() const {
            return record_.get();
        }
        iterator &operator++() {
            const zmqlog_status status = zmqlog_subscriber_recv(*from_, *record_, -1);
            if (status == ZMQLOG_ECLOSED || !from_->is_done(status))
                from_ = nullptr;
            return *this;
        }
        bool operator==(const iterator &other) const {
            return from_ == other.from_;
        }
        bool operator!=(const iterator &other) const {
            return from_ != other.from_;
        }

      private:
        subscriber *from_ = nullptr;
        std::shared_ptr<record> record_;
    };
    iterator begin() {
        return iterator(this);
    }
    iterator end() {
        return iterator();
    }
};

/** Passes records on, from any publishers to any subscribers. */
class relay
    : public detail::handle<zmqlog_relay, zmqlog_relay_free, zmqlog_relay_errmsg> {
  public:
    relay() : handle(zmqlog_relay_new()) {}
    relay &bind_publishers(const std::string &endpoint) {
        check(zmqlog_relay_bind_publishers(get(), endpoint.c_str()));
        return *this;
    }
    relay &bind_subscribers(const std::string &endpoint) {
        check(zmqlog_relay_bind_subscribers(get(), endpoint.c_str()));
        return *this;
    }
    relay &connect_publishers(const std::string &endpoint) {
        check(zmqlog_relay_connect_publishers(get(), endpoint.c_str()));
        return *this;
    }
    relay &connect_upstream(const std::string &endpoint) {
        check(zmqlog_relay_connect_upstream(get(), endpoint.c_str()));
        return *this;
    }
    relay &connect_subscribers(const std::string &endpoint) {
        check(zmqlog_relay_connect_subscribers(get(), endpoint.c_str()));
        return *this;
    }
    relay &set_auth(int side, const auth &auth) {
        check(zmqlog_relay_set_auth(get(), side, auth));
        return *this;
    }
    /** True when stop ended it, false when its time was over. */
    bool run(milliseconds timeout = forever) {
        return is_done(zmqlog_relay_run(get(), detail::whole(timeout)));
    }
    void stop() noexcept {
        zmqlog_relay_stop(get());
    }
    std::int64_t count(int which) const {
        return zmqlog_relay_count(get(), which);
    }
    std::string_view endpoint(int index = 0) const {
        return detail::view(zmqlog_relay_endpoint(get(), index));
    }
};

} // namespace zmqlog

#endif // ZMQLOG_HPP
