#!/usr/bin/env python3
"""Writes tests/data/forest_reference/*.csv: matrices made from a seed, and scikit-learn's opinion of each row.

Run by hand, not by the build: pip install numpy scikit-learn && tests/tools/make_forest_reference.py
Columns: x0, x1, ... as float32 with five digits, then `score`, the mean over ten random states of
-IsolationForest.score_samples (the paper's s, higher is stranger).
"""
import pathlib

import numpy as np
from sklearn.ensemble import IsolationForest

ROWS = 400
STATES = range(10)


def cluster_and_outliers(rng):
    x = rng.normal(size=(ROWS, 5))
    x[:20] = rng.uniform(-8, 8, size=(20, 5))
    return x


def two_clusters_correlated(rng):
    base = rng.normal(size=(ROWS, 2))
    x = np.hstack([base, base @ rng.normal(size=(2, 4)) + 0.1 * rng.normal(size=(ROWS, 4))])
    x[ROWS // 2:] += 6
    x[:10] += rng.normal(scale=4, size=(10, 6))
    return x


def like_log_features(rng):
    """Skewed nats, a rare flag, a few counts, a constant column."""
    rare = (rng.random(ROWS) < 0.03).astype(float)
    return np.column_stack([
        rng.exponential(1.5, ROWS) + 8 * rare,
        rare,
        rng.poisson(3, ROWS) + 20 * rare * rng.random(ROWS),
        rng.lognormal(3, 0.5, ROWS),
        np.full(ROWS, 7.0),
        rng.normal(12, 4, ROWS),
    ])


def main():
    out = pathlib.Path(__file__).resolve().parent.parent / "data" / "forest_reference"
    out.mkdir(parents=True, exist_ok=True)
    for seed, make in enumerate([cluster_and_outliers, two_clusters_correlated, like_log_features]):
        x = np.array([[float(f"{v:.5g}") for v in row] for row in make(np.random.default_rng(seed))], dtype=np.float32)
        scores = np.mean([
            -IsolationForest(n_estimators=100, max_samples=256, random_state=s).fit(x).score_samples(x) for s in STATES
        ], axis=0)
        with open(out / f"{make.__name__}.csv", "w", newline="\n") as file:
            file.write(",".join(f"x{i}" for i in range(x.shape[1])) + ",score\n")
            for row, score in zip(x, scores):
                file.write(",".join(f"{v:.5g}" for v in row) + f",{score:.6f}\n")


if __name__ == "__main__":
    main()
