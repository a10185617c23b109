"""Trains a generator for the target `gaussian`, and writes generator.pt, for the sampler `torchscript-generator`, and
generator.json, which states its SHA-256.

usage: generator.py      then, in a spec: samplers = ["torchscript-generator:file=generator.pt"]
"""

import hashlib
import json
import pathlib
import time

import torch


class Generator(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.latent = 2  # of the standard normals that forward is given, which is needed
        self.cost_cpu_s = 0.0  # what the training took, where its author declares it
        self.cost_evaluations = 0  # log densities and scores of the target, per point
        self.weight = torch.nn.Parameter(torch.eye(2))

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """[N, latent] -> [N, D]"""
        return z @ self.weight


def log_density(x):
    """Of `gaussian` with its default correlation of 0.8."""
    return -(x[:, 0] ** 2 - 1.6 * x[:, 0] * x[:, 1] + x[:, 1] ** 2) / (2 * (1 - 0.8 ** 2))


torch.manual_seed(1)
generator = Generator()
optimiser = torch.optim.Adam(generator.parameters(), lr=0.02)
began = time.process_time()
for _ in range(400):
    # The Kullback-Leibler divergence of the generator's law from the target, up to a constant.
    loss = -log_density(generator(torch.randn(256, 2))).mean() - torch.linalg.slogdet(generator.weight)[1]
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    generator.cost_evaluations += 2 * 256
generator.cost_cpu_s = time.process_time() - began

path = pathlib.Path("generator.pt")
torch.jit.script(generator).save(str(path))
path.with_suffix(".json").write_text(json.dumps({"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}))
