#!/usr/bin/env python3
"""NUTS and HMC of this suite beside the NUTS of other programs: effective draws per CPU second of one core.

usage: ./bench peers [--tiny] [--core N] [--data FOLDER] [--out FOLDER]

Every program samples the same three targets in float64 from N(0, I), with one chain and with many, each alone on one
core with one thread. Effective sample sizes, R-hat and distances from the truth are those of `samplerbench score`, of
all states after warm-up. The many chains of two programs must have the same means and second moments, within 4 combined
standard errors. Exit status: 1 where they differ or a program fails.
"""
import argparse
import itertools
import json
import multiprocessing
import pathlib
import platform
import re
import resource
import sys
import time

import numpy as np

from common import (BUILD, FARTHEST, SOURCES, TARGETS, Clock, German, in_jax, judged, keep, moment_distance,
                    on_one_core, parsed, parser_of, rates, record_of, setting, starting_points, versions_of,
                    write_files)

WORK = SOURCES / "build/peers/work"
OURS = ("nuts", "hmc")
PEERS = ("stan", "nutpie", "numpyro", "blackjax")
PACKAGES = {"stan": ("pystan", "httpstan"), "nutpie": ("nutpie", "pymc", "numba"), "numpyro": ("numpyro", "jax"),
            "blackjax": ("blackjax", "jax")}
SIZES = {"full": {1: (1000, 2000), 100: (300, 200)}, "tiny": {1: (150, 200), 20: (150, 40)}}  # chains: warm-up, draws
METRICS = ("ess_bulk", "rhat", "mean_z", "sd_z")


# ---- The programs. Each returns (draws [chains, draws, D], record) for each number of chains.

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
            yield from in_jax(make, target, chains, warmup, draws)
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
        keep(WORK / f"{target.name}-{arguments.peer}-{chains}", draws,
             record | {"versions": versions_of(PACKAGES[arguments.peer])})


# ---- The comparison

def sample_ours(arguments, target, sampler, chains, warmup, draws):
    stem = WORK / f"{target.name}-{sampler}-{chains}"
    printed = on_one_core([BUILD / "tests/chains", target.call, f"{sampler}:chains={chains},warmup={warmup}", warmup,
                           draws, arguments.data, f"{stem}.npy"], arguments.core, WORK)
    pathlib.Path(f"{stem}.json").write_text(json.dumps(json.loads(printed) | {"compile": {"cpu_s": 0.0}}))


def sample_peer(arguments, target, peer):
    on_one_core([sys.executable, __file__, "--peer", peer, "--target", target.name, "--data", arguments.data]
                + ["--tiny"] * arguments.tiny, arguments.core, WORK)


def sample_all(arguments, sizes):
    for target in TARGETS.values():
        for sampler, (chains, (warmup, draws)) in itertools.product(OURS, sizes.items()):
            sample_ours(arguments, target, sampler, chains, warmup, draws)
        for peer in PEERS:
            print(f"peers: {target.name} by {peer}", file=sys.stderr, flush=True)
            sample_peer(arguments, target, peer)


def collect(arguments, sizes):
    rows = []
    for target, (chains, (warmup, draws)), program in itertools.product(TARGETS.values(), sizes.items(), OURS + PEERS):
        stem = WORK / f"{target.name}-{program}-{chains}"
        record = {"target": target.name, "program": program, "chains": chains, "transitions": [warmup, draws],
                  **json.loads(pathlib.Path(f"{stem}.json").read_text()),
                  "score": judged(arguments.data, target, stem, METRICS)}
        rows.append(record | {"rates": rates(record)})
    return rows


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
             f"`nuts` and `hmc` of this suite (commit {context['git']}) and the NUTS of {versions}; {setting(context)} "
             "`./bench peers` makes it.", "",
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


def arguments_of(words):
    parser = parser_of("peers", __doc__.split("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few draws, to see that all runs: into build/peers/tiny")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--target", choices=TARGETS, help=argparse.SUPPRESS)
    arguments = parsed(parser, words)
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
    write_files(arguments.out, {"peers.json": json.dumps(result, indent=1) + "\n", "report.md": report(result, sizes)})
    far = [pair for pair in result["agreement"] if not pair["standard_errors"] <= FARTHEST]
    for pair in far:
        print("peers: {target}: {ours} and {peer} differ by {standard_errors:.1f} combined standard errors, and "
              f"{FARTHEST:g} is the most".format(**pair), file=sys.stderr)
    print(f"peers: {arguments.out}/report.md")
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
