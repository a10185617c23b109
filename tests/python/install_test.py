"""Installs the package as `pip install ./harness/python` does, into a virtual environment, and uses it there.

The environment variable SAMPLERBENCH names the program. Exit status 77 where there is no pip, setuptools or wheel.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "harness" / "python"
PROGRAM = pathlib.Path(os.environ["SAMPLERBENCH"]).resolve()
USE = """
import importlib.metadata, json, pathlib, samplerbench
place = pathlib.Path(samplerbench.__file__).parent
print(json.dumps([str(place), (place / "py.typed").is_file(), importlib.metadata.version("samplerbench"),
                  samplerbench.__version__, samplerbench.program.find_program(), samplerbench.Target("donut").dim]))
"""


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name).resolve()
        cls.python = cls.folder / "venv" / "bin" / "python"
        cls.variables = {name: value for name, value in os.environ.items()
                         if name not in ("SAMPLERBENCH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
        shutil.copytree(SOURCE, cls.folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info"))
        # Without a pip of its own, which takes seconds to make: that of the system is seen there.
        cls.run_words([sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", cls.folder / "venv"])
        cls.run_words([cls.python, "-m", "pip", "install", "--no-build-isolation", "--no-index",
                       "--disable-pip-version-check", cls.folder / "source"])

    @classmethod
    def run_words(cls, words, **variables):
        ended = subprocess.run([str(word) for word in words], cwd=cls.folder, env={**cls.variables, **variables},
                               capture_output=True, text=True)
        if ended.returncode:
            raise AssertionError(f"{words}: {ended.stdout}{ended.stderr}")
        return ended.stdout

    def check(self, **variables):
        place, typed, version, own, program, dim = json.loads(self.run_words([self.python, "-c", USE], **variables))
        self.assertTrue(place.startswith(str(self.folder / "venv")), place)
        self.assertEqual((typed, version, pathlib.Path(program).resolve(), dim), (True, own, PROGRAM, 2))

    def test_with_the_program_named(self):
        self.check(SAMPLERBENCH=str(PROGRAM))

    def test_with_the_program_in_path(self):
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "samplerbench").symlink_to(PROGRAM)
        self.check(PATH=f"{self.folder / 'bin'}:/usr/bin:/bin")

    def test_without_a_program(self):
        with self.assertRaisesRegex(AssertionError, "the program samplerbench was not found: `./bench build`"):
            self.check(PATH="/nowhere")


if __name__ == "__main__":
    missing = [name for name in ("pip", "setuptools", "wheel", "venv") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"no {', '.join(missing)}")
        sys.exit(77)
    unittest.main()
