/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of levels. A handle's table decides what goes into topics; the aliases
 * below are only ever read. Case never distinguishes names, and WARN and WARNING
 * are one name. Knows topics only as segments. */
#include "name/level.h"
#include "base/utf8.h"

static const char defaults[ZMQLOG_GATE_BYTES][9] = {
    "",      "L01", "L02",      "L03", "L04",  "L05", "L06",  "L07", /* 0 */
    "L08",   "L09", "DEBUG",    "L11", "L12",  "L13", "L14",  "L15", /* 8 */
    "L16",   "L17", "L18",      "L19", "INFO", "L21", "L22",  "L23", /* 16 */
    "L24",   "L25", "L26",      "L27", "L28",  "L29", "WARN", "L31", /* 24 */
    "L32",   "L33", "L34",      "L35", "L36",  "L37", "L38",  "L39", /* 32 */
    "ERROR", "L41", "L42",      "L43", "L44",  "L45", "L46",  "L47", /* 40 */
    "L48",   "L49", "CRITICAL", "L51", "L52",  "L53", "L54",  "L55", /* 48 */
    "L56",   "L57", "L58",      "L59", "L60",  "L61", "L62",  "L63", /* 56 */
};

static const struct alias {
    const char *name;
    int level;
} aliases[] = {
    {"DEBUG", ZMQLOG_LEVEL_DEBUG},
    {"INFO", ZMQLOG_LEVEL_INFO},
    {"WARN", ZMQLOG_LEVEL_WARN},
    {"WARNING", ZMQLOG_LEVEL_WARN},
    {"ERROR", ZMQLOG_LEVEL_ERROR},
    {"CRITICAL", ZMQLOG_LEVEL_CRITICAL},
    {"ERR", ZMQLOG_LEVEL_ERROR},
    {"CRIT", ZMQLOG_LEVEL_CRITICAL},
    {"FATAL", ZMQLOG_LEVEL_CRITICAL},
    {"NOTICE", 25},
    {"TRACE", 5},
    {"ALERT", 60},
    {"EMERG", 60},
    {"PANIC", 60},
    {"ANY", 60},
    {"UNKNOWN", 60},
};

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* strcasecmp would ask the locale. Most names differ at once: the first byte, which
 * the text must have, is looked at before anything is called. */
static int is_rest_of_name(zl_span text, const char *name) {
    size_t i;
    for (i = 1; i < text.len && name[i]; i++) {
        if (upper(text.data[i]) != upper(name[i]))
            return 0;
    }
    return i == text.len && !name[i];
}

static inline int is_name(zl_span text, const char *name) {
    return upper(text.data[0]) == upper(name[0]) && is_rest_of_name(text, name);
}

static int is_warn(zl_span text) {
    return is_name(text, "WARN") || is_name(text, "WARNING");
}

/* What Python's logging calls levels that it has no name for. */
#define PYTHON(level) "Level " #level
static const char python_names[ZMQLOG_GATE_BYTES][9] = {
    PYTHON(0),  PYTHON(1),  PYTHON(2),  PYTHON(3),  PYTHON(4),  PYTHON(5),  PYTHON(6),
    PYTHON(7),  PYTHON(8),  PYTHON(9),  PYTHON(10), PYTHON(11), PYTHON(12), PYTHON(13),
    PYTHON(14), PYTHON(15), PYTHON(16), PYTHON(17), PYTHON(18), PYTHON(19), PYTHON(20),
    PYTHON(21), PYTHON(22), PYTHON(23), PYTHON(24), PYTHON(25), PYTHON(26), PYTHON(27),
    PYTHON(28), PYTHON(29), PYTHON(30), PYTHON(31), PYTHON(32), PYTHON(33), PYTHON(34),
    PYTHON(35), PYTHON(36), PYTHON(37), PYTHON(38), PYTHON(39), PYTHON(40), PYTHON(41),
    PYTHON(42), PYTHON(43), PYTHON(44), PYTHON(45), PYTHON(46), PYTHON(47), PYTHON(48),
    PYTHON(49), PYTHON(50), PYTHON(51), PYTHON(52), PYTHON(53), PYTHON(54), PYTHON(55),
    PYTHON(56), PYTHON(57), PYTHON(58), PYTHON(59), PYTHON(60), PYTHON(61), PYTHON(62),
    PYTHON(63),
};

static int two_digits(const char *digits) {
    if (!is_digit(digits[0]) || !is_digit(digits[1]))
        return 0;
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

static int read_number(zl_span text) {
    int level = 0;
    if (text.len == 0 || text.len > 2)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.data[i]))
            return 0;
        level = level * 10 + text.data[i] - '0';
    }
    return zl_level_is_valid(level) ? level : 0;
}

