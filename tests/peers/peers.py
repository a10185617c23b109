#!/usr/bin/env python3
"""NUTS and HMC of this suite beside the NUTS of other programs: effective draws per CPU second of one core.

usage: ./bench peers [--tiny] [--core N] [--data FOLDER] [--out FOLDER]

Every program samples the same three targets in float64 from N(0, I), with one chain and with many, each alone on one
core with one thread. Effective sample sizes, R-hat and distances from the truth are those of `samplerbench score`, of
all states after warm-up. The many chains of two programs must have the same means and second moments, within 4 combined
standard errors. Exit status: 1 where they differ or a program fails.
"""
import argparse
import importlib.metadata
import itertools
import json
import math
import multiprocessing
import os
import pathlib
import platform
import re
import resource
import subprocess
import sys
import time

import numpy as np

SOURCES = pathlib.Path(__file__).resolve().parents[2]
BUILD = SOURCES / "build/release"
WORK = SOURCES / "build/peers/work"
OURS = ("nuts", "hmc")
PEERS = ("stan", "nutpie", "numpyro", "blackjax")
PACKAGES = {"stan": ("pystan", "httpstan"), "nutpie": ("nutpie", "pymc", "numba"), "numpyro": ("numpyro", "jax"),
            "blackjax": ("blackjax", "jax")}
SIZES = {"full": {1: (1000, 2000), 100: (300, 200)}, "tiny": {1: (150, 200), 20: (150, 40)}}  # chains: warm-up, draws
FARTHEST = 4.0  # combined standard errors between the moments of two programs
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "JAX_ENABLE_X64": "1",
              "JAX_PLATFORMS": "cpu", "PYTENSOR_FLAGS": "floatX=float64",
              "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}


# ---- The targets, as each program has them

class Quadratic:
    """log q(x) = -(x1^2 - 2 rho x1 x2 + x2^2) / (2 (1 - rho^2)): of condition number 1999 at rho = 0.999."""
    name, dim, call = "gaussian", 2, "gaussian:correlation=0.999"
    title = "Gaussian of condition number 1999 (`gaussian:correlation=0.999`)"
    stan = """data { real rho; } parameters { vector[2] x; }
model { target += -(square(x[1]) - 2 * rho * x[1] * x[2] + square(x[2])) / (2 * (1 - square(rho))); }"""

    def __init__(self, _):
        self.stan_data = {"rho": 0.999}

    def log_density(self, x, _):
        return -(x[0] ** 2 - 2 * 0.999 * x[0] * x[1] + x[1] ** 2) / (2 * (1 - 0.999 ** 2))


class Banana:
    """log q(x) = -(x1 - 1)^2 / 2 - 5 (x2 - x1^2)^2"""
    name, dim, call = "rosenbrock", 2, "rosenbrock"
    title = "Banana (`rosenbrock`)"
    stan = """data { real a; real b; } parameters { vector[2] x; }
model { target += -a * square(x[1] - 1) - b * square(x[2] - square(x[1])); }"""

    def __init__(self, _):
        self.stan_data = {"a": 0.5, "b": 5.0}

    def log_density(self, x, _):
        return -0.5 * (x[0] - 1) ** 2 - 5 * (x[1] - x[0] ** 2) ** 2


class German:
    """log q(w) = sum over the rows i of log sigmoid(y_i <w, x_i>) - |w|^2 / 2"""
    name, dim, file = "german", 25, "logistic/german.data-numeric"
    call = "logistic_regression:data=german,prior=normal,test_share=0"
    title = "German credit, 1000 x 25 (`logistic_regression:data=german,prior=normal,test_share=0`)"
    stan = """data { int N; int D; matrix[N, D] rows; array[N] int y; } parameters { vector[D] x; }
model { target += std_normal_lupdf(x); target += bernoulli_logit_glm_lupmf(y | rows, 0, x); }"""

    def __init__(self, data):
        table = np.loadtxt(data / self.file)
        scores = (table[:, :-1] - table[:, :-1].mean(0)) / table[:, :-1].std(0)
        self.rows = np.column_stack([scores, np.ones(len(table))]).astype(np.float32).astype(float)  # as the suite
        self.bad = (table[:, -1] == 2).astype(int)
        self.signed = self.rows * (2 * self.bad - 1)[:, None]
        self.stan_data = {"N": len(table), "D": self.dim, "rows": self.rows.tolist(), "y": self.bad.tolist()}

    def log_density(self, x, module):
        return -module.logaddexp(0.0, -(self.signed @ x)).sum() - 0.5 * (x ** 2).sum()


