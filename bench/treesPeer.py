"""The peers of bench/trees.ts, which starts this: LightGBM and scikit-learn on one thread, seconds of processor time.

    python bench/treesPeer.py X.f32 Y.u8 COLUMNS TREES CATEGORIES

X holds float32 row-major with NaN for missing, Y bytes; CATEGORIES lists columns. Prints JSON. Settings equal ours: boosting
with 31 leaves, learning rate .05, λ 1; forests with a bootstrap and √columns per node or, in LightGBM, which has neither,
63 % of the rows and 4,096 leaves.
"""

import json
import math
import sys
import time

import lightgbm
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss, roc_auc_score


def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def main():
    x_file, y_file, columns, trees, categories = sys.argv[1:]
    columns, trees = int(columns), int(trees)
    categories = [int(column) for column in categories.split(",") if column]
    x = np.fromfile(x_file, dtype=np.float32).reshape(-1, columns)
    y = np.fromfile(y_file, dtype=np.uint8)
    common = {"objective": "binary", "num_threads": 1, "verbose": -1, "seed": 1}

    def boosted(rounds, settings):
        data = lightgbm.Dataset(x, y, categorical_feature=categories, params={"verbose": -1, "num_threads": 1})
        return lightgbm.train({**common, **settings}, data, rounds)

    boosting = {
        "num_leaves": 31, "learning_rate": 0.05, "lambda_l2": 1, "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 1e-3, "feature_pre_filter": False,
    }
    model, seconds = timed(lambda: boosted(trees, boosting))
    loss = log_loss(y, model.predict(x, num_iteration=100))
    out = {"lightgbm": {"seconds": seconds, "quality": loss}}
    sampled = {
        "boosting": "rf", "num_leaves": 4096, "bagging_fraction": 0.632, "bagging_freq": 1, "min_data_in_leaf": 1,
        "feature_fraction_bynode": math.isqrt(columns) / columns, "min_sum_hessian_in_leaf": 1e-3,
        "feature_pre_filter": False,
    }
    # Some of the trees are grown, and their time is multiplied: each takes as long as the others.
    few = max(1, trees // 50)
    model, seconds = timed(lambda: boosted(few, sampled))
    auc = roc_auc_score(y, model.predict(x))
    out["lightgbmForest"] = {"seconds": seconds * trees / few, "quality": auc}
    few = max(1, trees // 10)
    forest = RandomForestClassifier(few, max_features=math.isqrt(columns), n_jobs=1, oob_score=True, random_state=1)
    _, seconds = timed(lambda: forest.fit(x, y))
    votes = forest.oob_decision_function_[:, 1]
    seen = ~np.isnan(votes)
    out["scikit"] = {"seconds": seconds * trees / few, "quality": roc_auc_score(y[seen], votes[seen])}
    print(json.dumps(out))


if __name__ == "__main__":
    main()