/* The level of `L%02d` or of Python's `Level %d`, or 0. */
static int read_numbered(zl_span text) {
    static const char word[] = "LEVEL ";
    size_t len = sizeof word - 1;
    int level = 0;
    if (text.len == 3 && upper(text.data[0]) == 'L')
        level = two_digits(text.data + 1);
    else if (text.len > len && is_name(zl_span_make(text.data, len), word))
        level = read_number(zl_span_make(text.data + len, text.len - len));
    return zl_level_is_valid(level) ? level : 0;
}

static int read_well_known(zl_span text) {
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (is_name(text, aliases[i].name))
            return aliases[i].level;
    }
    return read_numbered(text);
}

static int find(const zl_level_names *names, zl_span text) {
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        if (is_name(text, names->name[level]))
            return level;
    }
    return 0;
}

/* The level that stands in the way of a new name: one that has it, one that has
 * it as its numbered form, or one that is called by the other word for WARN. */
static int find_owner(const zl_level_names *names, int level, zl_span name) {
    int owner = find(names, name);
    if (owner == 0 || owner == level)
        owner = read_numbered(name);
    if ((owner == 0 || owner == level) && is_warn(name)) {
        owner = find(names, zl_span_of("WARN"));
        if (owner == 0 || owner == level)
            owner = find(names, zl_span_of("WARNING"));
    }
    return owner == level ? 0 : owner;
}

int zl_level_names_preset(zl_level_names *names, const char *preset) {
    int python = preset && strcmp(preset, "pyzmq") == 0;
    if (!preset || (!python && strcmp(preset, "default") != 0))
        return -1;
    memset(names, 0, sizeof *names);
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        memcpy(names->name[level], defaults[level], sizeof defaults[level]);
    if (python)
        memcpy(names->name[ZMQLOG_LEVEL_WARN], "WARNING", sizeof "WARNING");
    return 0;
}

static const char *why_not(zl_span name) {
    if (name.len == 0)
        return "the name is empty";
    if (name.len > ZMQLOG_NAME_MAX_BYTES)
        return "the name is longer than 32 bytes";
    if (memchr(name.data, '.', name.len))
        return "the name holds a \".\", which separates the parts of a topic";
    if (zl_utf8_has_control(name))
        return "the name holds a control character";
    if (!zl_utf8_is_valid(name))
        return "the name is not UTF-8";
    return NULL;
}

zmqlog_status zl_level_names_set(zl_level_names *names, int level, const char *name,
                                 const char **why) {
    zl_span text = zl_span_of(name);
    if (!zl_level_is_valid(level))
        *why = "the level is not from 1 to 63";
    else if (!name)
        *why = "the name is NULL";
    else
        *why = why_not(text);
    if (!*why && find_owner(names, level, text))
        *why = "another level has this name";
    if (*why)
        return ZMQLOG_EINVAL;
    memcpy(names->name[level], text.data, text.len + 1);
    return ZMQLOG_OK;
}

int zl_level_of_segment(const zl_level_names *names, zl_span segment) {
    int level = 0;
    if (segment.len == 0 || segment.len > ZMQLOG_NAME_MAX_BYTES)
        return 0;
    if (names)
        level = find(names, segment);
    return level ? level : read_well_known(segment);
}

static int is_spelling_known(const char *const *out, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(out[i], name) == 0)
            return 1;
    return 0;
}

/* Adds the name unless it is there or means another level; the new count. */
static int add_spelling(const zl_level_names *names, int level, const char *name,
                        const char **out, int count) {
    if (!is_spelling_known(out, count, name) &&
        zl_level_of_segment(names, zl_span_of(name)) == level)
        out[count++] = name;
    return count;
}

/* Python has names of its own for these. */
static int has_python_name(int level) {
    return level % 10 == 0 && level <= ZMQLOG_LEVEL_CRITICAL;
}

int zl_level_spellings(const zl_level_names *names, int level,
                       const char *out[ZL_LEVEL_SPELLINGS_MAX]) {
    int count = 0;
    if (!zl_level_is_valid(level))
        return 0;
    out[count++] = names ? names->name[level] : defaults[level];
    count = add_spelling(names, level, defaults[level], out, count);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (aliases[i].level == level)
            count = add_spelling(names, level, aliases[i].name, out, count);
    if (!has_python_name(level))
        count = add_spelling(names, level, python_names[level], out, count);
    return count;
}

const char *zmqlog_level_name(int level) {
    return zl_level_is_valid(level) ? defaults[level] : NULL;
}

int zmqlog_level_number(const char *name) {
    zl_span text = zl_span_of(name);
    int level = text.len > 0 ? read_well_known(text) : 0;
    return level ? level : read_number(text);
}
