"""Draws in the form of ArviZ."""

from __future__ import annotations

import os
from typing import Any, Union

import numpy as np

from .commands import draw
from .record_files import Record


def to_arviz(source: Union[np.ndarray, Record, str, os.PathLike[str]], *, name: str = "x", n: int = 1000,
             seed: int = 0) -> Any:
    """Draws as ArviZ takes them, one variable `name` with the dimensions chain, draw and coordinate.

    `source` is an array, chains [C, T, D] or draws [n, D], which become one chain; or a record, or its file: the draws
    that a reference posterior kept, else `n` draws with `seed` of the sampler that the run kept. Needs ArviZ.
    """
    import arviz

    variables = {name: chains_of(source, n, seed)}
    if int(arviz.__version__.split(".")[0]) < 1:
        return arviz.from_dict(posterior=variables)
    return arviz.from_dict({"posterior": variables})


def chains_of(source: Union[np.ndarray, Record, str, os.PathLike[str]], n: int = 1000, seed: int = 0) -> np.ndarray:
    """The same as an array [chains, draws, D].

    >>> chains_of(np.zeros((4, 10, 2))).shape, chains_of(np.zeros((10, 2))).shape
    ((4, 10, 2), (1, 10, 2))
    """
    kept = source.draws() if isinstance(source, Record) else None
    if kept is not None:
        draws = kept
    elif isinstance(source, (Record, str, os.PathLike)):
        draws = draw(source, n, seed)
    else:
        draws = np.asarray(source)
    if draws.ndim not in (2, 3):
        raise ValueError(f"draws of the shape [n, D], or [chains, draws, D], are needed, and these have "
                         f"{list(draws.shape)}")
    return draws if draws.ndim == 3 else draws[None]
