/* SPDX-License-Identifier: BSD-3-Clause */
/* The bell and the descriptor of a receiver. Knows neither what the news is nor
 * where it comes from. */
#include "receive/alert.h"

void zl_alert_init(zl_alert *alert) {
    static const zl_alert empty;
    *alert = empty;
    zl_event_init(&alert->event);
}

void zl_alert_destroy(zl_alert *alert) {
    zl_event_close(&alert->event);
}

int zl_alert_open_fd(zl_alert *alert) {
    if (zl_event_fd(&alert->event) < 0)
        zl_event_open(&alert->event);
    return zl_event_fd(&alert->event);
}

void zl_alert_arm(zl_alert *alert) {
    if (zl_event_fd(&alert->event) < 0)
        return;
    zl_event_clear(&alert->event);
    /* Exchanged on both sides: either the other side finds it armed, or what it
     * did before is visible from here on. */
    atomic_exchange(&alert->armed, 1);
}

void zl_alert_news(zl_alert *alert) {
    zl_bell_ring(&alert->bell);
    if (atomic_exchange(&alert->armed, 0))
        zl_event_signal(&alert->event);
}

void zl_alert_raise(zl_alert *alert) {
    zl_bell_ring(&alert->bell);
    zl_event_signal(&alert->event);
}
