#!/usr/bin/python3
"""Value and score of a logistic regression in NumPy beside this suite's, on one thread of one idle machine, in turns.

usage: logistic.py FOLDER [ROUNDS]     FOLDER holds perf_logistic

The arithmetic is the same: two matrix products, a sigmoid and a log sigmoid an element, a normal prior. Prints the time
of each in every round and the ratio of their medians with the range over rounds.
"""
import json
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # after the number of threads is set

SHAPES = {"float64": [(1000, 25, 1), (1000, 25, 100)], "float32": [(109786, 55, 32)]}


def value_and_score(rows, points):
    logits = points @ rows.T
    e = np.exp(-np.abs(logits))
    value = (np.minimum(logits, 0) - np.log1p(e)).sum(1) - 0.5 * np.square(points).sum(1)
    slope = np.where(logits < 0, 1, e) / (1 + e)
    return value, slope @ rows - points


def numpy_microseconds(rows, points):
    value_and_score(rows, points)
    repeats, spent = 0, 0.0
    began = time.perf_counter()
    while spent < 0.5:
        value_and_score(rows, points)
        repeats, spent = repeats + 1, time.perf_counter() - began
    return spent / repeats * 1e6


def suite_microseconds(program, name):
    printed = subprocess.run([program, f"--benchmark_filter=^{name}/", "--benchmark_format=json"], check=True,
                             capture_output=True, text=True, env={"OMP_NUM_THREADS": "1"}).stdout
    return json.loads(printed)["benchmarks"][0]["real_time"]  # the first row is that of the best instruction set


def compare(program, dtype, shape, rounds):
    generator = np.random.default_rng(1)
    rows = generator.normal(size=shape[:2]).astype(dtype)
    points = 0.1 * generator.normal(size=(shape[2], shape[1])).astype(dtype)
    pairs = []
    for _ in range(rounds):
        pairs.append((numpy_microseconds(rows, points),
                      suite_microseconds(program, f"value_and_score/{dtype}/" + "/".join(map(str, shape)))))
    ratios = sorted(numpy / suite for numpy, suite in pairs)
    numpy, suite = (statistics.median(column) for column in zip(*pairs))
    print(f"{dtype:<8} {shape[0]:>7} {shape[1]:>4} {shape[2]:>7} {numpy:>12.1f} {suite:>12.1f} {numpy / suite:>7.2f}"
          f"  {ratios[0]:.2f} to {ratios[-1]:.2f}", flush=True)


def main():
    program, rounds = sys.argv[1] + "/perf_logistic", int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"NumPy {np.__version__}, one thread; microseconds for all chains, medians of {rounds} rounds")
    print(f"{'dtype':<8} {'rows':>7} {'dim':>4} {'chains':>7} {'NumPy':>12} {'suite':>12} {'ratio':>7}  rounds")
    for dtype, shapes in SHAPES.items():
        for shape in shapes:
            compare(program, dtype, shape, rounds)


if __name__ == "__main__":
    main()
