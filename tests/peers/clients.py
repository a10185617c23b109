#!/usr/bin/env python3
"""This suite with the real clients from PyPI: whether they open its targets, and it their models and samplers.

usage: ./bench peers clients [--tiny] [--only NAME]... [--out FOLDER]

Prints one line a check: passed, failed, or skipped with the reason; clients.md and clients.json have versions and
numbers. Each check runs in a process of its own. Moments of chains must be within 4 combined standard errors of the
true ones; a check of them fails by chance about once in 1,000 times, and with fixed seeds then always. Exit status: 1
where a check fails.
"""
import argparse
import importlib.metadata
import importlib.util
import json
import math
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import traceback
import warnings
import zipfile

import numpy as np

from common import FARTHEST, moment_distance
from gradients import relative_difference

SOURCES = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = SOURCES / "harness/python"
sys.path.insert(0, str(PACKAGE))

import samplerbench  # noqa: E402  from the path above
from samplerbench.program import call_program  # noqa: E402

BUILD = SOURCES / "build/release"
CLIENTS = SOURCES / "build/peers-clients"
WORK = CLIENTS / "work"
TORCH = SOURCES / "build/peers-gradients/venv/bin/python"
MODEL = SOURCES / "tests/stan/models/eight-schools-noncentred.stan"
DATA = SOURCES / "tests/stan/models/eight-schools.json"
SHIM = SOURCES / "tests/stan/rstan_library.cc"

LAW = "banana:curvature=0.25,sd=2"
SIZES = {"full": {"chains": 100, "warmup": 500, "draws": 400, "steps": 1000},
         "tiny": {"chains": 60, "warmup": 400, "draws": 500, "steps": 300}}
POINTS = 50
MOST_S = 900  # of a check
SAME = 1e-12  # relative difference of what is computed twice from one formula
SAME_DIAGNOSTIC = 1e-6
WIDER = 1.2  # a law that draws must be many enough to tell apart
LEAST_ESS = 400
GRID = 2.0 ** -30  # of states whose distances from their median are exact, so that ties are ties to every program
REFERENCE_CHAINS, REFERENCE_DRAWS = 4, 500


class Fault(Exception):
    """What a check finds to be wrong."""


class Skipped(Exception):
    """Why a check cannot be tried."""


# ---- What checks share

def require(holds, words):
    if not holds:
        raise Fault(words)


def require_small(apart, most):
    """A Fault for a difference that is larger, or no number.

    >>> require_small({"score": 1e-13}, SAME)
    >>> require_small({"score": 1e-13, "log density": math.nan}, SAME)
    Traceback (most recent call last):
    clients.Fault: the relative difference of the log density is nan, and 1e-12 is the most
    """
    for name, difference in apart.items():
        require(difference <= most,
                f"the relative difference of the {name} is {difference:.3g}, and {most:g} is the most")


def require_law(chains, exact):
    """The distance between moments of chains and those of exact draws, both [chains, draws, D], in combined standard
    errors. A Fault where it is too large, and where draws are too few to tell wider ones apart.

    >>> draws = np.random.default_rng(1).normal(size=(2, 50, 100, 2))
    >>> require_law(*draws) < FARTHEST
    True
    >>> require_law(draws[0] + 0.2, draws[1])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    clients.Fault: a moment is ... combined standard errors from that of exact draws, and 4 is the most
    >>> require_law(draws[0][:, :2], draws[1][:, :2])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    clients.Fault: the draws are too few: 1.2 times as wide, they are ... combined standard errors away
    >>> require_law(np.full_like(draws[0], math.nan), draws[1])
    Traceback (most recent call last):
    clients.Fault: some draws are not finite
    """
    require(np.isfinite(chains).all(), "some draws are not finite")
    distance, control = moment_distance(chains, exact), moment_distance(WIDER * chains, exact)
    require(control > FARTHEST,
            f"the draws are too few: {WIDER:g} times as wide, they are {control:.1f} combined standard errors away")
    require(distance <= FARTHEST, f"a moment is {distance:.1f} combined standard errors from that of exact draws, and "
            f"{FARTHEST:g} is the most")
    return distance


