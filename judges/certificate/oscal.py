"""PyPI `oscal-validate` on the four OSCAL documents: accepts ours, finds them out changed.

usage: oscal.py OUT, from the environment that has the package.
"""

import collections
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

tool = pathlib.Path(sys.executable).parent / "oscal-validate"
folder = pathlib.Path(sys.argv[1]) / "oscal"


def findings(path):
    ran = subprocess.run([tool, "--resolve", folder, "--format", "json", path], capture_output=True, text=True)
    return collections.Counter(f["severity"] for f in json.loads(ran.stdout)["findings"])


def first(value, name):
    """The first object that has that name, at any depth."""
    if isinstance(value, dict):
        if name in value:
            return value
        value = list(value.values())
    if isinstance(value, list):
        return next((found for v in value if (found := first(v, name))), None)
    return None


def drop(name):
    return lambda d: first(d, name).pop(name)


def put(name, text):
    return lambda d: first(d, name).__setitem__(name, text)


broken = {
    "catalog": [drop("title"), put("uuid", "not-a-uuid"), drop("metadata")],
    "component-definition": [drop("last-modified"), put("control-id", "no-such-control"), put("uuid", "x")],
    "assessment-results": [drop("reviewed-controls"), put("uuid", "x"), drop("state")],
    "plan-of-action-and-milestones": [drop("poam-items"), put("observation-uuid", "x"), drop("version")],
}
held, unseen = 0, 0
for name, changes in broken.items():
    path = folder / f"{name}.json"
    seen = findings(path)
    if seen["ERROR"] or seen["WARNING"]:
        sys.exit(f"FAILED: {name}: {dict(seen)}")
    held, unseen = held + 1, unseen + seen["UNVERIFIABLE"]
    for number, change in enumerate(changes):
        document = copy.deepcopy(json.loads(path.read_text()))
        change(document)
        with tempfile.TemporaryDirectory() as temp:
            bad = pathlib.Path(temp) / path.name
            bad.write_text(json.dumps(document))
            if not findings(bad)["ERROR"]:
                sys.exit(f"FAILED: {name}: change {number} is not found out")
        held += 1
print(f"oscal-validate: {held} checks held; {unseen} points it says it cannot judge")
