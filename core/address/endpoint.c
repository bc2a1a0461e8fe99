/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads endpoints and judges them before libzmq sees them: it takes port 99999,
 * "80x", 256.1.1.1 and port 0 to connect to without a word. What leaves here is
 * well-formed; for bind it is numeric as well. Knows addresses, no sockets. */
#include "address/endpoint.h"
#include "address/endpoint_host.h"

#include <stdio.h>
#include <string.h>

static zmqlog_status parse_port(zl_endpoint *out, zl_errors *errors, const char *port,
                                const char *text, zl_endpoint_use use) {
    size_t digits = strspn(port, "0123456789");
    int any = strcmp(port, "*") == 0;

    if (port[0] == '\0')
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\" has no port: write tcp://HOST:PORT", text);
    if (!any && (port[digits] != '\0' || digits > 5))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "port \"%.40s\" of \"%.100s\" is not a number from 1 to 65535",
                       port, text);
    for (; !any && *port; port++)
        out->port = out->port * 10 + (*port - '0');
    if (out->port > 65535)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "port %d of \"%.100s\" is over 65535, the highest", out->port,
                       text);
    out->wildcard_port = out->port == 0;
    if (out->wildcard_port && use == ZL_CONNECT)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\" names no port to connect to: \"*\" and 0 are for "
                       "binding, use the port that the other side listens on",
                       text);
    return ZMQLOG_OK;
}

/* Cuts "HOST:PORT" or "[HOST]:PORT" in two. */
static zmqlog_status split(zl_host *host, const char **port, zl_errors *errors,
                           const char *text) {
    const char *address = text + strlen("tcp://");
    const char *end;

    host->bracketed = address[0] == '[';
    if (host->bracketed)
        end = strchr(++address, ']');
    else
        end = strrchr(address, ':');
    if (!end && host->bracketed)
        return zl_fail(errors, ZMQLOG_EINVAL, "\"%.100s\" lacks a \"]\"", text);
    if (!end || (host->bracketed && end[1] != ':'))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\" has no port: write tcp://HOST:PORT", text);
    if (!host->bracketed && memchr(address, ':', (size_t)(end - address)))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\": an IPv6 address stands in brackets, as in "
                       "tcp://[::1]:5556",
                       text);
    if (end == address || end - address >= (int)sizeof host->name)
        return zl_fail(errors, ZMQLOG_EINVAL, "\"%.100s\" has %s host", text,
                       end == address ? "no" : "too long a");
    memcpy(host->name, address, (size_t)(end - address));
    host->name[end - address] = '\0';
    *port = end + (host->bracketed ? 2 : 1);
    return ZMQLOG_OK;
}

static zmqlog_status parse_tcp(zl_endpoint *out, zl_errors *errors, const char *text,
                               zl_endpoint_use use) {
    zl_host host;
    const char *port = NULL;
    zmqlog_status status = split(&host, &port, errors, text);
    char number[12] = "*";

    if (status == ZMQLOG_OK)
        status = parse_port(out, errors, port, text, use);
    if (status == ZMQLOG_OK)
        status = zl_host_resolve(&host, errors, text, use);
    if (status != ZMQLOG_OK)
        return status;
    out->transport = ZL_TCP;
    out->loopback = host.loopback;
    out->ipv6 = host.ipv6;
    out->is_name = host.is_name;
    if (out->port > 0)
        snprintf(number, sizeof number, "%d", out->port);
    snprintf(out->text, sizeof out->text, host.ipv6 ? "tcp://[%s]:%s" : "tcp://%s:%s",
             host.name, number);
    return ZMQLOG_OK;
}

static zmqlog_status parse_ipc(zl_endpoint *out, zl_errors *errors, const char *text) {
    const char *path = text + strlen("ipc://");
    size_t len = strlen(path);

    if (len == 0 || strcmp(path, "@") == 0)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%s\" names no path: write ipc:///DIRECTORY/FILE or "
                       "ipc://@NAME",
                       text);
    if (strcmp(path, "*") == 0)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"ipc://*\": choose a path that listeners can know, as in "
                       "ipc:///run/app.log");
    if (len >= sizeof out->path)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.120s...\": the path has %zu bytes, the system takes %zu",
                       text, len, sizeof out->path - 1);
    if (path[0] != '@' && path[len - 1] == '/')
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%s\" ends in \"/\": name a file in that directory", text);
    out->transport = ZL_IPC;
    out->loopback = 1;
    out->abstract = path[0] == '@';
    memcpy(out->path, path, len + 1);
    snprintf(out->text, sizeof out->text, "%s", text);
    return ZMQLOG_OK;
}

static zmqlog_status refuse_scheme(zl_errors *errors, const char *text) {
    const char *end = strstr(text, "://");

    if (!end)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\" is no endpoint: write tcp://127.0.0.1:5556 or "
                       "ipc:///run/app.log",
                       text);
    if (strncmp(text, "inproc:", strlen("inproc:")) == 0)
        return zl_fail(errors, ZMQLOG_ENOTSUP,
                       "\"%.100s\": inproc joins sockets of one context only, and "
                       "every handle has its own; use ipc:// or attach a socket",
                       text);
    return zl_fail(
        errors, ZMQLOG_ENOTSUP,
        "\"%.100s\": \"%.*s\" is not supported, only \"tcp\" and \"ipc\" are", text,
        end - text > 20 ? 20 : (int)(end - text), text);
}

static int has_control(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return 1;
    return 0;
}

zmqlog_status zl_endpoint_parse(zl_endpoint *out, zl_errors *errors, const char *text,
                                zl_endpoint_use use) {
    memset(out, 0, sizeof *out);
    if (!text || text[0] == '\0')
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "the endpoint is empty: write tcp://127.0.0.1:5556 or "
                       "ipc:///run/app.log");
    if (strlen(text) >= sizeof out->text)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "the endpoint \"%.60s...\" is longer than %d bytes", text,
                       ZL_ENDPOINT_MAX_BYTES - 1);
    if (has_control(text))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "the endpoint contains a control character");
    if (strncmp(text, "tcp://", strlen("tcp://")) == 0)
        return parse_tcp(out, errors, text, use);
    if (strncmp(text, "ipc://", strlen("ipc://")) == 0)
        return parse_ipc(out, errors, text);
    return refuse_scheme(errors, text);
}
