#!/usr/bin/env python3
"""Samplers of this suite beside the same of BlackJAX: agreement, gradients and CPU seconds of one core.

usage: ./bench peers samplers [--tiny] [--seeds N] [--only SAMPLER]... [--core N] [--data FOLDER] [--out FOLDER]

Both programs run MCLMC, MAMS, ChEES-HMC, adaptive tempered SMC and Pathfinder on three targets in float64 from N(0, I),
each alone on one core with one thread, each with its own adaptation. Many chains, or particles, of both must have the
same means and second moments, within 4 combined standard errors, those of MCLMC but for 0.1 standard deviations, which
its steps may bias; one chain and Pathfinder are not held to this. log Z must be as near to the known one, and no ELBO
may be above it. With few runs the bound of 4 is Student's of the same probability. Exit status: 1 where this does not
hold or a program fails. --tiny runs all and judges nothing.
"""
import argparse
import collections
import functools
import itertools
import json
import math
import os
import pathlib
import platform
import statistics
import sys

import numpy as np

from common import (BUILD, FARTHEST, SOURCES, TARGETS, Compiled, in_jax, judged, keep, moment_distance, on_one_core,
                    parsed, parser_of, rates, record_of, setting, starting_points, versions_of, write_files)

KEPT = SOURCES / "build/peers-samplers"
WORK = KEPT / "work"
PACKAGES = ("blackjax", "jax", "optax")
PROGRAMS = ("ours", "blackjax")

# What the calls below have in common with the settings of BlackJAX.
MOVES, LEAPFROG, TARGET_ESS, TARGET_ACCEPT, FIRST_STEP = 5, 10, 0.5, 0.8, 0.2  # of SMC
PAIRS, ITERATIONS, ELBO_DRAWS = 10, 30, 200  # of Pathfinder
CALLS = {"mclmc": "mclmc:chains={count},warmup={warmup}",
         "mams": "mams:chains={count},warmup={warmup}",
         "chees": "chees:scaling=false,chains={count},warmup={warmup}",
         "smc": f"smc:particles={{count}},moves={MOVES},leapfrog={LEAPFROG},target_ess={TARGET_ESS},"
                f"target_accept={TARGET_ACCEPT},step_size={FIRST_STEP},jitter=0",
         "pathfinder": f"pathfinder:paths={{count}},pairs={PAIRS},iterations={ITERATIONS},elbo_draws={ELBO_DRAWS},"
                       "resample=false"}
CHAINS = ("mclmc", "mams", "chees")  # the others come to an end, which this suite's tell by a diagnostic
ENDS = {"smc": "passes=1", "pathfinder": "moving=0"}

# Chains, particles or paths; transitions of warm-up, a multiple of 30; states or draws after that.
Size = collections.namedtuple("Size", "count warmup draws")
SIZES = {"full": {"mclmc": (Size(1, 1500, 10000), Size(100, 1500, 500)),
                  "mams": (Size(1, 600, 2000), Size(100, 600, 200)),
                  "chees": (Size(100, 600, 200),),
                  "smc": (Size(500, 0, 500),),
                  "pathfinder": (Size(1, 0, 2000),)},
         "tiny": {"mclmc": (Size(1, 300, 200), Size(10, 300, 40)),
                  "mams": (Size(1, 150, 100), Size(10, 150, 40)),
                  "chees": (Size(10, 150, 40),),
                  "smc": (Size(100, 0, 100),),
                  "pathfinder": (Size(1, 0, 200),)}}
LONGER = {"full": 4, "tiny": 1}  # transitions in the plane, over those on German credit
SEEDS = {"full": 5, "tiny": 2}
REPEATS = {"smc": 4, "pathfinder": 4}  # runs a seed: each of these tells one number where chains tell many
BIAS = {"mclmc": 0.1}  # standard deviations that its moments may be off by: neither program's has the law itself
ROUNDING = 1e-6  # of an ELBO


def sizes_of(arguments, sampler, target):
    size = "tiny" if arguments.tiny else "full"
    times = LONGER[size] if sampler in CHAINS and target.dim == 2 else 1
    return [Size(count, times * warmup, times * draws) for count, warmup, draws in SIZES[size][sampler]]


def runs_of(arguments, sampler):
    return range(1, arguments.seeds * REPEATS.get(sampler, 1) + 1)