TARGETS = {target.name: target for target in (German, Banana, Quadratic)}


def starting_points(chains, dim):
    return np.random.default_rng(1).normal(size=(chains, dim))


# ---- The programs. Each returns (draws [chains, draws, D], record) for each number of chains; a record holds CPU
# seconds of `compile`, `warmup` and `draw`, and the gradients of `draw` (of one point) where the program tells.

class Clock:
    def __init__(self):
        self.read()

    def read(self):
        """CPU seconds since the last reading."""
        now = time.process_time()
        since, self.last = now - getattr(self, "last", now), now
        return since


def record_of(compile_s, warmup_s, draw_s, gradients):
    return {"compile": {"cpu_s": compile_s}, "warmup": {"cpu_s": warmup_s},
            "draw": {"cpu_s": draw_s, "gradients": gradients}}


def compiled(function, *arguments):
    import jax
    return jax.jit(function).lower(*arguments).compile()


def in_jax(make, target, chains, warmup, draws):
    """`make` returns (warm, draw) of one chain: warm(key, x) -> state; draw(key, state) -> (positions, gradients)."""
    import jax
    warm, draw = make(lambda x: target.log_density(x, jax.numpy), warmup, draws)
    keys, more_keys, x = jax.random.split(jax.random.key(1), chains), jax.random.split(jax.random.key(2), chains), \
        jax.numpy.asarray(starting_points(chains, target.dim))
    if chains == 1:
        keys, more_keys, x = keys[0], more_keys[0], x[0]
    else:
        warm, draw = jax.vmap(warm), jax.vmap(draw)
    clock = Clock()
    warm = compiled(warm, keys, x)
    compile_s = clock.read()
    state = jax.block_until_ready(warm(keys, x))
    warmup_s = clock.read()
    draw = compiled(draw, more_keys, state)
    compile_s += clock.read()
    positions, gradients = jax.block_until_ready(draw(more_keys, state))
    draw_s = clock.read()
    return (np.asarray(positions).reshape(chains, draws, target.dim),
            record_of(compile_s, warmup_s, draw_s, int(np.sum(gradients))))


def make_blackjax(log_density, warmup, draws):
    import blackjax
    import jax
    kernel = blackjax.nuts.build_kernel()

    def warm(key, x):
        adapted, _ = blackjax.window_adaptation(blackjax.nuts, log_density).run(key, x, num_steps=warmup)
        return adapted.state, adapted.parameters

    def draw(key, start):
        first, parameters = start

        def step(state, key):
            state, info = kernel(key, state, log_density, **parameters)
            return state, (state.position, info.num_integration_steps)
        return jax.lax.scan(step, first, jax.random.split(key, draws))[1]
    return warm, draw


def make_numpyro(log_density, warmup, draws):
    import jax
    from numpyro.infer.hmc import hmc
    init, kernel = hmc(potential_fn=lambda x: -log_density(x), algo="NUTS")

    def warm(key, x):
        state = init(x, num_warmup=warmup, rng_key=key)
        return jax.lax.fori_loop(0, warmup, lambda _, state: kernel(state), state)

    def draw(_, start):
        def step(state, _):
            state = kernel(state)
            return state, (state.z, state.num_steps)
        return jax.lax.scan(step, start, None, length=draws)[1]
    return warm, draw


def run_jax(make):
    def run(target, sizes):
        for chains, (warmup, draws) in sizes.items():
            yield in_jax(make, target, chains, warmup, draws)
    return run


def pymc_model(target):
    import pymc
    import pytensor.tensor as tensor
    with pymc.Model() as model:
        if isinstance(target, German):
            x = pymc.Normal("x", 0, 1, shape=target.dim)
            pymc.Bernoulli("y", logit_p=tensor.dot(target.rows, x), observed=target.bad)
        else:
            x = pymc.Flat("x", shape=target.dim, initval=np.zeros(target.dim))
            pymc.Potential("log_density", target.log_density(x, tensor))
    return model


def finished(sampler):
    try:
        return sampler.is_finished
    except TimeoutError:  # so it says that it is at work
        return False


def nutpie_trace(model, chains, warmup, draws):
    """The trace, and the CPU seconds without its assembly."""
    import nutpie
    clock = Clock()
    sampler = nutpie.sample(model, chains=chains, tune=warmup, draws=draws, cores=1, seed=1, progress_bar=False,
                            blocking=False)
    while not finished(sampler):
        time.sleep(0.002)
    seconds = clock.read()
    return sampler.wait(), seconds


