"""Commands of the program as functions."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterable, Optional, Union

import numpy as np

from .messages import from_json_numbers
from .program import call_program, flags_of
from .record_files import Record
from .target import Target

PathLike = Union[str, "os.PathLike[str]"]


def score(draws: Any, target: Union[str, Target] = "donut", metrics: Union[str, Iterable[str], None] = None, *,
          seed: int = 0, replications: Optional[int] = None, max_draws: Optional[int] = None, threads: int = 1,
          data_folder: Optional[PathLike] = None) -> Dict[str, Any]:
    """How good draws [n, D], or chains [C, T, D], are, beside exact draws.

    The result has `metrics`: by name of the metric a `value`, the `floor` and `floor_q95` of exact draws where those
    are known, `direction` and `convention`; in place of a value `skipped` or `error` may say why there is none. Without
    `metrics` all that take seconds are asked, and `left_out` names the others. `target` is a name, which may have
    options ("gaussian:correlation=0.5"), or a Target. The other arguments are those of `samplerbench score`.

    >>> draws = np.random.default_rng(1).standard_normal((500, 2))
    >>> result = score(draws, "gaussian:correlation=0", "moment_mean_error", replications=20)
    >>> result["n"], result["target"], list(result["metrics"])
    (500, 'gaussian:correlation=0.0', ['moment_mean_error'])
    >>> result["metrics"]["moment_mean_error"]["value"] < 6
    True
    """
    draws = np.asarray(draws)
    draws = np.ascontiguousarray(draws, "<f4" if draws.dtype == np.float32 else "<f8")
    options = ["--json", *flags_of(target=target.name if isinstance(target, Target) else target, seed=seed,
                                   replications=replications, max_draws=max_draws, threads=threads,
                                   data=data_folder)]
    for metric in [metrics] if isinstance(metrics, str) else metrics or ():
        options += ["--metric", metric]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "draws.npy")
        np.save(file, draws)
        document = call_program(["score", file, *options], accepts=(0, 1)).document()
    document["metrics"] = from_json_numbers(document["metrics"])
    return document


def run(spec: PathLike, results: Optional[PathLike] = None, jobs: Optional[int] = None, *, seeds: Optional[int] = None,
        threads: Optional[int] = None, report: bool = True, data_folder: Optional[PathLike] = None,
        quiet: bool = False) -> Dict[str, Any]:
    """Carries out an experiment, a TOML file or the name of a built-in one, and reports.

    Returns the summary: `records` is the folder of its records, `statuses` counts how runs ended, `page` is the report.
    `exit_code` is 1 where runs fell short, whose records say why. What was carried out before is not done again.
    Without `quiet`, progress goes to sys.stderr.
    """
    flags = flags_of(results=results, jobs=jobs, seeds=seeds, threads=threads, data=data_folder)
    words = ["run", os.fspath(spec), "--json", *flags, *([] if report else ["--no-report"])]
    ended = call_program(words, accepts=(0, 1), echo=not quiet)
    return dict(ended.document(), exit_code=ended.exit_code)


def draw(record: Union[Record, PathLike], n: int = 1000, seed: int = 0, *, constrained: bool = False,
         data_folder: Optional[PathLike] = None) -> np.ndarray:
    """n more draws [n, D] of a sampler that a run kept (`keep` in its spec).

    `record` is one of `records()`, or the file of a record or of the sampler beside it. With `constrained` they are
    parameters of a model on its own scale.
    """
    file = record.file() if isinstance(record, Record) else Path(record)
    flags = ["-n", str(int(n)), *flags_of(seed=int(seed), data=data_folder)]
    if constrained:
        flags.append("--constrained")
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "draws.npy")
        call_program(["draw", os.fspath(file), "--out", out, *flags])
        return np.load(out)
