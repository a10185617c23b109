"""Holds FID, its rank, KID and KID's standard error to an independent computation in NumPy and SciPy.

usage: fid_reference.py IMAGE_DISTANCES      the program that prints the distances between two .npy files
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.linalg

TOLERANCE = 1e-6  # relative


def features(rng, count, width, dead):
    """Rectified mixtures of normals, as a network's features are; the last `dead` are always 0."""
    mixed = rng.normal(size=(count, width)) @ rng.normal(size=(width, width)) / width**0.5 + rng.normal(size=width)
    mixed = np.maximum(mixed, 0)
    mixed[:, width - dead :] = 0
    return mixed


def fid(x, y):
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    difference = x.mean(0) - y.mean(0)
    if np.linalg.matrix_rank(a) == np.linalg.matrix_rank(b) == x.shape[1]:
        overlap = np.trace(scipy.linalg.sqrtm(a @ b)).real
    else:  # a root of a singular matrix need not exist; the trace of the product's eigenvalues' roots does
        overlap = np.sqrt(np.clip(scipy.linalg.eigvals(a @ b).real, 0, None)).sum()
    return difference @ difference + np.trace(a) + np.trace(b) - 2 * overlap


def kid(x, y):
    """The U-statistic, and its standard error by leaving out one row at a time."""
    n, m, width = len(x), len(y), x.shape[1]
    k_xx, k_yy, k_xy = ((a @ b.T / width + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    np.fill_diagonal(k_xx, 0)
    np.fill_diagonal(k_yy, 0)
    value = k_xx.sum() / (n * (n - 1)) + k_yy.sum() / (m * (m - 1)) - 2 * k_xy.mean()
    h = k_xx.sum(1) / (n - 1) - k_xy.mean(1)
    g = k_yy.sum(1) / (m - 1) - k_xy.mean(0)
    return value, (4 * h.var(ddof=1) / n + 4 * g.var(ddof=1) / m) ** 0.5


def measured(program, x, y):
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder) / name for name in ("x.npy", "y.npy")]
        for path, values in zip(paths, (x, y)):
            np.save(path, values)
        return json.loads(subprocess.run([program, *map(str, paths)], check=True, capture_output=True).stdout)


def main():
    rng = np.random.default_rng(20240607)
    faults, compared = [], 0
    for n, m, width, dead in ((700, 900, 24, 0), (3000, 2000, 128, 0), (600, 600, 40, 7), (50, 50, 3, 0)):
        x, y = features(rng, n, width, dead), features(rng, m, width, dead)
        found = measured(sys.argv[1], x, y)
        value, standard_error = kid(x, y)
        expected = {"fid": fid(x, y), "rank": np.linalg.matrix_rank(np.cov(x, rowvar=False)),
                    "kid": value, "kid_standard_error": standard_error}
        for name, number in expected.items():
            compared += 1
            if not abs(found[name] - number) <= TOLERANCE * abs(number):
                faults.append(f"{name} of {n} x {width} and {m}, {dead} dead: {found[name]!r}, NumPy has {number!r}")
    print("\n".join(faults) or f"{compared} figures agree to {TOLERANCE:g}")
    return 1 if faults else 0


sys.exit(main())