def run_nutpie(target, sizes):
    import nutpie
    clock = Clock()
    model = nutpie.compile_pymc_model(pymc_model(target))
    nutpie_trace(model, 1, 5, 5)
    compile_s = clock.read()
    for chains, (warmup, draws) in sizes.items():
        trace, seconds = nutpie_trace(model, chains, warmup, draws)
        gradients = int(trace.sample_stats.n_steps.sum())
        share = gradients / (gradients + int(trace.warmup_sample_stats.n_steps.sum()))
        yield (trace.posterior["x"].to_numpy(),
               record_of(compile_s, seconds * (1 - share), seconds * share, gradients))


def children_seconds():
    """CPU seconds of the worker processes so far, to a nanosecond where /proc/PID/stat counts hundredths."""
    return 1e-9 * sum(int(task.read_text().split()[0]) for child in multiprocessing.active_children()
                      for task in pathlib.Path(f"/proc/{child.pid}/task").glob("*/schedstat"))


def compiler_seconds():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def stan_model(target):
    """The model, and the seconds that its compilation took when it was compiled."""
    import stan
    kept = WORK / f"stan-{target.name}.json"
    before = compiler_seconds()
    model = stan.build(target.stan, data=target.stan_data, random_seed=1)
    seconds = compiler_seconds() - before
    if kept.exists():
        return model, json.loads(kept.read_text())["compile_cpu_s"]
    kept.write_text(json.dumps({"compile_cpu_s": seconds}))
    return model, seconds


def stan_share(fit):
    """Share of warm-up in the time, by Stan's own clock."""
    line = rb'"topic":"logger","values":\["info: .*? ([0-9.e-]+) seconds \((?:Warm-up|Sampling)\)'
    times = [[float(seconds) for seconds in re.findall(line, output)] for output in fit.stan_outputs]
    warming, drawing = (sum(column) for column in zip(*times))
    return warming / max(warming + drawing, 1e-9)


def run_stan(target, sizes):
    model, compile_s = stan_model(target)
    model.sample(num_chains=1, num_warmup=5, num_samples=5)
    for chains, (warmup, draws) in sizes.items():
        before = children_seconds()
        fit = model.sample(num_chains=chains, num_warmup=warmup, num_samples=draws,
                           init=[{"x": x.tolist()} for x in starting_points(chains, target.dim)])
        seconds, share = children_seconds() - before, stan_share(fit)
        yield (fit["x"].reshape(target.dim, draws, chains).transpose(2, 1, 0),
               record_of(compile_s, seconds * share, seconds * (1 - share), int(fit["n_leapfrog__"].sum())))


RUNNERS = {"stan": run_stan, "nutpie": run_nutpie, "numpyro": run_jax(make_numpyro), "blackjax": run_jax(make_blackjax)}


def run_peer(arguments):
    """In a process of its own: samples one target with one program, and writes draws and records."""
    target = TARGETS[arguments.target](arguments.data)
    sizes = SIZES["tiny" if arguments.tiny else "full"]
    for chains, (draws, record) in zip(sizes, RUNNERS[arguments.peer](target, sizes)):
        stem = WORK / f"{target.name}-{arguments.peer}-{chains}"
        np.save(f"{stem}.npy", np.ascontiguousarray(draws, dtype=float))
        record["versions"] = {name: importlib.metadata.version(name) for name in PACKAGES[arguments.peer]}
        pathlib.Path(f"{stem}.json").write_text(json.dumps(record))


# ---- The comparison

def on_one_core(command, core):
    cache = {"XDG_CACHE_HOME": str(WORK / "cache"), "MPLCONFIGDIR": str(WORK / "cache")}
    done = subprocess.run([str(word) for word in command], env=os.environ | ONE_THREAD | cache, text=True,
                          capture_output=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr[-3000:]}")
    return done.stdout


def sample_ours(arguments, target, sampler, chains, warmup, draws):
    stem = WORK / f"{target.name}-{sampler}-{chains}"
    printed = on_one_core([BUILD / "tests/chains", target.call, f"{sampler}:chains={chains},warmup={warmup}", warmup,
                           draws, arguments.data, f"{stem}.npy"], arguments.core)
    pathlib.Path(f"{stem}.json").write_text(json.dumps(json.loads(printed) | {"compile": {"cpu_s": 0.0}}))


