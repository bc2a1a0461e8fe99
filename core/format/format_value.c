/* SPDX-License-Identifier: BSD-3-Clause */
/* What each attribute of a %-format is for one record, with the values that
 * Python shows where something is unknown. Knows nothing of layout. */
#include "format/fields.h"
#include "format/format_internal.h"

static const zl_attribute_info attributes[] = {
    {"message", ZL_ATTRIBUTE_MESSAGE, ZL_IS_TEXT, 0},
    {"levelname", ZL_ATTRIBUTE_LEVELNAME, ZL_IS_TEXT, 0},
    {"levelno", ZL_ATTRIBUTE_LEVELNO, ZL_IS_INT, 0},
    {"name", ZL_ATTRIBUTE_NAME, ZL_IS_TEXT, 0},
    {"asctime", ZL_ATTRIBUTE_ASCTIME, ZL_IS_TEXT, ZL_NEEDS_TIME},
    {"created", ZL_ATTRIBUTE_CREATED, ZL_IS_FLOAT, ZL_NEEDS_TIME},
    {"msecs", ZL_ATTRIBUTE_MSECS, ZL_IS_FLOAT, ZL_NEEDS_TIME},
    {"relativeCreated", ZL_ATTRIBUTE_RELATIVE_CREATED, ZL_IS_FLOAT, ZL_NEEDS_TIME},
    {"filename", ZL_ATTRIBUTE_FILENAME, ZL_IS_TEXT, 0},
    {"pathname", ZL_ATTRIBUTE_PATHNAME, ZL_IS_TEXT, 0},
    {"module", ZL_ATTRIBUTE_MODULE, ZL_IS_TEXT, 0},
    {"lineno", ZL_ATTRIBUTE_LINENO, ZL_IS_INT, 0},
    {"funcName", ZL_ATTRIBUTE_FUNCNAME, ZL_IS_TEXT, 0},
    {"process", ZL_ATTRIBUTE_PROCESS, ZL_IS_INT, 0},
    {"processName", ZL_ATTRIBUTE_PROCESS_NAME, ZL_IS_TEXT, 0},
    {"thread", ZL_ATTRIBUTE_THREAD, ZL_IS_INT, ZL_NEEDS_THREAD},
    {"threadName", ZL_ATTRIBUTE_THREAD_NAME, ZL_IS_TEXT, 0},
    {"exc_info", ZL_ATTRIBUTE_EXC_INFO, ZL_IS_NONE, 0},
    {"topic", ZL_ATTRIBUTE_TOPIC, ZL_IS_TEXT, 0},
    {"subtopic", ZL_ATTRIBUTE_SUBTOPIC, ZL_IS_TEXT, 0},
    {"root", ZL_ATTRIBUTE_ROOT, ZL_IS_TEXT, 0},
    {"hostname", ZL_ATTRIBUTE_HOSTNAME, ZL_IS_TEXT, 0},
    {"seq", ZL_ATTRIBUTE_SEQ, ZL_IS_INT, 0},
    {"fields", ZL_ATTRIBUTE_FIELDS, ZL_IS_TEXT, 0},
};

