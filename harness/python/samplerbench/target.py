"""Targets of the suite: their log densities, scores and exact draws."""

from __future__ import annotations

import operator
import os
import subprocess
import tempfile
import threading
import weakref
from typing import IO, Any, Dict, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from .error import Error
from .messages import PROTOCOL, Closed, Messages
from .program import error_of, flags_of, start_program

OptionValue = Union[bool, int, float, str]

_MOST_BYTES = 1 << 26  # of an answer: more points than it has room for are asked for in several messages
_GOODBYE_S = 5.0  # in which the program ends when its input is closed


class Target:
    """An unnormalised density q on R^D, which the program `samplerbench serve` evaluates.

    >>> target = Target("gaussian", correlation=0.5)
    >>> target.dim
    2
    >>> target.log_density([[1, 0], [2, 0]]).round(4)
    array([-0.6667, -2.6667])
    >>> target.score([1, 0]).round(4)
    array([-1.3333,  0.6667])
    >>> target.draw(1000, seed=1).shape
    (1000, 2)
    >>> round(target.log_z, 4)
    1.694

    `name` may have its options, as on a command line: "gaussian:correlation=0.5". `run_seed` splits the data of a
    target that has some, as the seed of a run does; `data_folder` is where its data lie. All functions raise Error for
    what the program refuses. They may be called from several threads, and after a fork.
    """

    def __init__(self, name: str, /, *, dtype: str = "float64", run_seed: int = 0, threads: int = 1,
                 data_folder: Union[str, os.PathLike[str], None] = None, **options: OptionValue) -> None:
        if dtype not in ("float32", "float64"):
            raise ValueError(f"dtype is '{dtype}'; float32 or float64 is valid")
        if name.startswith("-"):
            raise Error(f"target '{name}': names do not begin with '-'", 2)
        self._settings: Dict[str, Any] = dict(dtype=dtype, run_seed=run_seed, threads=threads, data_folder=data_folder)
        self._call = call_of(name, options)
        self._dtype = dtype
        self._words = ["serve", *flags_of(seed=run_seed, threads=threads, data=data_folder)]
        self._lock = threading.Lock()
        self._service: Optional[_Service] = None
        self._facts = self._ask("hello", protocol=PROTOCOL, dtype=dtype)[0]

    def __repr__(self) -> str:
        return f"Target({self.name!r})"

    def __reduce__(self) -> Tuple[Any, ...]:
        return _made_again, (self._call, self._settings)

    @property
    def name(self) -> str:
        """Its name, with the options that are not as by default."""
        return str(self._facts["target"])

    @property
    def dim(self) -> int:
        """The number of coordinates, D."""
        return int(self._facts["dim"])

    @property
    def has_density(self) -> bool:
        """Whether there is a log density with a score; some targets are known by their draws alone."""
        return bool(self._facts["has_density"])

    @property
    def has_draws(self) -> bool:
        """Whether exact draws are known."""
        return bool(self._facts["exact_draws"])

    @property
    def log_z(self) -> Optional[float]:
        """The log of the integral of exp(log_density); None where it is not known."""
        log_z = self._facts.get("log_z")
        return None if log_z is None else float(log_z)

    def log_density(self, x: Any) -> Any:
        """log q at points: [..., D] -> [...]."""
        points, shape = self._points_of(x)
        return self._values_at("log_density", points, ()).reshape(shape)[()]

    def score(self, x: Any) -> np.ndarray:
        """The gradients of the log density: [..., D] -> [..., D]."""
        points, shape = self._points_of(x)
        return self._values_at("score", points, (self.dim,)).reshape(*shape, self.dim)

    def value_and_score(self, x: Any) -> Tuple[Any, np.ndarray]:
        """Both in one pass, which costs less than both apart: [..., D] -> ([...], [..., D])."""
        points, shape = self._points_of(x)
        both = self._values_at("value_and_score", points, (1 + self.dim,))
        return both[:, 0].reshape(shape)[()], both[:, 1:].reshape(*shape, self.dim)

    def draw(self, n: int, seed: int = 0) -> np.ndarray:
        """n independent exact draws, [n, D]; the same n and seed give the same draws."""
        draws = self._ask("draw", n=operator.index(n), seed=operator.index(seed))[1]
        assert draws is not None
        return draws

    def close(self) -> None:
        """Ends the program. The next question starts another one."""
        with self._lock:
            service, self._service = self._service, None
        if service is not None:
            service.end()

    def __enter__(self) -> Target:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _points_of(self, x: Any) -> Tuple[np.ndarray, Tuple[int, ...]]:
        points = np.asarray(x, self._dtype)
        if points.ndim == 0 or points.shape[-1] != self.dim:
            raise ValueError(f"points of {self.name} have the shape [..., {self.dim}], and this one is "
                             f"{list(points.shape)}")
        return points.reshape(-1, self.dim), points.shape[:-1]

    def _values_at(self, question: str, points: np.ndarray, shape: Tuple[int, ...]) -> np.ndarray:
        """Of points [N, D], in as many messages as it takes: [N, *shape]."""
        most = max(1, _MOST_BYTES // (points.itemsize * (1 + self.dim)))
        values = np.empty((len(points), *shape), self._dtype)
        for begin in range(0, len(points), most):
            values[begin:begin + most] = self._ask(question, points[begin:begin + most])[1]
        return values

    def _ask(self, question: str, array: Optional[np.ndarray] = None,
             **members: Any) -> Tuple[Dict[str, Any], Optional[np.ndarray]]:
        with self._lock:
            service = self._ready(question)
            try:
                message, answer = service.ask(question, array, members)
            except BaseException:  # an interrupt too: what comes next would be the answer to this question
                self._service = None
                service.kill()
                raise
        if message["type"] == "failed":
            raise Error(message["message"], message["exit_code"])
        return message, answer

    def _ready(self, question: str) -> _Service:
        """The running program. One that was started before a fork belongs to the other process."""
        if self._service is None or self._service.owner != os.getpid():
            service = _Service([*self._words, self._call], self._dtype)
            if question != "hello":
                service.ask("hello", None, {"protocol": PROTOCOL, "dtype": self._dtype})
            self._service = service
        return self._service


class _Service:
    """A program that answers questions about one target."""

    def __init__(self, words: Sequence[str], dtype: str) -> None:
        self.owner = os.getpid()
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        # In a session of its own, so that an interrupt from a terminal does not end it.
        self._process = start_program(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
                                      start_new_session=True)
        incoming, outgoing = self._process.stdout, self._process.stdin
        assert incoming is not None and outgoing is not None
        self._messages = Messages(incoming, outgoing, dtype)
        self._finalizer = weakref.finalize(self, _end, self._process, self.owner)

    def ask(self, question: str, array: Optional[np.ndarray],
            members: Mapping[str, Any]) -> Tuple[Dict[str, Any], Optional[np.ndarray]]:
        """The answer. Raises Error where the program has ended."""
        try:
            self._messages.send(question, array, **members)
            return self._messages.receive()
        except Closed:
            self.end()
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace")
            raise error_of(said, self._process.returncode) from None

    def end(self) -> None:
        """Lets the program end."""
        self._finalizer()

    def kill(self) -> None:
        """Ends it at once, whatever it does."""
        self._process.kill()
        self._finalizer()


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    """Closes the pipes of the program, at which it ends, and waits for it. A fork of its owner leaves it alone."""
    if os.getpid() != owner:
        return
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:  # what it was to read is lost
            pass
    try:
        process.wait(_GOODBYE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _made_again(call: str, settings: Mapping[str, Any]) -> Target:
    return Target(call, **settings)


def call_of(name: str, options: Mapping[str, OptionValue]) -> str:
    """A target with options as a command line has them.

    >>> call_of("gaussian", {"correlation": 0.5})
    'gaussian:correlation=0.5'
    >>> call_of("stan:library=m.so", {"data": "a,b.json", "seed": np.int64(3)})
    'stan:library=m.so,data="a,b.json",seed=3'
    """
    pairs = [f"{option}={_word_of(option, value)}" for option, value in options.items()]
    if not pairs:
        return name
    return f"{name}{',' if ':' in name else ':'}{','.join(pairs)}"


def _word_of(option: str, value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str):
        raise TypeError(f"the option {option} is {value!r}; a number, a text, True or False is needed")
    return '"' + value.replace('"', '""') + '"' if "," in value or value.startswith('"') else value