def sample_peer(arguments, target, peer):
    on_one_core([sys.executable, __file__, "--peer", peer, "--target", target.name, "--data", arguments.data]
                + ["--tiny"] * arguments.tiny, arguments.core)


def sample_all(arguments, sizes):
    for target in TARGETS.values():
        for sampler, (chains, (warmup, draws)) in itertools.product(OURS, sizes.items()):
            sample_ours(arguments, target, sampler, chains, warmup, draws)
        for peer in PEERS:
            print(f"peers: {target.name} by {peer}", file=sys.stderr, flush=True)
            sample_peer(arguments, target, peer)


def judged(arguments, target, stem):
    metrics = ["ess_bulk", "rhat", "mean_z", "sd_z"]
    truth = "inference_gym/german_credit_numeric_logistic_regression.json"
    known = target is German and (arguments.data / truth).exists()
    done = subprocess.run([BUILD / "samplerbench", "score", f"{stem}.npy", "--target",
                           target.call + ",truth=inference-gym" * known, "--data", arguments.data, "--json",
                           "--replications", "2"] + [word for name in metrics for word in ("--metric", name)],
                          text=True, capture_output=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return {name: float(outcome["value"]) for name, outcome in json.loads(done.stdout)["metrics"].items()
            if "value" in outcome}


def rates(record):
    """Effective draws per CPU second: of sampling, with warm-up, with compilation; and microseconds a gradient."""
    warming, drawing = record["warmup"]["cpu_s"], record["draw"]["cpu_s"]
    ess = record["score"]["ess_bulk"]
    return {"ess_per_s": ess / drawing, "ess_per_s_warmup": ess / (warming + drawing),
            "ess_per_s_compile": ess / (record["compile"]["cpu_s"] + warming + drawing),
            "us_per_gradient": 1e6 * drawing / record["draw"]["gradients"]}


def collect(arguments, sizes):
    rows = []
    for target, (chains, (warmup, draws)), program in itertools.product(TARGETS.values(), sizes.items(), OURS + PEERS):
        stem = WORK / f"{target.name}-{program}-{chains}"
        record = {"target": target.name, "program": program, "chains": chains, "transitions": [warmup, draws],
                  **json.loads(pathlib.Path(f"{stem}.json").read_text()), "score": judged(arguments, target, stem)}
        rows.append(record | {"rates": rates(record)})
    return rows


def moment_distance(one, other):
    """Largest distance between the means and between the second moments of two sets of chains [chains, draws, D], in
    combined standard errors, which are those of the means of independent chains.

    >>> chains = np.random.default_rng(1).normal(size=(4, 100, 50, 2))
    >>> chains[0] *= 1.1; chains[1, :, :, 1] += 0.1
    >>> [moment_distance(one, chains[3]) > FARTHEST for one in chains[:3]]  # too wide, moved, the same law
    [True, True, False]
    """
    both = np.concatenate([one, other]).reshape(-1, one.shape[2])
    worst = 0.0
    for power in (1, 2):
        of_one, of_other = ((((draws - both.mean(0)) / both.std(0)) ** power).mean(1) for draws in (one, other))
        error = np.hypot(*(means.std(0, ddof=1) / math.sqrt(len(means)) for means in (of_one, of_other)))
        worst = max(worst, float((np.abs(of_one.mean(0) - of_other.mean(0)) / error).max()))
    return worst


def agreements(chains):
    found = []
    for target, ours, peer in itertools.product(TARGETS, OURS, PEERS):
        one, other = (np.load(WORK / f"{target}-{name}-{chains}.npy") for name in (ours, peer))
        found.append({"target": target, "ours": ours, "peer": peer, "standard_errors": moment_distance(one, other)})
    return found


# ---- The report

def cell(value, form):
    return "" if value is None else format(value, form)


def table(target, rows):
    lines = ["| program | chains | compile s | warm-up s | draws s | us a gradient | ESS | ESS/s | with warm-up | with "
             "compilation | R-hat | mean z | sd z |", "| --- |" + " ---: |" * 12]
    for row in (row for row in rows if row["target"] == target.name):
        rate, score = row["rates"], row["score"]
        lines.append(f"| {row['program']} | {row['chains']} | {row['compile']['cpu_s']:.1f} | "
                     f"{row['warmup']['cpu_s']:.3f} | {row['draw']['cpu_s']:.3f} | {rate['us_per_gradient']:.2f} | "
                     f"{score['ess_bulk']:.0f} | {rate['ess_per_s']:.0f} | {rate['ess_per_s_warmup']:.0f} | "
                     f"{rate['ess_per_s_compile']:.1f} | {score['rhat']:.3f} | {cell(score.get('mean_z'), '.1f')} | "
                     f"{cell(score.get('sd_z'), '.1f')} |")
    return lines


def report(result, sizes):
    context = result["context"]
    transitions = "; ".join(f"{chains} chain{'s' * (chains > 1)}: {warmup} transitions of warm-up, {draws} draws each"
                            for chains, (warmup, draws) in sizes.items())
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    lines = ["# NUTS and HMC beside other programs", "",
             f"`nuts` and `hmc` of this suite (commit {context['git']}) and the NUTS of {versions}; Python "
             f"{context['python']}. {context['cpu']}, {context['instruction_set']}, one core, one thread, float64. "
             f"{context['utc']}. `./bench peers` makes it.", "",
             f"CPU seconds. {transitions}. All but nutpie start at N(0, I); a diagonal mass, acceptance 0.8, depth 10; "
             "`hmc` takes 10 leapfrogs. ESS, R-hat and distances from the truth (z) by `samplerbench "
             "score`, of all draws after warm-up. Stan writes every draw as text, its compilation is of the first run; "
             "nutpie's warm-up is split off by gradients, Stan's by Stan's clock; many chains of NumPyro and BlackJAX wait for "
             "the longest trajectory among them.", ""]
    for target in TARGETS.values():
        lines += [f"## {target.title}", "", *table(target, result["rows"]), ""]
    lines += ["## Agreement", "", f"Largest distance between means or second moments of the {max(sizes)} chains of two "
              f"programs, in combined standard errors of independent chains; above {FARTHEST:g} they differ. A moment "
              "does so by chance with probability 6e-5 to 1e-4, one of the whole table with about 0.04.", "",
              "| target | ours | " + " | ".join(PEERS) + " |", "| --- | --- |" + " ---: |" * len(PEERS)]
    for target, ours in itertools.product(TARGETS, OURS):
        distances = {pair["peer"]: pair["standard_errors"] for pair in result["agreement"]
                     if pair["target"] == target and pair["ours"] == ours}
        lines.append(f"| {target} | {ours} | " + " | ".join(f"{distances[peer]:.2f}" for peer in PEERS) + " |")
    return "\n".join(lines) + "\n"


def outcome(arguments, sizes):
    rows = collect(arguments, sizes)
    versions, context = {}, {}
    for row in rows:
        versions |= row.pop("versions", {})
        context |= row.pop("context", {})
    return {"context": context | {"python": platform.python_version()}, "versions": versions, "rows": rows,
            "agreement": agreements(max(sizes))}


def data_folder():
    home = pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share")
    return pathlib.Path(os.environ.get("SAMPLERBENCH_DATA") or home / "samplerbench")


def arguments_of(words):
    parser = argparse.ArgumentParser(prog="./bench peers", description=__doc__.split("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few draws, to see that all runs: into build/peers/tiny")
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)), help="the core that works")
    parser.add_argument("--data", type=pathlib.Path, default=data_folder(), help="folder of data files")
    parser.add_argument("--out", type=pathlib.Path, help="folder that takes the report (default: results/peers)")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--target", choices=TARGETS, help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if not (arguments.data / German.file).exists():
        parser.error(f"--data {arguments.data}: {German.file} is missing; ./bench data fetch german gets it")
    arguments.out = arguments.out or (SOURCES / "build/peers/tiny" if arguments.tiny else SOURCES / "results/peers")
    return arguments


def main():
    arguments = arguments_of(sys.argv[1:])
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.peer:
        run_peer(arguments)
        return 0
    sizes = SIZES["tiny" if arguments.tiny else "full"]
    sample_all(arguments, sizes)
    result = outcome(arguments, sizes)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "peers.json").write_text(json.dumps(result, indent=1) + "\n")
    (arguments.out / "report.md").write_text(report(result, sizes))
    far = [pair for pair in result["agreement"] if not pair["standard_errors"] <= FARTHEST]
    for pair in far:
        print("peers: {target}: {ours} and {peer} differ by {standard_errors:.1f} combined standard errors, and "
              f"{FARTHEST:g} is the most".format(**pair), file=sys.stderr)
    print(f"peers: {arguments.out}/report.md")
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
