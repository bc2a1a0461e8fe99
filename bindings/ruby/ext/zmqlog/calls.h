/* SPDX-License-Identifier: BSD-3-Clause */
/* The hot log calls: whatever needs no more than a gate and a plain text stays in
 * here, all else goes on in Ruby. They return true or false and never raise, but
 * for what a block of the caller raises. */
#ifndef ZMQLOG_RUBY_CALLS_H
#define ZMQLOG_RUBY_CALLS_H

#define LEVEL_UNKNOWN 60

static ID id_raw, id_owner, id_plain, id_outlet, id_speak, id_number_of, id_failed;
static ID id_level, id_formatter, id_progname, id_emit, id_refuse, id_formatted,
    id_send_line;

/* Where a call goes: the handler that owns the gate, and a view of it or NULL. */
typedef struct target {
    zmqlog_handler *handler;
    zmqlog_logger *logger;
} target;

/* How many contexts are open, of all threads: with none, nobody looks for one. */
static int open_contexts;

static VALUE count_contexts(VALUE self, VALUE more) {
    (void)self;
    open_contexts += FIX2INT(more);
    return Qnil;
}

/* The gate, not `enabled`: it is open on closed and forked handlers, so that calls
 * get there and are counted. 1 goes on, 0 has *answer. Looking up instance variables
 * is what costs here, so the gate comes before all else. */
static int find_target(VALUE self, int level, target *to, VALUE *answer) {
    VALUE owner = rb_attr_get(self, id_owner), raw;

    to->handler = (zmqlog_handler *)handle_in(owner, SWIGTYPE_p_zmqlog_handler);
    to->logger = NULL;
    *answer = Qfalse;
    if (!to->handler)
        return 0;
    *answer = Qtrue;
    if (!zmqlog_handler_gate(to->handler)[level])
        return 0;
    raw = rb_attr_get(self, id_raw);
    if (raw == owner)
        return 1;
    to->logger = (zmqlog_logger *)handle_in(raw, SWIGTYPE_p_zmqlog_logger);
    if (to->logger)
        return level >= zmqlog_logger_level(to->logger);
    *answer = Qfalse;
    return 0;
}

static zmqlog_status log_text(const target *to, int level, VALUE subtopic, VALUE text) {
    const char *topic = NULL;
    size_t topic_len = 0;

    if (subtopic == Qundef)
        return to->logger ? zmqlog_logger_log(to->logger, level, RSTRING_PTR(text),
                                              (size_t)RSTRING_LEN(text))
                          : zmqlog_handler_log(to->handler, level, RSTRING_PTR(text),
                                               (size_t)RSTRING_LEN(text));
    if (!NIL_P(subtopic)) {
        topic = RSTRING_PTR(subtopic);
        topic_len = (size_t)RSTRING_LEN(subtopic);
    }
    return to->logger
               ? zmqlog_logger_log_topic(to->logger, level, topic, topic_len,
                                         RSTRING_PTR(text), (size_t)RSTRING_LEN(text))
               : zmqlog_handler_log_topic(to->handler, level, topic, topic_len,
                                          RSTRING_PTR(text), (size_t)RSTRING_LEN(text));
}

/* 1 when the call is done and *result its answer; 0 when the queue is full under
 * policy block and Ruby has to wait. */
static int log_plain(VALUE self, const target *to, int level, VALUE subtopic,
                     VALUE text, VALUE *result) {
    volatile VALUE topic =
        subtopic == Qundef || NIL_P(subtopic) ? subtopic : utf8_text(subtopic);
    volatile VALUE body = utf8_text(text);
    zmqlog_status status = log_text(to, level, topic, body);

    RB_GC_GUARD(topic);
    RB_GC_GUARD(body);
    *result = status == ZMQLOG_OK ? Qtrue : Qfalse;
    if (status == ZMQLOG_EFORKED)
        rb_funcall(rb_attr_get(self, id_outlet), id_failed, 0);
    return status != ZMQLOG_EAGAIN;
}

