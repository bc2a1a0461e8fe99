# SPDX-License-Identifier: BSD-3-Clause
"""Certificates and NATS credentials of the test's own, made with openssl."""

import base64
import json
import subprocess

OPERATOR, ACCOUNT, USER, SEED = 14 << 3, 0, 20 << 3, 18 << 3


def openssl(*words, feed=None):
    return subprocess.run(["openssl", *words], input=feed, capture_output=True, timeout=60,
                          check=True).stdout


class Authority:
    """One that signs certificates; all files stand in the test's directory."""

    def __init__(self, case, name):
        self.case, self.name, self.certificate = case, name, case.path(name + ".pem")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=" + name, "-keyout", case.path(name + ".key"),
                "-out", self.certificate, "-days", "2")

    def issue(self, name, alternative):
        """(certificate, key)"""
        stem = self.case.path(name)
        with open(stem + ".ext", "w", encoding="ascii") as file:
            file.write(f"subjectAltName={alternative}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/CN=" + name, "-keyout", stem + ".key", "-out", stem + ".csr")
        openssl("x509", "-req", "-in", stem + ".csr", "-CA", self.certificate, "-CAkey",
                self.case.path(self.name + ".key"), "-CAcreateserial", "-extfile", stem + ".ext",
                "-out", stem + ".pem", "-days", "2")
        return stem + ".pem", stem + ".key"


def checked(data):
    """With its CRC behind it, in letters."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return base64.b32encode(data + crc.to_bytes(2, "little")).decode().rstrip("=")


def plain64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Nkey:
    """A key pair of a kind, and the tokens that it signs."""

    def __init__(self, case, name, kind):
        self.file = case.path(name + ".nkey")
        private = openssl("genpkey", "-algorithm", "ed25519", "-outform", "DER")
        with open(self.file, "wb") as file:
            file.write(openssl("pkey", "-inform", "DER", feed=private))
        public = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")
        self.name = name
        self.public = checked(bytes([kind]) + public[-32:])
        self.seed = checked(bytes([SEED | kind >> 5, (kind & 31) << 3]) + private[-32:])

    def token(self, case, subject, claims):
        head = plain64(b'{"typ":"JWT","alg":"ed25519-nkey"}')
        text = head + "." + plain64(json.dumps({
            "jti": subject.name, "iat": 1700000000, "iss": self.public, "name": subject.name,
            "sub": subject.public, "nats": {"version": 2, **claims}}).encode())
        with open(case.path("signed"), "w", encoding="ascii") as file:
            file.write(text)
        return text + "." + plain64(openssl("pkeyutl", "-sign", "-inkey", self.file, "-rawin",
                                            "-in", case.path("signed")))


class Realm:
    """An operator with an account: a server's configuration, and credentials."""

    LIMITS = {name: -1 for name in ("subs", "data", "payload", "imports", "exports", "conn",
                                    "leaf", "mem_storage", "disk_storage", "streams", "consumer")}

    def __init__(self, case):
        self.case = case
        operator = Nkey(case, "operator", OPERATOR)
        self.account, system = Nkey(case, "account", ACCOUNT), Nkey(case, "system", ACCOUNT)
        tokens = {key: operator.token(case, key, {
            "type": "account", "limits": {**self.LIMITS, "wildcards": True}} if key is self.account
            else {"type": "account", "limits": {"subs": -1, "data": -1, "payload": -1, "conn": -1,
                                                "leaf": -1, "imports": -1, "exports": -1,
                                                "wildcards": True}})
                  for key in (self.account, system)}
        own = operator.token(case, operator, {"type": "operator",
                                              "system_account": system.public})
        preload = "\n".join(f"{key.public}: {token}" for key, token in tokens.items())
        self.config = (f"operator: {own}\nsystem_account: {system.public}\nresolver: MEMORY\n"
                       f"resolver_preload: {{\n{preload}\n}}\n")

    def credentials(self, name, signer=None):
        user = Nkey(self.case, name, USER)
        token = (signer or self.account).token(self.case, user, {
            "type": "user", "subs": -1, "data": -1, "payload": -1})
        path = self.case.path(name + ".creds")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
                       f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n"
                       "------END USER NKEY SEED------\n")
        return path
