#!/usr/bin/env python3
"""Kills a writer of the log (SIGKILL) at random moments and looks at what is left.

usage: judges/log/kill.py COCARDE [TIMES]

After each kill: `fsck` is clean, the checkpoint continues the one seen before, and
every entry whose index was printed is in the log under that index. The bytes of the
entries are read here, from the static files, not by the program that is judged.
"""

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


def run(*args):
    return subprocess.run([program, *map(str, args)], check=True, capture_output=True, text=True).stdout


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


def writer(log, key, first):
    """Appends lines until it is killed; gives what it acknowledged."""
    acknowledged = {}
    process = subprocess.Popen(
        [program, "log", "append", log, "--key", key, "--lines", "--batch", str(random.choice([1, 7, 300]))],
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
    time.sleep(random.uniform(0.0, 0.12))
    process.kill()
    process.wait()
    threads[1].join()
    return acknowledged


with tempfile.TemporaryDirectory() as temp:
    temp = pathlib.Path(temp)
    log, key, seen = temp / "log", temp / "key.pem", temp / "seen"
    run("keys", "new", key)
    run("log", "new", log, "--origin", "label.example/journal", "--key", key)
    seen.write_text(run("log", "checkpoint", log))
    expected, grew = {}, 0
    for n in range(times):
        acknowledged = writer(log, key, n)
        expected.update(acknowledged)
        run("log", "fsck", log)
        run("log", "checkpoint", log, "--older", seen)
        now = run("log", "checkpoint", log)
        size = int(now.split("\n")[1])
        grew += size > int(seen.read_text().split("\n")[1])
        held = entries(log, size)
        for index, line in expected.items():
            if index >= size or held[index] != line:
                sys.exit(f"kill {n}: acknowledged entry {index} is not there")
        seen.write_text(now)
    if not (grew and expected):
        sys.exit("nothing was ever appended: this run shows nothing")
    print(f"{times} kills, {grew} of them after an append: fsck clean each time, "
          f"{len(expected)} acknowledged entries all there, {size} in the log")