def output_of(words, **how):
    """What a program prints. A Fault with its last words where it fails."""
    ended = subprocess.run([str(word) for word in words], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                           **how)
    if ended.returncode != 0:
        print(ended.stdout, ended.stderr, sep="\n")
        raise Fault(f"{pathlib.Path(words[0]).name} ended with exit code {ended.returncode}: "
                    f"{last_line(ended.stderr or ended.stdout)}")
    return ended.stdout


def last_line(text):
    """
    >>> last_line("one\\ntwo  \\n\\n"), last_line("")
    ('two', 'it said nothing')
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def fresh_folder(name):
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def exported(call, name):
    """The target `call` as a shared object by itself."""
    file = WORK / f"{name}.so"
    file.unlink(missing_ok=True)  # `export` leaves files that exist
    call_program(["export", call, f"--bridgestan={file}"])
    return file


def exact_draws(chains, draws):
    with samplerbench.Target(LAW) as law:
        return law.draw(chains * draws, seed=1).reshape(chains, draws, law.dim)


def suite_chains(name, chains, warmup, transitions):
    """Chains of this suite's nuts on the law in a .npy file, and the context in which they were made."""
    file = WORK / f"{name}.npy"
    sampler = f"nuts:chains={chains},warmup={warmup}"
    printed = output_of([BUILD / "tests/chains", LAW, sampler, warmup, transitions, WORK, file])
    return file, json.loads(printed)["context"]


def run_spec(name, text):
    """The runs of a spec, carried out anew."""
    folder = fresh_folder(f"{name}-run")
    spec = folder / f"{name}.toml"
    spec.write_text(text)
    summary = samplerbench.run(spec, folder / "out", report=False, quiet=True)
    runs = [record for record in samplerbench.records(folder / "out" / name) if record["kind"] == "run"]
    for record in runs:
        require(record["status"] == "finished", f"{record['sampler']} ended as {record['status']}: {record['reason']}")
    require(runs and summary["exit_code"] == 0, f"the experiment ended with exit code {summary['exit_code']}")
    return runs


# ---- BridgeStan's client

def donut_product(x, v, radius=2.6, width=0.033):
    """The Hessian of log q(x) = -(|x| - R)^2 / w, times v.

    >>> score = lambda x: -2 / 0.033 * (1 - 2.6 / np.linalg.norm(x)) * x
    >>> x, v = np.array([1.5, -2.0]), np.array([0.3, 0.7])
    >>> bool(relative_difference(donut_product(x, v), (score(x + 1e-5 * v) - score(x - 1e-5 * v)) / 2e-5) < 1e-6)
    True
    """
    length = np.linalg.norm(x)
    along = (x @ v) * x / length ** 2
    return -2 / width * (along + (1 - radius / length) * (v - along))


def refusal(act):
    try:
        act()
    except RuntimeError as error:
        return str(error)
    raise Fault("what is wrong is not refused")


def check_bridgestan(_):
    """`bridgestan.StanModel` on an exported target: names, values, derivatives, constraints, errors."""
    import bridgestan
    warnings.simplefilter("ignore")  # of another version of BridgeStan, and of a library that is opened twice
    library = str(exported("donut", "donut"))
    model = bridgestan.StanModel(library)
    numbers = np.random.default_rng(1)
    points, directions = 2 * numbers.normal(size=(2, POINTS, 2))
    with samplerbench.Target("donut") as donut:
        value, score = donut.value_and_score(points)
        require(model.name() == donut.name, f"the model is called {model.name()}, and the target {donut.name}")
    require(model.param_unc_num() == model.param_num() == 2, f"the model has {model.param_unc_num()} coordinates")
    for names in (model.param_names(), model.param_unc_names()):
        require(names == ["x.1", "x.2"], f"the parameters are called {names}")
    for point in points:
        require(np.array_equal(model.param_constrain(point), point), "param_constrain is not the identity")
        require(np.array_equal(model.param_unconstrain(point), point), "param_unconstrain is not the identity")
    products = [donut_product(x, v) for x, v in zip(points, directions)]
    both = [model.log_density_gradient(x) for x in points]
    apart = {
        "log density": relative_difference([model.log_density(x) for x in points], value),
        "log density beside the gradient": relative_difference([one for one, _ in both], value),
        "gradient": relative_difference([slope for _, slope in both], score),
        "Hessian-vector product": relative_difference(
            [model.log_density_hessian_vector_product(x, v)[1] for x, v in zip(points, directions)], products),
        "Hessian": relative_difference(
            [model.log_density_hessian(x)[2] @ v for x, v in zip(points, directions)], products),
    }
    require_small(apart, SAME)
    for said, act in {"takes no data": lambda: bridgestan.StanModel(library, '{"N": 1}'),
                      "2 numbers": lambda: model.param_unconstrain_json('{"x": [1]}')}.items():
        words = refusal(act)
        require(said in words, f"the message is: {words}")
    return f"all agrees within {max(apart.values()):.1e}, and errors come through", apart