# ---- BlackJAX. Each runner yields draws and record for each run.

def make_mclmc(log_density, warmup, draws):
    import blackjax
    import jax
    kernel = blackjax.mclmc.build_kernel()

    def warm(key, x):
        first, tuning = jax.random.split(key)
        state, adapted, _ = blackjax.mclmc_find_L_and_step_size(  # takes 3 + 3 + 1 + 3 parts of 30
            mclmc_kernel=kernel, num_steps=3 * warmup, state=blackjax.mclmc.init(x, log_density, first),
            rng_key=tuning, logdensity_fn=log_density)
        return state, adapted

    def draw(key, start):
        first, adapted = start

        def step(state, key):
            state, _ = kernel(key, state, log_density, adapted.inverse_mass_matrix, adapted.L, adapted.step_size)
            return state, state.position
        positions = jax.lax.scan(step, first, jax.random.split(key, draws))[1]
        return positions, jax.numpy.full(draws, 2)  # gradients of a step of minimal norm
    return warm, draw


def make_mams(log_density, warmup, draws):
    import blackjax
    import blackjax.mcmc.adjusted_mclmc_dynamic as dynamic
    import blackjax.mcmc.integrators as integrators
    import jax
    kernel = dynamic.build_kernel(integration_steps_fn=dynamic.make_random_trajectory_length_fn(True),
                                  integrator=integrators.isokinetic_velocity_verlet)

    def warm(key, x):
        lengths, tuning = jax.random.split(key)
        first = dynamic.init(x, log_density, jax.random.key_data(lengths))  # raw, for it is compared as a number
        state, adapted, _ = blackjax.adjusted_mclmc_find_L_and_step_size(  # takes 1 + 1 and 1 parts of 10
            kernel, log_density, num_steps=10 * warmup // 3, state=first, rng_key=tuning, target=0.9)
        return state, adapted

    def draw(key, start):
        first, adapted = start

        def step(state, key):
            state, info = kernel(key, state, log_density, adapted.step_size,
                                 inverse_mass_matrix=adapted.inverse_mass_matrix,
                                 integration_steps_params=(adapted.L / adapted.step_size,))
            return state, (state.position, info.num_integration_steps)
        return jax.lax.scan(step, first, jax.random.split(key, draws))[1]
    return warm, draw


def make_chees(log_density, warmup, draws):
    import blackjax
    import jax
    import optax
    rules = {}  # functions, which a compiled program cannot return

    def warm(keys, x):
        ascent = optax.adam(0.025, b1=0.0, b2=0.95)  # as in TensorFlow Probability and in this suite
        adaptation = blackjax.chees_adaptation(log_density, x.shape[0], adaptation_info_fn=lambda *_: None)
        (states, found), _ = adaptation.run(keys[0], x, 0.1, ascent, warmup, max_sampling_steps=draws)
        for name in ("next_random_arg_fn", "integration_steps_fn"):
            rules[name] = found.pop(name)
        return states, found

    def draw(keys, start):
        states, found = start
        kernel = blackjax.dynamic_hmc.build_kernel(**rules)

        def step(state, key):
            state, info = kernel(key, state, log_density, **found)
            return state, (state.position, info.num_integration_steps)

        def of_one(key, state):
            return jax.lax.scan(step, state, jax.random.split(key, draws))[1]
        return jax.vmap(of_one)(keys, states)
    return warm, draw


def chain_runner(make, ensemble=False):
    def run(target, size, runs):
        return in_jax(make, target, *size, runs, ensemble)
    return run


def make_smc(log_density, dim):
    """A run from N(0, I): (key, particles [N, D]) -> draws [N, D], log Z, the variance of Z over its square by the
    weights alone, and the number of temperatures. Step size and diagonal mass are adapted as this suite's are, but
    once a temperature: by its mean acceptance and by the weighted particles."""
    import blackjax
    import jax
    from blackjax.smc import resampling
    from blackjax.smc.tuning.from_kernel_info import update_scale_from_acceptance_rate

    def log_prior(x):
        return -0.5 * (x ** 2).sum() - 0.5 * dim * math.log(2 * math.pi)

    kernel = blackjax.adaptive_tempered_smc.build_kernel(
        log_prior, lambda x: log_density(x) - log_prior(x),
        functools.partial(blackjax.hmc.build_kernel(), num_integration_steps=LEAPFROG), blackjax.hmc.init,
        resampling.systematic, target_ess=TARGET_ESS)

    def temperature(carry):
        key, state, step_size, variances, log_z, variance, count = carry
        key, own = jax.random.split(key)
        state, info = kernel(own, state, MOVES, {"step_size": step_size, "inverse_mass_matrix": variances})
        accepted = info.update_info.acceptance_rate.mean(keepdims=True)[0]
        step_size = update_scale_from_acceptance_rate(step_size, accepted, TARGET_ACCEPT)
        mean = state.weights @ state.particles
        variances = (state.weights @ (state.particles - mean) ** 2)[None]
        spread = (state.weights ** 2).sum() - 1 / len(state.weights)
        return key, state, step_size, variances, log_z + info.log_likelihood_increment, variance + spread, count + 1

    def run(key, x):
        key, last = jax.random.split(key)
        zero = jax.numpy.zeros(())
        first = blackjax.adaptive_tempered_smc.init(x)._replace(tempering_param=zero)
        start = (key, first, jax.numpy.full(1, FIRST_STEP), x.var(0, keepdims=True), zero, zero,
                 jax.numpy.zeros((), int))
        _, state, _, _, log_z, variance, count = jax.lax.while_loop(
            lambda carry: carry[1].tempering_param < 1, temperature, start)
        chosen = resampling.systematic(last, state.weights, len(x))
        return state.particles[chosen], log_z, variance, count
    return run


def run_smc(target, size, runs):
    import jax
    run = Compiled(make_smc(lambda x: target.log_density(x, jax.numpy), target.dim))
    for seed in runs:
        particles = jax.numpy.asarray(starting_points(size.count, target.dim, seed))
        draws, log_z, variance, temperatures = run(jax.random.key(2 * seed), particles)
        gradients = int(temperatures) * size.count * (1 + MOVES * LEAPFROG)
        yield np.asarray(draws), record_of(run.compile_s, run.call_s, 0.0, gradients) | {
            "diagnostics": {"log_z": number(log_z), "log_z_standard_error": number(np.sqrt(variance)),
                            "temperatures": int(temperatures)}}


def counted(log_density, calls):
    """The same density of one point, of which every gradient is told to `calls`."""
    import jax

    @jax.custom_vjp
    def density(x):
        return log_density(x)

    def value_and_score(x):
        jax.debug.callback(lambda: calls.append(1))
        return jax.value_and_grad(log_density)(x)

    density.defvjp(value_and_score, lambda score, slope: (slope * score,))
    return density


def run_pathfinder(target, size, runs):
    import blackjax
    import jax

    def log_density(x):
        return target.log_density(x, jax.numpy)

    def fit_of(density):
        return lambda key, x: blackjax.pathfinder.approximate(key, density, x, num_samples=ELBO_DRAWS,
                                                              maxiter=ITERATIONS, maxcor=PAIRS)[0]

    calls = []
    fit, count = Compiled(fit_of(log_density)), jax.jit(fit_of(counted(log_density, calls)))
    sample = Compiled(lambda key, state: blackjax.pathfinder.sample(key, state, size.draws))
    for seed in runs:
        keys = jax.random.split(jax.random.key(2 * seed))
        x = jax.numpy.asarray(starting_points(1, target.dim, seed)[0])
        state = fit(keys[0], x)
        draws, log_law = sample(keys[1], state)
        gaps = np.asarray(jax.vmap(log_density)(draws) - log_law)
        calls.clear()
        jax.block_until_ready(count(keys[0], x))  # off the clock
        jax.effects_barrier()
        yield np.asarray(draws), record_of(fit.compile_s + sample.compile_s, fit.call_s, sample.call_s, len(calls)) | {
            "diagnostics": {"elbo": number(state.elbo)},
            "elbo": {"mean": number(gaps.mean()), "standard_error": number(gaps.std(ddof=1) / math.sqrt(len(gaps)))}}


RUNNERS = {"mclmc": chain_runner(make_mclmc), "mams": chain_runner(make_mams),
           "chees": chain_runner(make_chees, ensemble=True), "smc": run_smc, "pathfinder": run_pathfinder}


# ---- The runs

def stem_of(target, sampler, program, size, seed):
    return WORK / f"{target.name}-{sampler}-{program}-{size.count}-{seed}"


def run_peer(arguments):
    """In a process of its own: all runs of one sampler of BlackJAX on one target, which it compiles once."""
    os.environ["JAX_CPU_ENABLE_ASYNC_DISPATCH"] = "0"  # a callback may wait for ever where it is on
    target, runs = TARGETS[arguments.target](arguments.data), runs_of(arguments, arguments.peer)
    for size in sizes_of(arguments, arguments.peer, target):
        for seed, (draws, record) in zip(runs, RUNNERS[arguments.peer](target, size, runs)):
            keep(stem_of(target, arguments.peer, "blackjax", size, seed), draws,
                 record | {"versions": versions_of(PACKAGES)})


def run_ours(arguments, target, sampler, size, seed):
    stem = stem_of(target, sampler, "ours", size, seed)
    printed = on_one_core([BUILD / "tests/chains", target.call, CALLS[sampler].format(**size._asdict()),
                           ENDS.get(sampler, size.warmup), size.draws, arguments.data, f"{stem}.npy", seed],
                          arguments.core, WORK)
    pathlib.Path(f"{stem}.json").write_text(json.dumps(json.loads(printed) | {"compile": {"cpu_s": 0.0}}))


def run_all(arguments):
    for sampler, target in itertools.product(arguments.only, TARGETS.values()):
        print(f"peers: {sampler} on {target.name}", file=sys.stderr, flush=True)
        for size, seed in itertools.product(sizes_of(arguments, sampler, target), runs_of(arguments, sampler)):
            run_ours(arguments, target, sampler, size, seed)
        on_one_core([sys.executable, __file__, "--peer", sampler, "--target", target.name, "--data", arguments.data,
                     "--seeds", arguments.seeds] + ["--tiny"] * arguments.tiny, arguments.core, WORK)


# ---- What they tell

def number(value):
    """As JSON has it, which knows no NaN and no infinity; float() reads both."""
    return float(value) if math.isfinite(value) else str(float(value))


def effective_draws(runs):
    """Effective draws of a run, by the scatter of the means of independent runs, [runs, draws, D]: the variance of a
    coordinate over that of its means, the harmonic mean over coordinates.

    >>> runs = np.random.default_rng(1).normal(size=(40, 200, 3))
    >>> 120 < effective_draws(runs) < 330, 12 < effective_draws(np.repeat(runs[:, :20], 10, axis=1)) < 33
    (True, True)
    """
    return float(1 / np.mean(runs.mean(1).var(0, ddof=1) / runs.reshape(-1, runs.shape[2]).var(0)))


def log_of_mean(logs):
    """The logarithm of the mean of the numbers with these logarithms, and its standard error.

    >>> log_of_mean([2.0, 2.0, 2.0])
    (2.0, 0.0)
    >>> mean, error = log_of_mean([math.log(1.0), math.log(3.0)])
    >>> round(math.exp(mean), 9), round(error, 9)
    (2.0, 0.5)
    """
    values = np.exp(np.asarray(logs) - max(logs))
    return (float(max(logs) + math.log(values.mean())),
            float(values.std(ddof=1) / math.sqrt(len(values)) / values.mean()))


def spent(record):
    """CPU seconds and gradients of a run that comes to an end, its draws included."""
    parts = record["warmup"], record["draw"]
    return sum(part["cpu_s"] for part in parts), sum(part.get("gradients", 0) for part in parts)


def tell_chains(arguments, row, target, size, stems):
    for program, records in row["runs"].items():
        for record, stem in zip(records, stems[program]):
            record["score"] = judged(arguments.data, target, stem, ("ess_bulk", "rhat"))
            missing = {"ess_bulk", "rhat"} - record["score"].keys()
            if missing:
                raise RuntimeError(f"{stem}.npy: `samplerbench score` has no {', '.join(sorted(missing))}")
            record["rates"] = rates(record)
            record["rates"]["gradients_per_draw"] = record["draw"]["gradients"] / record["score"]["ess_bulk"]
    if size.count == 1:
        return
    ours, theirs = (np.concatenate([np.load(f"{stem}.npy") for stem in stems[program]]) for program in PROGRAMS)
    row["standard_errors"] = number(moment_distance(ours, theirs))
    if row["sampler"] in BIAS:
        row["standard_errors_beyond_bias"] = number(moment_distance(ours, theirs, BIAS[row["sampler"]]))


def farthest(runs):
    """What Student's t of so many independent runs exceeds as rarely as a normal number exceeds FARTHEST.

    >>> [round(farthest(runs), 1) for runs in (8, 20, 10**6)]
    [8.5, 5.1, 4.0]
    """
    from scipy.stats import norm, t
    return float(t.isf(norm.sf(FARTHEST), runs - 1))


def tell_particles(_, row, target, size, stems):
    draws = {program: np.stack([np.load(f"{stem}.npy") for stem in stems[program]]) for program in PROGRAMS}
    row["standard_errors"] = number(moment_distance(*draws.values()))
    row["at_most"] = farthest(len(next(iter(draws.values()))))
    row["effective_draws"] = {program: number(effective_draws(runs)) for program, runs in draws.items()}
    row["log_z"] = {}
    for program, records in row["runs"].items():
        mean, error = log_of_mean([float(record["diagnostics"]["log_z"]) for record in records])
        row["log_z"][program] = {"value": number(mean), "standard_error": number(error),
                                 "errors_off": number(abs(mean - target.log_z) / error)}


def tell_path(_, row, target, size, stems):
    ours, theirs = (np.concatenate([np.load(f"{stem}.npy") for stem in stems[program]]) for program in PROGRAMS)
    row["means_apart"] = number((np.abs(theirs.mean(0) - ours.mean(0)) / ours.std(0)).max())
    ratios = theirs.std(0) / ours.std(0)
    row["sd_ratios"] = [number(ratios.min()), number(ratios.max())]
    row["elbos"] = {program: [float(record["elbo"]["mean"]) for record in records]
                    for program, records in row["runs"].items()}
    for program, values in row["elbos"].items():
        row["elbos"][program] = {name: number(act(values)) for name, act in
                                 (("median", statistics.median), ("lowest", min), ("highest", max))}
    row["elbos_too_high"] = {program: sum(elbo_too_high(record["elbo"], target.log_z) for record in records)
                             for program, records in row["runs"].items()}


def elbo_too_high(elbo, log_z):
    """Whether it is above log Z, which no ELBO is, by more than its error allows.

    >>> [elbo_too_high({"mean": mean, "standard_error": 0.1}, 1.0) for mean in (0.9, 1.3, 1.5, "nan")]
    [False, False, True, True]
    """
    return not float(elbo["mean"]) - FARTHEST * float(elbo["standard_error"]) <= log_z + ROUNDING


TELL = {"smc": tell_particles, "pathfinder": tell_path}


def collect(arguments):
    rows = []
    for sampler, target in itertools.product(arguments.only, TARGETS.values()):
        for size in sizes_of(arguments, sampler, target):
            stems = {program: [stem_of(target, sampler, program, size, seed) for seed in runs_of(arguments, sampler)]
                     for program in PROGRAMS}
            row = {"sampler": sampler, "target": target.name, **size._asdict(),
                   "runs": {program: [json.loads(pathlib.Path(f"{stem}.json").read_text()) for stem in stems[program]]
                            for program in PROGRAMS}}
            TELL.get(sampler, tell_chains)(arguments, row, target, size, stems)
            rows.append(row)
    return rows


def faults(rows):
    """Where two programs differ, or one is wrong.

    >>> row = {"sampler": "mams", "target": "gaussian", "standard_errors": 3.0}
    >>> faults([row]), faults([row | {"standard_errors": "nan"}])
    ([], ['mams on gaussian: the programs differ by nan combined standard errors, and 4 is the most'])
    >>> biased = row | {"standard_errors": 9.0, "standard_errors_beyond_bias": 1.0}
    >>> far = {"blackjax": {"errors_off": 5.0}}
    >>> faults([biased]), faults([row | {"log_z": far}]), faults([row | {"elbos_too_high": {"ours": 2}}])
    ([], ['mams on gaussian: log Z of blackjax is 5.0 standard errors off, and 4 is the most'], ['mams on gaussian: 2 \
ELBOs of ours are above log Z'])
    """
    found = []
    for row in rows:
        where = f"{row['sampler']} on {row['target']}"
        apart = float(row.get("standard_errors_beyond_bias", row.get("standard_errors", 0)))
        most = row.get("at_most", FARTHEST)
        if not apart <= most:
            found.append(f"{where}: the programs differ by {apart:.1f} combined standard errors, and {most:.3g} is "
                         "the most")
        for program, log_z in row.get("log_z", {}).items():
            if not float(log_z["errors_off"]) <= most:
                found.append(f"{where}: log Z of {program} is {float(log_z['errors_off']):.1f} standard errors off, "
                             f"and {most:.3g} is the most")
        found += [f"{where}: {count} ELBOs of {program} are above log Z"
                  for program, count in row.get("elbos_too_high", {}).items() if count]
    return found


# ---- The report

def middle(records, of, form):
    return format(statistics.median(of(record) for record in records), form)


def ratio(row, of):
    """BlackJAX's over this suite's, run by run: the median, and the range.

    >>> runs = {"ours": [{"s": 1.0}, {"s": 2.0}, {"s": 2.0}], "blackjax": [{"s": 3.0}, {"s": 4.0}, {"s": 9.0}]}
    >>> ratio({"runs": runs}, lambda record: record["s"])
    '3.00 [2.00, 4.50]'
    """
    ratios = [of(theirs) / of(ours) for ours, theirs in zip(*(row["runs"][program] for program in PROGRAMS))]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"


def ruled(*heads):
    return ["| " + " | ".join(heads) + " |", "| --- | --- |" + " ---: |" * (len(heads) - 2)]


def lines_of_pair(row, cells, last):
    """The two lines of a table with what each program has, and a third with the ratios."""
    return ["| " + " | ".join([row["target"], *line]) + " |" for line in
            (["`" + row["sampler"] + "`", *cells["ours"]], ["BlackJAX", *cells["blackjax"]], ["ratio", *last])]


def seconds(part):
    return lambda record: record[part]["cpu_s"]


def rate(name):
    return lambda record: record["rates"][name]


def inverse_rate(name):
    return lambda record: 1 / record["rates"][name]


def chain_table(rows):
    lines = ruled("target", "program", "chains", "compile s", "warm-up s", "draws s", "us a gradient",
                  "gradients an effective draw", "ESS/s", "with warm-up", "R-hat", "moments apart")
    for row in rows:
        cells = {program: [str(row["count"]), middle(records, seconds("compile"), ".1f"),
                           middle(records, seconds("warmup"), ".3f"), middle(records, seconds("draw"), ".3f"),
                           middle(records, rate("us_per_gradient"), ".2f"),
                           middle(records, rate("gradients_per_draw"), ".1f"),
                           middle(records, rate("ess_per_s"), ".0f"),
                           middle(records, rate("ess_per_s_warmup"), ".0f"),
                           middle(records, lambda record: record["score"]["rhat"], ".3f"), ""]
                 for program, records in row["runs"].items()}
        apart = f"{float(row['standard_errors']):.2f}" if "standard_errors" in row else ""
        if "standard_errors_beyond_bias" in row:
            apart += f" ({float(row['standard_errors_beyond_bias']):.2f})"
        lines += lines_of_pair(row, cells, [str(row["count"]), "", ratio(row, seconds("warmup")),
                                            ratio(row, seconds("draw")), ratio(row, rate("us_per_gradient")),
                                            ratio(row, rate("gradients_per_draw")),
                                            ratio(row, inverse_rate("ess_per_s")),
                                            ratio(row, inverse_rate("ess_per_s_warmup")), "", apart])
    return lines


def run_s(record):
    return spent(record)[0]


def run_gradients(record):
    return spent(record)[1]


def particle_table(rows):
    lines = ruled("target", "program", "compile s", "s a run", "gradients a run", "effective draws a run",
                  "gradients an effective draw", "log Z", "its error", "known", "errors off", "moments apart")
    for row in rows:
        cells, known = {}, TARGETS[row["target"]].log_z
        for program, records in row["runs"].items():
            log_z, effective = row["log_z"][program], float(row["effective_draws"][program])
            cells[program] = [middle(records, seconds("compile"), ".1f"), middle(records, run_s, ".3f"),
                              middle(records, run_gradients, ".0f"), f"{effective:.0f}",
                              middle(records, lambda record: run_gradients(record) / effective, ".0f"),
                              f"{float(log_z['value']):.3f}", f"{float(log_z['standard_error']):.3f}", f"{known:.3f}",
                              f"{float(log_z['errors_off']):.2f}", ""]
        lines += lines_of_pair(row, cells, ["", ratio(row, run_s), ratio(row, run_gradients), "", "", "", "", "", "",
                                            f"{float(row['standard_errors']):.2f}"])
    return lines


def path_table(rows):
    lines = ruled("target", "program", "compile s", "s a run", "gradients a run", "ELBO", "lowest", "highest", "log Z",
                  "means apart, sd", "sd ratios")
    for row in rows:
        known = TARGETS[row["target"]].log_z
        cells = {program: [middle(records, seconds("compile"), ".1f"), middle(records, run_s, ".4f"),
                           middle(records, run_gradients, ".0f"),
                           *(f"{float(row['elbos'][program][name]):.3f}" for name in ("median", "lowest", "highest")),
                           f"{known:.3f}", "", ""] for program, records in row["runs"].items()}
        least, most = (float(value) for value in row["sd_ratios"])
        lines += lines_of_pair(row, cells, ["", ratio(row, run_s), ratio(row, run_gradients), "", "", "", "",
                                            f"{float(row['means_apart']):.2f}", f"[{least:.2f}, {most:.2f}]"])
    return lines


SECTIONS = {
    "mclmc": ("MCLMC", chain_table,
              "`mclmc` and `blackjax.mclmc` with `mclmc_find_L_and_step_size`: steps of minimal norm, a mean squared "
              "energy error of 5e-4 a coordinate, a diagonal scale. This suite tunes all chains together, BlackJAX "
              "each alone. Neither has the law itself: their steps bias both, so that differences of moments count "
              f"from {BIAS['mclmc']:g} standard deviations on; the distances with that allowance are in brackets."),
    "mams": ("MAMS", chain_table,
             "`mams` and `blackjax.adjusted_mclmc_dynamic` with `adjusted_mclmc_find_L_and_step_size`: leapfrog steps, "
             "acceptance 0.9, a diagonal scale. This suite tunes the length of trajectories by autocorrelations and "
             "gives all chains one, BlackJAX 1.7.1 holds it at two steps in the mean (its default) and tunes each "
             "chain alone."),
    "chees": ("ChEES-HMC", chain_table,
              "`chees:scaling=false` and `blackjax.chees_adaptation` with `dynamic_hmc`: unit mass, acceptance 0.651, "
              "Adam with learning rate 0.025. All chains share one length."),
    "smc": ("Adaptive tempered SMC", particle_table,
            "`smc:jitter=0`, of which a run is the first pass, and `blackjax.adaptive_tempered_smc` with `hmc`: "
            f"particles from N(0, I), {MOVES} transitions of {LEAPFROG} leapfrogs a temperature, the next one at an "
            f"effective share of {TARGET_ESS:g}, systematic resampling. Step size and diagonal mass follow acceptance "
            "and particles, this suite's step size at every transition, BlackJAX's at every temperature. BlackJAX "
            "moves particles before it reweights them, and chooses a temperature by the particles without their "
            "weights, which are one temperature behind; its last ones are resampled here. The law of particles is off "
            "by the order of one over their number. Effective draws, errors and moments are by the scatter of the "
            "runs; log Z is that of the mean of Z over them. That of German credit is "
            "published, with a standard error of 0.0007."),
    "pathfinder": ("Pathfinder", path_table,
                   f"`pathfinder` and `blackjax.pathfinder`: at most {ITERATIONS} iterations, {PAIRS} pairs, "
                   f"{ELBO_DRAWS} draws an ELBO. The law is a normal one, so that the programs are not held to one "
                   "another: ELBOs are of fresh draws of each run, median, lowest and highest, and must not be above "
                   "log Z by more than 4 of their standard errors; means and standard deviations are "
                   "of the draws of all runs. BlackJAX 1.7.1 puts the mean at x - H s, with s the score at the point "
                   "x of the path, where the paper has x + H s (`optimizers/lbfgs.py`, `bfgs_sample`)."),
}


def report(result):
    context = result["context"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    seeds, runs = result["seeds"], result["seeds"] * REPEATS["smc"]
    lines = ["# Samplers beside BlackJAX", "",
             f"Samplers of this suite (commit {context['git']}) and of {versions}; {setting(context)} "
             "`./bench peers samplers` makes it.", "",
             f"CPU seconds, with compilation apart. Medians of {seeds} seeds, of {runs} runs where a sampler comes to "
             "an end. A ratio is of one seed in both programs: BlackJAX's number over this suite's, of rates the other "
             "way round, so that above 1 this suite is ahead; median, lowest and highest. Gradients are of one point, "
             "log densities alone do not count. ESS and R-hat by `samplerbench score`, of all states after warm-up. "
             "Moments apart: the largest distance between means or second moments of both programs, over all seeds, "
             f"in combined standard errors of independent chains or runs; above {FARTHEST:g} they differ, of particles "
             "above Student's quantile of the same probability. By chance a moment is so, or a log Z, with a "
             "probability of at most 1e-4, and one of all of them with about 0.02.", ""]
    for sampler, (title, table, words) in SECTIONS.items():
        rows = [row for row in result["rows"] if row["sampler"] == sampler]
        if not rows:
            continue
        sizes = transitions_of(rows) if sampler in CHAINS else draws_of(rows[0])
        lines += [f"## {title}", "", f"{words} {sizes}", "", *table(rows), ""]
    found = "; ".join(faults(result["rows"])) or "none"
    return "\n".join(lines + [f"Differences and faults: {found}."]) + "\n"


def draws_of(row):
    """
    >>> draws_of({"sampler": "smc", "count": 50, "draws": 50})
    '50 particles, 50 draws of each run.'
    """
    return f"{row['count']} {'particles' if row['sampler'] == 'smc' else 'path'}, {row['draws']} draws of each run."


def transitions_of(rows):
    """
    >>> transitions_of([{"target": "german", "count": 1, "warmup": 60, "draws": 9}])
    'Transitions of warm-up and states of each chain after it: german, 1 chain: 60, 9.'
    """
    return "Transitions of warm-up and states of each chain after it: " + "; ".join(
        f"{row['target']}, {row['count']} chain{'s' * (row['count'] > 1)}: {row['warmup']}, {row['draws']}"
        for row in rows) + "."


def outcome(arguments):
    rows, versions, context = collect(arguments), {}, {}
    for record in (record for row in rows for records in row["runs"].values() for record in records):
        versions |= record.pop("versions", {})
        context |= record.pop("context", {})
    return {"context": context | {"python": platform.python_version()}, "versions": versions,
            "seeds": arguments.seeds, "rows": rows}


def seeds_from(word):
    """
    >>> seeds_from("2"), seeds_from("100")
    (2, 100)
    >>> seeds_from("1")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: 1: a whole number from 2 to 100 is needed
    """
    if not (word.isdecimal() and 2 <= int(word) <= 100):
        raise argparse.ArgumentTypeError(f"{word}: a whole number from 2 to 100 is needed")
    return int(word)


def arguments_of(words):
    parser = parser_of("peers samplers", __doc__.split("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few draws, to see that all runs: into "
                        "build/peers-samplers/tiny")
    parser.add_argument("--seeds", type=seeds_from, metavar="N", help=f"runs of each pair, 2 to 100 (default: "
                        f"{SEEDS['full']}, {SEEDS['tiny']} with --tiny); SMC and Pathfinder run 4 times as often")
    parser.add_argument("--only", action="append", choices=RUNNERS, help="a sampler to run; may be repeated (default: "
                        "all); without --out its report goes where that of --tiny does")
    parser.add_argument("--peer", choices=RUNNERS, help=argparse.SUPPRESS)
    parser.add_argument("--target", choices=TARGETS, help=argparse.SUPPRESS)
    arguments = parsed(parser, words)
    arguments.seeds = arguments.seeds or SEEDS["tiny" if arguments.tiny else "full"]
    partial = arguments.tiny or arguments.only
    arguments.out = arguments.out or (KEPT / "tiny" if partial else SOURCES / "results/peers")
    arguments.only = list(dict.fromkeys(arguments.only or RUNNERS))
    return arguments


def main():
    arguments = arguments_of(sys.argv[1:])
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments.peer:
        run_peer(arguments)
        return 0
    try:
        run_all(arguments)
        result = outcome(arguments)
    except RuntimeError as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    write_files(arguments.out, {"samplers.json": json.dumps(result, indent=1) + "\n", "samplers.md": report(result)})
    found = [] if arguments.tiny else faults(result["rows"])
    for fault in found:
        print(f"peers: {fault}", file=sys.stderr)
    print(f"peers: {arguments.out}/samplers.md")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
