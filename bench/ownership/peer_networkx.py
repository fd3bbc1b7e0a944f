"""The same integrated shares with NetworkX, for one jurisdiction: condensation,
components in topological order, a small dense solve for each loop.

usage: peer_networkx.py DIRECTORY JURISDICTION    prints seconds of CPU for that one
"""
import sys
import time
from pathlib import Path

import networkx as nx
import numpy as np

from peer_scipy import load


def main():
    holder, held, share, jurisdiction = load(Path(sys.argv[1]))
    wanted = int(sys.argv[2])
    start = time.process_time()
    graph = nx.DiGraph()
    for h, e, s in zip(holder.tolist(), held.tolist(), share.tolist()):
        if graph.has_edge(h, e):
            graph[h][e]["share"] += s
        else:
            graph.add_edge(h, e, share=s)
    y = {}
    order = nx.condensation(graph)
    for node in nx.topological_sort(order):
        members = list(order.nodes[node]["members"])
        place = {e: i for i, e in enumerate(members)}
        left, right = np.eye(len(members)), np.zeros(len(members))
        for e in members:
            for h, _, s in graph.in_edges(e, data="share"):
                right[place[e]] += s * (jurisdiction[h] == wanted)
                if h in place:
                    left[place[e], place[h]] -= s
                else:
                    right[place[e]] += s * y[h]
        solved = np.linalg.solve(left, right) if len(members) > 1 else right
        y.update(zip(members, solved.tolist()))
    print(f"{time.process_time() - start:.3f}")


if __name__ == "__main__":
    main()
