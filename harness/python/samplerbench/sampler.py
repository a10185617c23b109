"""Samplers in Python: a class with `step` and `draw` in a file that a spec names.

    import numpy as np
    from samplerbench.sampler import Sampler, sampler

    @sampler
    class RandomWalk(Sampler):
        options = {"chains": 200, "scale": 0.5}

        def begin(self):
            self.x = self.start(self.options["chains"])
            self.value = self.log_density(self.x)

        def step(self):
            proposed = self.x + self.options["scale"] * self.rng.standard_normal(self.x.shape, self.dtype)
            value = self.log_density(proposed)
            accepted = np.log(self.rng.random(len(value))) < value - self.value
            self.x[accepted], self.value[accepted] = proposed[accepted], value[accepted]
            return {"accept": accepted.mean()}

        def draw(self, n, rng):
            return rng.choice(self.x, n)

A spec runs it by `command = ["python3", "random_walk.py"]`, beside samplers of the suite or of anyone else. The suite
counts what it asks for and times it; harness/run/PROTOCOL.md says what goes over the pipes.
"""

from __future__ import annotations

import mmap
import os
from typing import Any, Dict, List, Mapping, Optional, Tuple, Type, TypeVar

import numpy as np

from .error import Error
from .messages import PROTOCOL, Closed, Messages, to_json_number

Kind = TypeVar("Kind", bound=type)


class Diverged(Exception):
    """Raise it within `begin`, `step` or `draw` where a state is no longer finite: the run ends as `diverged`."""


class Skipped(Exception):
    """Raise it there where this target cannot be taken: the run ends as `skipped`."""


