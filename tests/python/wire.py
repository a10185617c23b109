"""Messages by hand, as harness/run/PROTOCOL.md has them, for tests of what either side says."""

import json

import numpy as np


def say(stream, type, array=None, memory=None, **members):
    """Writes a message; its array goes into `memory` where there is one."""
    raw = b""
    if array is not None:
        raw = array.tobytes()
        members = {"shape": array.shape, "dtype": str(array.dtype), "bytes": len(raw), **members}
        if memory is not None:
            memory[:len(raw)] = raw
            raw, members["memory"] = b"", True
    stream.write(json.dumps({"type": type, **members}).encode() + b"\n" + raw)
    stream.flush()


def hear(stream, memory=None):
    """The next message and its array."""
    message = json.loads(stream.readline())
    count = message.get("bytes", 0)
    raw = memory[:count] if message.get("memory") else stream.read(count)
    return message, np.frombuffer(raw, message["dtype"]).reshape(message["shape"]) if count else None
