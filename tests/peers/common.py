"""What `./bench peers` and `./bench peers samplers` share: targets, clocks, chains in JAX, judgements, reports."""
import argparse
import importlib.metadata
import json
import math
import os
import pathlib
import subprocess
import time

import numpy as np

SOURCES = pathlib.Path(__file__).resolve().parents[2]
BUILD = SOURCES / "build/release"
FARTHEST = 4.0  # combined standard errors between the moments of two programs
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "JAX_ENABLE_X64": "1",
              "JAX_PLATFORMS": "cpu", "PYTENSOR_FLAGS": "floatX=float64",
              "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}


# ---- The targets, as each program has them

class Quadratic:
    """log q(x) = -(x1^2 - 2 rho x1 x2 + x2^2) / (2 (1 - rho^2)): of condition number 1999 at rho = 0.999."""
    name, dim, call = "gaussian", 2, "gaussian:correlation=0.999"
    log_z = math.log(2 * math.pi) + math.log(1 - 0.999 ** 2) / 2
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
    log_z = math.log(math.pi / math.sqrt(0.5 * 5))
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
    log_z = -529.1759 + 12.5 * math.log(2 * math.pi)  # published, with standard error 0.0007: german_truth.h
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


def starting_points(chains, dim, seed=1):
    return np.random.default_rng(seed).normal(size=(chains, dim))


# ---- Programs under the clock. A record holds CPU seconds of `compile`, `warmup` and `draw`, and the gradients of
# `draw` (of one point) where the program tells.

class Clock:
    def __init__(self):
        self.read()

    def read(self):
        """CPU seconds since the last reading."""
        now = time.process_time()
        since, self.last = now - getattr(self, "last", now), now
        return since


class Compiled:
    """A function that JAX compiles at its first call, for arguments like those; and CPU seconds: of that, and of the
    last call without it."""

    def __init__(self, function):
        self.function, self.program, self.compile_s, self.call_s = function, None, 0.0, 0.0

    def __call__(self, *arguments):
        import jax
        clock = Clock()
        if self.program is None:
            self.program = jax.jit(self.function).lower(*arguments).compile()
            self.compile_s = clock.read()
        result = jax.block_until_ready(self.program(*arguments))
        self.call_s = clock.read()
        return result


def record_of(compile_s, warmup_s, draw_s, gradients):
    return {"compile": {"cpu_s": compile_s}, "warmup": {"cpu_s": warmup_s},
            "draw": {"cpu_s": draw_s, "gradients": gradients}}


def in_jax(make, target, chains, warmup, draws, seeds=(1,), ensemble=False):
    """Draws [chains, draws, D] and record for each seed. `make` returns (warm, draw) of one chain: warm(key, x) ->
    state; draw(key, state) -> (positions, gradients). Those of an ensemble are of all chains at once."""
    import jax
    warm, draw = make(lambda x: target.log_density(x, jax.numpy), warmup, draws)
    if chains > 1 and not ensemble:
        warm, draw = jax.vmap(warm), jax.vmap(draw)
    warm, draw = Compiled(warm), Compiled(draw)
    for seed in seeds:
        keys, more_keys = (jax.random.split(jax.random.key(2 * seed - 1 + part), chains) for part in range(2))
        x = jax.numpy.asarray(starting_points(chains, target.dim, seed))
        if chains == 1:
            keys, more_keys, x = keys[0], more_keys[0], x[0]
        state = warm(keys, x)
        positions, gradients = draw(more_keys, state)
        yield (np.asarray(positions).reshape(chains, draws, target.dim),
               record_of(warm.compile_s + draw.compile_s, warm.call_s, draw.call_s, int(np.sum(gradients))))


def on_one_core(command, core, work):
    """What the command prints; what programs keep lies in the folder `work`."""
    cache = {"XDG_CACHE_HOME": str(work / "cache"), "MPLCONFIGDIR": str(work / "cache")}
    done = subprocess.run([str(word) for word in command], env=os.environ | ONE_THREAD | cache, text=True,
                          capture_output=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr[-3000:]}")
    return done.stdout


def versions_of(packages):
    return {name: importlib.metadata.version(name) for name in packages}


def keep(stem, draws, record):
    np.save(f"{stem}.npy", np.ascontiguousarray(draws, dtype=float))
    pathlib.Path(f"{stem}.json").write_text(json.dumps(record))


# ---- Judgements

def judged(data, target, stem, metrics):
    """Values of `samplerbench score`, by name, for the draws in STEM.npy; without those that it cannot have."""
    truth = "inference_gym/german_credit_numeric_logistic_regression.json"
    known = target is German and (data / truth).exists()
    done = subprocess.run([BUILD / "samplerbench", "score", f"{stem}.npy", "--target",
                           target.call + ",truth=inference-gym" * known, "--data", data, "--json",
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


def moment_distance(one, other, bias=0.0):
    """Largest distance between the means and between the second moments of two sets of chains [chains, draws, D], in
    combined standard errors, which are those of the means of independent chains. Of a distance, the first `bias`
    standard deviations of the draws or of their squares do not count.

    >>> chains = np.random.default_rng(1).normal(size=(4, 100, 50, 2))
    >>> chains[0] *= 1.1; chains[1, :, :, 1] += 0.1
    >>> [moment_distance(one, chains[3]) > FARTHEST for one in chains[:3]]  # too wide, moved, the same law
    [True, True, False]
    >>> [moment_distance(chains[3] + shift, chains[3], bias=0.1) > FARTHEST for shift in (0.09, 0.3)]
    [False, True]
    >>> chains[1, 0, 0, 0] = math.nan
    >>> moment_distance(chains[1], chains[3])
    nan
    """
    both = np.concatenate([one, other]).reshape(-1, one.shape[2])
    worst = 0.0
    for power in (1, 2):
        powers = [((draws - both.mean(0)) / both.std(0)) ** power for draws in (one, other)]
        of_one, of_other = (draws.mean(1) for draws in powers)
        error = np.hypot(*(means.std(0, ddof=1) / math.sqrt(len(means)) for means in (of_one, of_other)))
        allowed = bias * np.concatenate(powers).std((0, 1)) if bias else 0.0
        apart = (np.abs(of_one.mean(0) - of_other.mean(0)) - allowed) / error
        worst = float(np.maximum(worst, apart.max()))  # keeps NaN, which max() would lose
    return worst


# ---- Command lines and reports

def data_folder():
    home = pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share")
    return pathlib.Path(os.environ.get("SAMPLERBENCH_DATA") or home / "samplerbench")


def parser_of(command, description):
    parser = argparse.ArgumentParser(prog=f"./bench {command}", description=description)
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)), help="the core that works")
    parser.add_argument("--data", type=pathlib.Path, default=data_folder(), help="folder of data files")
    parser.add_argument("--out", type=pathlib.Path,
                        help="folder that takes the report (default: results/peers; of --tiny, in build)")
    return parser


def parsed(parser, words):
    arguments = parser.parse_args(words)
    if not (arguments.data / German.file).exists():
        parser.error(f"--data {arguments.data}: {German.file} is missing; ./bench data fetch german gets it")
    return arguments


def setting(context):
    """What a report says of the machine and the day."""
    return (f"Python {context['python']}. {context['cpu']}, {context['instruction_set']}, one core, one thread, "
            f"float64. {context['utc']}.")


def write_files(folder, texts):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
