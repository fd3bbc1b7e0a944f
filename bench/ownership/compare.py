"""Compares our shares with scipy's: the largest difference over all entities
and jurisdictions. Fails above 1e-9.

usage: compare.py DIRECTORY lu|series
"""
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp


def main():
    path, way = Path(sys.argv[1]), sys.argv[2]
    theirs = np.load(path / f"scipy_{way}.npz")
    n = (path / "jurisdiction.u16").stat().st_size // 2
    entity = np.fromfile(path / "ours.entity.u32", dtype="<u4")
    column = np.fromfile(path / "ours.column.u16", dtype="<u2")
    share = np.fromfile(path / "ours.share.f64", dtype="<f8")
    width = 1 + max(int(column.max()), int(theirs["column"].max()))
    ours = sp.csr_matrix((share, (entity, column)), shape=(n, width))
    rows = np.repeat(theirs["used"], np.diff(theirs["first"]))
    peer = sp.csr_matrix((theirs["share"], (rows, theirs["column"])), shape=(n, width))
    worst = abs(ours - peer).max()
    print(f"{way}: {ours.nnz} shares, largest difference {worst:.1e}")
    sys.exit(int(worst > 1e-9))


if __name__ == "__main__":
    main()
