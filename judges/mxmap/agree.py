#!/usr/bin/env python3
"""Compares `cocarde classify` with a published study of municipal mail.

    judges/mxmap/agree.py providers_ch.json [--country CH] [--cocarde PATH] [--all]

Only raw facts reach `cocarde classify`: MX and SPF as recorded, and from the signals'
texts the host names, alias targets and autonomous system numbers with the country that
the registry writes beside them. Whatever the study concluded from them («matches …»,
«tenant detected», its class) is left out, and so are signals that hold nothing else.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

DKIM = re.compile(r"^DKIM (\S+) CNAME → (\S+)$")
AUTODISCOVER = re.compile(r"^autodiscover (?:CNAME|SRV) → (\S+)$")
CHAIN = re.compile(r"^CNAME chain (\S+) → (\S+)$")
NETWORK = re.compile(r"^(SPF ip4/a )?ASN (\d+) registered in ([A-Z]{2})\b")
# The study's names for the operators that it tells apart, by the names in knowledge/operators.
NAMED = {"microsoft": "microsoft", "google": "google", "aws": "aws"}


def observation(record):
    """The raw facts of a record, in the form of `cocarde schema observation`."""
    domain = record["domain"]
    seen = {"domain": domain, "mx": record.get("mx") or []}
    if record.get("spf"):
        seen["spf"] = record["spf"]
    lists = collections.defaultdict(list)
    for signal in record["classification_signals"]:
        text = signal["detail"]
        if found := DKIM.match(text):
            lists["dkim"].append({"name": found[1], "target": found[2]})
        elif found := AUTODISCOVER.match(text):
            lists["autodiscover"].append({"name": f"autodiscover.{domain}", "target": found[1]})
        elif found := CHAIN.match(text):
            lists["aliases"].append({"name": found[1], "target": found[2]})
        elif found := NETWORK.match(text):
            of = "spf" if found[1] else "mx"
            lists["networks"].append({"of": of, "asn": int(found[2]), "registered": found[3]})
    return seen | lists


def our_class(answer, country):
    """The study's words for our answer on the host of the mailboxes."""
    operator = (answer["operator"] or {}).get("id")
    if answer["rule"] in UNDECIDED:
        return "unknown"
    if answer["rule"] not in BY_PLACE and operator in NAMED.values():
        return next(word for word, id in NAMED.items() if id == operator)
    places = {n["registered"] for n in answer["networks"]} - {None}
    if not places:
        return "unknown"
    return "domestic" if country in places else "foreign"


# Rules that name nobody, and rules that name only whose network it is.
UNDECIDED = {"hidden", "no-mx"}
BY_PLACE = {"unnamed", "unnamed-network"}


def reason(answer):
    """Our answer in one line."""
    who = (answer["operator"] or {"name": "nobody named"})["name"]
    facts = ", ".join(f"{e['kind']} {e['seen']}" for e in answer["evidence"][:4])
    places = ", ".join(f"AS{n['asn']} ({n['registered']})" for n in answer["networks"][:3])
    others = ", ".join(c["operator"]["name"] for c in answer["otherwise"])
    line = f"{who} by {answer['rule']} ({answer['confidence']} %): {facts}; networks {places}"
    return line + (f"; signs also of {others}" if others else "")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("file", type=pathlib.Path)
    options.add_argument("--country", help="the population's own; else from the file's name")
    options.add_argument("--cocarde", default="cocarde", help="the program")
    options.add_argument("--observations", type=pathlib.Path, help="keep what was fed to it here")
    options.add_argument("--at-least", type=float, default=0, help="fail below that agreement, in %%")
    options = options.parse_args()
    country = (options.country or options.file.name.split(".")[0].rsplit("_", 1)[-1]).upper()
    records = json.loads(options.file.read_text())["municipalities"]
    # Without a domain there is nothing to classify.
    records = [r for r in records if r["domain"]]
    lines = "".join(json.dumps(observation(r), ensure_ascii=False) + "\n" for r in records)
    if options.observations:
        options.observations.write_text(lines)
    run = subprocess.run(
        [options.cocarde, "classify"], input=lines, text=True, stdout=subprocess.PIPE, check=True
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(records), "one classification a record"

    table, differing = collections.Counter(), []
    for record, ours in zip(records, answers):
        host = next(a for a in ours["answers"] if a["role"] == "mail-host")
        said = our_class(host, country)
        table[record["provider"], said] += 1
        if record["provider"] not in ("unknown", said):
            differing.append((record, said, host))
    for record, said, host in sorted(differing, key=lambda d: (d[0]["provider"], d[1], d[0]["domain"])):
        print(f"{record['domain']}: study {record['provider']}, we {said}: {reason(host)}")
    print("\nstudy → ours")
    for (theirs, said), n in sorted(table.items()):
        print(f"  {theirs:10} {said:10} {n:6}")
    judged = sum(n for (theirs, _), n in table.items() if theirs != "unknown")
    share = 100 * (judged - len(differing)) / max(judged, 1)
    told = [r for r in records if r.get("override") and r["provider"] != "unknown"]
    apart = [d for d in differing if not d[0].get("override")]
    if told:
        rest = max(judged - len(told), 1)
        print(
            f"\nwithout the {len(told)} records that the study wrote by hand from what it was told: "
            f"{len(apart)} of {rest} differ, agreement {100 * (rest - len(apart)) / rest:.2f} %"
        )
    print(f"\n{judged} not left unknown, {len(differing)} differ, agreement {share:.2f} %")
    return 0 if share >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
