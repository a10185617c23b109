"""Messages between two programs, as harness/run/PROTOCOL.md of the suite says."""

from __future__ import annotations

import json
import math
from typing import IO, Any, Dict, Optional, Tuple, Union

import numpy as np

PROTOCOL = 1  # version

_MOST_LINE = 1 << 16  # bytes
_NUMBERS = {"float32": np.dtype("<f4"), "float64": np.dtype("<f8")}


class Closed(Exception):
    """The other program takes no more messages, or sends none."""


class Messages:
    """Sends and receives messages. A message is an object with the member "type", and may have an array.

    >>> import io
    >>> pipe = io.BytesIO()
    >>> Messages(pipe, pipe).send("score", np.array([[1.0, 2.0]]), n=3)
    >>> _ = pipe.seek(0)
    >>> message, array = Messages(pipe, pipe).receive()
    >>> message["type"], message["n"], message["shape"]
    ('score', 3, [1, 2])
    >>> array
    array([[1., 2.]])
    """

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes], dtype: str = "float64") -> None:
        self.dtype = dtype  # of the arrays, in both directions
        self.memory: Any = None  # an mmap.mmap that both programs share, where arrays go that fit
        self._incoming = incoming
        self._outgoing = outgoing

    def send(self, type: str, array: Optional[np.ndarray] = None, **members: Any) -> None:
        """Sends a message. Raises Closed, and ValueError for members that JSON has no word for, such as NaN."""
        raw = b""
        if array is not None:
            array = np.ascontiguousarray(array, _NUMBERS[self.dtype])
            raw = array.tobytes()
            members.update(shape=array.shape, dtype=self.dtype, bytes=len(raw))
            if self.memory is not None and len(raw) <= len(self.memory):
                self.memory[: len(raw)] = raw
                members["memory"] = True
                raw = b""
        line = json.dumps({"type": type, **members}, allow_nan=False).encode() + b"\n"
        try:
            self._outgoing.write(line)
            self._outgoing.write(raw)
            self._outgoing.flush()
        except BrokenPipeError as fault:
            raise Closed("the other program takes no more messages") from fault

    def receive(self) -> Tuple[Dict[str, Any], Optional[np.ndarray]]:
        """The next message, and its array where it has one. Raises Closed."""
        line = self._incoming.readline(_MOST_LINE + 1)
        if not line.endswith(b"\n"):
            raise Closed("the other program sends no more messages")
        message = json.loads(line)
        count = message.get("bytes", 0)
        if count == 0:
            return message, None
        raw = self.memory[:count] if message.get("memory") else self._incoming.read(count)
        if len(raw) < count:
            raise Closed("the other program ended within a message")
        numbers = np.frombuffer(raw, _NUMBERS[message["dtype"]])
        return message, numbers.reshape(message["shape"]).astype(message["dtype"])  # a copy, which may be written to


def to_json_number(value: Any) -> Union[float, str]:
    """A number as the suite writes it: JSON has no NaN and no infinities.

    >>> to_json_number(2), to_json_number(np.float32(0.5)), to_json_number(-math.inf), to_json_number(math.nan)
    (2.0, 0.5, '-inf', 'nan')
    """
    number = float(value)
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def from_json_numbers(value: Any) -> Any:
    """The inverse for every number of a document, at whatever depth.

    >>> from_json_numbers({"mmd": "nan", "rhat": [1, "inf"], "label": "fine"})
    {'mmd': nan, 'rhat': [1, inf], 'label': 'fine'}
    """
    if isinstance(value, dict):
        return {name: from_json_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [from_json_numbers(one) for one in value]
    return float(value) if value in ("nan", "inf", "-inf") else value
