"""How much about the next purchases of a grocer's households can be learned at all? LightGBM with 45 features answers.

    python3 -m venv /tmp/py && /tmp/py/bin/pip install lightgbm==4.7.0 pandas scipy    # once, outside the checkout
    /tmp/py/bin/python bench/grocerPeer.py [--part validation|test] [--seed 1]

Equal to `affinity evaluate --task shop --preset complete-journey`: the data, the cut (before the latest tenth of the lines;
`validation` cuts the part before it once more), the shoppers, the columns `all` and `new`, ndcg@20 and coverage of all
products. Different: the learner sees the store of every purchase, which the import does not keep; it ranks some 700
candidates per household instead of the catalogue; it learns from the two tenths of the lines before the cut, with features
of what came before each. Its settings were chosen on neither part. About ten minutes on one core.
"""

import argparse
import os
import platform
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import scipy.sparse as sparse

ROOT = Path(__file__).resolve().parent.parent
LENGTH = 20
ROUNDS = 100
DISCOUNTS = 1 / np.log2(np.arange(LENGTH) + 2)
LEVELS = ["product_category", "product_type", "department", "manufacturer_id", "brand"]


def read_shop(folder):
    """Reads purchases in time order with rows instead of ids, and the level codes of every product."""
    products = pd.read_csv(f"{folder}/products.csv.gz")
    lines = pd.read_csv(f"{folder}/transactions_sample.csv.gz")
    lines = lines[(lines.quantity > 0) & (lines.sales_value > 0)].copy()
    lines["time"] = pd.to_datetime(lines.transaction_timestamp)
    lines = lines.sort_values("time", kind="stable").reset_index(drop=True)
    lines["item"] = lines.product_id.map({name: row for row, name in enumerate(products.product_id)})
    lines = lines.dropna(subset=["item"])
    lines["item"] = lines["item"].astype(int)
    lines["user"] = pd.factorize(lines.household_id, sort=True)[0]
    lines["store"] = pd.factorize(lines.store_id)[0]
    lines["price"] = np.log(lines.sales_value / lines.quantity)
    text = {level: products[level].fillna("?").astype(str) for level in LEVELS}
    text["product_type"] = text["product_category"] + "|" + text["product_type"]
    return lines, len(products), {level: pd.factorize(values)[0] for level, values in text.items()}


def counted(rows, columns, shape, weights=None):
    values = np.ones(len(rows)) if weights is None else weights
    return sparse.csr_matrix((values, (rows, columns)), shape)


def row_of(matrix, row):
    return matrix.getrow(row).toarray().ravel()


def solved(matrix, factors, ridge=30.0):
    """One half-sweep of implicit ALS with α = 1 (Hu et al. 2008, eq. 4)."""
    rank = factors.shape[1]
    gram, out = factors.T @ factors + ridge * np.eye(rank), np.zeros((matrix.shape[0], rank))
    for row in np.flatnonzero(np.diff(matrix.indptr)):
        own = factors[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]
        out[row] = np.linalg.solve(gram + own.T @ own, 2 * own.sum(0))
    return out


