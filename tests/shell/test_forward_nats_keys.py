# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog forward and watch with a nats-server that wants TLS, certificates or
credentials."""

import shutil
import unittest

from nats import Nats, NatsCase
from nats_keys import ACCOUNT, Authority, Nkey, Realm


@unittest.skipUnless(shutil.which("openssl"), "needs openssl")
class Keys(NatsCase):
    RECORDS = [(b"app.INFO", b"%d" % i) for i in range(100)]

    def check_way(self, server, *words, host="127.0.0.1"):
        """Records go in, and come out, with these options."""
        url = f"nats://{host}:{server.port}/LOGS"
        publish, running = self.forward("--to", url, *words)
        for record in self.RECORDS:
            publish.send_multipart(record)
        self.wait_delivered(running, len(self.RECORDS))
        code, out, errors = self.run_to_end("watch", url, "--since", "all", *words, "-n",
                                            str(len(self.RECORDS)), "--format", "raw")
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(out, b"".join(topic + b"\t" + body + b"\n"
                                       for topic, body in self.RECORDS))
        self.assertEqual(self.end(running)[0], 0)

    def check_refused(self, server, *words, host="127.0.0.1"):
        """What a forward says that the server refuses."""
        publish, running = self.forward("--to", f"nats://{host}:{server.port}/LOGS",
                                        "--linger", "0", *words)
        publish.send_multipart([b"app.INFO", b"secret"])
        said = running.wait_said("trying again")
        self.end(running)
        self.assertEqual(self.count(running, "delivered"), 0)
        return said

    def secure(self, authority, name="server", alternative="IP:127.0.0.1", more=""):
        certificate, key = authority.issue(name, alternative)
        return Nats(self, name, f'tls {{ cert_file: "{certificate}", key_file: "{key}" {more} }}'
                    ).start()


class Tls(Keys):
    def test_a_server_that_is_trusted_takes_records_and_gives_them_back(self):
        authority = Authority(self, "ca")
        server = self.secure(authority)
        self.check_way(server, "--tls-ca", authority.certificate)

    def test_a_stranger_is_not_trusted(self):
        server = self.secure(Authority(self, "theirs"))
        self.assertIn("certificate", self.check_refused(
            server, "--tls-ca", Authority(self, "ours").certificate))
        self.assertIn("certificate", self.check_refused(server, "--tls"))

    def test_a_certificate_for_another_host_is_not_trusted(self):
        authority = Authority(self, "ca")
        server = self.secure(authority, alternative="DNS:other.example")
        self.assertIn("address mismatch", self.check_refused(
            server, "--tls-ca", authority.certificate))

    def test_the_clients_certificate_opens_the_door(self):
        authority = Authority(self, "ca")
        server = self.secure(authority, more=f', ca_file: "{authority.certificate}", verify: true')
        certificate, key = authority.issue("client", "DNS:client")
        trust = "--tls-ca", authority.certificate
        self.check_refused(server, *trust)
        self.check_way(server, *trust, "--tls-cert", certificate, "--tls-key", key)

    def test_a_file_that_is_not_there_is_told_at_once(self):
        for option in ("--tls-ca", "--tls-cert", "--tls-key", "--creds"):
            for words in (("watch", "nats://127.0.0.1:1/S"),
                          ("forward", "ipc:///none", "--to", "nats://127.0.0.1:1/S")):
                code, _, errors = self.run_to_end(*words, option, self.path("nothing.pem"))
                self.assertEqual(code, 2)
                self.assertRegex(errors, option + " .*nothing.pem: No such file or directory")


class Credentials(Keys):
    def test_those_of_the_account_open_the_door_and_no_others(self):
        realm = Realm(self)
        server = Nats(self, extra=realm.config).start()
        self.check_way(server, "--creds", realm.credentials("writer"))
        self.assertIn("uthorization", self.check_refused(server))
        stranger = Nkey(self, "stranger", ACCOUNT)
        self.assertIn("uthorization", self.check_refused(
            server, "--creds", realm.credentials("thief", stranger)))


if __name__ == "__main__":
    unittest.main()
