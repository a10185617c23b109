#!/usr/bin/python3
"""One DFT step in Python beside this suite's, on one thread of one idle machine, in turns.

usage: dft_step.py FOLDER [ROUNDS]     FOLDER holds perf_neural and perf_dft_parts

The arithmetic is that of `dft:score_steps=2` on the donut: batch 512 as antithetic pairs, both networks 3 x 128 with
SiLU, sigma 0.1, denoiser form, Adam(0, 0.99) with clipping at norm 10, an exponential average of the generator. It is
written as one writes it in PyTorch: modules, autograd, foreach optimisers. Prints the time of a step of each in every
round, the ratio of their medians with the range over rounds, and where the suite's step spends its time.
"""
import json
import statistics
import subprocess
import sys
import time

import torch

BATCH, WIDTH, SIGMA, SCALE, SCORE_STEPS, STEPS = 512, 128, 0.1, 2.0, 2, 200


def network(inputs):
    layers = []
    for width in (inputs, WIDTH, WIDTH):
        layers += [torch.nn.Linear(width, WIDTH), torch.nn.SiLU()]
    last = torch.nn.Linear(WIDTH, 2)
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.zeros_(last.bias)
    return torch.nn.Sequential(*layers, last)


def donut_score(x):
    radius = x.square().sum(1, keepdim=True).sqrt()
    return x * ((2.6 / radius - 1) * (2 / 0.033))


class Trainer:
    def __init__(self):
        self.generator, self.averaged, self.score_net = network(2), network(2), network(3)
        self.averaged.load_state_dict(self.generator.state_dict())
        settings = dict(lr=1e-3, betas=(0.0, 0.99), foreach=True)
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), **settings)
        self.score_adam = torch.optim.Adam(self.score_net.parameters(), **settings)

    def draws(self):
        z = torch.randn(BATCH // 2, 2)
        return SCALE * z + self.generator(z)

    def noised(self, x0):
        e = torch.randn(BATCH // 2, 2)
        e = torch.cat([e, -e])
        return torch.cat([x0, x0]) + SIGMA * e, e

    def model_score(self, x):
        variance = SIGMA**2 + SCALE**2
        level = torch.full((x.shape[0], 1), SIGMA).log() / 4
        inner = self.score_net(torch.cat([x / variance**0.5, level], 1))
        return -x / variance + SCALE / (SIGMA * variance**0.5) * inner

    def update_score_net(self):
        with torch.no_grad():
            x, e = self.noised(self.draws())
        loss = (SIGMA * self.model_score(x) + e).square().sum(1).mean()
        self.score_adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.score_net.parameters(), 10.0)
        self.score_adam.step()

    def update_generator(self):
        x, e = self.noised(self.draws())
        model = self.model_score(x)
        d = donut_score(x) - model
        loss = ((d * d).sum(1) + 2 * (d * (model + e / SIGMA)).sum(1)).mean() * SIGMA**2
        self.generator_adam.zero_grad(set_to_none=True)
        loss.backward(inputs=list(self.generator.parameters()))
        torch.nn.utils.clip_grad_norm_(self.generator.parameters(), 10.0)
        self.generator_adam.step()
        with torch.no_grad():
            torch._foreach_mul_(list(self.averaged.parameters()), 0.998)
            torch._foreach_add_(list(self.averaged.parameters()), list(self.generator.parameters()), alpha=0.002)

    def step(self):
        for _ in range(SCORE_STEPS):
            self.update_score_net()
        self.update_generator()


def python_milliseconds(trainer):
    began = time.perf_counter()
    for _ in range(STEPS):
        trainer.step()
    return (time.perf_counter() - began) / STEPS * 1e3


def benchmarks(program, pattern):
    printed = subprocess.run(
        [program, f"--benchmark_filter={pattern}", "--benchmark_format=json"],
        check=True, capture_output=True, text=True, env={"OMP_NUM_THREADS": "1"}).stdout
    return {b["name"]: b["real_time"] for b in json.loads(printed)["benchmarks"]}


def print_profile(folder):
    times = benchmarks(folder + "/perf_neural", "train/dft_2_score_steps$|hidden_products/2$")
    whole, products = times["train/dft_2_score_steps"], times["hidden_products/2"]
    parts = benchmarks(folder + "/perf_dft_parts", "part/")
    counts = {"batch": SCORE_STEPS + 1, "matching": SCORE_STEPS, "update": SCORE_STEPS + 1, "loss": 1, "chain": 1}
    print(f"\nwhere the suite's step goes: {whole:.2f} ms, of which the hidden layers' products alone {products:.2f}")
    rest = whole
    for name, count in counts.items():
        spent = count * parts[f"part/{name}"]
        rest -= spent
        print(f"  {count} x {name:<10} {spent:>6.2f} ms {spent / whole:>5.0%}")
    print(f"  {'the rest':<14} {rest:>6.2f} ms {rest / whole:>5.0%}")


def main():
    folder, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7
    torch.set_num_threads(1)
    torch.manual_seed(1)
    trainer = Trainer()
    python_milliseconds(trainer)
    python, suite = [], []
    print(f"PyTorch {torch.__version__}, one thread; milliseconds a step")
    print(f"{'round':>5} {'python':>8} {'suite':>8} {'ratio':>6}")
    for index in range(rounds):
        python.append(python_milliseconds(trainer))
        suite += benchmarks(folder + "/perf_neural", "train/dft_2_score_steps$").values()
        print(f"{index + 1:>5} {python[-1]:>8.2f} {suite[-1]:>8.2f} {python[-1] / suite[-1]:>6.2f}", flush=True)
    ratios = sorted(p / s for p, s in zip(python, suite))
    print(f"ratio of medians {statistics.median(python) / statistics.median(suite):.2f}, "
          f"rounds {ratios[0]:.2f} to {ratios[-1]:.2f}")
    print_profile(folder)


if __name__ == "__main__":
    main()
