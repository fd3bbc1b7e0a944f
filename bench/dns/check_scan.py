#!/usr/bin/env python3
"""Compares a scan's evidence with the world's truth, record by record.
usage: check_scan.py WORLD EVIDENCE [--knot]
--knot: there a domain that never answers has no zone, so that SERVFAIL is the truth."""
import json, sys

world, path = sys.argv[1], sys.argv[2]
knot = "--knot" in sys.argv
records, faults, expected = {}, {}, {}
for line in open(f"{world}/records.tsv"):
    name, kind, data = line.rstrip("\n").split("\t")
    records.setdefault((name.rstrip("."), kind), set()).add(data)
for line in open(f"{world}/faults.tsv"):
    name, kind = line.rstrip("\n").split("\t")
    faults[name.rstrip(".")] = kind
for line in open(f"{world}/expected.tsv"):
    name, kind, status, count = line.rstrip("\n").split("\t")
    word = {"DROP": "SERVFAIL" if knot else "TIMEOUT"}.get(status, status)
    expected[(name, kind)] = (word, int(count))
names = {name for name, _ in records}


def shown(kind, data):
    """A record of the world as the scan shows it."""
    return " ".join(w.rstrip(".") for w in data.split()) if kind in ("MX", "NS", "SOA") else data


def truth(name, kind):
    """Status, records and aliases by walking the records."""
    chain = []
    while (name, kind) not in records and (name, "CNAME") in records:
        name = next(iter(records[(name, "CNAME")])).rstrip(".")
        chain.append(name)
    data = {shown(kind, r) for r in records.get((name, kind), ())}
    return ("NOERROR" if name in names else "NXDOMAIN"), data, chain


seen, wrong, lost, hosts = set(), [], [], set()
for line in open(path):
    line = json.loads(line)
    for a in line["answers"]:
        key = (a["name"], a["type"])
        got = (a["status"], len(a.get("records", [])) + len(a.get("chain", [])))
        if key in seen:
            wrong.append((key, "twice"))
        seen.add(key)
        if line["role"] != "domain":
            hosts.add(key)
        status, data, chain = truth(*key)
        if line["role"] != "domain" or not faults.get(line["subject"]):
            answer = (a["status"], set(a.get("records", [])), a.get("chain", []))
            if answer != (status, data, chain):
                wrong.append((key, answer, (status, data, chain)))
        want = expected.get(key)
        if want and want != got:
            wrong.append((key, got, want))
            if want[0] == "NOERROR":
                lost.append(key)
own = {k for k in seen if k in expected}
missing = [k for k in expected if k not in seen]
lost += [k for k in missing if expected[k][0] == "NOERROR"]
print(f"questions {len(expected)} answered {len(own)} missing {len(missing)} "
      f"shared {len(hosts)} wrong {len(wrong)} live names lost {len(lost)}")
for example in wrong[:5] + missing[:5]:
    print("  ", example)
sys.exit(bool(wrong or missing or lost))
