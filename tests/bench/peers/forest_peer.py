#!/usr/bin/env python3
"""scikit-learn's IsolationForest, 100 trees of 256 rows: forest_peer.py ROWS COLUMNS. Fits and scores random rows.

Prints JSON: version, lines, fit_seconds, seconds (of scoring all rows in one call: the numbers are there already). Exit
77: no scikit-learn.
"""
import importlib.metadata
import json
import sys
import time

try:
    import numpy
    from sklearn.ensemble import IsolationForest
except ImportError:
    print("scikit-learn is not installed (pip install scikit-learn)", file=sys.stderr)
    sys.exit(77)


def main():
    rows = numpy.random.default_rng(1).exponential(size=(int(sys.argv[1]), int(sys.argv[2]))).astype(numpy.float32)
    start = time.monotonic()
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=1).fit(rows)
    fitted = time.monotonic()
    forest.score_samples(rows)
    seconds = time.monotonic() - fitted
    print(json.dumps({"version": importlib.metadata.version("scikit-learn"), "lines": len(rows), "seconds": seconds,
                      "fit_seconds": fitted - start}))


if __name__ == "__main__":
    main()