const zl_attribute_info *zl_attribute_find(zl_span name) {
    size_t i;

    for (i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (zl_span_equal(zl_span_of(attributes[i].name), name))
            return &attributes[i];
    return NULL;
}

static zl_span or_else(zl_span text, const char *unknown) {
    return text.len ? text : zl_span_of(unknown);
}

static zl_span base_name(zl_span path) {
    size_t at = path.len;

    while (at > 0 && path.data[at - 1] != '/')
        at--;
    return zl_span_make(path.data + at, path.len - at);
}

/* As os.path.splitext: leading dots belong to the name. */
static zl_span without_extension(zl_span name) {
    size_t first = 0, dot = name.len;

    while (first < name.len && name.data[first] == '.')
        first++;
    while (dot > first && name.data[dot - 1] != '.')
        dot--;
    return dot > first ? zl_span_make(name.data, dot - 1) : name;
}

static zl_span module_of(zl_span file) {
    if (file.len == 0)
        return zl_span_of("Unknown module");
    return without_extension(base_name(file));
}

static void put_fields(zl_buffer *out, zl_span packed) {
    size_t offset = 0;
    zl_field field;

    while (zl_fields_next(packed, &offset, &field)) {
        zl_buffer_put_span(out, field.key);
        zl_buffer_put_char(out, '=');
        zl_buffer_put_span(out, field.json);
        if (offset < packed.len)
            zl_buffer_put_char(out, ' ');
    }
}

static zl_span text_of(const zl_view *view, zl_attribute attribute) {
    switch (attribute) {
    case ZL_ATTRIBUTE_MESSAGE:
        return view->text;
    case ZL_ATTRIBUTE_LEVELNAME:
        return view->level_name;
    case ZL_ATTRIBUTE_NAME:
        return or_else(view->logger, "root");
    case ZL_ATTRIBUTE_FILENAME:
        return base_name(or_else(view->file, "(unknown file)"));
    case ZL_ATTRIBUTE_PATHNAME:
        return or_else(view->file, "(unknown file)");
    case ZL_ATTRIBUTE_MODULE:
        return module_of(view->file);
    case ZL_ATTRIBUTE_FUNCNAME:
        return or_else(view->function, "(unknown function)");
    case ZL_ATTRIBUTE_PROCESS_NAME:
        return zl_span_of("MainProcess");
    case ZL_ATTRIBUTE_THREAD_NAME:
        return or_else(view->thread_name, "MainThread");
    case ZL_ATTRIBUTE_EXC_INFO:
        return zl_span_of("None");
    case ZL_ATTRIBUTE_TOPIC:
        return view->topic;
    case ZL_ATTRIBUTE_SUBTOPIC:
        return view->subtopic;
    case ZL_ATTRIBUTE_ROOT:
        return view->root;
    case ZL_ATTRIBUTE_HOSTNAME:
        return view->hostname;
    default:
        return zl_span_make(NULL, 0);
    }
}

static int64_t shown_time(const zl_view *view) {
    return view->time_ns == ZMQLOG_TIME_NONE ? 0 : view->time_ns;
}

void zl_value_put_text(const zl_format *format, const zl_view *view,
                       zl_attribute attribute, zl_buffer *out) {
    if (attribute == ZL_ATTRIBUTE_ASCTIME)
        zl_stamp_put(format->stamp, out, shown_time(view));
    else if (attribute == ZL_ATTRIBUTE_FIELDS)
        put_fields(out, view->fields);
    else
        zl_buffer_put_span(out, text_of(view, attribute));
}

static zl_integer integer_of(int64_t value) {
    zl_integer integer = {(uint64_t)value, value < 0};

    if (value < 0)
        integer.magnitude = 0 - (uint64_t)value;
    return integer;
}

zl_integer zl_value_integer(const zl_view *view, zl_attribute attribute) {
    zl_integer integer = {0, 0};

    switch (attribute) {
    case ZL_ATTRIBUTE_LEVELNO:
        return integer_of(view->level);
    case ZL_ATTRIBUTE_LINENO:
        return integer_of(view->line);
    case ZL_ATTRIBUTE_PROCESS:
        return integer_of(view->pid);
    case ZL_ATTRIBUTE_THREAD:
        integer.magnitude = view->thread;
        return integer;
    case ZL_ATTRIBUTE_SEQ:
        integer.magnitude = view->seq;
        return integer;
    default:
        return integer_of((int64_t)zl_value_float(view, attribute));
    }
}

double zl_value_float(const zl_view *view, zl_attribute attribute) {
    double created = zl_time_seconds(shown_time(view));
    zl_integer integer;

    switch (attribute) {
    case ZL_ATTRIBUTE_CREATED:
        return created;
    case ZL_ATTRIBUTE_MSECS:
        return zl_time_msecs(created);
    case ZL_ATTRIBUTE_RELATIVE_CREATED:
        return (created - zl_time_seconds(view->start_ns)) * 1000;
    default:
        integer = zl_value_integer(view, attribute);
        return integer.negative ? -(double)integer.magnitude
                                : (double)integer.magnitude;
    }
}