class Sampler:
    """A sampler. It defines `step` and `draw`, and may define `begin`, `chains` and `check`.

    Each run begins twice: once for a warm-up of one step and one draw, and then, with another seed, for the run itself.
    """

    name: str = ""  # in records; the class's name where it is empty
    version: str = "1"  # in records
    options: Dict[str, Any] = {}  # of the class: names and defaults; of an object: the values of the run

    dim: int  # coordinates, D
    dtype: str  # of all arrays: "float32" or "float64"
    start_scale: float  # standard deviation of the starting points
    threads: int  # that the run may use
    budget: Dict[str, float]  # one or more of steps, score, data_passes, wall_s and cpu_s
    target: Optional[Dict[str, Any]]  # name, options and seed; where it counts by itself, else None
    spent: float  # the share of the budget that is spent, from 0 to 1
    rng: np.random.Generator  # seeded anew before `begin`

    # ---- What a sampler defines

    def begin(self) -> None:
        """Forgets what was before, and begins anew."""

    def step(self) -> Optional[Mapping[str, float]]:
        """One unit of work: a transition of every chain, an update of a model. Returns diagnostics, if any."""
        raise NotImplementedError

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """n draws from the present approximation, [n, D]. `rng` alone makes them differ from call to call."""
        raise NotImplementedError

    def chains(self) -> np.ndarray:
        """The kept states of C chains at T times, oldest first, [C, T, D], for R-hat and effective sample sizes."""
        raise NotImplementedError

    def check(self, x: np.ndarray) -> np.ndarray:
        """Its own log densities and scores, [m, D] -> [m, 1 + D], of one that evaluates the density by itself."""
        raise NotImplementedError

    # ---- What it may ask within begin, step and draw

    def start(self, n: int) -> np.ndarray:
        """Starting points, [n, D]: those of every sampler of this seed."""
        return self._ask("start", n=int(n))

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """The log density but for a constant: [N, D] -> [N]."""
        return self._ask("log_density", x)

    def score(self, x: np.ndarray) -> np.ndarray:
        """The gradients of the log density: [N, D] -> [N, D]."""
        return self._ask("score", x)

    def value_and_score(self, x: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Both, which costs less than both apart: [N, D] -> ([N], [N, D])."""
        both = self._ask("value_and_score", x)
        return both[:, 0], both[:, 1:]

    def count(self, *, score: int = 0, density: int = 0) -> None:
        """Says that it has evaluated so many, per point, where it evaluates the density by itself."""
        self._counts["score"] += int(score)
        self._counts["density"] += int(density)

    # ---- Its side of the talk

    _suite: Messages
    _counts: Dict[str, int]

    def _ask(self, question: str, array: Optional[np.ndarray] = None, **members: Any) -> np.ndarray:
        self._suite.send(question, array, **members)
        answer = self._suite.receive()[1]
        assert answer is not None
        return answer

    def _meet(self, suite: Messages, hello: Mapping[str, Any]) -> None:
        self._suite = suite
        self._counts = {"score": 0, "density": 0}
        self.options = options_of_run(type(self).options, hello["options"])
        self.dim, self.dtype = hello["dim"], hello["dtype"]
        self.start_scale, self.threads, self.budget = hello["start_scale"], hello["threads"], hello["budget"]
        self.target = hello.get("target")

    def _answer(self, message: Mapping[str, Any],
                array: Optional[np.ndarray]) -> Tuple[str, Optional[np.ndarray], Dict[str, Any]]:
        """The type, the array and other members of the answer to a message."""
        asked = message["type"]
        if asked == "begin":
            self.rng, self.spent = np.random.default_rng(message["seed"]), 0.0
            self.begin()
            return "done", None, {}
        if asked == "step":
            self.spent = message["spent"]
            diagnostics = self.step() or {}
            return "done", None, {"diagnostics": {name: to_json_number(one) for name, one in diagnostics.items()}}
        if asked == "draw":
            return "draws", self.draw(message["n"], np.random.default_rng(message["seed"])), {}
        if asked == "chains":
            return "chains", self.chains(), {}
        if asked == "check":
            assert array is not None
            return "check", self.check(array), {}
        raise ValueError(f"the suite says '{asked}', which version {PROTOCOL} of the protocol does not know")


def sampler(kind: Kind) -> Kind:
    """Makes a class with `step` and `draw` the sampler of its file.

    Where a spec runs the file, the class talks with the suite from here on, so write it last. Where the file is
    imported, or run by hand, nothing happens. A class that does not derive from Sampler becomes one that does.

    >>> @sampler
    ... class Start:
    ...     def step(self): pass
    ...     def draw(self, n, rng): return self.start(n)
    >>> issubclass(Start, Sampler)
    True
    """
    made: Any = kind
    if not issubclass(kind, Sampler):
        made = type(kind.__name__, (kind, Sampler), {"__module__": kind.__module__, "__doc__": kind.__doc__})
    if made.__module__ == "__main__" and "SAMPLERBENCH_IN" in os.environ:
        main(made)
    return made


def main(kind: Type[Sampler]) -> None:
    """Talks with the suite as a sampler of this class, to the end of the run. Raises Error where no suite is there."""
    try:
        incoming, outgoing = (int(os.environ[name]) for name in ("SAMPLERBENCH_IN", "SAMPLERBENCH_OUT"))
    except KeyError:
        raise Error(f"{kind.__name__} is a sampler, and a spec of samplerbench runs it: [[samplers]] with "
                    'command = ["python3", "FILE.py"]', 2) from None
    suite = Messages(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))
    try:
        _talk(kind(), suite)
    except Closed:  # the suite is gone, and nobody is there to be told
        pass


def _talk(one: Sampler, suite: Messages) -> None:
    hello, _ = suite.receive()
    suite.dtype = hello["dtype"]
    try:
        one._meet(suite, hello)
    except ValueError as fault:
        suite.send("failed", message=str(fault))
        return
    memory = _shared_memory(hello)
    suite.send("hello", protocol=PROTOCOL, name=one.name or type(one).__name__, version=one.version,
               options=list(type(one).options), chains=type(one).chains is not Sampler.chains,
               shared_memory=memory is not None)
    suite.memory = memory
    while True:
        message, array = suite.receive()
        if message["type"] == "stop":
            return
        try:
            answer, values, members = one._answer(message, array)
        except (Diverged, Skipped) as end:
            suite.send("failed", message=str(end), status="diverged" if isinstance(end, Diverged) else "skipped")
            return
        if hello["self_counted"] and answer in ("done", "draws"):
            members.update(one._counts)
            one._counts = {"score": 0, "density": 0}
        suite.send(answer, values, **members)


def _shared_memory(hello: Mapping[str, Any]) -> Optional[mmap.mmap]:
    offer = hello.get("shared_memory")
    if offer is None:
        return None
    try:
        return mmap.mmap(offer["descriptor"], offer["bytes"])
    except OSError:
        return None


def options_of_run(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> Dict[str, Any]:
    """The defaults, and in their place what the spec gives. Raises ValueError for a value of another kind.

    >>> options_of_run({"chains": 200, "scale": 0.5, "law": "normal"}, {"scale": 1, "law": "cauchy"})
    {'chains': 200, 'scale': 1.0, 'law': 'cauchy'}
    >>> options_of_run({"chains": 200}, {"chains": 0.5})
    Traceback (most recent call last):
    ValueError: the option chains is 0.5; a whole number is needed
    """
    options = dict(defaults)
    for name, value in given.items():
        if name in defaults:  # the suite itself refuses all others
            options[name] = _in_kind_of(defaults[name], name, value)
    return options


_KINDS: List[Tuple[type, Tuple[type, ...], str]] = [  # of the default, of what is given; bool is an int to Python
    (bool, (bool,), "true or false"), (int, (int,), "a whole number"), (float, (int, float), "a number"),
    (str, (str,), "a text")]


def _in_kind_of(default: Any, name: str, value: Any) -> Any:
    for kind, taken, words in _KINDS:
        if isinstance(default, kind):
            if not isinstance(value, taken) or (isinstance(value, bool) and kind is not bool):
                raise ValueError(f"the option {name} is {value!r}; {words} is needed")
            return kind(value)
    return value
