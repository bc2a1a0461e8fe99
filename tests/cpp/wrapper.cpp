/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog.hpp does what it says of itself: exceptions with words, false for soft
 * statuses, objects that move, fields of every type, loops over records. */
#include <zmqlog.hpp>

#include <cstdlib>
#include <iostream>
#include <utility>

static int failures;

static void expect(bool is_so, const char *what, int line) {
    if (is_so)
        return;
    std::cerr << "wrapper.cpp:" << line << ": not so: " << what << "\n";
    failures++;
}
#define EXPECT(condition) expect(condition, #condition, __LINE__)

template <class Call> static std::string thrown(Call call) {
    try {
        call();
    } catch (const zmqlog::error &error) {
        return error.what();
    }
    return "";
}

using namespace std::chrono_literals;
static constexpr zmqlog::milliseconds patience = 30s;

struct pair {
    zmqlog::handler out;
    zmqlog::subscriber in;
    zmqlog::record record;
    explicit pair(const char *style) {
        out.set_root_topic("app").set_style(0, style).bind("tcp://127.0.0.1:*");
        in.subscribe().connect(std::string(out.endpoint()));
        EXPECT(out.wait_subscriber("app.INFO", patience));
    }
    std::string_view next() {
        EXPECT(in.recv(record, patience));
        return record.text();
    }
};

static void errors_have_a_status_and_words() {
    zmqlog::handler out;
    EXPECT(thrown([&] { out.bind("tcp://nowhere"); }) ==
           "EINVAL: \"tcp://nowhere\" has no port: write tcp://HOST:PORT");
    EXPECT(thrown([&] { out.wait_subscriber(); }).substr(0, 7) == "ESTATE:");
    try {
        out.set_level(64);
        EXPECT(false);
    } catch (const zmqlog::error &error) {
        EXPECT(error.status() == ZMQLOG_EINVAL);
        EXPECT(out.errmsg() == "set_level: level is 64, it must be 0 to 63");
    }
    EXPECT(thrown([] { zmqlog::keypair().save("/nowhere"); }).substr(0, 7) ==
           "ESTATE:");
}

static void fields_of_every_type_arrive() {
    pair p("logfmt");
    zmqlog::logger log(p.out, "cpp");
    const std::string site = "example.org";
    const char *none = nullptr;
    log.info("db::paid", {{"order", 7},
                          {"site", site},
                          {"half", 0.5},
                          {"yes", true},
                          {"most", UINT64_MAX},
                          {"least", INT64_MIN},
                          {"null", nullptr},
                          {"none", none},
                          {"list", zmqlog::json{"[1, 2]"}},
                          {"view", std::string_view("view", 2)}});
    EXPECT(p.next() == "paid order=7 site=example.org half=0.5 yes=true "
                       "most=18446744073709551615 least=-9223372036854775808 "
                       "null=null none=null list=[1,2] view=vi");
    EXPECT(p.record.topic() == "app.INFO.db");
    ZMQLOG_WARN_F(log, "%d left", 3, ZF_INT("left", 3));
    EXPECT(p.next() == "3 left left=3");
    log.error("plain");
    EXPECT(p.next() == "plain");
    EXPECT(p.record.level() == zmqlog::error_level);
}

static void a_clone_has_more_fields() {
    pair p("logfmt");
    zmqlog::logger log(p.out, "cpp");
    zmqlog::logger request = log.clone({{"request_id", "r-17"}, {"u", 1U}});
    request.info("started", {{"step", 1}});
    EXPECT(p.next() == "started request_id=r-17 u=1 step=1");
    EXPECT(thrown([&] { log.clone({{"", 1}}); }) == "EINVAL: field key: empty");
}