class Part:
    """Features of candidates from the lines before `cut`, labels from the lines [cut, end)."""

    def __init__(self, shop, cut, end, seed):
        lines, self.items, codes = shop
        known, self.later = lines.iloc[:cut], lines.iloc[cut:end]
        users = int(lines.user.max()) + 1
        user, item, store = known.user.values, known.item.values, known.store.values
        age = (known.time.iloc[-1] - known.time).dt.total_seconds().values / 86400
        self.bought = counted(user, item, (users, self.items))
        met = self.bought.copy()
        met.data[:] = 1
        self.popularity = np.asarray(met.sum(0)).ravel()
        self.recent = {days: np.bincount(item, 0.5 ** (age / days), self.items) for days in (14, 60)}
        self.by_store(user, item, store, (users, self.items))
        self.factors_of(met, seed)
        self.neighbours_of(met)
        self.levels = [
            (code, counted(user, code[item], (users, code.max() + 1)), counted(user, code[item], (users, code.max() + 1), 0.5 ** (age / 45)),
             counted(met.nonzero()[0], code[met.nonzero()[1]], (users, code.max() + 1)), np.bincount(code[item], minlength=code.max() + 1))
            for code in codes.values()
        ]  # fmt: skip
        counts = np.bincount(item, minlength=self.items)
        self.price = np.where(counts > 0, np.bincount(item, known.price, self.items) / np.maximum(counts, 1), np.nan)
        self.lines = np.bincount(user, minlength=users)
        self.own_price = np.bincount(user, known.price, users) / np.maximum(self.lines, 1)
        self.orders = known.groupby("user").basket_id.nunique().reindex(range(users)).fillna(0).values
        self.since = np.full(users, 999.0)
        np.minimum.at(self.since, user, age)
        self.last = dict(zip(zip(user, item), age))  # The lines ascend in time: the last one stays.

    def by_store(self, user, item, store, shape):
        stores = int(store.max()) + 1
        visits = counted(user, store, (shape[0], stores))
        visits = sparse.diags(1 / np.maximum(1, np.asarray(visits.sum(1)).ravel())) @ visits
        sales = counted(store, item, (stores, shape[1]))
        share = sparse.diags(1 / np.maximum(1, np.asarray(sales.sum(1)).ravel())) @ sales
        self.store_sales, self.store_share = (visits @ sales).tocsr(), (visits @ share).tocsr()

    def factors_of(self, met, seed, rank=32, sweeps=6):
        self.users, turned = np.random.default_rng(seed).normal(0, 0.1, (met.shape[0], rank)), met.T.tocsr()
        for _ in range(sweeps):
            self.products = solved(turned, self.users)
            self.users = solved(met, self.products)

    def neighbours_of(self, met, shrinkage=100):
        """Cosine with shrinkage; the diagonal is left out."""
        sold = np.flatnonzero(self.popularity)
        pairs = (met[:, sold].T @ met[:, sold]).tocoo()
        other = pairs.row != pairs.col
        norms = np.sqrt(self.popularity[sold][pairs.row] * self.popularity[sold][pairs.col])[other]
        rows, columns = sold[pairs.row[other]], sold[pairs.col[other]]
        self.near = (met @ counted(rows, columns, (self.items, self.items), pairs.data[other] / (norms + shrinkage))).tocsr()

    def candidates(self, user):
        code, counts, *_, total = self.levels[LEVELS.index("product_type")]
        by_type = row_of(counts, user)[code] * self.popularity / np.maximum(1, total[code])
        lists = [
            (self.popularity, 400), (self.recent[60], 300), (row_of(self.near, user), 200), (row_of(self.store_sales, user), 200),
            (self.products @ self.users[user], 150), (by_type, 150),
        ]  # fmt: skip
        best = [np.argpartition(-scores, count)[:count] for scores, count in lists]
        return np.unique(np.concatenate([*best, self.bought.getrow(user).indices]))

    def features(self, user, rows):
        bought, lines = row_of(self.bought, user)[rows], max(1, self.lines[user])
        columns = [
            np.log1p(self.popularity[rows]), *(np.log1p(sums[rows]) for sums in self.recent.values()),
            np.log1p(row_of(self.store_sales, user)[rows]), row_of(self.store_share, user)[rows],
            self.products[rows] @ self.users[user], row_of(self.near, user)[rows],
        ]  # fmt: skip
        for code, counts, recent, distinct, total in self.levels:
            own = [row_of(matrix, user)[code[rows]] for matrix in (counts, recent, distinct)]
            columns += [own[0], own[0] / lines, own[1], own[2], total[code[rows]], self.popularity[rows] / np.maximum(1, total[code[rows]])]
        alike = [self.lines[user], self.orders[user], self.since[user], self.own_price[user]]
        columns += [self.price[rows], self.price[rows] - self.own_price[user], *(np.full(len(rows), number) for number in alike)]
        columns += [bought, np.array([self.last.get((user, row), 999.0) for row in rows])]
        return np.stack(columns, 1).astype(np.float32)

    def build(self):
        wanted = self.later.groupby("user")["item"].agg(set)
        self.asked = [user for user in wanted.index if self.lines[user] > 0]
        self.wanted = [wanted[user] for user in self.asked]
        self.rows = [self.candidates(user) for user in self.asked]
        self.table = np.concatenate([self.features(user, rows) for user, rows in zip(self.asked, self.rows)])
        self.labels = np.concatenate([np.isin(rows, list(want)) for rows, want in zip(self.rows, self.wanted)]).astype(int)
        self.groups = [len(rows) for rows in self.rows]
        return self


def figures(part, scores):
    """Mean ndcg@20 with its standard error, and coverage, of `all` and `new`."""
    ends, text = np.cumsum(part.groups), []
    for column in ("all", "new"):
        values, shown = [], set()
        for user, rows, wanted, end in zip(part.asked, part.rows, part.wanted, ends):
            own = set(part.bought.getrow(user).indices) if column == "new" else set()
            left = wanted - own
            if not left:
                continue
            ranked = np.where(np.isin(rows, list(own)), -np.inf, scores[end - len(rows) : end])
            best = rows[np.argsort(-ranked, kind="stable")[:LENGTH]]
            shown |= set(best)
            values.append((np.isin(best, list(left)) * DISCOUNTS).sum() / DISCOUNTS[: len(left)].sum())
        error = np.std(values) / len(values) ** 0.5
        text.append(f"{column} {np.mean(values):.4f} ± {error:.4f} (coverage {len(shown) / part.items:.4f}, {len(values)} shoppers)")
    return "  ".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=str(ROOT.parent / "shared/data/complete-journey"))
    parser.add_argument("--part", choices=["validation", "test"], default="validation")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, LightGBM {lightgbm.__version__}, numpy {np.__version__}; {options.part}, seed {options.seed}")
    shop = read_shop(options.data)
    cuts = [len(shop[0])]
    for _ in range(4):
        cuts.append(int(cuts[-1] * 0.9))
    end, cut, *before = cuts[:4] if options.part == "test" else cuts[1:]
    asked = Part(shop, cut, end, options.seed).build()
    for name, column in (("popularity", 0), ("popularity of 60 days", 2), ("sales of the stores", 3), ("ALS", 5), ("cosine", 6)):
        print(f"{name:24s} {figures(asked, asked.table[:, column])}", flush=True)
    learned = [Part(shop, start, stop, options.seed).build() for start, stop in zip(before, [cut, *before])]
    table, labels = np.concatenate([part.table for part in learned]), np.concatenate([part.labels for part in learned])
    groups = [count for part in learned for count in part.groups]
    common = dict(learning_rate=0.03, num_leaves=15, min_data_in_leaf=200, lambda_l2=10, feature_fraction=0.5, bagging_fraction=0.7, bagging_freq=1, seed=options.seed, num_threads=1, verbose=-1)  # fmt: skip
    for objective in ("lambdarank", "binary"):
        model = lightgbm.train({**common, "objective": objective}, lightgbm.Dataset(table, labels, group=groups), ROUNDS)
        print(f"{'LightGBM ' + objective:24s} {figures(asked, model.predict(asked.table))}", flush=True)


if __name__ == "__main__":
    main()
