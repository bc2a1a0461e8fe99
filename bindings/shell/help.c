/* SPDX-License-Identifier: BSD-3-Clause */
/* What --help prints. Owns the texts; zmqlog(1) says the same at length. */
#include "commands.h"
#include "complain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char overview[] =
    "Usage: zmqlog COMMAND [OPTION]...\n"
    "\n"
    "Watch and send logs that are broadcast over ZeroMQ.\n"
    "\n"
    "  watch [ENDPOINT]... show what publishers say\n"
    "  ls [PATTERN]...     list the programs of this machine\n"
    "  send [MESSAGE]...   publish a message, or each line of standard input\n"
    "  forward ENDPOINT... --to SINK...   pass records on to other log systems\n"
    "  record ENDPOINT...  keep what publishers say in files\n"
    "  play FILE...        show what was recorded, or publish it again\n"
    "  relay ENDPOINTS     pass records on from publishers to subscribers\n"
    "  keygen FILE         make a key pair: FILE and FILE_secret\n"
    "  help [COMMAND]      this, or the help of a command\n"
    "\n"
    "  -V, --version       print the version\n"
    "  -h, --help          this\n"
    "\n"
    "An endpoint is tcp://HOST:PORT or ipc:///PATH. Exit codes: 0 done, 1 failed,\n"
    "2 wrong usage, 124 the time ran out first. More in zmqlog(1).\n";

#define SECURITY_HELP                                                                  \
    "\nKeys (see zmqlog keygen):\n"                                                    \
    "      --server-key FILE  connect only to this public key's owner\n"               \
    "      --key FILE         one's own key pair\n"                                    \
    "      --allow-keys DIR   with --bind: let in peers with these public keys,\n"     \
    "                         or '*' for anybody with a key\n"                         \
    "      --insecure         use tcp beyond this machine without keys\n"

#define FILTERS_HELP                                                                   \
    "  -t, --topic PREFIX     topics that begin like this (repeatable)\n"              \
    "      --exact            prefixes match whole segments: app.INFO but not\n"       \
    "                         app.INFORMATION; WARN and WARNING are one\n"             \
    "  -l, --level MIN        this level and above: debug, info, warn, error,\n"       \
    "                         critical, a name given by --level-name, or 1 to 63\n"    \
    "      --root TOPIC       programs with this root topic, or '' for none\n"         \
    "                         (repeatable); with --level, levels below stay "          \
    "switched\n"                                                                       \
    "                         off in them\n"                                           \
    "      --level-name N=NAME  what publishers call level N (repeatable)\n"           \
    "  -g, --grep REGEX       messages that match (PCRE2; (?i) ignores case)\n"

#define LOOK_HELP                                                                      \
    "      --format FORMAT    text, json (one object per line) or raw (as it came)\n"  \
    "      --align            root, level and subtopic in columns\n"                   \
    "      --timestamp[=FMT]  begin with the time; FMT is for strftime, %N and %3N\n"  \
    "                         are nano- and milliseconds\n"                            \
    "      --color WHEN       auto, always or never\n"                                 \
    "      --separator S      between topic and message; \" | \", raw: a tab\n"

#define NATS_HELP                                                                      \
    "\nStreams of NATS, nats://HOST:PORT/STREAM:\n"                                    \
    "      --since TIME       read from so long ago: 90s, 10m, 1h, 7d, or all\n"       \
    "      --tls              use TLS\n"                                               \
    "      --tls-ca FILE      trust these certificates\n"                              \
    "      --tls-cert FILE    one's own certificate\n"                                 \
    "      --tls-key FILE     its key\n"                                               \
    "      --creds FILE       a file of credentials\n"

