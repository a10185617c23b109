"""Samplers of unnormalised densities, compared: the Python side of the program samplerbench.

    Target("donut")                 a target: log density, score, exact draws
    sampler.Sampler                 what a sampler of your own derives from; a spec runs it
"""

from . import sampler
from .error import Error
from .target import Target
from .version import __version__

__all__ = ["Error", "Target", "__version__", "sampler"]
