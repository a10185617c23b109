"""Writes energy.pt, a log density for the target `torchscript`, and energy.json, which states its SHA-256.

usage: energy.py      then: samplerbench describe torchscript:file=energy.pt
"""

import hashlib
import json
import math
import pathlib

import torch


class Banana(torch.nn.Module):
    """log q(x) = -x1^2 / (2 s^2) - (x2 - c (x1^2 - s^2))^2 / 2, whose normalising constant is 2 pi s."""

    def __init__(self, s, c):
        super().__init__()
        self.dim = 2  # D, which is needed
        self.log_z = math.log(2 * math.pi * s)  # where it is known
        self.register_buffer("scale", torch.tensor([s, c]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[N, D] -> [N]"""
        s, c = self.scale[0], self.scale[1]
        bent = x[:, 1] - c * (x[:, 0] ** 2 - s ** 2)
        return -x[:, 0] ** 2 / (2 * s ** 2) - bent ** 2 / 2

    @torch.jit.export
    def sample(self, n: int) -> torch.Tensor:
        """Exact draws, where there are any: n -> [n, D]."""
        s, c = self.scale[0], self.scale[1]
        e = torch.randn([n, 2]).to(self.scale)
        first = s * e[:, 0]
        return torch.stack([first, e[:, 1] + c * (first ** 2 - s ** 2)], 1)


path = pathlib.Path("energy.pt")
torch.jit.script(Banana(2.0, 0.25)).save(str(path))  # scripted and not frozen: torch.jit.freeze drops `dim`
path.with_suffix(".json").write_text(json.dumps({"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}))
