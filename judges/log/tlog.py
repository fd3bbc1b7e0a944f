"""Judges: PyPI `aics-tlog` and `tlog-scales` on a log's static files.

usage: tlog.py COCARDE LOG INDEX..., from the environment that has the packages.
`aics-tlog` verifies the checkpoint, every tile and entry against it, and the proofs that
`cocarde log prove` writes; `tlog-scales` makes these proofs itself, byte for byte.
"""

import base64
import pathlib
import subprocess
import sys

from aics_tlog import (FileSystemTileReader, VerifiedTileReader, audit_tiles, parse_vkey,
                       verify_checkpoint, verify_leaf_inclusion)
from aics_tlog.note import parse_note

cocarde, log, *indexes = sys.argv[1:]
log = pathlib.Path(log).resolve()
key = parse_vkey((log / "key").read_text().strip())
signed = (log / "checkpoint").read_text()


def fail(why):
    sys.exit(f"FAILED: {why}")


checkpoint = verify_checkpoint(parse_note(signed), key)
if not checkpoint.ok:
    fail(f"checkpoint: {checkpoint}")
for at in (3, len(signed) // 2, len(signed) - 12):
    other = "A" if signed[at] != "A" else "B"
    try:
        if verify_checkpoint(parse_note(signed[:at] + other + signed[at + 1:]), key).ok:
            fail(f"checkpoint accepted with its character {at} changed")
    except ValueError:
        pass
size, root = checkpoint.size, checkpoint.root
reader = FileSystemTileReader(log)
audit_tiles(reader, size, root)
verified = VerifiedTileReader(reader, size, root)
scales = pathlib.Path(sys.executable).parent / "tlog-tiles"
for index in map(int, indexes):
    proof = subprocess.run([cocarde, "log", "prove", log, "--index", str(index)],
                           capture_output=True, text=True, check=True).stdout
    made = subprocess.run([scales, "gen-proof", log, str(index)], capture_output=True, text=True, check=True).stdout
    if made != proof:
        fail(f"tlog-scales makes another proof of entry {index}:\n{made}\n{proof}")
    head = proof.split("\n\n")[0].split("\n")
    path = [base64.b64decode(line) for line in head[2:]]
    entry = verified.entry(index)
    if not verify_leaf_inclusion(entry, index, size, path, root):
        fail(f"entry {index}")
    if verify_leaf_inclusion(entry + b"x", index, size, path, root):
        fail(f"a wrong entry is accepted at {index}")
print(f"aics-tlog, tlog-scales: {size} entries, {len(indexes)} proofs, the same bytes")