# ---- nutpie

def nutpie_model(library, name):
    """What nutpie.compile_stan_model returns after it has compiled a library, of one that is there."""
    from nutpie import _lib
    from nutpie.compile_stan import CompiledStanModel
    return CompiledStanModel(code="", library=_lib.StanLibrary(str(library)), dims={}, _coords={}, model_name=name,
                             model=None, data=None)


def check_nutpie(size):
    """nutpie samples an exported target."""
    import nutpie
    trace = nutpie.sample(nutpie_model(exported(LAW, "banana"), "banana"), chains=size["chains"], tune=size["warmup"],
                          draws=size["draws"], cores=1, seed=1, progress_bar=False)
    chains = trace.posterior["x"].to_numpy()
    require(chains.shape == (size["chains"], size["draws"], 2), f"the draws have the shape {chains.shape}")
    distance = require_law(chains, exact_draws(size["chains"], size["draws"]))
    return f"its moments are within {distance:.2f} combined standard errors", {"standard_errors": distance}


# ---- A model that a newer Stan translates

def in_new_syntax(code):
    """A model of Stan 2.21 with arrays as Stan 2.33 and later have them.

    >>> old = ["int<lower=1> J;", "real y[J];", "real<lower=0> sigma[J];", "vector[J] theta;", "y[1] ~ normal(0, 1);"]
    >>> for line in old: print(in_new_syntax(line))
    int<lower=1> J;
    array[J] real y;
    array[J] real<lower=0> sigma;
    vector[J] theta;
    y[1] ~ normal(0, 1);
    """
    return re.sub(r"^(\s*)((?:real|int)(?:<[^>]*>)?)\s+(\w+)\[([^\]]+)\];", r"\1array[\4] \2 \3;", code, flags=re.M)


def eight_schools(x, data):
    """Log density and score of eight-schools-noncentred.stan at x = (mu, log tau, standardised), [10].

    >>> data = {"y": [28, 8, -3, 7, -1, 1, 18, 12], "sigma": [15, 10, 16, 11, 9, 11, 10, 18]}
    >>> x = np.linspace(-1, 1, 10)
    >>> slopes = [(eight_schools(x + h, data)[0] - eight_schools(x - h, data)[0]) / 2e-5 for h in 1e-5 * np.eye(10)]
    >>> bool(relative_difference(slopes, eight_schools(x, data)[1]) < 1e-6)
    True
    >>> round(float(eight_schools(np.zeros(10), data | {"y": [0] * 8})[0]), 6)  # at tau = 1, by hand
    -39.993977
    """
    mu, log_tau, standardised = x[0], x[1], x[2:]
    y, sigma, tau = np.asarray(data["y"], float), np.asarray(data["sigma"], float), math.exp(log_tau)
    residual = (y - mu - tau * standardised) / sigma
    constants = 8.5 * math.log(2 * math.pi) + math.log(5) + math.log(5 * math.pi) + np.log(sigma).sum()
    value = (-mu ** 2 / 50 - math.log1p(tau ** 2 / 25) - (standardised ** 2).sum() / 2 - (residual ** 2).sum() / 2
             + log_tau - constants)
    pull = residual / sigma
    slope_of_tau = 1 - 2 * tau ** 2 / (25 + tau ** 2) + tau * (pull * standardised).sum()
    return value, np.concatenate([[pull.sum() - mu / 25, slope_of_tau], tau * pull - standardised])


