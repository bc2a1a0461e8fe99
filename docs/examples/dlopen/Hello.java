// SPDX-License-Identifier: BSD-3-Clause
// Java with JNA: publishes, receives its own records, and shows what crosses.
//
//     java -cp /usr/share/java/jna.jar Hello.java

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiFunction;

public class Hello {
    /** The functions that are used here. size_t is as wide as long: NativeLong. */
    public interface Zmqlog extends Library {
        long zmqlog_constant(String name);
        String zmqlog_status_name(int status);
        Pointer zmqlog_handler_new();
        void zmqlog_handler_free(Pointer handler);
        int zmqlog_handler_set_root_topic(Pointer handler, String rootTopic);
        int zmqlog_handler_set_style(Pointer handler, int level, String style);
        int zmqlog_handler_bind(Pointer handler, String endpoint);
        String zmqlog_handler_endpoint(Pointer handler, int index);
        String zmqlog_handler_errmsg(Pointer handler);
        int zmqlog_handler_wait_subscriber(Pointer handler, String topic, int ms);
        int zmqlog_handler_log(Pointer handler, int level, byte[] text, NativeLong len);
        int zmqlog_handler_log_record(Pointer handler, Pointer record);
        int zmqlog_handler_flush(Pointer handler, int ms);
        long zmqlog_handler_count(Pointer handler, int which);

        Pointer zmqlog_record_new();
        void zmqlog_record_free(Pointer record);
        int zmqlog_record_set_level(Pointer record, int level);
        int zmqlog_record_set_text(Pointer record, byte[] text, NativeLong len);
        int zmqlog_record_set_time_ns(Pointer record, long timeNs);
        int zmqlog_record_set_field_int(Pointer record, String key, long value);
        int zmqlog_record_parse(Pointer record);
        Pointer zmqlog_record_topic(Pointer record, NativeLongByReference len);
        Pointer zmqlog_record_text(Pointer record, NativeLongByReference len);
        long zmqlog_record_time_ns(Pointer record);
        long zmqlog_record_seq(Pointer record);
        int zmqlog_record_field_count(Pointer record);
        String zmqlog_record_field_key(Pointer record, int index, Pointer len);
        String zmqlog_record_field_json(Pointer record, int index, Pointer len);

        Pointer zmqlog_subscriber_new();
        void zmqlog_subscriber_free(Pointer subscriber);
        int zmqlog_subscriber_subscribe(Pointer subscriber, String prefix);
        int zmqlog_subscriber_connect(Pointer subscriber, String endpoint);
        int zmqlog_subscriber_recv(Pointer subscriber, Pointer record, int ms);
    }

    private static final Zmqlog LIB = Native.load("libzmqlog.so.1", Zmqlog.class,
            Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    private static final int INFO = constant("LEVEL_INFO");
    private static final int WARN = constant("LEVEL_WARN");
    private static final int ERROR = constant("LEVEL_ERROR");
    private static final int SENT = constant("COUNT_SENT");

    private final Pointer handler = LIB.zmqlog_handler_new();
    private final Pointer subscriber = LIB.zmqlog_subscriber_new();
    private final Pointer record = LIB.zmqlog_record_new();

    private static int constant(String name) {
        return (int) LIB.zmqlog_constant(name);
    }

    private void check(int status) {
        if (status < 0)
            throw new IllegalStateException(LIB.zmqlog_status_name(status) + ": "
                    + LIB.zmqlog_handler_errmsg(handler));
    }

    private void say(int level, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        NativeLong length = new NativeLong(bytes.length);
        check(LIB.zmqlog_handler_log(handler, level, bytes, length));
    }

    /** Bytes out are copied with their length: JNA's String ends at the first NUL. */
    private byte[] copied(BiFunction<Pointer, NativeLongByReference, Pointer> getter) {
        NativeLongByReference length = new NativeLongByReference();
        Pointer bytes = getter.apply(record, length);
        return bytes.getByteArray(0, length.getValue().intValue());
    }

    private String topic() {
        return new String(copied(LIB::zmqlog_record_topic), StandardCharsets.UTF_8);
    }

    private String text() {
        return new String(copied(LIB::zmqlog_record_text), StandardCharsets.UTF_8);
    }

    private void receive() {
        check(LIB.zmqlog_subscriber_recv(subscriber, record, 10000));
    }

    private void setText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(LIB.zmqlog_record_set_text(record, bytes, new NativeLong(bytes.length)));
    }

    private String field(String key) {
        for (int i = 0; i < LIB.zmqlog_record_field_count(record); i++)
            if (LIB.zmqlog_record_field_key(record, i, null).equals(key))
                return LIB.zmqlog_record_field_json(record, i, null);
        return null;
    }

    private void open() {
        check(LIB.zmqlog_handler_set_root_topic(handler, "myprogram"));
        check(LIB.zmqlog_handler_set_style(handler, ERROR, "json"));
        check(LIB.zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
        check(LIB.zmqlog_subscriber_subscribe(subscriber, "myprogram"));
        String endpoint = LIB.zmqlog_handler_endpoint(handler, 0);
        check(LIB.zmqlog_subscriber_connect(subscriber, endpoint));
        check(LIB.zmqlog_handler_wait_subscriber(handler, null, 10000));
    }

    private void texts() {
        say(INFO, "hello there");
        say(WARN, "sub.topic::hello there");
        for (int i = 0; i < 2; i++) {
            receive();
            System.out.println(topic() + " " + text());
        }
        say(INFO, "a\0b");
        receive();
        byte[] bytes = copied(LIB::zmqlog_record_text);
        System.out.printf("%s %d bytes: %02x %02x %02x%n", topic(), bytes.length,
                bytes[0], bytes[1], bytes[2]);
    }

    /** Time and fields travel in style json. 64 bits arrive as they left. */
    private void numbers() {
        check(LIB.zmqlog_record_set_level(record, ERROR));
        setText("late");
        check(LIB.zmqlog_record_set_time_ns(record, 1700000000123456789L));
        check(LIB.zmqlog_record_set_field_int(record, "id", 9007199254740993L));
        check(LIB.zmqlog_handler_log_record(handler, record));
        receive();
        check(LIB.zmqlog_record_parse(record));
        System.out.println(topic() + " " + text()
                + " at " + LIB.zmqlog_record_time_ns(record) + " number "
                + Long.toUnsignedString(LIB.zmqlog_record_seq(record))
                + " id " + field("id"));

        setText("{\"msg\":\"from elsewhere\",\"epoch\":\"00000000000000ff\","
                + "\"seq\":18446744073709551615}");
        check(LIB.zmqlog_record_parse(record));
        System.out.println(text() + " number "
                + Long.toUnsignedString(LIB.zmqlog_record_seq(record)));
    }

    private void ends() {
        check(LIB.zmqlog_handler_flush(handler, 10000));
        System.out.println("sent " + LIB.zmqlog_handler_count(handler, SENT));
        try {
            check(LIB.zmqlog_handler_bind(handler, "tcp://nowhere"));
        } catch (IllegalStateException error) {
            System.out.println(error.getMessage());
        }
        LIB.zmqlog_subscriber_free(subscriber);
        LIB.zmqlog_record_free(record);
        LIB.zmqlog_handler_free(handler);
    }

    public static void main(String[] arguments) {
        Hello hello = new Hello();
        hello.open();
        hello.texts();
        hello.numbers();
        hello.ends();
    }
}
