/* SPDX-License-Identifier: BSD-3-Clause */
/* What a handler costs while little or nothing is logged: wake-ups, CPU, memory.
 * usage: idle nothing|slowly SECONDS */
#include "bench.h"

#include <dirent.h>
#include <sys/resource.h>

static long resident_kib(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    bench_check(!file || fscanf(file, "%*d %ld", &pages) != 1, "statm");
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static long switches_of(const char *task) {
    char path[300], line[128];
    long value, sum = 0;
    FILE *file;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &value) == 1)
            sum += value;
    if (file)
        fclose(file);
    return sum;
}

/* Wake-ups of all threads but the main one. */
static long wakeups(void) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    long sum = 0;
    while (tasks && (entry = readdir(tasks)))
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != getpid())
            sum += switches_of(entry->d_name);
    closedir(tasks);
    return sum;
}

static void read_line(const char *path, const char *format, void *value) {
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, format, value) != 1)
        fprintf(stderr, "bench: %s is not as it should be\n", path);
    if (file)
        fclose(file);
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Of the thread with this name, in all. */
static double cpu_seconds_of(const char *wanted) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    double nanoseconds = 0;
    while (tasks && (entry = readdir(tasks))) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        read_line(path, "%31s", name);
        snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", entry->d_name);
        if (strcmp(name, wanted) == 0)
            read_line(path, "%lf", &nanoseconds);
    }
    closedir(tasks);
    return nanoseconds / 1e9;
}

static void *bare_socket(void) {
    void *context = zmq_ctx_new(), *pub = zmq_socket(context, ZMQ_XPUB);
    zmq_bind(pub, "tcp://127.0.0.1:*");
    return pub;
}

static void nothing(int seconds) {
    long before, woken;
    zmqlog_handler *handler;
    bare_socket();
    sleep(1);
    before = resident_kib();
    handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, "plain");
    sleep(1);
    bench_result("zmqlog", "idle, memory above a bare context",
                 (double)(resident_kib() - before), "KiB");
    woken = wakeups();
    sleep((unsigned)seconds);
    bench_result("zmqlog", "idle, wake-ups", (double)(wakeups() - woken) / seconds,
                 "/s");
    zmqlog_handler_free(handler);
}

static void tick(void) {
    struct timespec tenth = {0, 100000000};
    nanosleep(&tenth, NULL);
}

static void report_slow(const char *who, double cpu, long woken, int seconds) {
    bench_result(who, "10 records/s, CPU", cpu / seconds * 100, "% of a core");
    bench_result(who, "10 records/s, wake-ups", (double)woken / seconds, "/s");
}

/* What waking up ten times a second costs by itself, on this machine. */
static void slowly_nothing(int seconds) {
    double cpu = cpu_seconds();
    for (int i = 0; i < seconds * 10; i++)
        tick();
    report_slow("a thread that only sleeps", cpu_seconds() - cpu, 0, seconds);
}

static void slowly_raw(int seconds) {
    raw socket = raw_open();
    reader r = bench_reader(socket.endpoint, seconds * 10L, 0);
    double cpu;
    long woken;
    raw_wait(&socket);
    usleep(50000);
    woken = wakeups();
    cpu = cpu_seconds();
    for (int i = 0; i < seconds * 10; i++) {
        tick();
        raw_log(&socket, bench_text());
    }
    report_slow("raw libzmq", cpu_seconds() - cpu, wakeups() - woken, seconds);
    bench_check(bench_received(&r) != seconds * 10L, "slow sending without loss");
    raw_close(&socket);
}

static void slowly(int seconds) {
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, "plain");
    reader r = bench_reader(zmqlog_handler_endpoint(handler, 0), seconds * 10L, 0);
    double cpu, own;
    long woken;
    bench_wait_peers(handler, 1);
    woken = wakeups();
    cpu = cpu_seconds();
    own = cpu_seconds_of("zmqlog/handler");
    for (int i = 0; i < seconds * 10; i++) {
        tick();
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, bench_text(), TEXT_BYTES);
    }
    own = cpu_seconds_of("zmqlog/handler") - own;
    report_slow("zmqlog", cpu_seconds() - cpu, wakeups() - woken, seconds);
    bench_result("zmqlog's own thread", "10 records/s, CPU", own / seconds * 100,
                 "% of a core");
    bench_check(bench_received(&r) != seconds * 10L, "slow logging without loss");
    zmqlog_handler_free(handler);
}

int main(int argc, char **argv) {
    int seconds = argc == 3 ? atoi(argv[2]) : 0;
    if (seconds <= 0)
        return 2;
    if (strcmp(argv[1], "nothing") == 0)
        nothing(seconds);
    else if (strcmp(argv[1], "slowly") == 0) {
        slowly_nothing(seconds / 3 + 1);
        slowly_raw(seconds / 3 + 1);
        slowly(seconds);
    } else
        return 2;
    return 0;
}
