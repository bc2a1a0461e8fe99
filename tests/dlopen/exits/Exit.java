// SPDX-License-Identifier: BSD-3-Clause
// Exit.java ENDPOINT [exit]

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

public class Exit {
    public interface Zmqlog extends Library {
        Pointer zmqlog_handler_new();
        int zmqlog_handler_set_root_topic(Pointer handler, String rootTopic);
        int zmqlog_handler_connect(Pointer handler, String endpoint);
        int zmqlog_handler_log(Pointer handler, int level, String text, NativeLong len);
    }

    public static void main(String[] arguments) {
        Zmqlog lib = Native.load("libzmqlog.so.1", Zmqlog.class);
        Pointer handler = lib.zmqlog_handler_new();
        lib.zmqlog_handler_set_root_topic(handler, "app");
        lib.zmqlog_handler_connect(handler, arguments[0]);
        lib.zmqlog_handler_log(handler, 20, "last words", new NativeLong(10));
        if (arguments.length > 1)
            System.exit(3);
    }
}
