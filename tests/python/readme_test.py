"""The code that harness/python/README.md shows, at small sizes.

The environment variable SAMPLERBENCH names the program.
"""

import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

import samplerbench

README = pathlib.Path(__file__).resolve().parents[2] / "harness" / "python" / "README.md"
SPEC = """name = "tiny"
seeds = 1
draws = 100
checkpoints = 1
floor_replications = 2
keep = "all"
targets = ["gaussian"]
metrics = ["moment_sd_error"]
start_scale = 5
budget = { steps = 300 }
"""


class Shown(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        self.quick_start, self.sampler = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.M | re.S)

    def spec(self, entry):
        pathlib.Path("tiny.toml").write_text(f"{SPEC}[[samplers]]\n{entry}\n")

    def test_the_quick_start(self):
        self.assertLessEqual(len(self.quick_start.splitlines()), 12)
        self.spec('name = "ula"')
        small = self.quick_start
        for shown, own in (('sb.run("smoke", "out")', 'sb.run("tiny.toml", "out", report=False)'),
                           ("out/smoke", "out/tiny"), ("1000", "100")):
            self.assertIn(shown, small)
            small = small.replace(shown, own)
        made = {}
        with contextlib.redirect_stderr(io.StringIO()):
            exec(small, made)
        self.assertEqual((made["score"].shape, made["draws"].shape), ((100, 2), (500, 2)))
        self.assertEqual((made["result"]["n"], made["summary"]["exit_code"]), (100, 0))
        self.assertEqual({row["sampler"] for row in made["table"]}, {"start", "ula"})

    def test_the_sampler(self):
        pathlib.Path("random_walk.py").write_text(self.sampler)
        self.assertLessEqual(len(self.sampler.splitlines()), 21)
        command = json.dumps([sys.executable, "random_walk.py"])
        self.spec(f'command = {command}\nlabel = "walk"\noptions = {{ chains = 400, scale = 1.5 }}')
        with contextlib.redirect_stderr(io.StringIO()):
            summary = samplerbench.run("tiny.toml", "out", report=False)
        self.assertEqual(summary["exit_code"], 0, summary)
        runs = {record["sampler"]: record for record in samplerbench.records("out/tiny") if record["kind"] == "run"}
        self.assertEqual(runs["walk"]["end"]["program"]["name"], "RandomWalk")
        # In standard errors of 100 independent draws. The starting law, five times too wide, is the control.
        last, start = (runs[name]["checkpoints"][-1] for name in ("walk", "start"))
        self.assertLess(last["metrics"]["moment_sd_error"], 6)
        self.assertGreater(start["metrics"]["moment_sd_error"], 20)
        self.assertEqual(last["train"]["density"], 301 * 400)


unittest.main()
