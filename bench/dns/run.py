#!/usr/bin/env python3
"""CPU per completed domain, side by side; see README.md.
usage: run.py WORLD --authd PATH [--cocarde PATH] [--lookup PATH] [--massdns PATH]
              [--hickory PATH] [--rounds 3] [--work DIR] [--parts names,domains]"""
import argparse, json, os, signal, subprocess, sys, time
from statistics import median

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
p = argparse.ArgumentParser()
p.add_argument("world")
p.add_argument("--authd", required=True)
p.add_argument("--cocarde", default=f"{ROOT}/target/release/cocarde")
p.add_argument("--lookup", default=f"{ROOT}/target/release/examples/lookup")
p.add_argument("--massdns")
p.add_argument("--hickory")
p.add_argument("--rounds", type=int, default=3)
p.add_argument("--work", default="/tmp/cocarde-bench-dns")
p.add_argument("--addr", default="127.0.1.1:5301")
p.add_argument("--parts", default="names,domains")
a = p.parse_args()
os.makedirs(a.work, exist_ok=True)
with open(f"{a.work}/resolvers.txt", "w") as f:
    f.write(a.addr + "\n")
with open(f"{a.work}/scan.toml", "w") as f:
    f.write(open(f"{HERE}/scan.toml").read())


def cpu(*commands):
    """CPU seconds (user + system) of finished processes, and their outputs' last lines."""
    total, said = 0.0, []
    for command in commands:
        child = subprocess.Popen(["taskset", "-c", "1", *command], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        out = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{command[0]} failed ({child.returncode}): {out[-500:]}")
        total += usage.ru_utime + usage.ru_stime
        said.append((out.strip().splitlines() or [""])[-1])
    return total, said


def massdns(prefix, kinds):
    """One run for each type, at the default number of tries."""
    return [[a.massdns, "-r", f"{a.work}/resolvers.txt", "-t", kind, "-o", "S", "-q", "--root",
             "-w", f"{a.work}/massdns.{kind}.out", f"{prefix}.{kind}.txt"] for kind in kinds]


def lookup(questions):
    return [[a.lookup, questions, f"{a.work}/lookup.out", a.addr]]


def scan():
    out = f"{a.work}/scan"
    subprocess.run(["rm", "-rf", out], check=True)
    return [[a.cocarde, "--lang", "en", "scan", f"{a.work}/clean.txt", "--out", out,
             "--resolver", a.addr, "--test-world", "--config", f"{a.work}/scan.toml"]]


def naive_scans():
    """The naive plan by the scan itself, evidence and table included: every domain's own
    questions, then the hosts and the SPF records of each anew, as lists with repeats."""
    clean = {line.strip() for line in open(f"{a.work}/clean.txt")}
    front = ("www.", "autodiscover.", "_dmarc.")
    lists = {"hosts": ("A", ["@ A", "@ AAAA"]), "spf": ("TXT", ["@ TXT"])}
    config = open(f"{HERE}/scan.toml").read()
    alone = "mail_hosts = false\nname_servers = false\nspf = false\n\n[pace]"
    with open(f"{a.work}/own.toml", "w") as f:
        f.write(config.replace("[pace]", alone))
    commands = [(f"{a.work}/clean.txt", "own")]
    for part, (kind, own) in lists.items():
        with open(f"{a.work}/{part}.txt", "w") as f:
            for line in open(f"{a.work}/naive.tsv"):
                name, asked = line.split()
                theirs = name in clean or (name.startswith(front) and name.split(".", 1)[1] in clean)
                if asked == kind and not theirs:
                    f.write(name + "\n")
        head, rest = config.split("[questions]")
        with open(f"{a.work}/{part}.toml", "w") as f:
            pace = rest[rest.index("[pace]"):].replace("[pace]", alone)
            f.write(f"{head}[questions]\nown = {json.dumps(own)}\n{pace}")
        commands.append((f"{a.work}/{part}.txt", part))

    def run():
        outs = [f"{a.work}/scan.{part}" for _, part in commands]
        subprocess.run(["rm", "-rf", *outs], check=True)
        return [[a.cocarde, "--lang", "en", "scan", names, "--out", out, "--resolver", a.addr,
                 "--test-world", "--config", f"{a.work}/{part}.toml"]
                for (names, part), out in zip(commands, outs)]
    return run


def compare(title, runs, ours, domains):
    taken = {name: [] for name in runs}
    for number in range(a.rounds):
        for name, commands in runs.items():
            seconds, said = cpu(*commands())
            taken[name].append(seconds)
            print(f"  round {number + 1} {name}: {seconds:.2f} s CPU, "
                  f"{seconds / domains * 1e6:.1f} µs/domain  {said[-1][:150]}", flush=True)
    print(title)
    base = median(taken[ours])
    for name, all_taken in taken.items():
        ratios = [o / t for o, t in zip(taken[ours], all_taken)]
        print(f"  {name:24} {median(all_taken) / domains * 1e6:8.1f} µs/domain   "
              f"{ours} / {name} = {median(ratios):.3f}", flush=True)
    return base


silent = {l.split("\t")[0].rstrip(".") for l in open(f"{a.world}/faults.tsv") if "DROP" in l}
clean = [d for d in map(str.strip, open(f"{a.world}/domains.txt")) if d not in silent]
with open(f"{a.work}/clean.txt", "w") as f:
    f.writelines(d + "\n" for d in clean)
subprocess.run([sys.executable, f"{HERE}/naive.py", a.world, a.work, "--clean"], check=True)
server = subprocess.Popen(["taskset", "-c", "0", a.authd, a.world, a.addr],
                          stderr=subprocess.PIPE, text=True)
try:
    server.stderr.readline()
    if "names" in a.parts:
        runs = {"cocarde": lambda: lookup(f"{a.world}/q.clean.tsv")}
        if a.massdns:
            kinds = ["MX", "NS", "A", "AAAA", "TXT"]
            runs["massdns"] = lambda: massdns(f"{a.world}/clean", kinds)
        if a.hickory:
            runs["hickory"] = lambda: [[a.hickory, f"{a.world}/q.clean.tsv", a.addr]]
        compare("Eight questions a domain", runs, "cocarde", len(clean))
    if "domains" in a.parts:
        runs = {"scan": scan, "naive, by scans": naive_scans(),
                "naive, our engine": lambda: lookup(f"{a.work}/naive.tsv")}
        if a.massdns:
            runs["naive, massdns"] = lambda: massdns(f"{a.work}/naive", ["MX", "NS", "A", "AAAA", "TXT"])
        compare("Whole domains", runs, "scan", len(clean))
        naive = sum(1 for _ in open(f"{a.work}/naive.tsv"))
        sent = json.load(open(f"{a.work}/scan/manifest.json"))["last_run"]["sent"]
        print(f"  queries: scan {sent}, naive {naive}: {sent / naive:.3f}")
finally:
    server.send_signal(signal.SIGTERM)
    server.wait()
