"""The program `samplerbench`: where it is, and what it says when it is called."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, List, Optional, Sequence

from .error import Error

VARIABLE = "SAMPLERBENCH"


def find_program() -> str:
    """The path of the program.

    The environment variable SAMPLERBENCH names it; else it is the one that was built in the checkout, or installed
    below the prefix, that this package is a part of; else it is looked for in PATH. Raises Error where there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise Error(f"the environment variable {VARIABLE} is '{named}', and that is no program", 2)
        return found
    for place in _places_beside(Path(__file__).resolve()):
        if shutil.which(str(place)):
            return str(place)
    found = shutil.which("samplerbench")
    if found is None:
        raise Error(
            "the program samplerbench was not found: `./bench build` in its checkout builds it; then set the "
            f"environment variable {VARIABLE} to its path, or add its folder to PATH", 2)
    return found


def flags_of(**values: Any) -> List[str]:
    """Flags of a command line, of the values that are not None.

    >>> flags_of(jobs=2, results=None, max_draws=10)
    ['--jobs=2', '--max-draws=10']
    """
    return [f"--{name.replace('_', '-')}={os.fspath(value) if isinstance(value, os.PathLike) else value}"
            for name, value in values.items() if value is not None]


def _places_beside(module: Path) -> List[Path]:
    """Where the program is if this package lies in a checkout, and if it lies below a prefix.

    >>> for place in _places_beside(Path("/src/harness/python/samplerbench/program.py")): print(place)
    /src/build/release/samplerbench
    >>> for place in _places_beside(Path("/usr/share/samplerbench/python/samplerbench/program.py")): print(place)
    /usr/bin/samplerbench
    >>> _places_beside(Path("/venv/lib/python3.11/site-packages/samplerbench/program.py"))
    []
    """
    folder = module.parent.parent
    if folder.parts[-2:] == ("harness", "python"):
        return [folder.parents[1] / "build" / "release" / "samplerbench"]
    if folder.parts[-3:] == ("share", "samplerbench", "python"):
        return [folder.parents[2] / "bin" / "samplerbench"]
    return []


class Ended:
    """What a program that has ended said: to standard output, to standard error, and by its exit code."""

    def __init__(self, output: str, said: str, exit_code: int) -> None:
        self.output = output
        self.said = said
        self.exit_code = exit_code

    def document(self) -> Any:
        """The JSON document that it wrote. Raises Error where it wrote none.

        >>> Ended('{"n": 3}', "", 1).document()
        {'n': 3}
        >>> Ended("", "samplerbench: failed: the memory does not suffice", 1).document()
        Traceback (most recent call last):
        samplerbench.error.Error: failed: the memory does not suffice
        """
        if not self.output.strip():
            raise error_of(self.said, self.exit_code)
        return json.loads(self.output)


def call_program(words: Sequence[str], *, accepts: Sequence[int] = (0,), echo: bool = False) -> Ended:
    """Calls the program and waits for it. Raises Error for exit codes that are not in `accepts`.

    With `echo`, what it says on standard error goes to sys.stderr at once, line by line. An interrupt is handed on to
    the program, which ends in its own way, before KeyboardInterrupt is raised.
    """
    with tempfile.TemporaryFile() as output:
        with start_program(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE) as process:
            try:
                said = _listen(process, echo)
                code = process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                _listen(process, echo)
                raise
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if code not in accepts:
        raise error_of(said, code)
    return Ended(text, said, code)


def start_program(words: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Starts the program. Raises Error where it is not found, or cannot be started."""
    program = find_program()
    try:
        return subprocess.Popen([program, *words], **how)
    except OSError as fault:
        raise Error(f"{program} cannot be started: {fault.strerror}", 2) from fault


def error_of(said: str, code: int) -> Error:
    """The Error of a program that said this on standard error and ended with this code.

    >>> error_of("samplerbench: warning: slow\\nsamplerbench: unknown target 'x'\\n", 2)
    Error("unknown target 'x'", 2)
    >>> error_of("", -9)
    Error('the program samplerbench was ended by signal 9 (SIGKILL)', -9)
    """
    if code < 0:
        try:
            name = f" ({signal.Signals(-code).name})"
        except ValueError:
            name = ""
        return Error(f"the program samplerbench was ended by signal {-code}{name}", code)
    lines = [line for line in said.splitlines() if line.strip()]
    if not lines:
        return Error(f"the program samplerbench ended with exit code {code} and gave no reason", code)
    prefix = "samplerbench: "
    return Error(lines[-1][len(prefix):] if lines[-1].startswith(prefix) else lines[-1], code)


def _listen(process: subprocess.Popen[bytes], echo: bool) -> str:
    """All that it says on standard error from here on."""
    errors: Optional[IO[bytes]] = process.stderr
    assert errors is not None
    said = []
    for raw in errors:
        line = raw.decode("utf-8", "replace")
        said.append(line)
        if echo:
            sys.stderr.write(line)
            sys.stderr.flush()
    return "".join(said)
