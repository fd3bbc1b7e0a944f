#!/usr/bin/env python3
"""CPU per completed domain, side by side, answers against the truth, and memory; see README.md.
usage: run.py WORLD --authd PATH [--cocarde PATH] [--lookup PATH] [--massdns PATH]
              [--hickory PATH] [--rounds 3] [--work DIR]
              [--parts names,domains,answers,knot,memory]"""
import argparse, json, os, re, signal, socket, subprocess, sys, time
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
p.add_argument("--parts", default="names,domains,answers,knot,memory")
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


def expected():
    """`(name, type)` to `(status, records)` for all domains that answer."""
    truth = {}
    for line in open(f"{a.world}/expected.tsv"):
        name, kind, status, count = line.split()
        if status != "DROP":
            truth[(name, kind)] = (status, int(count))
    return truth


def complete_names():
    """Whether the last round's answers were whole, ours and massdns's."""
    truth = expected()
    for line in open(f"{a.work}/lookup.out"):
        name, kind, status, count, *_ = line.rstrip("\n").split("\t")
        if truth.pop((name, kind), None) != (status, int(count)):
            sys.exit(f"wrong answer: {line}")
    print(f"  cocarde: {len(truth)} questions without an answer, all others equal to the truth")
    if a.massdns:
        named = {kind: {line.split(" ", 1)[0].rstrip(".") for line in open(f"{a.work}/massdns.{kind}.out")}
                 for kind in ("MX", "NS", "A", "AAAA", "TXT")}
        live = [key for key, (_, count) in expected().items() if count]
        lost = sum(name not in named[kind] for name, kind in live)
        print(f"  massdns: {lost} of {len(live)} questions with records without an answer", flush=True)


def scan_of(names, config, out, resolver=True):
    subprocess.run(["rm", "-rf", out], check=True)
    to = ["--resolver", a.addr] if resolver else []
    return [a.cocarde, "--lang", "en", "scan", names, "--out", out, *to, "--test-world",
            "--config", config]


def scan():
    return [scan_of(f"{a.work}/clean.txt", f"{a.work}/scan.toml", f"{a.work}/scan")]


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

    return lambda: [scan_of(names, f"{a.work}/{part}.toml", f"{a.work}/scan.{part}")
                    for names, part in commands]


def compare(title, runs, ours, domains):
    taken = {name: [] for name in runs}
    for number in range(a.rounds):
        for name, commands in runs.items():
            seconds, said = cpu(*commands())
            taken[name].append(seconds)
            print(f"  round {number + 1} {name}: {seconds:.2f} s CPU, "
                  f"{seconds / domains * 1e6:.1f} µs/domain  {said[-1][:150]}", flush=True)
    print(title)
    for name, all_taken in taken.items():
        ratios = [o / t for o, t in zip(taken[ours], all_taken)]
        print(f"  {name:24} {median(all_taken) / domains * 1e6:8.1f} µs/domain   "
              f"{ours} / {name} = {median(ratios):.3f}", flush=True)


def check(title, command, *more):
    """One scan of the whole world, silent domains included, every answer against the truth."""
    seconds, _ = cpu(command)
    out = command[command.index("--out") + 1]
    told = subprocess.run([sys.executable, f"{HERE}/check_scan.py", a.world,
                           f"{out}/evidence.jsonl", *more], stdout=subprocess.PIPE, text=True)
    print(f"Answers, {title} ({seconds:.2f} s CPU): {told.stdout.strip()}", flush=True)
    if told.returncode:
        sys.exit("answers differ from the truth")


def serves(address, port, zone):
    """Whether the server answers for a zone with its SOA record."""
    name = b"".join(bytes([len(label)]) + label.encode() for label in zone.split(".")) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(1)
        udp.sendto(b"\0\1\0\0\0\1\0\0\0\0\0\0" + name + b"\0\6\0\1", (address, port))
        try:
            answer = udp.recv(4096)
        except OSError:
            return False
    return answer[3] & 15 == 0 and answer[7] > 0