static VALUE refuse(VALUE self) {
    VALUE outlet = rb_attr_get(self, id_outlet);

    return NIL_P(outlet) ? Qfalse : rb_funcall(outlet, id_refuse, 0);
}

/* ---- handlers and views ------------------------------------------------- */

/* speak(level, subtopic, arguments, has_keywords, block) */
static VALUE say(int argc, const VALUE *argv, VALUE self, int level, VALUE subtopic) {
    VALUE result;
    target to;

    if (!find_target(self, level, &to, &result))
        return result;
    if (argc == 1 && RB_TYPE_P(argv[0], T_STRING) && !rb_keyword_given_p() &&
        open_contexts == 0 && RTEST(rb_attr_get(self, id_plain)) &&
        log_plain(self, &to, level, subtopic, argv[0], &result))
        return result;
    return rb_funcall(
        self, id_speak, 5, INT2FIX(level), subtopic == Qundef ? Qnil : subtopic,
        rb_ary_new_from_values(argc, argv), rb_keyword_given_p() ? Qtrue : Qfalse,
        rb_block_given_p() ? rb_block_proc() : Qnil);
}

#define LEVEL_METHOD(name, level)                                                      \
    static VALUE say_##name(int argc, VALUE *argv, VALUE self) {                       \
        return say(argc, argv, self, level, Qundef);                                   \
    }
LEVEL_METHOD(debug, ZMQLOG_LEVEL_DEBUG)
LEVEL_METHOD(info, ZMQLOG_LEVEL_INFO)
LEVEL_METHOD(warn, ZMQLOG_LEVEL_WARN)
LEVEL_METHOD(error, ZMQLOG_LEVEL_ERROR)
LEVEL_METHOD(critical, ZMQLOG_LEVEL_CRITICAL)
LEVEL_METHOD(unknown, LEVEL_UNKNOWN)

/* 1 to 63, or 0 for what is no level. */
static int level_of(VALUE self, VALUE level) {
    if (!FIXNUM_P(level))
        level = rb_funcall(self, id_number_of, 1, level);
    if (!FIXNUM_P(level) || FIX2LONG(level) < ZMQLOG_LEVEL_MIN ||
        FIX2LONG(level) > ZMQLOG_LEVEL_MAX)
        return 0;
    return FIX2INT(level);
}

static VALUE say_log(int argc, VALUE *argv, VALUE self) {
    int level = argc > 0 ? level_of(self, argv[0]) : 0;

    if (level == 0)
        return refuse(self);
    return say(argc - 1, argv + 1, self, level, Qundef);
}

static VALUE say_log_topic(int argc, VALUE *argv, VALUE self) {
    int level = argc > 1 ? level_of(self, argv[0]) : 0;
    VALUE subtopic = argc > 1 ? argv[1] : Qnil;

    if (SYMBOL_P(subtopic))
        subtopic = rb_sym2str(subtopic);
    if (level == 0 || !RB_TYPE_P(subtopic, T_STRING))
        return refuse(self);
    return say(argc - 2, argv + 2, self, level, subtopic);
}

/* Gives Zmqlog::Calls its methods. */
static VALUE define_calls(VALUE self, VALUE of_module) {
    (void)self;
    rb_define_method(of_module, "debug", say_debug, -1);
    rb_define_method(of_module, "info", say_info, -1);
    rb_define_method(of_module, "warn", say_warn, -1);
    rb_define_method(of_module, "error", say_error, -1);
    rb_define_method(of_module, "critical", say_critical, -1);
    rb_define_method(of_module, "unknown", say_unknown, -1);
    rb_define_method(of_module, "log", say_log, -1);
    rb_define_method(of_module, "log_topic", say_log_topic, -1);
    return Qnil;
}

/* ---- Zmqlog::Logger ----------------------------------------------------- */

