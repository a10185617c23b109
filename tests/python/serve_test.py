"""What `samplerbench serve` answers: the right numbers, and a word for every question that is wrong.

The protocol is spoken here by hand; the package has no part in it. The environment variable SAMPLERBENCH names the
program.
"""

import json
import os
import subprocess
import unittest

import numpy as np
import wire

PROGRAM = os.environ["SAMPLERBENCH"]
PRECISION = np.array([[1.0, -0.5], [-0.5, 1.0]]) / 0.75  # of gaussian:correlation=0.5
POINTS = np.array([[1.0, 0.0], [0.3, -2.0], [-1.5, 0.25]])
Z = 5.16  # standard errors that one of four normals exceeds, in either direction, with probability 1e-6


class Client:
    """Asks a program that serves one target."""

    def __init__(self, *words):
        self.process = subprocess.Popen([PROGRAM, "serve", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)

    def write(self, raw):
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def hear(self):
        return wire.hear(self.process.stdout)

    def ask(self, type, array=None, **members):
        wire.say(self.process.stdin, type, array, **members)
        return self.hear()

    def greet(self, **members):
        return self.ask("hello", protocol=1, **members)[0]

    def end(self):
        """The exit code, and what was said and not yet heard, after the end of its input."""
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors.decode()


class Right(unittest.TestCase):
    def test_facts(self):
        client = Client("gaussian:correlation=0.5")
        hello = client.greet()
        self.assertEqual(client.end(), (0, b"", ""))
        self.assertEqual([hello[name] for name in ("type", "protocol", "name", "target", "dim", "dtype")],
                         ["hello", 1, "samplerbench", "gaussian:correlation=0.5", 2, "float64"])
        self.assertIs(hello["has_density"], True)
        self.assertIs(hello["exact_draws"], True)
        self.assertAlmostEqual(hello["log_z"], np.log(2 * np.pi * np.sqrt(0.75)), places=12)

    def test_values_and_scores(self):
        client = Client("gaussian:correlation=0.5")
        for dtype, tolerance in (("float64", 1e-12), ("float32", 1e-5)):
            self.assertEqual(client.greet(dtype=dtype)["dtype"], dtype)
            points = POINTS.astype(dtype)
            score = -POINTS @ PRECISION
            value = (POINTS * score).sum(1) / 2
            for question, right in (("log_density", value), ("score", score),
                                    ("value_and_score", np.column_stack([value, score]))):
                message, answer = client.ask(question, points)
                self.assertEqual((message["type"], message["dtype"]), (question, dtype))
                self.assertEqual(answer.shape, right.shape)
                np.testing.assert_allclose(answer, right, rtol=0, atol=tolerance)
                self.assertFalse(np.allclose(answer, 1.001 * right, rtol=0, atol=tolerance))  # the control
        self.assertEqual(client.end()[0], 0)

    def test_more_than_a_pipe_holds(self):
        client = Client("gaussian:correlation=0.5")
        client.greet()
        points = np.random.default_rng(1).standard_normal((300000, 2))
        np.testing.assert_allclose(client.ask("score", points)[1], -points @ PRECISION, rtol=0, atol=1e-12)
        self.assertEqual(client.end()[0], 0)

    def test_draws_are_exact_and_those_of_their_seed(self):
        client = Client("gaussian:correlation=0.5")
        client.greet()
        n = 4000
        message, draws = client.ask("draw", n=n, seed=3)
        self.assertEqual((message["type"], draws.shape), ("draws", (n, 2)))
        np.testing.assert_array_equal(client.ask("draw", n=n, seed=3)[1], draws)
        self.assertFalse(np.array_equal(client.ask("draw", n=n, seed=4)[1], draws))
        # Means 0 of variance 1; (x1^2 + x2^2) / 2 has mean 1, and x1 x2 has mean 0.5, both of variance 1 + 0.5^2.
        errors = [draws[:, 0].mean(), draws[:, 1].mean(), ((draws ** 2).mean() - 1) / np.sqrt(1.25),
                  ((draws[:, 0] * draws[:, 1]).mean() - 0.5) / np.sqrt(1.25)]
        self.assertLess(np.abs(errors).max() * np.sqrt(n), Z)
        independent = (draws[:, 0] * draws[:, 1]).mean() / np.sqrt(1.25)  # the control: correlation 0
        self.assertGreater(independent * np.sqrt(n), Z)
        self.assertEqual(client.end()[0], 0)

    def test_what_libraries_print_is_no_answer(self):
        client = Client("donut")
        client.greet()
        output, errors = (os.readlink(f"/proc/{client.process.pid}/fd/{number}") for number in (1, 2))
        self.assertEqual(output, errors)
        self.assertEqual(client.end()[0], 0)


class Ends(unittest.TestCase):
    def test_with_its_input(self):
        for last in (b"", b'{"type": "log_den', b'{"type": "score", "bytes": 48}\n1234'):
            client = Client("donut")
            client.write(last)
            self.assertEqual(client.end(), (0, b"", ""))

    def test_when_it_is_told_to(self):
        client = Client("donut")
        client.write(b'{"type": "stop"}\n')
        self.assertEqual(client.process.wait(30), 0)
        client.end()

    def test_before_it_begins_where_there_is_no_such_target(self):
        code, output, errors = Client("donot").end()
        self.assertEqual((code, output), (2, b""))
        self.assertIn("did you mean 'donut'?", errors)

    def test_where_nobody_takes_its_answers(self):
        client = Client("donut")
        client.process.stdout.close()
        client.write(b'{"type": "hello", "protocol": 1}\n')
        self.assertEqual(client.process.wait(30), 1)
        self.assertIn("Broken pipe", client.process.stderr.read().decode())
        client.process.stdin.close()
        client.process.stderr.close()


class Wrong(unittest.TestCase):
    """Each question is answered by what is wrong with it, and the next one by the right numbers."""

    def check(self, client, cases):
        for raw, part in cases:
            client.write(raw)
            message = client.hear()[0]
            self.assertEqual((message["type"], message["exit_code"]), ("failed", 2), raw[:100])
            self.assertIn(part, message["message"])
            self.assertNotIn("\n", message["message"])
            np.testing.assert_allclose(client.ask("score", POINTS)[1], -POINTS @ PRECISION, rtol=0, atol=1e-12)

    def test_questions(self):
        def header(**members):
            return json.dumps({"type": "score", "dtype": "float64", **members}).encode() + b"\n"

        client = Client("gaussian:correlation=0.5")
        for type in ("score", "draw", "nonsense"):
            message = client.ask(type)[0]
            self.assertEqual(message["message"], f"the message '{type}' comes before 'hello'")
        client.greet()
        six = POINTS.tobytes()
        self.check(client, [
            (b"what?\n", "the message cannot be read: not JSON"),
            (b"\n", "the message cannot be read"),
            (b"\xff\xfe\n", "the message cannot be read"),
            (b"[1, 2]\n", "the message is no object with a 'type', a text: [1, 2]"),
            (b'{"type": 1}\n', "is no object with a 'type'"),
            (b"x" * 100000 + b"\n", "is a line of more than 65536 bytes: xxx"),
            (b'{"type": "hessian"}\n', "'hessian' is none of draw, hello, log_density, score"),
            (b'{"type": "hello"}\n', "'hello' has protocol = null, and a whole number"),
            (b'{"type": "hello", "protocol": 2}\n', "is of version 2 of the protocol, and this program speaks"),
            (b'{"type": "hello", "protocol": 1, "dtype": "int32"}\n', "has dtype = int32, and float32 or float64"),
            (header(), "'score' has shape = null"),
            (header(shape=[3, 2]), "'score' has 0 bytes, and [3, 2] float64 has 48"),
            (header(shape=[3, 2], bytes=-48), "has bytes = -48, and a whole number from 1"),
            (header(shape=[3, 2], bytes=1 << 40), "has bytes = 1099511627776, and a whole number from 1"),
            (header(shape=[3, 2], bytes=48, memory=True), "puts 48 bytes into shared memory, of which it has 0"),
            (header(shape=[2, 3], bytes=48) + six, "'score' is [2, 3] float64, and [n, 2] float64 is right"),
            (header(shape=[6], bytes=48) + six, "'score' is [6] float64, and [n, 2] float64 is right"),
            (header(shape=[0, 2], bytes=48) + six, "'score' is [0, 2] float64, and [n, 2] float64 is right"),
            (header(shape=[4, 2], bytes=48) + six, "'score' has 48 bytes, and [4, 2] float64 has 64"),
            (header(shape=[6, 2], bytes=48, dtype="float32") + six, "is [6, 2] float32, and [n, 2] float64 is right"),
            (b'{"type": "draw", "seed": 1}\n', "'draw' has n = null"),
            (b'{"type": "draw", "n": 0, "seed": 1}\n', "'draw' has n = 0, and a whole number from 1"),
            (b'{"type": "draw", "n": 99999999999, "seed": 1}\n', "'draw' has n = 99999999999, and a whole number"),
            (b'{"type": "draw", "n": 3, "seed": -1}\n', "'draw' has seed = -1, and a whole number from 0"),
        ])
        self.assertEqual(client.end(), (0, b"", ""))

    def test_draws_where_none_are_known(self):
        client = Client("logistic_regression:data=synthetic")
        hello = client.greet()
        self.assertIs(hello["exact_draws"], False)
        self.assertNotIn("log_z", hello)
        message = client.ask("draw", n=3, seed=1)[0]
        self.assertEqual((message["type"], message["exit_code"]), ("failed", 2))
        self.assertIn("no exact draws of this target are known", message["message"])
        score = client.ask("score", np.zeros((3, hello["dim"])))[1]
        self.assertTrue(np.isfinite(score).all() and np.abs(score).max() > 0)
        self.assertEqual(client.end()[0], 0)


unittest.main()
