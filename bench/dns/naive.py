#!/usr/bin/env python3
"""The naive plan for whole domains: eight questions for each, then its mail exchangers,
name servers and SPF includes, each followed for each domain anew.
usage: naive.py WORLD OUT [--clean]   writes OUT/naive.tsv and OUT/naive.<TYPE>.txt
--clean leaves out the domains that never answer."""
import os, re, sys

OWN = [("", "MX"), ("", "NS"), ("", "A"), ("", "AAAA"), ("", "TXT"),
       ("www.", "A"), ("autodiscover.", "A"), ("_dmarc.", "TXT")]
world, out = sys.argv[1], sys.argv[2]
clean = "--clean" in sys.argv
os.makedirs(out, exist_ok=True)
records, silent = {}, set()
for line in open(f"{world}/records.tsv"):
    name, kind, data = line.rstrip("\n").split("\t")
    if kind in ("MX", "NS", "TXT"):
        records.setdefault((name.rstrip("."), kind), []).append(data)
for line in open(f"{world}/faults.tsv"):
    name, kind = line.rstrip("\n").split("\t")
    if kind == "DROP":
        silent.add(name.rstrip("."))


def spf(name, depth=0):
    """Questions for the records that `name`'s SPF record leads to, repeats and all."""
    for text in records.get((name, "TXT"), []):
        if text.strip('"').startswith("v=spf1") and depth < 10:
            for target in re.findall(r"(?:include:|redirect=)(\S+?)[\s\"]", text):
                yield target, "TXT"
                yield from spf(target, depth + 1)


files = {}
with open(f"{out}/naive.tsv", "w") as all_questions:
    for domain in map(str.strip, open(f"{world}/domains.txt")):
        if clean and domain in silent:
            continue
        questions = [(prefix + domain, kind) for prefix, kind in OWN]
        hosts = [r.split()[1].rstrip(".") for r in records.get((domain, "MX"), [])]
        hosts += [r.rstrip(".") for r in records.get((domain, "NS"), [])]
        questions += [(host, kind) for host in hosts for kind in ("A", "AAAA")]
        questions += spf(domain)
        for name, kind in questions:
            all_questions.write(f"{name}\t{kind}\n")
            if kind not in files:
                files[kind] = open(f"{out}/naive.{kind}.txt", "w")
            files[kind].write(name + "\n")
