#pragma once

#include <functional>
#include <vector>

#include "samplers/diffusion/path_sampler.h"
#include "samplers/diffusion/shortcut_map.h"

namespace samplerbench::samplers {

// The process of the one-step diffusion sampler and its deterministic flow (arXiv 2512.05251), over t from 0
// at the start, r = N(0, start_sd^2 I), to 1. With beta the rate at the beginning of a step of length h, and
// v^2 = beta start_sd^2,
//   paths  x' = x + (v u + beta x / 2) h + v sqrt(h) e; back, x = x' (1 - beta h / 2) + v sqrt(h) e, as `dis`
//   flow   x' = x + (v u + beta x) h / 2
// The rate falls as last + (first - last) cos^2(pi t / 2). The guide of u is v (t s + (1 - t) s_r), with s
// the score of the target and s_r that of r.
struct ShortcutSchedule {
  double start_sd = 1;
  double first_rate = 5;
  double last_rate = 0.005;

  double rate(double time) const;

  // The paths in K steps, and the nodes of their net, [K + 1].
  PathProcess process(int64_t count) const;
  std::vector<ControlNode> nodes(int64_t count) const;

  // The flow's step over `length` from `time`; all K of equal length.
  ShortcutStep step(double time, double length) const;
  std::vector<ShortcutStep> steps(int64_t count) const;
};

// How two steps of the flow become one: a student's step is compared with two of a teacher over half its
// length, by
//   mean |x' - x''|^2 + volume (difference of log determinants)^2 + jacobian mean |J v|^2
// with means over coordinates, lengths in units of start_sd, and J = du / dx of the student. Log determinants
// are to first order, (growth D + control v.J v) a step, with one random sign vector v for all steps and both
// terms, where published code takes one for each. The scores are held, in J too, as published code does.
struct Distillation {
  double volume = 0.25;
  double jacobian = 1e-4;

  // volume and jacobian.
  static OptionTable options();
  static Distillation of(const Options& options);

  // What is compared: [N, D], their scores as nets see them, undefined where these do not, and signs v.
  struct Points {
    Tensor x, score, signs;
  };

  // The loss of the student's step over `length` from `time`: [N], in the graph of its weights. Asks for one
  // score a row, at the middle.
  Tensor loss(const ShortcutSchedule& schedule, double time, double length, const Points& points,
              const ControlNet& student, const ControlNet& teacher,
              const std::function<Tensor(const Tensor&)>& score) const;
};

// osds
void add_osds(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
