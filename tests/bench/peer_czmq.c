/* SPDX-License-Identifier: BSD-3-Clause */
/* czmq's zsys_info with a log sender, nobody or one SUB listening. */
#include <czmq.h>

#define CALLS 200000

int main(void) {
    static char text[61];
    int64_t start;
    zsock_t *sub;
    memset(text, 'x', 60);
    zsys_init();
    zsys_set_logstream(NULL);
    zsys_set_logsender("tcp://127.0.0.1:25771");
    zsys_info("%s", text);
    start = zclock_usecs();
    for (int i = 0; i < CALLS; i++)
        zsys_info("%s", text);
    printf("{\"who\": \"czmq zsys_info\", \"what\": \"nobody listens\", \"value\": %g, "
           "\"unit\": \"ns\"}\n",
           (double)(zclock_usecs() - start) * 1000 / CALLS);
    sub = zsock_new_sub("tcp://127.0.0.1:25771", "");
    zclock_sleep(300);
    start = zclock_usecs();
    for (int i = 0; i < CALLS; i++)
        zsys_info("%s", text);
    printf("{\"who\": \"czmq zsys_info\", \"what\": \"one listener, per call\", "
           "\"value\": %g, \"unit\": \"ns\"}\n",
           (double)(zclock_usecs() - start) * 1000 / CALLS);
    zsock_destroy(&sub);
    return 0;
}
