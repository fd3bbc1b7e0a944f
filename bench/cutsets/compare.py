#!/usr/bin/env python3
"""Minimal cut sets, ours beside SCRAM, on a folder of Open-PSA fault trees.

    bench/cutsets/compare.py TREES SCRAM [--ours COCARDE] [--rounds 3] [--limit 40]

Both count on the same trees in turn; CPU is user and system time of the child.
See README.md.
"""

import argparse
import math
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ALGORITHMS = ("bdd", "zbdd")


MEMORY = 6 << 30
OUTPUT = 1 << 30
STOPPED = (signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT, signal.SIGXFSZ)


def bound(limit):
    """Keeps this process within seconds of CPU and within MEMORY and OUTPUT bytes."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))


def run(command, output, limit):
    """Seconds of CPU of a command that writes to `output` and its peak memory in KiB; no
    seconds past `limit` of them or past MEMORY or OUTPUT."""
    with open(output, "wb") as out:
        child = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: bound(limit),
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if -child.returncode in STOPPED:
        return None, 0
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def products(report):
    """The number of cut sets that a SCRAM report states."""
    head = open(report, errors="replace").read(1 << 20)
    found = re.search(r'<sum-of-products[^>]* products="(\d+)"', head)
    return int(found.group(1)) if found else None


def middle(times):
    done = [t for t in times if t is not None]
    return statistics.median(done) if len(done) == len(times) and done else None


def shown(value):
    return f"{value:8.3f}" if value is not None else "    over"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("trees", type=Path)
    parser.add_argument("scram", type=Path)
    root = Path(__file__).resolve().parents[2]
    target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    parser.add_argument("--ours", type=Path, default=target / "release/cocarde")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=40, help="seconds of CPU for one run")
    parser.add_argument("--list", action="store_true", help="ours lists every cut set too")
    options = parser.parse_args()

    scratch = Path(tempfile.mkdtemp(prefix="cutsets-"))
    output = scratch / "out"
    ratios = []
    differ = []
    print("tree            cut sets   ours s    bdd s   zbdd s   ratio  ours MiB")
    for tree in sorted(options.trees.glob("*.xml")):
        times = {"ours": [], **{a: [] for a in ALGORITHMS}}
        counts = {}
        memory = 0
        what = "--list" if options.list else "--count"
        for _ in range(options.rounds):
            spent, peak = run([options.ours, "resilience", "--fault-tree", tree, what], output, options.limit)
            times["ours"].append(spent)
            memory = max(memory, peak)
            if spent is not None:
                text = open(output, "rb")
                counts["ours"] = sum(1 for _ in text) if options.list else int(text.read())
            for algorithm in ALGORITHMS:
                # What did not finish once is not tried again.
                if None in times[algorithm]:
                    continue
                spent, _ = run([options.scram, f"--{algorithm}", tree, "-o", output], os.devnull, options.limit)
                times[algorithm].append(spent)
                if spent is not None:
                    counts[algorithm] = products(output)
        if len(set(counts.values())) > 1:
            differ.append((tree.stem, counts))
        ours = middle(times["ours"])
        peers = [m for m in (middle(times[a]) for a in ALGORITHMS) if m is not None]
        ratio = max(ours, 0.001) / max(min(peers), 0.001) if ours is not None and peers else None
        if ratio is not None:
            ratios.append((ratio, tree.stem))
        count = counts.get("ours", "?")
        told = f"{ratio:7.3f}" if ratio is not None else "      -"
        print(
            f"{tree.stem:12} {count:>12} {shown(ours)} "
            f"{shown(middle(times['bdd']))} {shown(middle(times['zbdd']))} {told} {memory / 1024:9.0f}",
            flush=True,
        )
    if ratios:
        mean = math.exp(statistics.fmean(math.log(r) for r, _ in ratios))
        worst = max(ratios)
        print(f"geometric mean of {len(ratios)} trees both finish: {mean:.3f}; worst {worst[0]:.3f} ({worst[1]})")
    for stem, counts in differ:
        print(f"{stem}: counts differ: {counts}")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
