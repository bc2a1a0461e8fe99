/* SPDX-License-Identifier: BSD-3-Clause */
/* C++17: logs with fields, listens to itself, and prints what arrives.
 *
 *     hello */
#include <zmqlog.hpp>

#include <iostream>

static void serve(zmqlog::logger &log, const std::string &id) {
    zmqlog::logger request = log.clone({{"request_id", id}});

    request.info("order paid", {{"order", 7}, {"site", "example.org"}});
    ZMQLOG_WARN_F(request, "%d left", 3, ZF_INT("left", 3));
}

int main() {
    zmqlog::handler out;
    zmqlog::subscriber in;

    try {
        out.set_root_topic("shop").set_style(0, "logfmt").bind("tcp://127.0.0.1:*");
        in.subscribe("shop.").connect(std::string(out.endpoint()));
        out.wait_subscriber();
    } catch (const zmqlog::error &error) {
        std::cerr << "hello: " << error.what() << "\n";
        return 1;
    }
    zmqlog::logger log(out, "shop");
    serve(log, "r-17");
    for (zmqlog::record &record : in) {
        std::cout << record.topic() << " | " << record.text() << "\n";
        if (record.level() == zmqlog::warn)
            in.wakeup();
    }
}