/* Ruby's severities: 0 to 4 are DEBUG to FATAL, all else is UNKNOWN. */
static int level_of_severity(long severity) {
    return severity >= 0 && severity <= 4 ? (int)(severity + 1) * 10 : LEVEL_UNKNOWN;
}

static int is_below(VALUE self, VALUE severity) {
    VALUE threshold = rb_funcallv(self, id_level, 0, NULL);

    if (FIXNUM_P(threshold))
        return FIX2LONG(severity) < FIX2LONG(threshold);
    return RTEST(rb_funcall(severity, '<', 1, threshold));
}

/* The message as text: itself, or what the Ruby side makes of it; nil when that was
 * refused. */
static VALUE text_of(VALUE self, VALUE severity, VALUE message, VALUE progname) {
    VALUE text = message;

    if (!RB_TYPE_P(message, T_STRING) || !NIL_P(rb_attr_get(self, id_formatter)))
        text = rb_funcall(self, id_formatted, 3, severity, progname, message);
    return RB_TYPE_P(text, T_STRING) ? text : Qnil;
}

/* With `@plain` nobody has changed how messages are formatted, and there is nothing to
 * be found in them. */
static VALUE logger_log(VALUE self, const target *to, VALUE severity, int level,
                        VALUE message, VALUE progname) {
    if (open_contexts == 0 && RTEST(rb_attr_get(self, id_plain)) &&
        progname == rb_attr_get(self, id_progname)) {
        VALUE text = text_of(self, severity, message, progname);
        VALUE result;

        if (NIL_P(text))
            return Qfalse;
        /* What is more than a String brings fields along. */
        if (rb_obj_class(text) == rb_cString &&
            log_plain(self, to, level, Qnil, text, &result))
            return result;
        return rb_funcall(self, id_send_line, 4, text, INT2FIX(level), progname, Qnil);
    }
    return rb_funcall(self, id_emit, 4, severity, INT2FIX(level), progname, message);
}

/* add(severity, message = nil, progname = nil) { message } */
static VALUE logger_add(int argc, VALUE *argv, VALUE self) {
    VALUE severity = argc > 0 && !NIL_P(argv[0]) ? argv[0] : INT2FIX(5);
    VALUE message = argc > 1 ? argv[1] : Qnil;
    VALUE progname = argc > 2 ? argv[2] : Qnil;
    VALUE result;
    target to;
    int level;

    if (!FIXNUM_P(severity) || argc > 3)
        return refuse(self);
    level = level_of_severity(FIX2LONG(severity));
    if (!find_target(self, level, &to, &result))
        return result;
    if (is_below(self, severity))
        return Qtrue;
    if (NIL_P(progname))
        progname = rb_attr_get(self, id_progname);
    if (NIL_P(message) && rb_block_given_p()) {
        message = rb_yield_values(0);
    } else if (NIL_P(message)) {
        message = progname;
        progname = rb_attr_get(self, id_progname);
    }
    return logger_log(self, &to, severity, level, message, progname);
}

static VALUE define_add(VALUE self, VALUE of_class) {
    (void)self;
    rb_define_method(of_class, "add", logger_add, -1);
    return Qnil;
}

static void zmqlog_ruby_init_calls(VALUE native) {
    id_raw = rb_intern("@raw");
    id_owner = rb_intern("@owner");
    id_plain = rb_intern("@plain");
    id_outlet = rb_intern("@outlet");
    id_formatter = rb_intern("@formatter");
    id_progname = rb_intern("@progname");
    id_speak = rb_intern("speak");
    id_number_of = rb_intern("number_of");
    id_failed = rb_intern("orphaned");
    id_refuse = rb_intern("refuse");
    id_level = rb_intern("level");
    id_emit = rb_intern("emit");
    id_formatted = rb_intern("formatted");
    id_send_line = rb_intern("send_line");
    rb_define_singleton_method(native, "contexts", count_contexts, 1);
    rb_define_singleton_method(native, "define_calls", define_calls, 1);
    rb_define_singleton_method(native, "define_add", define_add, 1);
}

#endif
