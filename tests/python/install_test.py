"""Installs the package as `pip install ./harness/python` does, into a virtual environment, and uses it there; then
follows its README.md word for word.

The environment variable SAMPLERBENCH names the program. Exit status 77 where there is no pip, setuptools or wheel.
"""

import importlib.util
import json
import os
import pathlib
import re
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


class Fresh(unittest.TestCase):
    """A folder of its own, and an environment that names neither the package nor the program."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name).resolve()
        cls.variables = {name: value for name, value in os.environ.items()
                         if name not in ("SAMPLERBENCH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}

    @classmethod
    def copy_source(cls, place):
        shutil.copytree(SOURCE, cls.folder / place, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))

    @classmethod
    def run_words(cls, words, **variables):
        ended = subprocess.run([str(word) for word in words], cwd=cls.folder, env={**cls.variables, **variables},
                               capture_output=True, text=True)
        if ended.returncode:
            raise AssertionError(f"{words}: {ended.stdout}{ended.stderr}")
        return ended.stdout


class Installed(Fresh):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.python = cls.folder / "venv" / "bin" / "python"
        cls.copy_source("source")
        # Without a pip of its own, which takes seconds to make: that of the system is seen there.
        cls.run_words([sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", cls.folder / "venv"])
        cls.run_words([cls.python, "-m", "pip", "install", "--no-build-isolation", "--no-index",
                       "--disable-pip-version-check", cls.folder / "source"])

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


class FollowedWordForWord(Fresh):
    """README.md in a checkout that has the program already, and without a network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.copy_source("harness/python")
        place = cls.folder / "build" / "release" / "samplerbench"
        place.parent.mkdir(parents=True)
        place.symlink_to(PROGRAM)
        text = (SOURCE / "README.md").read_text()
        cls.quick_start, cls.sampler = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
        cls.spec, = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
        build, *install = re.findall(r"^ {4}(.*)$", text.split("```")[0], re.M)
        if build != "./bench build":  # what has made the program
            raise AssertionError(f"README.md begins with {build}")
        # As `python3` this Python, as the source of setuptools what it has.
        cls.variables.update(PATH=f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}", PIP_NO_INDEX="1",
                             PIP_NO_BUILD_ISOLATION="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
        cls.run_words(["bash", "-e", "-c", "\n".join(install)])

    def run_python(self, text):
        """Runs the text, whose last line prints JSON, in the environment that is activated as README.md says."""
        (self.folder / "mine.py").write_text(text)
        printed = self.run_words(["bash", "-e", "-c", ". build/python/bin/activate\npython3 mine.py"])
        return json.loads(printed.splitlines()[-1])

    def test_the_quick_start(self):
        shown = ("import json\n"
                 "print(json.dumps([sb.__file__, sb.program.find_program(), score.shape, result['n'],\n"
                 "                  summary['exit_code'], summary['statuses'], len(table), draws.shape]))\n")
        place, program, score, n, code, statuses, rows, draws = self.run_python(self.quick_start + shown)
        self.assertEqual(pathlib.Path(place), self.folder / "harness" / "python" / "samplerbench" / "__init__.py")
        self.assertEqual(pathlib.Path(program).resolve(), PROGRAM)
        self.assertEqual((score, n, code, list(statuses), draws), ([1000, 2], 1000, 0, ["finished"], [500, 2]))
        self.assertGreater(rows, statuses["finished"])  # several checkpoints of most runs

    def test_the_sampler(self):
        (self.folder / "random_walk.py").write_text(self.sampler)
        (self.folder / "walk.toml").write_text(self.spec)
        summary, names = self.run_python(
            "import json\n"
            "import samplerbench as sb\n"
            'summary = sb.run("walk.toml", "out")\n'
            'names = sorted({row["sampler"] for row in sb.records("out/walk").rows()})\n'
            "print(json.dumps([summary, names]))\n")
        self.assertEqual(names, ["hmc", "random_walk.py:scale=0.2", "random_walk.py:scale=0.5", "start"])
        self.assertEqual((summary["exit_code"], summary["statuses"]), (0, {"finished": 1 + 4 * 3}))


if __name__ == "__main__":
    missing = [name for name in ("pip", "setuptools", "wheel", "venv") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"no {', '.join(missing)}")
        sys.exit(77)
    unittest.main()
