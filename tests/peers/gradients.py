#!/usr/bin/env python3
"""Training gradients of energy-based flows of this suite beside the same in PyTorch: CPU milliseconds of one core.

usage: ./bench peers gradients [--tiny] [--core N] [--out FOLDER]

A gradient is that of an objective (Chao et al., arXiv 2305.15267) in all weights of a flow of two dense layers with a
smooth leaky ReLU between them, in float32, without an optimiser. Both programs first compute it at the weights, draws
and random numbers that this suite writes; they must have the same loss and the same gradient, within a relative
difference of 1e-4. Then they take turns, each alone on one core with one thread. Exit status: 1 where they differ or a
program fails.
"""
import argparse
import itertools
import json
import math
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
os.environ.update(ONE_THREAD)  # before NumPy and PyTorch are loaded
import numpy as np

try:
    import torch
    from torch.nn.functional import linear, softplus
except ImportError:  # the checks of this file need none
    torch = None

SOURCES = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = SOURCES / "build/release/tests/perf/perf_flow"
BUILD = SOURCES / "build/peers-gradients"
OBJECTIVES = ("ml", "sml", "ssm", "dsm", "fdssm")
SHAPES = {"full": ((784, 100), (784, 10), (2048, 100), (2048, 10)), "tiny": ((784, 10),)}  # D, B
ROUNDS = {"full": 7, "tiny": 2}
LEAST_S = {"full": 0.5, "tiny": 0.02}  # CPU seconds of a program's turn
WARM_UP = 2  # gradients before each turn
FARTHEST = 1e-4  # relative difference of losses and of gradients
SLOPE, SIGMA, XI, NEWTON_STEPS = 0.3, 1.0, 10.0, 6  # as in targets/flow/smooth_leaky_relu.h and tests/perf/flow.cc


# ---- The gradients in PyTorch

def leaky(h):
    return SLOPE * h + (1 - SLOPE) * softplus(h)


def leaky_slope(h):
    return SLOPE + (1 - SLOPE) * torch.sigmoid(h)


def gradient_of(value, at, **options):
    return torch.autograd.grad(value, at, **options)


class Flow:
    """u = W2 f(W1 x + b1) + b2 with f the smooth leaky ReLU, and the objectives as losses of its weights."""

    def __init__(self, flat, draws, random):
        dim = draws.shape[1]
        pieces = torch.from_numpy(flat).split([dim * dim, dim, dim * dim, dim])
        shapes = [(dim, dim), (dim,), (dim, dim), (dim,)]
        self.weights = [piece.clone().view(shape).requires_grad_() for piece, shape in zip(pieces, shapes)]
        self.x = torch.from_numpy(draws)
        self.random = None if random is None else torch.from_numpy(random)

    def energy(self, x):
        first, first_bias, second, second_bias = self.weights
        h = linear(x, first, first_bias)
        u = linear(leaky(h), second, second_bias)
        constant = 0.5 * x.shape[1] * math.log(2 * math.pi)
        return 0.5 * u.square().sum(1) + constant - leaky_slope(h).log().sum(1)

    def inverse(self, u):
        first, first_bias, second, second_bias = (weight.detach() for weight in self.weights)
        y = torch.linalg.solve(second, (u - second_bias).T).T
        h = torch.minimum(y / SLOPE, y.clamp_min(0))
        for _ in range(NEWTON_STEPS):
            h = h - (leaky(h) - y) / leaky_slope(h)
        return torch.linalg.solve(first, (h - first_bias).T).T

    def score(self, x):
        """At points of a graph, so that it can be differentiated again."""
        return -gradient_of(self.energy(x).sum(), x, create_graph=True)[0]

    def ml(self):
        determinants = [torch.linalg.slogdet(self.weights[i]).logabsdet for i in (0, 2)]
        return self.energy(self.x).mean() - sum(determinants)

    def sml(self):
        energies = self.energy(torch.cat([self.x, self.inverse(self.random)]))
        own, generated = energies.split(len(self.x))
        return own.mean() - generated.mean()

    def ssm(self):
        x, v = self.x.clone().requires_grad_(), self.random[0]
        score = self.score(x)
        product = gradient_of((score * v).sum(), x, create_graph=True)[0]
        return (0.5 * score.square().sum(1) + (product * v).sum(1)).mean()

    def dsm(self):
        x = (self.x + SIGMA * self.random).requires_grad_()
        return 0.5 * (self.score(x) + self.random / SIGMA).square().sum(1).mean()

    def fdssm(self):
        x, shifts = self.x, self.random
        here, ahead, behind = self.energy(torch.cat([x, x + shifts, x - shifts])).split(len(x))
        rows = 2 * here - ahead - behind + (ahead - behind).square() / 8
        return rows.mean() * (x.shape[1] / XI ** 2)

    def gradient(self, objective):
        """The loss, and its gradients in the weights."""
        loss = getattr(self, objective)()
        return loss, gradient_of(loss, self.weights)


