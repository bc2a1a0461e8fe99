/* SPDX-License-Identifier: BSD-3-Clause */
/* Tries what libzmq would not survive to be refused. A limit can still be reached in
 * the moment between this and libzmq's own attempt, but a program that runs under a
 * limit or in a sandbox learns of it by a status and a text. */
#include "socket/socket_needs.h"

#include "thread/forks.h"

#include <errno.h>
#include <ifaddrs.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A context has six, five sockets and a listener one each; and some to spare. */
#define OPEN_DESCRIPTORS 16
/* The listening socket, and one to spare. */
#define BIND_DESCRIPTORS 2
/* libzmq starts two, the handle one. */
#define THREADS 3

static zmqlog_status try_descriptors(zl_errors *errors, int wanted) {
    int tried[OPEN_DESCRIPTORS], count = 0, error;
    zl_forks_lock(); /* no child inherits them */
    while (count < wanted && (tried[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    error = count < wanted ? errno : 0;
    while (count > 0)
        close(tried[--count]);
    zl_forks_unlock();
    if (!error)
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EIO,
                   "libzmq needs %d more descriptors: %s; raise the limit (ulimit -n, "
                   "LimitNOFILE=)",
                   wanted, strerrordesc_np(error));
}

typedef struct trial {
    pthread_mutex_t all_started; /* held until then */
    int batch_refused, refused;  /* errno of the first thread's calls */
} trial;

/* The call that each of libzmq's threads makes at its start. */
static int set_policy(int batch) {
    struct sched_param parameters;
    int policy, error = pthread_getschedparam(pthread_self(), &policy, &parameters);
    if (!error)
        error = pthread_setschedparam(pthread_self(), batch ? SCHED_BATCH : policy,
                                      &parameters);
    return error == ENOSYS ? 0 : error; /* which libzmq passes over as well */
}

static void *try_policy(void *argument) {
    trial *t = argument;
    t->refused = set_policy(0);
    t->batch_refused = set_policy(1);
    pthread_mutex_lock(&t->all_started);
    pthread_mutex_unlock(&t->all_started);
    return NULL;
}

static void *stay(void *argument) {
    trial *t = argument;
    pthread_mutex_lock(&t->all_started);
    pthread_mutex_unlock(&t->all_started);
    return NULL;
}

/* All of them at a time; 0 or the errno. */
static int start_threads(trial *t) {
    pthread_t threads[THREADS];
    int count = 0, error = 0;
    pthread_mutex_lock(&t->all_started);
    while (count < THREADS && !error) {
        error = pthread_create(&threads[count], NULL, count ? stay : try_policy, t);
        count += !error;
    }
    pthread_mutex_unlock(&t->all_started);
    while (count > 0)
        pthread_join(threads[--count], NULL);
    return error;
}

static zmqlog_status try_threads(zl_errors *errors, int *batch) {
    trial t = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
    int error = start_threads(&t);
    if (error)
        return zl_fail(errors, error == EPERM ? ZMQLOG_EACCESS : ZMQLOG_EIO,
                       "libzmq needs %d more threads: %s; raise the limit (ulimit -u, "
                       "TasksMax=, MemoryMax=)",
                       THREADS, strerrordesc_np(error));
    if (t.refused)
        return zl_fail(errors, ZMQLOG_EACCESS,
                       "libzmq needs sched_setscheduler for its threads: %s; allow it "
                       "(SystemCallFilter=sched_setscheduler)",
                       strerrordesc_np(t.refused));
    *batch = *batch && !t.batch_refused;
    return ZMQLOG_OK;
}

zmqlog_status zl_needs_open(zl_errors *errors, int *batch) {
    zmqlog_status status = try_descriptors(errors, OPEN_DESCRIPTORS);
    return status == ZMQLOG_OK ? try_threads(errors, batch) : status;
}

/* libzmq looks at the machine's interfaces at each bind, also at one by address. */
static zmqlog_status try_interfaces(zl_errors *errors, const char *text) {
    struct ifaddrs *all = NULL;
    int error = getifaddrs(&all) != 0 ? errno : 0;
    if (!error) {
        freeifaddrs(all);
        return ZMQLOG_OK;
    }
    return zl_fail(errors, ZMQLOG_EACCESS,
                   "cannot bind %s: libzmq needs a netlink socket to list the "
                   "interfaces: %s; allow it (RestrictAddressFamilies=AF_NETLINK)",
                   text, strerrordesc_np(error));
}

zmqlog_status zl_needs_bind(zl_errors *errors, const zl_endpoint *endpoint) {
    zmqlog_status status = try_descriptors(errors, BIND_DESCRIPTORS);
    if (status == ZMQLOG_OK && endpoint->transport == ZL_TCP)
        status = try_interfaces(errors, endpoint->text);
    return status;
}
