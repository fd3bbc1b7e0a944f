#!/usr/bin/env python3
"""Kills a writer of the log (SIGKILL) at random moments and looks at what is left.

usage: judges/log/kill.py COCARDE [TIMES]

After each kill: `fsck` is clean, the checkpoint continues the one seen before, and
every entry whose index was printed is in the log under that index. In the end: every
checkpoint that the log's key ever signed, published or not, is that of a beginning of
the log. To know them all, the key is held by a service of this program, which writes
down what it is asked to sign (and signs by `openssl`). Entries are read and hashed
here, from the static files, not by the program that is judged.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import threading
import time

program, times = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
random.seed(20261124)


def run(*args, **options):
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"FAILED: {args}: {done.stdout}{done.stderr}")
    return done.stdout


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Keeper:
    """The key's keeper: a signing service that remembers all it signed, in order."""

    def __init__(self, key, temp):
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                                check=True, capture_output=True).stdout[-32:]
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64url(public)}
        signed, turn = [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def reply(self, value):
                body = json.dumps(value).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # Whoever asked was killed meanwhile; what it asked counts all the same.

            def do_GET(self):
                self.reply(jwk)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    message = unb64url(json.loads(body)["message"])
                except ValueError:
                    return  # Killed in the middle of its question.
                with turn:
                    signed.append(message.decode())
                    asked = temp / "message"
                    asked.write_bytes(message)
                    signature = subprocess.run(
                        ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", asked],
                        check=True, capture_output=True).stdout
                self.reply({"signature": b64url(signature)})

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url, self.signed = f"http://127.0.0.1:{server.server_port}/key", signed


def tile(index, width):
    name = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03}/{name}"
    return name + ("" if width == 256 else f".p/{width}")


def entries(log, size):
    found = []
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        path = log / "tile/entries" / tile(index, width)
        if not path.exists():
            path = log / "tile/entries" / tile(index, 256)
        data, at = path.read_bytes(), 0
        for _ in range(width):
            (n,) = struct.unpack_from(">H", data, at)
            found.append(data[at + 2 : at + 2 + n].decode())
            at += 2 + n
    return found


def roots(all_entries, sizes):
    """The Merkle root (RFC 6962) of the first n entries, for each n asked."""
    found, right = {}, []  # Roots of the perfect subtrees on the right edge, with their heights.
    for n in range(len(all_entries) + 1):
        if n in sizes:
            root = right[-1][1] if right else hashlib.sha256(b"").digest()
            for _, left in reversed(right[:-1]):
                root = hashlib.sha256(b"\1" + left + root).digest()
            found[n] = root
        if n < len(all_entries):
            height, node = 0, hashlib.sha256(b"\0" + all_entries[n].encode()).digest()
            while right and right[-1][0] == height:
                node = hashlib.sha256(b"\1" + right.pop()[1] + node).digest()
                height += 1
            right.append((height, node))
    return found


def writer(log, key, first, reach=None):
    """Appends lines until it is killed, at a random moment within `reach` seconds or, without
    it, once three appends were acknowledged; gives what was, and how long it ran."""
    acknowledged, started = {}, time.monotonic()
    process = subprocess.Popen(
        [program, "log", "append", log, "--key", key, "--lines", "--batch",
         str(random.choice([1, 7, 300]) if reach else 300)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)

    def feed():
        try:
            for i in range(100_000):
                process.stdin.write(f"line {first}.{i}\n")
        except (BrokenPipeError, ValueError):
            pass

    def read():
        for i, line in enumerate(process.stdout):
            if line.endswith("\n"):
                acknowledged[int(line)] = f"line {first}.{i}"

    threads = [threading.Thread(target=t, daemon=True) for t in (feed, read)]
    for t in threads:
        t.start()
    if reach:
        time.sleep(random.uniform(0.05, 1) * reach)
    else:
        while len(acknowledged) < 900 and process.poll() is None:
            time.sleep(0.01)
    ran = time.monotonic() - started
    process.kill()
    process.wait()
    threads[1].join()
    return acknowledged, ran


def signed_checkpoints(keeper, log, size):
    """Checks all that was ever signed against the log as it is; gives how many."""
    held = entries(log, size)
    told = [text.split("\n") for text in keeper.signed]
    expected = roots(held, {int(n) for _, n, *_ in told})
    last = 0
    for origin, n, root, *_ in told:
        n = int(n)
        if n < last:
            sys.exit(f"FAILED: a tree of {n} was signed after one of {last}")
        if n > size or base64.b64decode(root) != expected[n]:
            sys.exit(f"FAILED: the signed tree of {n} is not a beginning of the log of {size}")
        last = n
    return len(told)


with tempfile.TemporaryDirectory() as temp:
    temp = pathlib.Path(temp)
    log, pem, seen = temp / "log", temp / "key.pem", temp / "seen"
    run("keys", "new", pem)
    keeper = Keeper(pem, temp)
    run("log", "new", log, "--origin", "label.example/journal", "--key", keeper.url)
    seen.write_text(run("log", "checkpoint", log))
    # A machine with much to do takes longer to begin: moments are random within what three
    # appends take here.
    expected, reach = writer(log, keeper.url, "first")
    grew = unpublished = 0
    for n in range(times):
        acknowledged, _ = writer(log, keeper.url, n, reach)
        expected.update(acknowledged)
        run("log", "fsck", log)
        run("log", "checkpoint", log, "--older", seen)
        now = run("log", "checkpoint", log)
        size = int(now.split("\n")[1])
        grew += size > int(seen.read_text().split("\n")[1])
        unpublished += int(keeper.signed[-1].split("\n")[1]) > size
        held = entries(log, size)
        for index, line in expected.items():
            if index >= size or held[index] != line:
                sys.exit(f"FAILED: kill {n}: acknowledged entry {index} is not there")
        seen.write_text(now)
    if not (grew and expected):
        sys.exit("nothing was ever appended: this run shows nothing")
    # Finishes what the last kill left: then all that was signed must be there.
    run("log", "append", log, "--key", keeper.url, "--lines", input="the last line\n")
    size = int(run("log", "checkpoint", log).split("\n")[1])
    signed = signed_checkpoints(keeper, log, size)
    print(f"{times} kills within {reach:.2f} s of the start, {grew} of them after an append: fsck clean each time, "
          f"{len(expected)} acknowledged entries all there, {size} in the log; "
          f"{signed} checkpoints signed, {unpublished} of them cut off before they were published, "
          f"each that of a beginning of the log, none after a larger one")
