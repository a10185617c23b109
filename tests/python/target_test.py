"""The class Target against independent truths, and what it does where something goes wrong.

The environment variable SAMPLERBENCH names the program.
"""

import concurrent.futures
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import time
import unittest
from unittest import mock

import numpy as np

from samplerbench import Error, Target
from samplerbench import target as target_module


def differences(target, points, width=1e-5):
    """The score by central differences of the log density."""
    steps = width * np.eye(target.dim)
    return np.stack([(target.log_density(points + step) - target.log_density(points - step)) / (2 * width)
                     for step in steps], axis=1)


class Numbers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.donut = Target("donut")
        cls.normals = np.random.default_rng(1).standard_normal((50, 2)) * 2

    @classmethod
    def tearDownClass(cls):
        cls.donut.close()

    def test_the_score_is_the_gradient_of_the_log_density(self):
        score, right = self.donut.score(self.normals), differences(self.donut, self.normals)
        np.testing.assert_allclose(score, right, rtol=1e-6, atol=1e-4)
        self.assertGreater(np.abs(score * 1.01 - right).max(), 0.1)  # the control
        value, again = self.donut.value_and_score(self.normals)
        np.testing.assert_allclose(value, self.donut.log_density(self.normals), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(again, score, rtol=1e-9, atol=1e-9)

    def test_log_z_is_the_integral(self):
        axis = np.linspace(-5, 5, 401)
        grid = np.stack(np.meshgrid(axis, axis), axis=-1)
        integral = np.exp(self.donut.log_density(grid)).sum() * (axis[1] - axis[0]) ** 2
        self.assertAlmostEqual(self.donut.log_z, np.log(integral), places=6)
        self.assertNotAlmostEqual(self.donut.log_z + 1e-4, np.log(integral), places=6)

    def test_exact_draws_lie_where_the_density_does(self):
        radius = np.linalg.norm(self.donut.draw(2000, seed=1), axis=1)
        # log q = -(|x| - 2.6)^2 / 0.033: radii are nearly normal with this standard deviation, tilted by |x|.
        sd = np.sqrt(0.033 / 2)
        mean = 2.6 + sd ** 2 / 2.6
        self.assertLess(abs(radius.mean() - mean), 4.9 * sd / np.sqrt(2000))  # false alarms: 1e-6
        self.assertGreater(abs(radius.mean() - mean - 0.05), 4.9 * sd / np.sqrt(2000))  # the control
        np.testing.assert_array_equal(self.donut.draw(5, seed=9), self.donut.draw(5, seed=9))

    def test_shapes(self):
        points = self.normals.reshape(5, 10, 2)
        for x, shape in ((points[0, 0], ()), (points[0], (10,)), (points, (5, 10)), (points[:0], (0, 10))):
            value, score = self.donut.value_and_score(x)
            self.assertEqual((np.shape(value), score.shape), (shape, (*shape, 2)))
            self.assertEqual(np.shape(self.donut.log_density(x)), shape)
            self.assertEqual(self.donut.score(x).shape, (*shape, 2))
        self.assertIsInstance(self.donut.log_density([1.0, 0.0]), float)
        flat = self.donut.score(self.normals).reshape(points.shape)
        np.testing.assert_array_equal(self.donut.score(points), flat)
        flat += 1  # an answer may be written to
        for wrong in (3.0, [1.0, 2.0, 3.0], np.zeros((4, 3)), np.zeros((2, 0))):
            with self.assertRaisesRegex(ValueError, r"have the shape \[..., 2\]"):
                self.donut.score(wrong)

    def test_many_points_go_in_several_messages(self):
        whole = self.donut.value_and_score(self.normals)
        with mock.patch.object(target_module, "_MOST_BYTES", 170), \
                mock.patch.object(self.donut, "_ask", wraps=self.donut._ask) as ask:
            parts = self.donut.value_and_score(self.normals)
        self.assertEqual(ask.call_count, 8)  # 170 bytes are 7 rows of 3 doubles
        for part, right in zip(parts, whole):
            np.testing.assert_allclose(part, right, rtol=1e-9, atol=1e-9)

    def test_facts_and_options(self):
        self.assertEqual((self.donut.name, self.donut.dim), ("donut", 2))
        self.assertTrue(self.donut.has_density and self.donut.has_draws)
        with Target("gaussian", correlation=0.25, dtype="float32") as gaussian:
            self.assertEqual(gaussian.name, "gaussian:correlation=0.25")
            self.assertEqual(repr(gaussian), "Target('gaussian:correlation=0.25')")
            self.assertEqual(gaussian.score([1, 0]).dtype, np.float32)
            np.testing.assert_allclose(gaussian.score([1, 0]), np.array([-1, 0.25]) / 0.9375, rtol=1e-6)
        with Target("logistic_regression:data=synthetic") as regression:
            self.assertIsNone(regression.log_z)
            self.assertFalse(regression.has_draws)
            with self.assertRaisesRegex(Error, "no exact draws") as caught:
                regression.draw(3)
            self.assertEqual(caught.exception.exit_code, 2)

    def test_words_with_commas_and_quotes(self):
        self.assertEqual(target_module.call_of("t", {"a": 'x,"y"', "b": '"', "c": "", "d": pathlib.Path("e/f")}),
                         't:a="x,""y""",b="""",c=,d=e/f')
        with self.assertRaisesRegex(TypeError, "the option a is None"):
            target_module.call_of("t", {"a": None})


class Faults(unittest.TestCase):
    def test_what_the_program_refuses(self):
        for make, part in ((lambda: Target("donot"), "did you mean 'donut'?"),
                           (lambda: Target("gaussian", correlation=2), "correlation = 2"),
                           (lambda: Target("gaussian", nonsense=2), "nonsense"),
                           (lambda: Target("--help"), "'--help'"),
                           (lambda: Target("gaussian", threads=0), "--threads 0")):
            with self.assertRaises(Error) as caught:
                make()
            self.assertIn(part, str(caught.exception))
            self.assertEqual(caught.exception.exit_code, 2)
        with self.assertRaises(ValueError):
            Target("gaussian", dtype="int8")
        with Target("donut") as donut, self.assertRaises(TypeError):
            donut.draw(1.5)
        with Target("donut") as donut, self.assertRaisesRegex(Error, "n = 0, and a whole number"):
            donut.draw(0)

    def test_where_there_is_no_program(self):
        for variables in ({"SAMPLERBENCH": "/no/such/program"}, {"SAMPLERBENCH": __file__}, {"PATH": "/nowhere"}):
            clean = {name: value for name, value in os.environ.items() if name not in ("SAMPLERBENCH", "PATH")}
            with mock.patch.dict(os.environ, {**clean, **variables}, clear=True), \
                    mock.patch("samplerbench.program._places_beside", return_value=[]), \
                    self.assertRaises(Error) as caught:
                Target("donut")
            self.assertIn("environment variable SAMPLERBENCH", str(caught.exception))

    def test_a_program_that_is_killed_is_said_so_and_started_anew(self):
        with Target("donut") as donut:
            right = donut.score([1.0, 2.0])
            donut._service._process.kill()
            with self.assertRaisesRegex(Error, "ended by signal 9") as caught:
                donut.score([1.0, 2.0])
            self.assertEqual(caught.exception.exit_code, -signal.SIGKILL)
            np.testing.assert_array_equal(donut.score([1.0, 2.0]), right)

    def test_an_interrupt_leaves_no_answer_to_another_question(self):
        with Target("donut") as donut:
            right = donut.score([1.0, 2.0])
            service = donut._service
            with mock.patch.object(service._messages, "receive", side_effect=KeyboardInterrupt), \
                    self.assertRaises(KeyboardInterrupt):
                donut.score([3.0, 4.0])
            self.assertIsNotNone(service._process.poll())
            np.testing.assert_array_equal(donut.score([1.0, 2.0]), right)
            self.assertIsNot(donut._service, service)


class Processes(unittest.TestCase):
    def test_close_ends_the_program_and_the_next_question_starts_another(self):
        donut = Target("donut")
        process = donut._service._process
        donut.close()
        self.assertEqual(process.poll(), 0)
        self.assertEqual(donut.draw(3).shape, (3, 2))
        process = donut._service._process
        del donut
        self.assertEqual(process.poll(), 0)

    def test_pickled(self):
        with Target("gaussian", correlation=0.25, dtype="float32", run_seed=3) as gaussian:
            with pickle.loads(pickle.dumps(gaussian)) as again:
                self.assertEqual((again.name, again._settings), (gaussian.name, gaussian._settings))
                np.testing.assert_array_equal(again.score([1, 0]), gaussian.score([1, 0]))
        error = pickle.loads(pickle.dumps(Error("words", 1)))
        self.assertEqual((error.message, error.exit_code), ("words", 1))

    def test_from_several_threads(self):
        points = np.random.default_rng(2).standard_normal((40, 25, 2))
        with Target("gaussian", correlation=0.5) as gaussian:
            right = -points @ np.array([[1, -0.5], [-0.5, 1]]) / 0.75
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(gaussian.score, points))
            np.testing.assert_allclose(answers, right, rtol=0, atol=1e-12)

    def test_after_a_fork(self):
        with Target("donut") as donut:
            right = donut.score([1.0, 2.0])
            child = os.fork()
            if child == 0:
                same = np.array_equal(donut.score([1.0, 2.0]), right)
                donut.close()
                os._exit(0 if same else 1)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            np.testing.assert_array_equal(donut.score([1.0, 2.0]), right)

    def test_it_ends_with_python_however_that_ends(self):
        script = ("import os, signal, samplerbench\n"
                  "target = samplerbench.Target('donut')\n"
                  "print(target._service._process.pid, flush=True)\n")
        for last in ("", "os.kill(os.getpid(), signal.SIGKILL)\n"):
            ended = subprocess.run([sys.executable, "-c", script + last], capture_output=True, text=True)
            self.assertTrue(ended.stdout.strip().isdigit(), ended.stderr)
            folder = pathlib.Path("/proc") / ended.stdout.strip()
            deadline = time.monotonic() + 30
            while (folder / "exe").exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertFalse((folder / "exe").exists(), ended.stderr)


unittest.main()
