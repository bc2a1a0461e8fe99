// SPDX-License-Identifier: BSD-3-Clause
// spdlog's asynchronous logger into a null sink: burst, and paced.
#include <spdlog/async.h>
#include <spdlog/sinks/null_sink.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

static long long now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

static void report(const char *what, double value) {
    std::printf(
        "{\"who\": \"spdlog async, null sink\", \"what\": \"%s\", \"value\": %g, "
        "\"unit\": \"ns\"}\n",
        what, value);
}

int main() {
    const int calls = 200000, rate = 100000;
    std::string text(60, 'x');
    auto logger = spdlog::create_async<spdlog::sinks::null_sink_mt>("bench");
    std::vector<long long> sample(calls);
    long long start = now(), next;
    for (int i = 0; i < calls; i++)
        logger->info(text);
    report("one listener, per call", double(now() - start) / calls);
    next = now();
    for (int i = 0; i < calls; i++) {
        next += 1000000000 / rate;
        while (now() < next)
            ;
        start = now();
        logger->info(text);
        sample[i] = now() - start;
    }
    std::sort(sample.begin(), sample.end());
    report("plain, one listener, 100000/s p50", double(sample[calls / 2]));
    report("plain, one listener, 100000/s p99", double(sample[calls / 100 * 99]));
    report("plain, one listener, 100000/s p99.9", double(sample[calls / 1000 * 999]));
    return 0;
}
