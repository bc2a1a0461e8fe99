/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog ls: what its options say, and the forms in which programs are listed. */
#ifndef SHELL_LS_H
#define SHELL_LS_H

#include "found.h"
#include "output.h"

typedef enum ls_format { LS_TEXT, LS_JSON, LS_METRICS } ls_format;

/* For people, into so many columns; 0: as many as it takes. */
void ls_text(output *out, const found_list *list, int columns);
/* One object a line. */
void ls_json(output *out, const found_list *list);
/* For node_exporter and others that read OpenMetrics or Prometheus's text. */
void ls_metrics(output *out, const found_list *list);

/* ---- what the forms have in common ---- */

const char *ls_state(const found *program);
/* Seconds since 1970; 0: not known. */
long long ls_started(const found *program);
/* The name of the user; the number when it has none. */
const char *ls_user(uid_t uid);

#endif
