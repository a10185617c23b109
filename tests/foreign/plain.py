"""The chains of ula.py without NumPy: arrays are lists of numbers, row after row."""

import array
import json
import math
import os
import random

suite = os.fdopen(int(os.environ["SAMPLERBENCH_IN"]), "rb")
answers = os.fdopen(int(os.environ["SAMPLERBENCH_OUT"]), "wb")
code = "d"


def hear():
    message = json.loads(suite.readline() or '{"type": "stop"}')
    return message, array.array(code, suite.read(message.get("bytes", 0)))


def say(type, numbers=None, **members):
    raw = b""
    if numbers is not None:
        raw = array.array(code, numbers).tobytes()
        members.update(shape=[len(numbers) // dim, dim], dtype=hello["dtype"], bytes=len(raw))
    answers.write(json.dumps({"type": type, **members}).encode() + b"\n" + raw)
    answers.flush()


def ask(type, numbers=None, **members):
    say(type, numbers, **members)
    return hear()[1]


hello, _ = hear()
dim, options, code = hello["dim"], hello["options"], {"float32": "f", "float64": "d"}[hello["dtype"]]
chains, step_size = options.get("chains", 100), options.get("step_size", 0.05)
say("hello", protocol=1, name="plain.py", version="1", options=["chains", "step_size"])

while True:
    message, _ = hear()
    if message["type"] == "begin":
        normals = random.Random(message["seed"])
        x = list(ask("start", n=chains))
        say("done")
    elif message["type"] == "step":
        score = ask("score", x)
        x = [a + step_size / 2 * s + math.sqrt(step_size) * normals.gauss(0, 1) for a, s in zip(x, score)]
        say("done")
    elif message["type"] == "draw":
        rows = [(i % chains) * dim for i in range(message["n"])]
        say("draws", [number for row in rows for number in x[row:row + dim]])
    elif message["type"] == "stop":
        break
