#!/bin/sh
# Ours and its peers in turn on one synthetic register; see README.md.
# usage: bench/ownership/run.sh [ROUNDS]; PYTHON names a Python with numpy, scipy, networkx.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=${PYTHON:-python3}
data=${DATA:-$(mktemp -d)}
[ -f "$data/holder.u32" ] || "$python" "$here/generate.py" "$data"
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p cocarde-analysis --example ownership
ours=${CARGO_TARGET_DIR:-$root/target}/release/examples/ownership
export OPENBLAS_NUM_THREADS=1
round=0
while [ "$round" -lt "${1:-3}" ]; do
    round=$((round + 1))
    echo "round $round: seconds of CPU, peak MiB"
    echo "ours    $("$ours" "$data")"
    echo "lu      $("$python" "$here/peer_scipy.py" "$data" lu)"
    [ "$round" -gt 1 ] || echo "series  $("$python" "$here/peer_scipy.py" "$data" series)"
done
"$python" "$here/compare.py" "$data" lu
"$python" "$here/compare.py" "$data" series
echo "networkx, one jurisdiction of 250: $("$python" "$here/peer_networkx.py" "$data" 0) s"
