"""Samplers by the package: what they say to a suite that is played here, and a whole run of the real one.

The environment variable SAMPLERBENCH names the program.
"""

import json
import mmap
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import wire

EXAMPLE = pathlib.Path(__file__).resolve().parents[1] / "foreign" / "langevin.py"
IMPORTS = "import numpy as np\nfrom samplerbench.sampler import Diverged, Sampler, Skipped, main, sampler\n"


class Suite:
    """Plays the suite for a sampler, on the target N(0, I)."""

    def __init__(self, script, memory_bytes=0, **hello):
        (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
        files = [theirs_in, theirs_out]
        self.memory = None
        if memory_bytes:
            files.append(os.memfd_create("memory"))
            os.ftruncate(files[2], memory_bytes)
            self.memory = mmap.mmap(files[2], memory_bytes)
        variables = {**os.environ, "SAMPLERBENCH_IN": str(theirs_in), "SAMPLERBENCH_OUT": str(theirs_out)}
        self.process = subprocess.Popen([sys.executable, str(script)], pass_fds=files, env=variables,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for file in files:
            os.close(file)
        self.outgoing, self.incoming = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        if memory_bytes:
            hello["shared_memory"] = {"descriptor": files[2], "bytes": memory_bytes}
        self.asked = []  # type and number of points of each question
        self.used_memory = set()  # by the sampler: True, False or both
        self.hello = self.say("hello", memory=None, **{
            "protocol": 1, "dim": 2, "dtype": "float64", "threads": 1, "start_scale": 1.0, "budget": {"steps": 9},
            "options": {}, "self_counted": False, **hello})[0]

    def say(self, type, array=None, memory="own", **members):
        """The last word of the sampler, whose questions are answered."""
        shared = self.memory if memory == "own" else memory
        wire.say(self.outgoing, type, array, shared, **members)
        while True:
            message, points = wire.hear(self.incoming, self.memory)
            if message.get("bytes"):
                self.used_memory.add(message.get("memory", False))
            if message["type"] not in ("start", "log_density", "score", "value_and_score"):
                return message, points
            wire.say(self.outgoing, message["type"], self.answer(message, points), shared)

    def answer(self, message, points):
        kind = message["type"]
        self.asked.append((kind, message["n"] if kind == "start" else len(points)))
        if kind == "start":
            return np.arange(2.0 * message["n"]).reshape(-1, 2) / 10
        value = -(points ** 2).sum(1) / 2
        return {"log_density": value, "score": -points,
                "value_and_score": np.column_stack([value, -points])}[kind].astype(points.dtype)

    def end(self):
        """The exit code, and what was said on standard error, after the end of its input."""
        self.outgoing.close()
        errors = self.process.communicate(timeout=30)[1].decode()
        self.incoming.close()
        return self.process.returncode, errors


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def suite(self, text, **hello):
        (self.folder / "mine.py").write_text(IMPORTS + text)
        return Suite(self.folder / "mine.py", **hello)


class Talk(Scripts):
    def test_the_example_is_langevin(self):
        for memory_bytes in (0, 1 << 16):
            suite = Suite(EXAMPLE, memory_bytes, options={"chains": 3, "step_size": 0.1})
            self.assertEqual(suite.hello, {"type": "hello", "protocol": 1, "name": "Langevin", "version": "1",
                                           "options": ["chains", "step_size"], "chains": True,
                                           "shared_memory": bool(memory_bytes)})
            for seed in (7, 8):  # each begins anew
                self.assertEqual(suite.say("begin", seed=seed)[0]["type"], "done")
                normals = np.random.default_rng(seed)
                states = [np.arange(6.0).reshape(3, 2) / 10]
                for step in range(4):
                    done = suite.say("step", spent=step / 4)[0]
                    states.append(0.95 * states[-1] + np.sqrt(0.1) * normals.standard_normal((3, 2)))
                    self.assertEqual(done["type"], "done")
                    self.assertAlmostEqual(done["diagnostics"]["largest"], np.abs(states[-1]).max(), places=12)
                draws = suite.say("draw", n=300, seed=5)[1]
                np.testing.assert_array_equal(suite.say("draw", n=300, seed=5)[1], draws)
                self.assertFalse(np.array_equal(suite.say("draw", n=300, seed=6)[1], draws))
                kept = np.stack(states[2:])  # [T, C, D]
                distances = np.abs(draws[:, None, :] - kept.reshape(1, -1, 2)).max(2)
                self.assertLess(distances.min(1).max(), 1e-12)
                self.assertEqual(len(set(distances.argmin(1))), 9)  # one of them is not met with probability 4e-15
                np.testing.assert_allclose(suite.say("chains")[1], kept.transpose(1, 0, 2), rtol=0, atol=1e-12)
            self.assertEqual(suite.asked, 2 * ([("start", 3)] + 4 * [("score", 3)]))
            self.assertEqual(suite.used_memory, {bool(memory_bytes)})
            wire.say(suite.outgoing, "stop")
            self.assertEqual(suite.end(), (0, ""))

    def test_it_is_told_of_the_run(self):
        suite = self.suite(
            "@sampler\n"
            "class Told:\n"
            "    options = {'law': 'normal', 'flag': False, 'real': 1.0}\n"
            "    version = '2.1'\n"
            "    def step(self):\n"
            "        value, score = self.value_and_score(np.ones((5, self.dim)))\n"
            "        return {'spent': self.spent, 'real': self.options['real'], 'flag': self.options['flag'],\n"
            "                'threads': self.threads, 'steps': self.budget['steps'], 'dim': self.dim,\n"
            "                'scale': self.start_scale, 'value': value[4], 'score': score[4, 1],\n"
            "                'density': self.log_density(np.ones((1, 2)))[0], 'nan': np.nan, 'low': -np.inf}\n"
            "    def draw(self, n, rng):\n"
            "        return np.zeros((n, self.dim))\n",
            dtype="float32", options={"flag": True, "real": 3})
        self.assertEqual((suite.hello["name"], suite.hello["version"], suite.hello["chains"]), ("Told", "2.1", False))
        self.assertEqual(suite.hello["options"], ["law", "flag", "real"])
        suite.say("begin", seed=1)
        self.assertEqual(suite.say("step", spent=0.25)[0]["diagnostics"],
                         {"spent": 0.25, "real": 3, "flag": 1, "threads": 1, "steps": 9, "dim": 2, "scale": 1,
                          "value": -1, "score": -1, "density": -1, "nan": "nan", "low": "-inf"})
        message, draws = suite.say("draw", n=3, seed=1)
        self.assertEqual((message["dtype"], draws.shape), ("float32", (3, 2)))
        self.assertEqual(suite.asked, [("value_and_score", 5), ("log_density", 1)])
        self.assertEqual(suite.end(), (0, ""))  # the end of its input is the end

    def test_ends_of_a_run(self):
        for word, status in (("Diverged", "diverged"), ("Skipped", "skipped")):
            suite = self.suite("class Ends(Sampler):\n"
                               "    def step(self):\n"
                               f"        raise {word}('this is why')\n"
                               "main(Ends)\n")
            suite.say("begin", seed=1)
            message = suite.say("step", spent=0)[0]
            self.assertEqual(message, {"type": "failed", "message": "this is why", "status": status})
            self.assertEqual(suite.end(), (0, ""))

    def test_a_mistake_of_its_author_ends_it_with_a_traceback(self):
        suite = self.suite("@sampler\nclass Mistaken(Sampler):\n    def step(self):\n        return nonsense\n")
        suite.say("begin", seed=1)
        wire.say(suite.outgoing, "step", spent=0)
        self.assertEqual(suite.incoming.read(), b"")
        code, errors = suite.end()
        self.assertEqual(code, 1)
        self.assertTrue(errors.rstrip().endswith("NameError: name 'nonsense' is not defined"), errors)

    def test_an_option_of_another_kind_is_refused(self):
        for default, given, needed in (("200", 0.5, "a whole number"), ("200", True, "a whole number"),
                                       ("0.5", "x", "a number"), ("'x'", 1, "a text"), ("True", 1, "true or false")):
            suite = self.suite(f"@sampler\nclass Picky(Sampler):\n    options = {{'a': {default}}}\n",
                               options={"a": given})
            self.assertEqual((suite.hello["type"], suite.hello["message"]),
                             ("failed", f"the option a is {given!r}; {needed} is needed"))
            self.assertEqual(suite.end(), (0, ""))

    def test_one_that_counts_by_itself(self):
        suite = self.suite("@sampler\n"
                           "class Own(Sampler):\n"
                           "    def begin(self):\n"
                           "        self.count(score=3)\n"
                           "    def step(self):\n"
                           "        self.count(score=20, density=7)\n"
                           "    def draw(self, n, rng):\n"
                           "        return self.start(n)\n"
                           "    def check(self, x):\n"
                           "        return np.column_stack([-(x ** 2).sum(1) / 2, -x])\n",
                           self_counted=True, target={"name": "gaussian", "options": {}, "seed": 0})
        points = np.array([[1.0, 2.0], [3.0, 4.0]])
        np.testing.assert_array_equal(suite.say("check", points)[1], [[-2.5, -1, -2], [-12.5, -3, -4]])
        counts = [(done["score"], done["density"]) for done in
                  (suite.say("begin", seed=1)[0], suite.say("step", spent=0)[0], suite.say("step", spent=0)[0],
                   suite.say("draw", n=2, seed=1)[0])]
        self.assertEqual(counts, [(3, 0), (20, 7), (20, 7), (0, 0)])
        self.assertEqual(suite.end(), (0, ""))


class ByHand(Scripts):
    def test_a_file_that_is_run_by_hand_or_imported_does_nothing(self):
        text = IMPORTS + "@sampler\nclass Idle(Sampler):\n    pass\nprint(Idle.__mro__[1])\n"
        (self.folder / "mine.py").write_text(text)
        clean = {name: value for name, value in os.environ.items() if name != "SAMPLERBENCH_IN"}
        pipes = {"SAMPLERBENCH_IN": "98", "SAMPLERBENCH_OUT": "99"}
        for command, variables in ((["mine.py"], clean), (["-c", "import mine"], {**clean, **pipes})):
            ended = subprocess.run([sys.executable, *command], cwd=self.folder, env=variables, capture_output=True,
                                   text=True)
            self.assertEqual((ended.returncode, ended.stdout), (0, "<class 'samplerbench.sampler.Sampler'>\n"),
                             ended.stderr)

    def test_main_without_a_suite_says_how_it_is_run(self):
        (self.folder / "mine.py").write_text(IMPORTS + "class Mine(Sampler):\n    pass\nmain(Mine)\n")
        clean = {name: value for name, value in os.environ.items() if name != "SAMPLERBENCH_IN"}
        ended = subprocess.run([sys.executable, "mine.py"], cwd=self.folder, env=clean, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Mine is a sampler, and a spec of samplerbench runs it", ended.stderr)


class Run(Scripts):
    def test_a_run_of_the_example(self):
        """From a start that is five times too wide it comes near to the target; the starting law is the control."""
        spec = (f'name = "trial"\nseeds = 1\ndraws = 400\ncheckpoints = 2\nfloor_replications = 4\nstart_scale = 5\n'
                f'targets = ["gaussian:correlation=0.5"]\nmetrics = ["sliced_wasserstein", "rhat"]\n'
                f'budget = {{ steps = 150 }}\n[[samplers]]\nlabel = "example"\n'
                f'command = {json.dumps([sys.executable, str(EXAMPLE)])}\n'
                f'options = {{ chains = 100, step_size = 0.2 }}\n')
        (self.folder / "trial.toml").write_text(spec)
        ended = subprocess.run([os.environ["SAMPLERBENCH"], "run", "trial.toml", "--no-report"], cwd=self.folder,
                               capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        records = [[json.loads(line) for line in path.read_text().splitlines()]
                   for path in self.folder.rglob("*.jsonl")]
        runs = {record[0]["job"]["sampler"]["label"]: record for record in records if record[0]["kind"] == "run"}
        last, end = runs["example"][-2:]
        self.assertEqual((end["status"], end["program"]["name"]), ("finished", "Langevin"))
        self.assertEqual(last["train"]["score"], 150 * 100)
        self.assertLess(last["metrics"]["rhat"], 2)
        start = runs["start"][-2]
        self.assertLess(last["metrics"]["sliced_wasserstein"], start["metrics"]["sliced_wasserstein"] / 5)


unittest.main()
