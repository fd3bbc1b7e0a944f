"""Writes a synthetic register with the shape of GLEIF's level 2 data.

Most entities stand alone; relations are few, mostly majorities, owned by a
heavy-tailed few; chains are some twenty steps deep; loops of 2 to 8 entities
occur, and one ring of 600 with chords. Raw little-endian arrays, so that both
sides read the same bytes without parsing:

holder.u32 held.u32 share.f64 jurisdiction.u16

usage: generate.py DIRECTORY [ENTITIES RELATIONS JURISDICTIONS SEED]
"""
import sys
from pathlib import Path

import numpy as np


def main():
    out = Path(sys.argv[1])
    n, m, countries, seed = (int(x) for x in (sys.argv[2:6] or (3_000_000, 500_000, 250, 1)))
    rng = np.random.default_rng(seed)
    out.mkdir(parents=True, exist_ok=True)

    # Those that take part in a relation, from the top of chains to the bottom.
    part = rng.permutation(n)[: int(m * 1.5)]
    level = np.arange(len(part))
    held = rng.integers(1, len(part), size=int(m * 1.02))
    # Heavy tail: a few own thousands. A quarter holds near itself: deep chains.
    far = (held * rng.random(len(held)) ** 6).astype(np.int64)
    near = np.maximum(held - 1 - rng.geometric(1 / 2000, size=len(held)), 0)
    holder = np.where(rng.random(len(held)) < 0.5, near, far)
    share = np.where(rng.random(len(held)) < 0.8, rng.uniform(0.51, 1.0, len(held)),
                     rng.uniform(0.05, 0.5, len(held)))

    # Loops: an ancestor is held back by a descendant of some steps.
    first = {}
    for h, e in zip(holder.tolist(), held.tolist()):
        first.setdefault(e, h)
    back_holder, back_held = [], []
    for bottom in rng.choice(held, size=2_000, replace=False).tolist():
        top = bottom
        for _ in range(rng.integers(1, 8)):
            top = first.get(top, top)
        if top != bottom:
            back_holder.append(bottom)
            back_held.append(top)
    # One large ring with chords.
    ring = rng.choice(level, size=600, replace=False)
    back_holder += ring.tolist() + rng.choice(ring, 900).tolist()
    back_held += np.roll(ring, 1).tolist() + rng.choice(ring, 900).tolist()
    back = rng.uniform(0.05, 0.4, len(back_holder))

    holder = np.concatenate([holder, back_holder])
    held = np.concatenate([held, back_held])
    share = np.concatenate([share, back])
    keep = holder != held
    holder, held, share = holder[keep][-m:], held[keep][-m:], share[keep][-m:]
    # No entity is held beyond 99 %: the rest is nobody's who is named.
    total = np.bincount(held, weights=share, minlength=len(part))
    share = share / np.maximum(1.0, total[held] / 0.99)

    popularity = 1.0 / np.arange(1, countries + 1) ** 1.1
    jurisdiction = rng.choice(countries, size=n, p=popularity / popularity.sum())
    part[holder].astype("<u4").tofile(out / "holder.u32")
    part[held].astype("<u4").tofile(out / "held.u32")
    share.astype("<f8").tofile(out / "share.f64")
    jurisdiction.astype("<u2").tofile(out / "jurisdiction.u16")
    print(f"{n} entities, {len(holder)} relations, {countries} jurisdictions")


if __name__ == "__main__":
    main()
