"""Stein variational gradient descent (Liu and Wang 2016, arXiv 1608.04471), the algorithm of the suite's `svgd`, by the
package samplerbench, which harness/python has."""

import numpy as np
from samplerbench.sampler import Sampler, sampler


@sampler
class Svgd(Sampler):
    options = {"particles": 200, "step_size": 0.02}

    def begin(self):
        self.x = self.start(self.options["particles"])
        self.mean_square = None

    def step(self):
        x, n = self.x, len(self.x)
        squares = (x ** 2).sum(1)
        distances = squares[:, None] + squares - 2 * x @ x.T
        bandwidth = np.median(distances) / np.log(n + 1)
        kernel = np.exp(-distances / bandwidth)
        push = 2 / bandwidth * (x * kernel.sum(1, keepdims=True) - kernel @ x)
        direction = (kernel @ self.score(x) + push) / n
        before = direction ** 2 if self.mean_square is None else self.mean_square
        self.mean_square = 0.9 * before + 0.1 * direction ** 2
        self.x = x + self.options["step_size"] * direction / (np.sqrt(self.mean_square) + 1e-6)

    def draw(self, n, rng):
        return self.x[rng.permutation(np.arange(n) % len(self.x))]
