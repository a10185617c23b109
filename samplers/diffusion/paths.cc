#include "samplers/diffusion/paths.h"

#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace samplerbench::samplers {
namespace {

const double kLogRootTwoPi = 0.5 * std::log(2 * std::numbers::pi);

// sum += factor part, where it is not 0: parts without an effect may be undefined.
void add_part(Tensor& sum, const Tensor& part, double factor) {
  if (factor != 0) sum.add_(part, factor);
}

std::vector<Tensor> empties(int64_t count, int64_t n, int64_t dim, const torch::TensorOptions& placement) {
  std::vector<Tensor> all;
  for (int64_t i = 0; i < count; ++i) all.push_back(torch::empty({n, dim}, placement));
  return all;
}

// What does not depend on the paths: the logarithms of all standard deviations.
double constant_of(const PathProcess& process) {
  double sum = process.start_sd > 0 ? std::log(process.start_sd) + kLogRootTwoPi : 0;
  for (const PathStep& step : process.steps)
    sum += std::log(step.forward.sd) + (step.backward.sd > 0 ? -std::log(step.backward.sd) : kLogRootTwoPi);
  return sum;
}

}  // namespace

PathRecord::PathRecord(const PathProcess& process, int64_t n, int64_t dim,
                       const torch::TensorOptions& placement, const PathRecordSettings& settings)
    : log_weights(torch::empty({n}, placement)), settings_(settings) {
  const int64_t nodes = settings.whole ? process.count() + 1 : 2,
                steps = settings.whole ? process.count() : 1;
  x_ = empties(nodes, n, dim, placement);
  control_ = empties(nodes, n, dim, placement);
  score_.resize(static_cast<size_t>(nodes));
  graph_.resize(static_cast<size_t>(nodes));
  forward_noise_ = empties(steps, n, dim, placement);
  backward_noise_ = empties(steps, n, dim, placement);
}

Paths::Paths(const targets::Target& target, PathProcess process, double score_cap)
    : target_(target),
      process_(std::move(process)),
      score_cap_(score_cap),
      constant_(static_cast<double>(target.dim()) * constant_of(process_)) {}

Tensor cut_scores(const Tensor& scores, double cap) {
  const Tensor numbers = scores.detach().nan_to_num(0.0);
  return cap == 0 ? numbers : numbers.clamp(-cap, cap);
}

Tensor through_cut(const Tensor& slopes, const Tensor& scores, double cap) {
  const Tensor at = scores.detach();
  const Tensor moves = cap == 0 ? at.isfinite() : at.abs() < cap;
  return torch::where(moves, slopes, torch::zeros_like(slopes));
}

Tensor pulled_through(const Tensor& scores, const Tensor& points, const Tensor& slopes) {
  if (!scores.requires_grad()) return {};
  return torch::autograd::grad({scores}, {points}, {slopes}, /*retain_graph=*/true, /*create_graph=*/false,
                               /*allow_unused=*/true)[0];
}

// Finds score and control at a node, and at the last one the log density of the target, which it adds to the
// log weights.
void Paths::visit(int64_t node, const Control& control, PathRecord& record) const {
  const Tensor& x = record.x(node);
  const bool last = node == process_.count(), scored = process_.needs_score(node);
  if (scored && record.settings().score_graph) {
    torch::AutoGradMode recording(true);
    const Tensor point = x.clone().detach().requires_grad_();
    record.graph(node) = {point, target_.score(point)};
    record.score(node) = cut_scores(record.graph(node).score, score_cap_);
  } else if (scored && !last) {
    record.score(node) = cut_scores(target_.score(x), score_cap_);
  }
  if (last && (scored || record.settings().end_score)) {
    const targets::ValueAndScore end = target_.value_and_score(x);
    record.log_weights.add_(end.value);
    record.end_score = cut_scores(end.score, score_cap_);
    if (scored && !record.settings().score_graph) record.score(node) = record.end_score;
  } else if (last) {
    record.log_weights.add_(target_.log_density(x));
  }
  if (process_.needs_control(node)) control(node, x, record.score(node), record.control(node));
}