static const char watch_help[] =
    "Usage: zmqlog watch [ENDPOINT...|PATTERN...] [OPTION]...\n"
    "\n"
    "Show log records on standard output. Every option narrows what is shown.\n"
    "Without an endpoint: of all programs of this machine that opened without one.\n"
    "A PATTERN is a glob over their root topics, or a process id.\n"
    "\n"
    "      --bind             listen at the endpoints, publishers connect to "
    "them\n" FILTERS_HELP "\n" LOOK_HELP "\n"
    "  -n, --count COUNT      end after so many records were shown\n"
    "  -o, --output FILE      append to FILE, which SIGHUP opens again, instead of\n"
    "                         standard output; a full disk is told and waited out\n"
    "      --timeout SECONDS  end after that time; with 124 if COUNT records (or,\n"
    "                         without -n, any) have not been shown\n"
    "  -q, --quiet            no notes, hints and summary on standard error\n"
    "  -h, --help             this\n" NATS_HELP SECURITY_HELP;

static const char ls_help[] =
    "Usage: zmqlog ls [PATTERN]... [OPTION]...\n"
    "\n"
    "List the programs of this machine that opened without an endpoint, the levels\n"
    "that are switched on, their subscribers, and what was sent and dropped.\n"
    "A PATTERN is a glob over their root topics, or a process id. Dead ones are\n"
    "shown once, and their files removed.\n"
    "\n"
    "      --format FORMAT    text, json (one object per line) or openmetrics (for\n"
    "                         the textfile directory of node_exporter)\n"
    "  -h, --help             this\n";

static const char send_help[] =
    "Usage: zmqlog send (--connect ENDPOINT | --bind ENDPOINT)... [OPTION]...\n"
    "                   [MESSAGE]...\n"
    "\n"
    "Publish the words of MESSAGE as one record; without one, each line of standard\n"
    "input. For example: app 2>&1 | zmqlog send --tee --root app --bind ENDPOINT\n"
    "\n"
    "      --bind ENDPOINT    listen there, watchers connect (repeatable)\n"
    "      --connect ENDPOINT connect to a relay or to watch --bind (repeatable)\n"
    "      --root TOPIC       root topic, the first part of every topic\n"
    "  -l, --level LEVEL      info without this\n"
    "      --level-name N=NAME  what level N is called in topics (repeatable)\n"
    "  -t, --topic SUB        subtopic, the last part of every topic\n"
    "      --scan             what stands before the first :: is a subtopic too\n"
    "      --style STYLE      plain, logfmt, json, pyzmq, or a format of Python's\n"
    "                         logging\n"
    "                         such as '%(levelname)s %(message)s'\n"
    "      --tee              pass standard input through, unchanged\n"
    "      --wait[=MS]        first wait for somebody to listen; 124 if nobody does\n"
    "      --overflow HOW     when listeners are too slow: block, or drop what would\n"
    "                         take too long (so does --tee if not told)\n"
    "  -q, --quiet            no notes on standard error\n"
    "  -h, --help             this\n" SECURITY_HELP;

static const char forward_help[] =
    "Usage: zmqlog forward ENDPOINT... --to SINK... [OPTION]...\n"
    "\n"
    "Pass records on to other log systems, each with a queue of its own.\n"
    "\n"
    "      --to SINK          repeatable; one of\n"
    "                           journald:                systemd's journal\n"
    "                           syslog:                  /dev/log\n"
    "                           syslog+tcp://HOST:PORT   RFC 5424, octets counted\n"
    "                           syslog+zmq://HOST:PORT   for rsyslog's imczmq\n"
    "                           nats://HOST:PORT/STREAM  NATS JetStream\n"
    "      --on-full HOW      when a queue is full: drop (and count), or wait, which\n"
    "                         the publishers feel\n"
    "      --queue SIZE       bytes that wait for each sink; 64M without this\n"
    "      --linger SECONDS   how long the end waits for the sinks; 5 without this\n"
    "      --save DIR         keep what is left then, and begin with it next time\n"
    "  -q, --quiet            at the end, say only what was lost\n"
    "  -h, --help             this\n"
    "\n"
    "SIGUSR1 prints the counters. Which records:\n"
    "      --bind             listen at the endpoints\n" FILTERS_HELP NATS_HELP
        SECURITY_HELP;

