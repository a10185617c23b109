"""Makes the files that open-door.toml names, and runs it.

usage: open_door.py SAMPLERBENCH DOOR_MODULES FOLDER [flags of `samplerbench run`]

FOLDER gets the files: a Stan library with exact draws as its reference, and TorchScript modules. The records and their
report go to FOLDER/out. The run's `python3` is the Python that runs this.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "harness" / "python"
sys.path.insert(0, str(PACKAGE))

import samplerbench  # noqa: E402  from the path above

LAW = "banana:curvature=0.25,sd=2"
CHAINS, LENGTH = 4, 5000  # of the reference draws


def write_reference_draws(file):
    """Exact draws in posteriordb's format: a list of chains, each with a list of numbers for every parameter."""
    with samplerbench.Target(LAW) as law:
        draws = law.draw(CHAINS * LENGTH, seed=1).reshape(CHAINS, LENGTH, law.dim)
    chains = [{f"x[{i + 1}]": chain[:, i].tolist() for i in range(chain.shape[1])} for chain in draws]
    file.write_text(json.dumps(chains))


def make_files(program, modules, folder):
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "banana.so"
    library.unlink(missing_ok=True)  # `export` leaves files that exist
    for words in ([program, "export", LAW, "--bridgestan", library], [modules, folder]):
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    write_reference_draws(folder / "banana-draws.json")


def variables(program):
    """The environment of the run, whose samplers find this Python and the package."""
    before = {"PATH": str(pathlib.Path(sys.executable).parent), "PYTHONPATH": str(PACKAGE)}
    joined = {name: os.pathsep.join(filter(None, [place, os.environ.get(name)])) for name, place in before.items()}
    return {**os.environ, **joined, "SAMPLERBENCH": program}


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    program, modules, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    os.environ["SAMPLERBENCH"] = str(program)  # for the package
    try:
        make_files(program, modules, folder)
    except (OSError, samplerbench.Error, subprocess.CalledProcessError) as fault:
        sys.exit(f"open_door.py: {fault}")
    words = [program, "run", HERE / "open-door.toml", "--data", folder, "--results", folder / "out", *sys.argv[4:]]
    os.execve(program, words, variables(str(program)))


if __name__ == "__main__":
    main()