def httpstan_library():
    """Where the compiled model is, by the version of httpstan that it is of."""
    return WORK / f"eight-schools-httpstan-{importlib.metadata.version('httpstan')}.so"


def compile_words(folder, translation, library):
    """The call of the compiler, with headers and libraries of the wheel of httpstan in `folder`."""
    places = folder / "lib", folder.parent / "httpstan.libs"
    tbb = [file for place in places for file in sorted(place.glob("libtbb[.-]*so*"))]
    if not tbb:
        raise Skipped("the wheel of httpstan has no libtbb")
    return ["g++", "-std=gnu++17", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-w", "-D_REENTRANT",
            "-DBOOST_DISABLE_ASSERTS", "-DBOOST_PHOENIX_NO_VARIADIC_EXPRESSION", "-DTBB_INTERFACE_NEW",
            f"-I{folder / 'include'}", "-include", translation, SHIM, "-o", library,
            *sorted((folder / "lib").glob("libsundials_*.a")), tbb[0], f"-Wl,-rpath,{tbb[0].parent}"]


def compiled_model():
    """The shared object of the model, which a newer one than its sources is left as it is."""
    library = httpstan_library()
    if library.exists() and all(library.stat().st_mtime > source.stat().st_mtime for source in (MODEL, SHIM)):
        return library
    folder = pathlib.Path(importlib.util.find_spec("httpstan").submodule_search_locations[0])
    for part in ("stanc", "include/stan/model/model_base.hpp"):
        if not (folder / part).exists():
            raise Skipped(f"the wheel of httpstan has no {part}")
    source, translation, made = (WORK / f"eight-schools.{ending}" for ending in ("stan", "cpp", "so"))
    source.write_text(in_new_syntax(MODEL.read_text()))
    translation.write_text(output_of([folder / "stanc", "--name", "eight_schools", "--print-cpp", source]))
    output_of(compile_words(folder, translation, made))
    made.replace(library)
    return library


def schools_apart(library, data):
    """Relative differences between a compiled model in this suite and the formula."""
    points = np.random.default_rng(1).normal(size=(POINTS, 10))
    with samplerbench.Target("stan", library=library, data=data) as target:
        value, score = target.value_and_score(points)
    known = [eight_schools(point, json.loads(DATA.read_text())) for point in points]
    apart = {"log density": relative_difference(value, [one for one, _ in known]),
             "score": relative_difference(score, [slope for _, slope in known])}
    require_small(apart, SAME)
    return apart


def check_httpstan(_):
    """A Stan model that httpstan's stanc translated, compiled with its headers, as a target of this suite."""
    apart = schools_apart(compiled_model(), DATA)
    return f"density and score of eight schools agree with the formula within {max(apart.values()):.1e}", apart


# ---- BlackJAX

BLACKJAX = """name = "blackjax"
seeds = 1
draws = 500
checkpoints = 1
floor_replications = 3
dtype = "float64"
metrics = ["mean_z", "sd_z", "ess_bulk", "rhat"]
budget = {{ steps = {steps} }}
limits = {{ time_s = {time_s}, memory_mib = 4096 }}
start = false

[[targets]]
name = "banana"
options = {{ curvature = 0.25, sd = 2 }}
label = "banana"

[[samplers]]
command = {command}
label = "hmc, pipe"
options = {{ chains = {chains} }}

[[samplers]]
command = {command}
label = "nuts, own density"
options = {{ chains = {chains} }}
self_counted = true
"""


