"""Samplers of unnormalised densities, compared: the Python side of the program samplerbench.

    Target("donut")                 a target: log density, score, exact draws
    score(draws, "donut")           how good draws are, beside exact ones
    run("quick")                    an experiment, from a spec to its records and the report
    records("out/quick")            what its runs left; .to_pandas() makes a table of it
    draw(record, 1000)              more draws from a sampler that a run kept
    to_arviz(record)                draws in the form of ArviZ
    sampler.Sampler                 what a sampler of your own derives from; a spec runs it

The program is found by the environment variable SAMPLERBENCH, beside this package, or in PATH. What it refuses is an
Error, with the program's words and exit code.
"""

from . import sampler
from .commands import draw, run, score
from .error import Error
from .inference_data import to_arviz
from .record_files import Record, Records, records
from .target import Target
from .version import __version__

__all__ = ["Error", "Record", "Records", "Target", "__version__", "draw", "records", "run", "sampler", "score",
           "to_arviz"]