def knot():
    """The same with knot as the authority, the scan going down from the root itself."""
    address, port = re.search(r"listen: (\S+)@(\d+)", open(f"{a.world}/knot.conf").read()).groups()
    with open(f"{a.work}/knot.toml", "w") as f:
        f.write(open(f"{HERE}/scan.toml").read())
        f.write(f'\n[iteration]\nroot = ["{address}:{port}"]\nport = {port}\n')
    path = os.environ["PATH"] + ":/usr/sbin"
    server = subprocess.Popen(["taskset", "-c", "0", "knotd", "-c", f"{a.world}/knot.conf"],
                              env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)  # it names each lame domain's missing file
    try:
        zones = re.findall(r"- domain: (\S+)", open(f"{a.world}/knot.conf").read())
        # It listens before it has read its zones, the lame ones excepted: those have no file.
        last = next(z for z in reversed(zones) if os.path.exists(f"{a.world}/zones/{z}.zone"))
        for _ in range(600):
            if all(serves(address, int(port), zone) for zone in (zones[0], zones[-1], last)):
                break
            time.sleep(0.5)
        check("knot", scan_of(f"{a.world}/domains.txt", f"{a.work}/knot.toml",
                              f"{a.work}/scan.knot", resolver=False), "--knot")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def memory(lines=1_000_000):
    """Peaks over a list of a million lines: the world's domains, over and over."""
    with open(f"{a.work}/million.txt", "w") as f:
        for i in range(lines):
            f.write(clean[i % len(clean)] + "\n")
    command = scan_of(f"{a.work}/million.txt", f"{a.work}/scan.toml", f"{a.work}/scan.million")
    child = subprocess.Popen(["taskset", "-c", "1", *command], stderr=subprocess.DEVNULL)
    peaks = {}
    while True:
        done, status, _ = os.wait4(child.pid, os.WNOHANG)
        if done:
            break
        for line in open(f"/proc/{child.pid}/status"):
            key, _, rest = line.partition(":")
            if key in ("RssAnon", "RssFile", "VmHWM"):
                peaks[key] = max(peaks.get(key, 0), int(rest.split()[0]))
        time.sleep(0.05)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"the scan of a million lines failed ({child.returncode})")
    size = os.path.getsize(f"{a.work}/scan.million/evidence.jsonl")
    print(f"Memory, {lines} lines: {peaks['VmHWM'] / 1024:.1f} MiB at most for the whole process; "
          f"of its own {peaks['RssAnon'] / 1024:.1f}, the program's pages "
          f"{peaks['RssFile'] / 1024:.1f}; {size / 1e9:.2f} GB of evidence", flush=True)


silent = {l.split("\t")[0].rstrip(".") for l in open(f"{a.world}/faults.tsv") if "DROP" in l}
clean = [d for d in map(str.strip, open(f"{a.world}/domains.txt")) if d not in silent]
with open(f"{a.work}/clean.txt", "w") as f:
    f.writelines(d + "\n" for d in clean)
subprocess.run([sys.executable, f"{HERE}/naive.py", a.world, a.work, "--clean"], check=True)
server = subprocess.Popen(["taskset", "-c", "0", a.authd, a.world, a.addr],
                          stderr=subprocess.PIPE, text=True)
try:
    first = server.stderr.readline()
    if not first.startswith("ready"):
        sys.exit(f"{a.authd} does not serve: {first.strip()}")
    if "names" in a.parts:
        runs = {"cocarde": lambda: lookup(f"{a.world}/q.clean.tsv")}
        if a.massdns:
            kinds = ["MX", "NS", "A", "AAAA", "TXT"]
            runs["massdns"] = lambda: massdns(f"{a.world}/clean", kinds)
        if a.hickory:
            runs["hickory"] = lambda: [[a.hickory, f"{a.world}/q.clean.tsv", a.addr]]
        compare("Eight questions a domain", runs, "cocarde", len(clean))
        complete_names()
    if "domains" in a.parts:
        runs = {"scan": scan, "naive, by scans": naive_scans(),
                "naive, our engine": lambda: lookup(f"{a.work}/naive.tsv")}
        if a.massdns:
            runs["naive, massdns"] = lambda: massdns(f"{a.work}/naive", ["MX", "NS", "A", "AAAA", "TXT"])
        compare("Whole domains", runs, "scan", len(clean))
        naive = sum(1 for _ in open(f"{a.work}/naive.tsv"))
        sent = json.load(open(f"{a.work}/scan/manifest.json"))["last_run"]["sent"]
        print(f"  queries: scan {sent}, naive {naive}: {sent / naive:.3f}")
    if "answers" in a.parts:
        check("harness server", scan_of(f"{a.world}/domains.txt", f"{a.work}/scan.toml",
                                        f"{a.work}/scan.whole"))
    if "memory" in a.parts:
        memory()
finally:
    server.send_signal(signal.SIGTERM)
    server.wait()
if "knot" in a.parts:
    knot()