static void records_go_there_and_back() {
    pair p("json");
    zmqlog::record record;
    record.set_level(zmqlog::warn).set_text("late").set_time_ns(1700000000123456789);
    record.set({"id", 9007199254740993}).set({"big", UINT64_MAX}).set({"x", "y"});
    EXPECT(p.out.log(record) == ZMQLOG_OK);
    p.next();
    EXPECT(p.record.parse());
    EXPECT(p.record.text() == "late");
    EXPECT(p.record.time_ns() == 1700000000123456789);
    std::string all;
    for (int i = 0; i < p.record.field_count(); i++)
        all.append(p.record.field_key(i)).append("=").append(p.record.field_json(i));
    EXPECT(all.find("id=9007199254740993big=18446744073709551615x=\"y\"") !=
           std::string::npos);
    EXPECT(p.record.field_key(99).empty());
    record.set_text("no json");
    EXPECT(!record.parse());
}

static void waits_answer_false_when_time_runs_out() {
    pair p("plain");
    EXPECT(!p.in.recv(p.record, 0ms));
    EXPECT(!p.in.recv(p.record, 1ms));
    p.in.wakeup();
    EXPECT(!p.in.recv(p.record, patience));
    EXPECT(p.out.flush(patience));
    EXPECT(p.out.close(patience));
    EXPECT(p.out.log(20, "late") == ZMQLOG_ECLOSED);
}

static void a_loop_ends_when_it_is_woken() {
    pair p("plain");
    int seen = 0;
    p.out.log(20, "one");
    p.out.log(20, "two");
    for (zmqlog::record &record : p.in) {
        EXPECT(record.text() == (seen == 0 ? "one" : "two"));
        if (++seen == 2)
            p.in.wakeup();
    }
    EXPECT(seen == 2);
}

static void objects_move() {
    pair p("plain");
    zmqlog::handler moved = std::move(p.out);
    zmqlog::logger log(moved, "l"), other = std::move(log);
    EXPECT(other.info("here") == ZMQLOG_OK);
    EXPECT(p.next() == "here");
    EXPECT(log.get() == nullptr);
    EXPECT(log.info("nobody") == ZMQLOG_EINVAL);
}

static void keys_are_made_and_given() {
    zmqlog::keypair server, client;
    server.generate();
    client.generate();
    zmqlog::auth listening, connecting;
    listening.set_curve_server(std::string(server.secret_key()))
        .allow_key(std::string(client.public_key()));
    connecting.set_curve_client(std::string(server.public_key()),
                                std::string(client.public_key()),
                                std::string(client.secret_key()));
    zmqlog::handler out;
    out.set_auth(listening).bind("tcp://127.0.0.1:*");
    zmqlog::subscriber in;
    in.set_auth(connecting).subscribe("").connect(std::string(out.endpoint()));
    EXPECT(out.wait_subscriber("", patience));
}

static void a_relay_passes_records_on() {
    zmqlog::relay relay;
    zmqlog::handler out;
    zmqlog::subscriber in;
    zmqlog::record record;
    relay.bind_publishers("tcp://127.0.0.1:*").bind_subscribers("tcp://127.0.0.1:*");
    out.set_root_topic("app").connect(std::string(relay.endpoint(0)));
    in.subscribe().connect(std::string(relay.endpoint(1)));
    EXPECT(out.wait_subscriber("", patience));
    out.log(zmqlog::info, "here");
    EXPECT(in.recv(record, patience));
    EXPECT(record.text() == "here");
    EXPECT(!relay.run(0ms));
    relay.stop();
    EXPECT(relay.run(patience));
}

int main() {
    a_relay_passes_records_on();
    errors_have_a_status_and_words();
    fields_of_every_type_arrive();
    a_clone_has_more_fields();
    records_go_there_and_back();
    waits_answer_false_when_time_runs_out();
    a_loop_ends_when_it_is_woken();
    objects_move();
    keys_are_made_and_given();
    EXPECT(zmqlog::version() == zmqlog_version());
    EXPECT(zmqlog::level_number("warning") == zmqlog::warn);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
