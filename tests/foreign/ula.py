"""Unadjusted Langevin chains as a sampler of samplerbench, in Python with NumPy. A spec runs it by

    [[samplers]]
    command = ["python3", "ula.py"]
    options = { chains = 200, step_size = 0.05 }

harness/run/PROTOCOL.md says what goes over the two pipes.
"""

import json
import math
import os

import numpy as np

suite = os.fdopen(int(os.environ["SAMPLERBENCH_IN"]), "rb")
answers = os.fdopen(int(os.environ["SAMPLERBENCH_OUT"]), "wb")


def hear():
    """The next message of the suite, and its array where it has one."""
    message = json.loads(suite.readline() or '{"type": "stop"}')
    array = np.frombuffer(suite.read(message.get("bytes", 0)), dtype)
    return message, array.reshape(message["shape"]) if array.size else None


def say(type, array=None, **members):
    """Sends a message, with an array where there is one."""
    raw = b""
    if array is not None:
        raw = np.ascontiguousarray(array, dtype).tobytes()
        members.update(shape=array.shape, dtype=dtype, bytes=len(raw))
    answers.write(json.dumps({"type": type, **members}).encode() + b"\n" + raw)
    answers.flush()


def ask(type, array=None, **members):
    """What the suite answers: scores [N, D] at points [N, D], or starting points [n, D]."""
    say(type, array, **members)
    return hear()[1]


dtype = "float64"
hello, _ = hear()
dtype, options = hello["dtype"], hello["options"]
chains, step_size = options.get("chains", 200), options.get("step_size", 0.05)
say("hello", protocol=1, name="ula.py", version="1", options=["chains", "step_size"], chains=True)

while True:
    message, _ = hear()
    if message["type"] == "begin":
        normals = np.random.default_rng(message["seed"])
        x = ask("start", n=chains)
        history = [x]
        say("done")
    elif message["type"] == "step":
        noise = normals.standard_normal(x.shape, dtype)
        x = x + step_size / 2 * ask("score", x) + math.sqrt(step_size) * noise
        history = (history + [x])[-1000:]
        largest = float(np.abs(x).max())
        if math.isfinite(largest):
            say("done", diagnostics={"largest": largest})
        else:
            say("failed", status="diverged", message="a chain left the finite numbers")
    elif message["type"] == "draw":
        later = np.concatenate(history[len(history) // 2:])
        rows = np.random.default_rng(message["seed"]).integers(len(later), size=message["n"])
        say("draws", later[rows])
    elif message["type"] == "chains":
        say("chains", np.stack(history[len(history) // 2:], axis=1))
    elif message["type"] == "stop":
        break