static const char record_help[] =
    "Usage: zmqlog record ENDPOINT... --dir DIR [OPTION]...\n"
    "\n"
    "Keep log records in files, a JSON object a line, from which zmqlog play gets\n"
    "them back byte for byte. SIGHUP begins new files.\n"
    "\n"
    "      --dir DIR          where the files are; made when it is not there\n"
    "      --per root         a file for each root topic\n"
    "      --rotate LIMIT     begin a new file at a size (64M, 1G) or at multiples\n"
    "                         of a time (10m, 1h, 1d, in UTC); twice for both\n"
    "      --retain LIMIT     keep so many files of each name (24), or so much in\n"
    "                         all (10G); twice for both\n"
    "      --zstd             compress\n"
    "\n"
    "      --bind             listen at the endpoints, publishers connect to "
    "them\n" FILTERS_HELP "\n"
    "  -q, --quiet            no notes and summary on standard error\n"
    "  -h, --help             this\n" NATS_HELP SECURITY_HELP;

static const char play_help[] =
    "Usage: zmqlog play FILE... [OPTION]...\n"
    "\n"
    "Show what zmqlog record kept, or publish it again with the same topics and\n"
    "messages, in the order of arrival. FILE may be - for standard input.\n"
    "\n"
    "      --from TIME        what arrived then or later: 2026-01-02T03:04:05Z,\n"
    "      --to TIME          2026-01-02 03:04 in local time, or 03:04 today\n"
    "      --speed X          so many times as fast as it was, or max; shown records:\n"
    "                         max, published ones: 1\n"
    "      --bind ENDPOINT    publish there, watchers connect (repeatable)\n"
    "      --connect ENDPOINT publish to a relay or to watch --bind (repeatable)\n"
    "      --wait[=MS]        first wait for somebody to listen; 124 if nobody does\n"
    "\n" FILTERS_HELP "\n" LOOK_HELP "\n"
    "  -q, --quiet            no notes on standard error\n"
    "  -h, --help             this\n" SECURITY_HELP;

static const char relay_help[] =
    "Usage: zmqlog relay [--publishers ENDPOINT]... [--upstream ENDPOINT]...\n"
    "                    [--subscribers ENDPOINT]... [--downstream ENDPOINT]...\n"
    "\n"
    "Pass records on from any number of publishers to any number of subscribers.\n"
    "Levels that no subscriber wants stay switched off in the publishers.\n"
    "\n"
    "      --publishers ENDPOINT   listen there, publishers connect (repeatable)\n"
    "      --subscribers ENDPOINT  listen there, watchers and other relays connect\n"
    "                              (repeatable)\n"
    "      --upstream ENDPOINT     connect to a relay or publisher that listens\n"
    "                              (repeatable)\n"
    "      --downstream ENDPOINT   connect to watch --bind, or to a relay where that\n"
    "                              listens for publishers (repeatable)\n"
    "\n"
    "  -q, --quiet            no notes and counts on standard error\n"
    "  -h, --help             this\n"
    "\n"
    "SIGUSR1 shows the counts; SIGINT and SIGTERM end it, and SIGHUP, which\n"
    "with --allow-keys reads the keys again and ends connections whose key is "
    "gone.\n" SECURITY_HELP;

static const char keygen_help[] =
    "Usage: zmqlog keygen FILE\n"
    "\n"
    "Make a CURVE key pair. FILE gets the public key, for the other side; FILE_secret\n"
    "gets both, readable for its owner only. Neither may exist. Prints the public\n"
    "key.\n"
    "\n"
    "  -h, --help  this\n";

static const char *text_of(const char *command) {
    if (!command || strcmp(command, "help") == 0)
        return overview;
    if (strcmp(command, "watch") == 0)
        return watch_help;
    if (strcmp(command, "ls") == 0)
        return ls_help;
    if (strcmp(command, "forward") == 0)
        return forward_help;
    if (strcmp(command, "record") == 0)
        return record_help;
    if (strcmp(command, "play") == 0)
        return play_help;
    if (strcmp(command, "relay") == 0)
        return relay_help;
    return strcmp(command, "send") == 0 ? send_help : keygen_help;
}

int help_print(const char *command) {
    if (fputs(text_of(command), stdout) >= 0 && fflush(stdout) == 0)
        return EXIT_OK;
    complain("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}