void Paths::run(const Control& control, Rng& rng, PathRecord& record) const {
  torch::NoGradGuard no_grad;
  record.log_weights.fill_(constant_);
  Tensor& start = record.x(0);
  rng.fill_normal(start);
  start.mul_(process_.start_sd);
  weigh_start(record);
  visit(0, control, record);
  for (int64_t k = 0; k < process_.count(); ++k) {
    advance(k, rng, record);
    visit(k + 1, control, record);
    find_backward_noise(k, record);
    weigh(k, record);
  }
}

Tensor Paths::run_back(const Tensor& points, const Control& control, Rng& rng) const {
  torch::NoGradGuard no_grad;
  PathRecord record(process_, points.size(0), points.size(1), points.options(), {});
  record.log_weights.fill_(constant_);
  record.x(process_.count()).copy_(points);
  visit(process_.count(), control, record);
  for (int64_t k = process_.count(); k-- > 0;) {
    retreat(k, rng, record);
    visit(k, control, record);
    find_forward_noise(k, record);
    weigh(k, record);
  }
  weigh_start(record);
  return record.log_weights;
}

void Paths::advance(int64_t k, Rng& rng, PathRecord& record) const {
  const PathKernel& forward = process_.step(k).forward;
  Tensor& noise = record.forward_noise(k);
  Tensor& next = record.x(k + 1);
  rng.fill_normal(noise);
  next.copy_(noise).mul_(forward.sd);
  add_part(next, record.x(k), forward.keep);
  add_part(next, record.control(k), forward.control);
  add_part(next, record.score(k), forward.score);
}

// Node k is the mean of B less sd times the noise, the sign that find_backward_noise() has too.
void Paths::retreat(int64_t k, Rng& rng, PathRecord& record) const {
  const PathKernel& backward = process_.step(k).backward;
  Tensor& noise = record.backward_noise(k);
  Tensor& before = record.x(k);
  rng.fill_normal(noise);
  before.copy_(noise).mul_(-backward.sd);
  add_part(before, record.x(k + 1), backward.keep);
  add_part(before, record.control(k + 1), backward.control);
  add_part(before, record.score(k + 1), backward.score);
}

// (x' - mean of F) / sd of F, where x' and x differ by little: x is put in as retreat() made it.
void Paths::find_forward_noise(int64_t k, PathRecord& record) const {
  const auto& [forward, backward] = process_.step(k);
  Tensor& noise = record.forward_noise(k);
  noise.zero_();
  add_part(noise, record.backward_noise(k), forward.keep * backward.sd / forward.sd);
  add_part(noise, record.x(k + 1), (1 - forward.keep * backward.keep) / forward.sd);
  add_part(noise, record.control(k + 1), -forward.keep * backward.control / forward.sd);
  add_part(noise, record.score(k + 1), -forward.keep * backward.score / forward.sd);
  add_part(noise, record.control(k), -forward.control / forward.sd);
  add_part(noise, record.score(k), -forward.score / forward.sd);
}

// (mean of B - x) / sd of B, where x' in the mean is put in as advance() made it.
void Paths::find_backward_noise(int64_t k, PathRecord& record) const {
  const auto& [forward, backward] = process_.step(k);
  if (backward.sd == 0) return;
  Tensor& noise = record.backward_noise(k);
  noise.zero_();
  add_part(noise, record.forward_noise(k), backward.keep * forward.sd / backward.sd);
  add_part(noise, record.control(k), backward.keep * forward.control / backward.sd);
  add_part(noise, record.score(k), backward.keep * forward.score / backward.sd);
  add_part(noise, record.x(k), (backward.keep * forward.keep - 1) / backward.sd);
  add_part(noise, record.control(k + 1), backward.control / backward.sd);
  add_part(noise, record.score(k + 1), backward.score / backward.sd);
}

void Paths::weigh(int64_t k, PathRecord& record) const {
  const Tensor& forward = record.forward_noise(k);
  if (process_.step(k).backward.sd == 0) {
    record.log_weights.add_(forward.square().sum(1), 0.5);
    return;
  }
  const Tensor& backward = record.backward_noise(k);
  record.log_weights.add_((forward - backward).mul_(forward + backward).sum(1), 0.5);
}

void Paths::weigh_start(PathRecord& record) const {
  if (process_.start_sd == 0) return;
  record.log_weights.add_(record.x(0).square().sum(1), 0.5 / (process_.start_sd * process_.start_sd));
}

}  // namespace samplerbench::samplers