def torch_milliseconds(flow, objective, least_s):
    for _ in range(WARM_UP):
        flow.gradient(objective)
    repeats, began = 0, time.process_time()
    while True:
        flow.gradient(objective)
        repeats, spent = repeats + 1, time.process_time() - began
        if spent >= least_s:
            return 1e3 * spent / repeats


# ---- This suite's

def run_suite(objective, dim, batch, least_s, **environment):
    """The row that Google Benchmark prints."""
    name = f"gradient/{objective}/{dim}/{batch}/process_time"
    done = subprocess.run([PROGRAM, f"--benchmark_filter=^{name}$", f"--benchmark_min_time={least_s}",
                           "--benchmark_format=json"], env=os.environ | environment, text=True, capture_output=True)
    rows = json.loads(done.stdout)["benchmarks"] if done.returncode == 0 and done.stdout else []
    if len(rows) != 1 or "cpu_time" not in rows[0]:
        raise RuntimeError(f"{PROGRAM} has no time of {name}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return rows[0]


def suite_milliseconds(objective, dim, batch, least_s):
    return run_suite(objective, dim, batch, least_s)["cpu_time"]  # in the unit of tests/perf/flow.cc


def kept_by_suite(objective, dim, batch):
    """What this suite computed from what, by the names of its files; None where there is none."""
    folder = BUILD / "work"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    run_suite(objective, dim, batch, 0, SAMPLERBENCH_KEEP_GRADIENTS=str(folder))
    kept = {name: np.load(folder / f"{name}.npy") for name in ("weights", "draws", "loss", "gradient")}
    random = folder / "random.npy"
    return kept | {"random": np.load(random) if random.exists() else None,
                   "context": json.loads((folder / "context.json").read_text())}


# ---- The comparison

def relative_difference(found, expected):
    """|found - expected| / |expected| by the Euclidean norm, in float64.

    >>> gradient = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    >>> [bool(relative_difference(factor * gradient, gradient) <= FARTHEST) for factor in (1, 1 + 1e-5, 1 + 1e-3, -1)]
    [True, True, False, False]
    """
    found, expected = (np.asarray(values, dtype=float).ravel() for values in (found, expected))
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def differences(found, expected):
    """The relative differences of loss and gradient. An error where one is too large, or no number.

    >>> kept = {"loss": np.float32(2), "gradient": np.arange(4.0)}
    >>> differences({"loss": 2, "gradient": [0, 1, 2, 3]}, kept)
    {'loss': 0.0, 'gradient': 0.0}
    >>> differences({"loss": 2.001, "gradient": [0, 1, 2, 3]}, kept)
    Traceback (most recent call last):
    RuntimeError: the relative difference of the loss is 0.0005, and 0.0001 is the most
    >>> differences({"loss": 2, "gradient": [0, 1, 2, math.nan]}, kept)
    Traceback (most recent call last):
    RuntimeError: the relative difference of the gradient is nan, and 0.0001 is the most
    """
    apart = {name: relative_difference(found[name], expected[name]) for name in ("loss", "gradient")}
    for name, difference in apart.items():
        if not difference <= FARTHEST:
            raise RuntimeError(f"the relative difference of the {name} is {difference:.3g}, and {FARTHEST:g} is the "
                               "most")
    return apart


def agreement(flow, objective, kept):
    loss, gradient = flow.gradient(objective)
    flat = np.concatenate([piece.numpy().ravel() for piece in gradient])
    return differences({"loss": loss.item(), "gradient": flat}, kept)


def in_turns(first, second, rounds):
    """Times of both, each round's in a pair; every other round begins with the second."""
    pairs = []
    for index in range(rounds):
        if index % 2 == 0:
            one = first()
            pairs.append((one, second()))
        else:
            other = second()
            pairs.append((first(), other))
    return pairs


def compare(objective, dim, batch, rounds, least_s):
    print(f"peers: {objective}, D = {dim}, B = {batch}", file=sys.stderr, flush=True)
    kept = kept_by_suite(objective, dim, batch)
    flow = Flow(kept["weights"], kept["draws"], kept["random"])
    try:
        apart = agreement(flow, objective, kept)
    except RuntimeError as error:
        raise RuntimeError(f"{objective}, D = {dim}, B = {batch}: {error}") from None
    pairs = in_turns(lambda: suite_milliseconds(objective, dim, batch, least_s),
                     lambda: torch_milliseconds(flow, objective, least_s), rounds)
    return kept["context"], {"objective": objective, "dim": dim, "batch": batch, "relative_difference": apart,
                             "suite_ms": [suite for suite, _ in pairs], "torch_ms": [peer for _, peer in pairs]}


# ---- The report

def summary(row):
    """Medians, their ratio, and the range of the rounds' ratios.

    >>> summary({"suite_ms": [1, 2, 3], "torch_ms": [3, 4, 3]})
    {'suite_ms': 2, 'torch_ms': 3, 'ratio': 1.5, 'low': 1.0, 'high': 3.0}
    """
    suite, peer = (statistics.median(row[name]) for name in ("suite_ms", "torch_ms"))
    ratios = sorted(theirs / ours for ours, theirs in zip(row["suite_ms"], row["torch_ms"]))
    return {"suite_ms": suite, "torch_ms": peer, "ratio": peer / suite, "low": ratios[0], "high": ratios[-1]}


def slower_words(rows):
    """The gradients that took longer than PyTorch's by the medians.

    >>> row = {"objective": "ml", "dim": 784, "batch": 10, "suite_ms": [2, 2], "torch_ms": [1, 5]}
    >>> slower_words([row]), slower_words([row | {"torch_ms": [1, 2]}])
    ('none', 'ml at D = 784, B = 10')
    """
    slower = [row for row in rows if summary(row)["ratio"] < 1]
    return "; ".join("{objective} at D = {dim}, B = {batch}".format(**row) for row in slower) or "none"


def table(rows):
    lines = ["| objective | this suite ms | PyTorch ms | ratio | lowest | highest | difference of gradients |",
             "| --- |" + " ---: |" * 6]
    for row in rows:
        found = summary(row)
        lines.append(f"| {row['objective']} | {found['suite_ms']:.2f} | {found['torch_ms']:.2f} | {found['ratio']:.2f} "
                     f"| {found['low']:.2f} | {found['high']:.2f} | {row['relative_difference']['gradient']:.1e} |")
    return lines


def report(result):
    context, peer, rows = result["context"], result["peer"], result["rows"]
    lines = ["# Training gradients beside PyTorch", "",
             f"This suite (commit {context['git']}; LibTorch {context['libtorch']}, {context['blas']}) and PyTorch "
             f"{peer['torch']} ({peer['blas']}, {peer['capability']}), eager; Python {peer['python']}. "
             f"{context['cpu']}, {context['instruction_set']}, one core, one thread, float32. {context['utc']}. "
             "`./bench peers gradients` makes it.", "",
             "One gradient of the loss in all weights of a flow of two dense D × D layers with a smooth leaky ReLU "
             "between them, at B draws, without random numbers and optimiser. CPU milliseconds, medians of "
             f"{result['rounds']} rounds in which both took turns; ratio: PyTorch's over this suite's, of the medians "
             "and of the lowest and the highest round. In PyTorch `ml` takes `torch.linalg.slogdet`, `sml` "
             "`torch.linalg.solve`, and `ssm` and `dsm` differentiate gradients. This suite writes scores and their "
             "derivatives along directions out, so that `ssm` takes fewer products of matrices; the others take as "
             "many. Both have the same loss and gradient at the same weights, within a relative difference of "
             f"{FARTHEST:g}.", ""]
    for (dim, batch), group in itertools.groupby(rows, lambda row: (row["dim"], row["batch"])):
        lines += [f"## D = {dim}, B = {batch}", "", *table(list(group)), ""]
    return "\n".join(lines + [f"Slower than PyTorch by the medians: {slower_words(rows)}."]) + "\n"


def peer_context():
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return {"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version(),
            "blas": blas[1].upper() if blas else "unknown BLAS", "capability": torch.backends.cpu.get_cpu_capability()}


def arguments_of(words):
    parser = argparse.ArgumentParser(prog="./bench peers gradients", description=__doc__.split("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="short turns at one size, to see that all runs: into "
                        "build/peers-gradients/tiny")
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)), help="the core that works")
    parser.add_argument("--out", type=pathlib.Path, help="folder that takes the report (default: results/peers)")
    arguments = parser.parse_args(words)
    arguments.out = arguments.out or (BUILD / "tiny" if arguments.tiny else SOURCES / "results/peers")
    return arguments


def main():
    arguments = arguments_of(sys.argv[1:])
    os.sched_setaffinity(0, {arguments.core})  # this suite's program inherits it
    torch.set_num_threads(1)
    size = "tiny" if arguments.tiny else "full"
    rows = []
    try:
        for (dim, batch), objective in itertools.product(SHAPES[size], OBJECTIVES):
            context, row = compare(objective, dim, batch, ROUNDS[size], LEAST_S[size])
            rows.append(row)
    except RuntimeError as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    result = {"context": context, "peer": peer_context(), "rounds": ROUNDS[size], "rows": rows}
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "gradients.json").write_text(json.dumps(result, indent=1) + "\n")
    (arguments.out / "gradients.md").write_text(report(result))
    print(f"peers: {arguments.out}/gradients.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