def check_blackjax(size):
    """Chains of BlackJAX through the pipe, and on a density of their own, as samplers of one spec."""
    command = json.dumps([sys.executable, str(SOURCES / "tests/peers/blackjax_chains.py")])
    runs = run_spec("blackjax", BLACKJAX.format(command=command, steps=size["steps"], chains=size["chains"],
                                                time_s=MOST_S // 3))
    found, words = {}, []
    for record in runs:
        last = record["checkpoints"][-1]
        metrics = found[record["sampler"]] = last["metrics"] | {"score": last["train"]["score"]}
        for name in ("mean_z", "sd_z", "ess_bulk"):
            require(isinstance(metrics[name], (int, float)), f"{record['sampler']}: {name} is {metrics[name]}")
        require(metrics["ess_bulk"] >= LEAST_ESS,
                f"{record['sampler']}: {metrics['ess_bulk']:.0f} effective draws, and {LEAST_ESS} are needed")
        for name in ("mean_z", "sd_z"):
            require(metrics[name] <= FARTHEST, f"{record['sampler']}: {name} is {metrics[name]:.1f} combined standard "
                    f"errors, and {FARTHEST:g} is the most")
        words.append(f"{record['sampler']}: mean and sd are {metrics['mean_z']:.2f} and {metrics['sd_z']:.2f} combined "
                     f"standard errors from the truth, {metrics['score']} scores")
    require(sorted(found) == ["hmc, pipe", "nuts, own density"], f"the records are of {sorted(found)}")
    return "; ".join(words), found


# ---- ArviZ

KEPT = """name = "kept"
seeds = 1
draws = 200
checkpoints = 1
floor_replications = 3
keep = "all"
targets = ["gaussian"]
metrics = ["rhat"]
budget = { steps = 40 }
start = false

[[samplers]]
name = "hmc"
label = "hmc"
options = { chains = 20, leapfrog = 3 }
"""


def variable_of(data):
    """x of what ArviZ has, [chains, draws, D]."""
    return np.asarray(data["posterior"]["x"])


def check_arviz(size):
    """`to_arviz` of a kept sampler and of chains, and the diagnostics of both programs on the same chains."""
    import arviz
    record = run_spec("kept", KEPT)[0]
    read = variable_of(samplerbench.to_arviz(record, n=200, seed=3))
    require(np.array_equal(read[0], samplerbench.draw(record, 200, 3)), "to_arviz has other draws than the record's")
    chains = np.round(np.load(suite_chains("arviz", 8, 300, 4 * size["draws"])[0]) / GRID) * GRID
    read = variable_of(samplerbench.to_arviz(chains))
    require(np.array_equal(read, chains), "to_arviz has other chains than it was given")
    columns = [np.ascontiguousarray(read[:, :, d]) for d in range(read.shape[2])]
    theirs = {"rhat": max(float(arviz.rhat(column, method="rank")) for column in columns),
              "ess_bulk": min(float(arviz.ess(column, method="bulk")) for column in columns)}
    ours = samplerbench.score(chains, LAW, list(theirs), replications=2)["metrics"]
    apart = {name: relative_difference(ours[name]["value"], value) for name, value in theirs.items()}
    require_small(apart, SAME_DIAGNOSTIC)
    return (f"R-hat {theirs['rhat']:.5f} and bulk ESS {theirs['ess_bulk']:.1f} agree within {max(apart.values()):.1e}",
            {"arviz": theirs, "relative_difference": apart})


# ---- PyTorch

COMMON = """name = "module"
seeds = 1
draws = 200
floor_replications = 3
metrics = ["sliced_wasserstein"]
budget = {{ steps = 5 }}
start = false
"""
MODULE = {
    "energy": COMMON + """samplers = ["ula"]

[[targets]]
name = "torchscript"
label = "module"
options = {{ file = {file} }}
""",
    "generator": COMMON + """targets = ["gaussian"]

[[samplers]]
name = "torchscript-generator"
label = "module"
options = {{ file = {file} }}
"""}


def version_needed(words):
    """The version of PyTorch that a refusal names, if any.

    >>> version_needed("e.pt: LibTorch 1.13.0, the one here, does not know an operator of the module: aten::x; the "
    ...                "module was saved by a newer one; save it with PyTorch 1.13.0 or older")
    '1.13.0'
    >>> version_needed("e.pt: not a TorchScript module, or damaged: PytorchStreamReader failed")
    """
    found = re.search(r"save it with PyTorch (\d+\.\d+\S*) or older", words)
    return found[1] if found else None


def module_outcome(name, text):
    """What `samplerbench check` says of a spec: "loads", or which version of PyTorch is needed."""
    spec = WORK / "modules" / f"{name}.toml"
    spec.write_text(text)
    ended = call_program(["check", str(spec)], accepts=(0, 1, 2))
    if ended.exit_code == 0:
        return "loads"
    version = version_needed(ended.said)
    require(ended.exit_code == 2 and version, f"{name}: `check` ended with exit code {ended.exit_code}: "
            f"{last_line(ended.said + ended.output)}")
    return f"needs PyTorch {version} or older, as the message says"


def check_torchscript(_):
    """Modules that the newest PyTorch scripted, in the suite's LibTorch."""
    if not TORCH.exists():
        raise Skipped("there is no PyTorch; `./bench peers gradients` installs it")
    folder = fresh_folder("modules")
    for script in ("energy.py", "generator.py"):
        output_of([TORCH, SOURCES / "tests/foreign" / script], cwd=folder)
    found = {name: module_outcome(name, MODULE[name].format(file=json.dumps(str(folder / f"{name}.pt"))))
             for name in MODULE}
    if found["energy"] == "loads":  # it is the law, so that values can be compared
        points = np.random.default_rng(1).normal(size=(POINTS, 2))
        with samplerbench.Target("torchscript", file=folder / "energy.pt") as module:
            value = module.log_density(points)
        with samplerbench.Target(LAW) as law:
            require_small({"log density": relative_difference(value, law.log_density(points))}, SAME)
    version = output_of([TORCH, "-c", "import torch; print(torch.__version__)"]).strip()
    return (f"PyTorch {version}: " + "; ".join(f"{name}.pt {words}" for name, words in found.items()),
            found | {"torch": version})


# ---- posteriordb

POSTERIOR = "banana-banana"


def write_database(folder, chains, data):
    """A database of one posterior as posteriordb publishes it: the draws [chains, draws, D], and the file `data`, which
    the posterior names without a need for it.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     write_database(pathlib.Path(name), np.zeros((2, 3, 1)), {"J": 8})
    ...     draws = pathlib.Path(name, "reference_posteriors/draws/draws/banana-banana.json.zip")
    ...     print(zipfile.ZipFile(draws).read("banana-banana.json").decode())
    [{"x[1]": [0.0, 0.0, 0.0]}, {"x[1]": [0.0, 0.0, 0.0]}]
    """
    draws = [{f"x[{i + 1}]": chain[:, i].tolist() for i in range(chain.shape[1])} for chain in chains]
    code = "models/stan/banana.stan"
    plain = {
        f"posteriors/{POSTERIOR}.json": {"name": POSTERIOR, "model_name": "banana", "data_name": "schools",
                                         "reference_posterior_name": POSTERIOR, "dimensions": {"x": chains.shape[2]}},
        "models/info/banana.info.json": {"name": "banana", "model_implementations": {"stan": {"model_code": code}}},
        "data/info/schools.info.json": {"name": "schools", "data_file": "data/data/schools.json"},
        f"reference_posteriors/draws/info/{POSTERIOR}.info.json": {"name": POSTERIOR},
    }
    zipped = {"data/data/schools.json": data, f"reference_posteriors/draws/draws/{POSTERIOR}.json": draws}
    for place in [*plain, *zipped]:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
    for place, document in plain.items():
        (folder / place).write_text(json.dumps(document))
    for place, document in zipped.items():
        with zipfile.ZipFile(folder / f"{place}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(pathlib.Path(place).name, json.dumps(document))


def unzipped(file):
    """The file in a zip of posteriordb, as a user has it."""
    with zipfile.ZipFile(file) as archive:
        archive.extractall(file.parent)
    return file.with_suffix("")


def posterior_in(folder, chains):
    import posteriordb
    write_database(folder, chains, json.loads(DATA.read_text()))
    return posteriordb.PosteriorDatabase(str(folder)).posterior(POSTERIOR)


def check_posteriordb_draws(_):
    """Reference draws in a file as posteriordb publishes it, written here: its package holds none."""
    folder, chains = fresh_folder("posteriordb-draws"), exact_draws(REFERENCE_CHAINS, REFERENCE_DRAWS)
    published = posterior_in(folder, chains).reference_draws()
    file = unzipped(folder / f"reference_posteriors/draws/draws/{POSTERIOR}.json.zip")
    require(json.loads(file.read_text()) == published, "posteriordb reads other draws than the file has")
    with samplerbench.Target("stan", library=exported(LAW, "posteriordb"), reference=file) as target:
        require(target.has_draws, "the target has no exact draws")
        drawn = target.draw(REFERENCE_DRAWS, seed=1)
    known = {row.tobytes() for row in chains.reshape(-1, chains.shape[2])}
    found = {row.tobytes() for row in drawn}
    require(found <= known, f"{len(found - known)} of {len(drawn)} draws are not among the reference draws")
    require(len(found) == len(drawn), f"{len(drawn) - len(found)} of {len(drawn)} draws are drawn twice")
    numbers = {"drawn": len(drawn), "known": len(known)}
    return f"{len(drawn)} draws are among the {len(known)} of a hand-made file", numbers


def check_posteriordb_data(_):
    """A data file as posteriordb publishes it, for a model that takes data."""
    if not httpstan_library().exists():
        raise Skipped("there is no model that takes data, since httpstan's was not compiled")
    folder = fresh_folder("posteriordb-data")
    posterior = posterior_in(folder, np.zeros((1, 4, 2)))
    file = unzipped(folder / "data/data/schools.json.zip")
    require(json.loads(file.read_text()) == posterior.data.values(), "posteriordb reads other data than the file has")
    apart = schools_apart(httpstan_library(), file)
    return f"eight schools with the data of a hand-made file agree within {max(apart.values()):.1e}", apart


# ---- The checks, each in a process of its own: what it opens may end it

CHECKS = {  # the function, and the packages that it tries
    "bridgestan": (check_bridgestan, ("bridgestan",)),
    "nutpie": (check_nutpie, ("nutpie",)),
    "httpstan": (check_httpstan, ("httpstan",)),
    "blackjax": (check_blackjax, ("blackjax", "jax")),
    "arviz": (check_arviz, ("arviz",)),
    "torchscript": (check_torchscript, ()),
    "posteriordb-draws": (check_posteriordb_draws, ("posteriordb",)),
    "posteriordb-data": (check_posteriordb_data, ("posteriordb", "httpstan")),
}


def versions_of(packages):
    try:
        return {name: importlib.metadata.version(name) for name in packages}
    except importlib.metadata.PackageNotFoundError as error:
        raise Skipped(f"{error.name} is not installed") from None


def outcome_of(name, size):
    """Carries a check out."""
    act, packages = CHECKS[name]
    told = {"versions": {}, "numbers": {}}
    try:
        told["versions"] = versions_of(packages)
        words, told["numbers"] = act(size)
        return told | {"outcome": "passed", "words": words}
    except Skipped as reason:
        return told | {"outcome": "skipped", "words": str(reason)}
    except Fault as fault:
        return told | {"outcome": "failed", "words": str(fault)}
    except Exception as error:  # of a client, whatever it is
        traceback.print_exc()
        return told | {"outcome": "failed", "words": f"{type(error).__name__}: {last_line(str(error))}"}


def tried(name, tiny):
    """The same in another process, whose output goes to a log."""
    kept, log = WORK / f"{name}.outcome.json", WORK / f"{name}.log"
    kept.unlink(missing_ok=True)
    words = [sys.executable, __file__, "--alone", name] + ["--tiny"] * tiny
    with log.open("wb") as file:
        try:
            code = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                                  timeout=MOST_S).returncode
            fault = f"its process ended with exit code {code}"
        except subprocess.TimeoutExpired:
            code, fault = None, f"it took more than {MOST_S} s"
    if code == 0 and kept.exists():
        return json.loads(kept.read_text())
    return {"outcome": "failed", "words": f"{fault}; {log.relative_to(SOURCES)} has what it printed"}


# ---- The report

def counts(outcomes):
    """
    >>> counts({"a": {"outcome": "passed"}, "b": {"outcome": "skipped"}, "c": {"outcome": "passed"}})
    '2 passed, 0 failed, 1 skipped'
    """
    return ", ".join(f"{sum(one['outcome'] == word for one in outcomes.values())} {word}"
                     for word in ("passed", "failed", "skipped"))


def summary_of(check):
    """What a check tries: the first paragraph of its docstring, on one line."""
    return " ".join(CHECKS[check][0].__doc__.split("\n\n")[0].split())


def report(result):
    context, outcomes = result["context"], result["checks"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    lines = ["# The suite with clients and models from PyPI", "",
             f"This suite (commit {context['git']}; LibTorch {context['libtorch']}) with {versions}; Python "
             f"{result['python']}. {context['utc']}. `./bench peers clients` makes it. {counts(outcomes)}; a check "
             f"that is skipped has not passed.{' Few draws (--tiny).' * result['tiny']}", "",
             "| check | tries | outcome | what it says |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {summary_of(name)} | {one['outcome']} | {one['words'].replace('|', '/')} |"
              for name, one in outcomes.items()]
    lines += ["", f"Values that come from one formula must agree within a relative difference of {SAME:g}, diagnostics "
              f"of chains within {SAME_DIAGNOSTIC:g}. Moments must be within {FARTHEST:g} combined standard errors of "
              "the true ones."]
    return "\n".join(lines) + "\n"


def write_report(outcomes, arguments):
    versions = {}
    for one in outcomes.values():
        versions |= one.get("versions", {})
    result = {"context": suite_chains("context", 2, 1, 4)[1], "python": platform.python_version(),
              "tiny": arguments.tiny, "versions": versions, "checks": outcomes}
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "clients.json").write_text(json.dumps(result, indent=1) + "\n")
    (arguments.out / "clients.md").write_text(report(result))


def arguments_of(words):
    parser = argparse.ArgumentParser(prog="./bench peers clients", description=__doc__.split("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few draws, in less than five minutes")
    parser.add_argument("--only", action="append", choices=CHECKS, help="a check to carry out; may be repeated "
                        "(default: all)")
    parser.add_argument("--out", type=pathlib.Path, help="folder that takes the report (default: results/peers; "
                        "build/peers-clients/tiny with --tiny or --only)")
    parser.add_argument("--alone", choices=CHECKS, help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    partial = arguments.tiny or arguments.only
    arguments.out = arguments.out or (CLIENTS / "tiny" if partial else SOURCES / "results/peers")
    return arguments


def set_environment():
    """Programs that checks start find this program, its package and one place for what they keep."""
    path = os.pathsep.join(filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")]))
    os.environ.update(SAMPLERBENCH=str(BUILD / "samplerbench"), PYTHONPATH=path, XDG_CACHE_HOME=str(WORK / "cache"),
                      MPLCONFIGDIR=str(WORK / "cache"))


def main():
    arguments = arguments_of(sys.argv[1:])
    WORK.mkdir(parents=True, exist_ok=True)
    set_environment()
    if arguments.alone:
        outcome = outcome_of(arguments.alone, SIZES["tiny" if arguments.tiny else "full"])
        (WORK / f"{arguments.alone}.outcome.json").write_text(json.dumps(outcome))
        return 0
    outcomes = {}
    for name in arguments.only or CHECKS:
        outcomes[name] = tried(name, arguments.tiny)
        print(f"{outcomes[name]['outcome']}: {name}: {outcomes[name]['words']}", flush=True)
    try:
        write_report(outcomes, arguments)
    except Fault as fault:
        print(f"peers: {fault}", file=sys.stderr)
        return 1
    print(f"peers: {counts(outcomes)}; {arguments.out}/clients.md")
    return 1 if any(one["outcome"] == "failed" for one in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
