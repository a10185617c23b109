"""The chains of ula.py by the package samplerbench, which harness/python has."""

import math

import numpy as np
from samplerbench.sampler import Diverged, Sampler, sampler


@sampler
class Langevin(Sampler):
    options = {"chains": 200, "step_size": 0.05}

    def begin(self):
        self.history = [self.start(self.options["chains"])]

    def step(self):
        x, step_size = self.history[-1], self.options["step_size"]
        noise = self.rng.standard_normal(x.shape, self.dtype)
        x = x + step_size / 2 * self.score(x) + math.sqrt(step_size) * noise
        if not np.isfinite(x).all():
            raise Diverged("a chain left the finite numbers")
        self.history = (self.history + [x])[-1000:]
        return {"largest": np.abs(x).max()}

    def draw(self, n, rng):
        return rng.choice(np.concatenate(self.history[len(self.history) // 2:]), n)

    def chains(self):
        return np.stack(self.history[len(self.history) // 2:], axis=1)
