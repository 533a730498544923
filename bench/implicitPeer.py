"""Compares collaborative with `implicit` (Python) on Gowalla at equal rank, epochs, machine and threads: seconds, Recall@20.

    python3 -m venv /tmp/py && /tmp/py/bin/pip install implicit==0.7.3 numpy scipy    # once, outside the checkout
    OPENBLAS_NUM_THREADS=1 /tmp/py/bin/python bench/implicitPeer.py [--ranks 64,128,256] [--threads 1,2] [--users 5000]

Equal: the data (every pair has weight 1), rank, epochs, the weight of zeros. Our loss is w·(x·y - 1)² over pairs and
a₀·(x·y)² over everything; implicit's is c·(x·y - 1)² over pairs and (x·y)² over the rest. Ours divided by a₀ gives c = 1 +
1/a₀ (`alpha` = 1/a₀) and a ridge of λ_u/a₀. Different: implicit's target of a pair is 1, ours is effectively 1/(1 + a₀);
implicit's ridge is one number for all rows, ours grows with the entries of a row (`ours, flat` switches that off and is
the closest to the same problem). By default implicit solves rows by three steps of conjugate gradients, which is fast and
approximate (`cg`); `cholesky` solves them exactly, as we do.

λ of implicit and of `ours, flat` was chosen for implicit at rank 64 on a random fifth of the training pairs (--validate
prints that table); `ours` uses our defaults. Seconds are per epoch: implicit's `fit` divided by epochs, our median epoch.
On a busy machine compare the processor time. Both rank the same first users of the file among all products.
"""

import argparse
import gzip
import os
import platform
import re
import subprocess
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import implicit  # noqa: E402
import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402
from implicit.als import AlternatingLeastSquares  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
USERS, PRODUCTS = 29_858, 40_981


def read_pairs(path):
    """Reads lines of `user item item …` as a sparse 0/1 matrix."""
    rows, columns = [], []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            user, *items = map(int, line.split())
            rows += [user] * len(items)
            columns += items
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (USERS, PRODUCTS))
    matrix.data[:] = 1
    return matrix


def recall_at_20(user_factors, product_factors, train, test, limit):
    """Mean recall of the first `limit` users with test pairs, among the best 20 products that were not in training."""
    asked = [user for user in range(USERS) if test.indptr[user] < test.indptr[user + 1]][:limit]
    recalls = []
    for start in range(0, len(asked), 512):
        users = asked[start : start + 512]
        scores = user_factors[users] @ product_factors.T
        scores[train[users].nonzero()] = -np.inf
        best = np.argpartition(-scores, 20, axis=1)[:, :20]
        for place, user in enumerate(users):
            wanted = test.indices[test.indptr[user] : test.indptr[user + 1]]
            recalls.append(np.isin(best[place], wanted).sum() / len(wanted))
    return float(np.mean(recalls))


def run_implicit(train, test, options, rank, threads, use_cg, ridge):
    model = AlternatingLeastSquares(
        factors=rank, iterations=options.epochs, regularization=ridge / options.zero_weight,
        alpha=1 / options.zero_weight, use_gpu=False, use_cg=use_cg, num_threads=threads, random_state=1,
    )  # fmt: skip
    wall, processor = time.perf_counter(), time.process_time()
    model.fit(train, show_progress=False)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return wall / options.epochs, processor / options.epochs, recall_at_20(model.user_factors, model.item_factors, train, test, options.users)


def run_ours(options, rank, threads, exponent, ridge):
    """Runs bench/als.ts on as many cores; returns the median seconds of an epoch, and recall."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    command = ["taskset", "-c", ",".join(map(str, cores)), "node", str(ROOT / "scripts/bench.mjs"), "als"]
    given = {
        "ranks": rank, "threads": threads, "epochs": options.epochs, "unobservedWeight": options.zero_weight,
        "regularization": ridge, "regularizationExponent": exponent, "limitUsers": options.users,
    }  # fmt: skip
    command += [f"--{name}={value}" for name, value in given.items()]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wall = float(re.search(r"median epoch ([\d.]+) s", answer)[1])
    processor = float(re.search(r"([\d.]+) s of processor time", answer)[1])
    recall = float(re.search(r"recall@20 ([\d.]+)", answer)[1])
    return wall, processor, recall


def validate(options, train):
    """Prints the recall of implicit for several λ on a random fifth of the training pairs."""
    kept = np.random.default_rng(7).random(train.nnz) > 0.2
    coo = train.tocoo()
    inner, held = (
        sparse.csr_matrix((coo.data[which], (coo.row[which], coo.col[which])), train.shape) for which in (kept, ~kept)
    )
    for ridge in (0.03, 0.1, 0.3, 1.0):
        print(f"validation, rank 64, λ {ridge}: {run_implicit(inner, held, options, 64, 1, True, ridge)[2]:.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", default="64,128,256")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--zero-weight", type=float, default=0.0159, help="a₀; ours by default, 24 · 810,128 pairs / all")
    parser.add_argument("--ridge", type=float, default=0.3, help="λ of the flat ridge")
    parser.add_argument("--users", type=int, default=5000, help="so many are asked about, the first of the file")
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data/gowalla"))
    parser.add_argument("--validate", action="store_true")
    options = parser.parse_args()
    files = [f"{options.data}/{name}.txt.gz" for name in ("train", "test")]
    train, test = map(read_pairs, files)
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    versions = f"Python {platform.python_version()}, implicit {implicit.__version__}, numpy {np.__version__}, Node {node}"
    load = os.getloadavg()[0]
    print(f"{cpu}, {os.cpu_count()} cores, load {load:.1f}; {versions}; {options.epochs} epochs, a₀ {options.zero_weight}")
    if options.validate:
        return validate(options, train)
    print("seconds an epoch by the clock / of processor time, Recall@20")
    print("rank threads  implicit cg             implicit cholesky       ours, flat              ours                    processor time: cg/ours, cholesky/ours")
    for rank in map(int, options.ranks.split(",")):
        for threads in map(int, options.threads.split(",")):
            cells = [
                run_implicit(train, test, options, rank, threads, True, options.ridge),
                run_implicit(train, test, options, rank, threads, False, options.ridge),
                run_ours(options, rank, threads, 0, options.ridge),
                run_ours(options, rank, threads, 1, 0.003),
            ]
            row = "  ".join(f"{wall:6.2f} /{processor:6.2f}  {recall:.4f}" for wall, processor, recall in cells)
            (_, cg, _), (_, cholesky, _), _, (_, own, _) = cells
            print(f"{rank:4d} {threads:7d}  {row}  {cg / own:.2f}, {cholesky / own:.2f}", flush=True)


if __name__ == "__main__":
    main()
