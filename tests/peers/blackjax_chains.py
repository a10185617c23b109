"""Chains of BlackJAX as a sampler of samplerbench, on the target `banana`.

Without `self_counted` in the spec they are chains of HMC whose log densities and scores the suite evaluates: a callback
asks for all chains at once. With it they are chains of NUTS, compiled whole, on the density as JAX has it.
"""

import os

for name, value in {"JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu",
                    "JAX_CPU_ENABLE_ASYNC_DISPATCH": "0"}.items():  # a callback may wait for ever where it is on
    os.environ.setdefault(name, value)  # before JAX is loaded

import importlib.metadata  # noqa: E402

import blackjax  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402
from samplerbench.sampler import Sampler, Skipped, sampler  # noqa: E402


def banana(curvature, sd):
    """log q(x) = -x1^2 / (2 s^2) - r^2 / 2 with r = x2 - c (x1^2 - s^2), of one point [2]."""
    def log_density(x):
        r = x[1] - curvature * (x[0] ** 2 - sd ** 2)
        return -x[0] ** 2 / (2 * sd ** 2) - r ** 2 / 2
    return log_density


def asked(ask):
    """A log density of one point that JAX can differentiate once. `ask` tells values and scores: [N, D] -> [N], [N, D].

    Under jax.vmap all points come in one call of `ask`.
    """
    def answer(x):
        points = np.asarray(x)
        value, score = ask(points.reshape(-1, points.shape[-1]))
        return (np.ascontiguousarray(value).reshape(points.shape[:-1]),
                np.ascontiguousarray(score).reshape(points.shape))

    def value_and_score(x):
        shapes = jax.ShapeDtypeStruct((), x.dtype), jax.ShapeDtypeStruct(x.shape, x.dtype)
        return jax.pure_callback(answer, shapes, x, vmap_method="broadcast_all")

    @jax.custom_vjp
    def log_density(x):
        return value_and_score(x)[0]

    log_density.defvjp(value_and_score, lambda score, slope: (slope * score,))
    return log_density


@sampler
class BlackJAX(Sampler):
    version = importlib.metadata.version("blackjax")
    options = {"chains": 100, "step_size": 0.3, "leapfrogs": 10}
    _first = _next = None

    def begin(self):
        if self._first is None:  # compiled once, in the warm-up
            algorithm = self._algorithm()
            self._first, self._next = jax.jit(jax.vmap(algorithm.init)), jax.jit(jax.vmap(algorithm.step))
        chains = self.options["chains"]
        self.key = jax.random.key(int(self.rng.integers(2 ** 31)))
        self.state = jax.block_until_ready(self._first(jax.numpy.asarray(self.start(chains))))
        self.history = [np.asarray(self.state.position)]
        if self.target is not None:
            self.count(score=chains)

    def step(self):
        self.key, key = jax.random.split(self.key)
        keys = jax.random.split(key, self.options["chains"])
        self.state, info = jax.block_until_ready(self._next(keys, self.state))
        self.history.append(np.asarray(self.state.position))
        if self.target is not None:
            self.count(score=int(np.sum(info.num_integration_steps)))
        return {"accept": float(np.mean(info.acceptance_rate))}

    def draw(self, n, rng):
        return rng.choice(np.concatenate(self._later()), n)

    def chains(self):
        return np.stack(self._later(), axis=1)

    def check(self, x):
        value, score = jax.vmap(jax.value_and_grad(self._density()))(jax.numpy.asarray(x))
        return np.column_stack([value, score])

    def _later(self):
        return self.history[len(self.history) // 2:]

    def _density(self):
        if self.target is None:
            return asked(self.value_and_score)
        if self.target["name"] != "banana":
            raise Skipped(f"the density of {self.target['name']} is not written in JAX here")
        return banana(**self.target["options"])

    def _algorithm(self):
        settings = {"step_size": self.options["step_size"], "inverse_mass_matrix": jax.numpy.ones(self.dim)}
        if self.target is None:
            return blackjax.hmc(self._density(), num_integration_steps=self.options["leapfrogs"], **settings)
        return blackjax.nuts(self._density(), **settings)
