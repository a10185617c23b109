#include "samplers/diffusion/path_sampler.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/effective_share.h"
#include "core/error.h"
#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mean_of_z.h"

namespace samplerbench::samplers {
namespace {

constexpr double kMostUnweighted = 0.1;  // largest share of paths of a step whose weights may not be finite

ControlNet make_control_net(const SamplerInput& input, const PathProcess& process) {
  Rng rng = input.init.split("control");
  return {ControlNetShape::of(input.options, input.target.dim(), input.start_scale), process.guides, rng,
          input.placement};
}

const targets::Target& with_all_data(const targets::Target& target) {
  require_all_data(target);
  return target;
}

AdamSettings adam_with_decay(const Training& training, double weight_decay) {
  AdamSettings settings = training.adam();
  settings.weight_decay = weight_decay;
  return settings;
}

}  // namespace

OptionTable path_options(const OptionTable& own) {
  const OptionTable common{
      Option::integer("steps", 100, "steps of every path, one score each").at_least(1).at_most(1e5),
      Option::real("score_cap", 100.0, "scores are cut to this in each coordinate; 0 for no cut")
          .at_least(0)};
  return joined(
      {grouped("paths", joined({common, own})),
       PathLoss::options(),
       ControlNetShape::options(),
       with_defaults(Training::options(),
                     {{"batch", 128}, {"beta1", 0.9}, {"beta2", 0.999}, {"clip", 1.0}})});
}

PathSampler::PathSampler(const SamplerInput& input, const PathProcess& process)
    : PathSampler(input, process, make_control_net(input, process), /*weight_decay=*/0) {}

PathSampler::PathSampler(const SamplerInput& input, PathProcess process, const ControlNet& net,
                         double weight_decay)
    : placement_(input.placement),
      training_(input.options),
      loss_(input.options),
      schedule_(input),
      paths_(with_all_data(input.target), std::move(process), input.options.real("score_cap")),
      net_(net),
      averaged_(net_.with(net_.parameters().clone())),
      adam_(net_.parameters(), adam_with_decay(training_, weight_decay)),
      dim_(input.target.dim()) {}

Control PathSampler::control_by(const ControlNet& net, ControlTape& tape) {
  return [&net, &tape](int64_t node, const Tensor& x, const Tensor& score, Tensor& control) {
    net.forward(node, x, score, tape, control);
  };
}

Json PathSampler::step(Rng& rng) {
  schedule_.require_length();
  torch::NoGradGuard no_grad;
  const double rate = schedule_.rate();
  if (!record_) record_.emplace(paths_.process(), training_.batch, dim_, placement_, loss_.kept());
  net_.begin(tape_, /*each=*/true);
  paths_.run(control_by(net_, tape_), rng, *record_);
  const Tensor usable = record_->log_weights.isfinite();
  const Tensor loss = loss_.value(record_->log_weights, usable);
  loss_.gradient(paths_, net_, *record_, usable, tape_, adam_.gradient());
  const double length = adam_.update(net_.parameters(), rate).item<double>();
  schedule_.advance();
  const Tensor weighed = record_->log_weights.to(torch::kDouble).to(torch::kCPU);
  const Tensor kept = weighed.masked_select(weighed.isfinite());
  const auto count = static_cast<double>(kept.size(0)), all = static_cast<double>(training_.batch);
  const double found = loss.item<double>();
  if (count < (1 - kMostUnweighted) * all || !std::isfinite(found) || !std::isfinite(length))
    throw Diverged(fmt::format("step {}: the weights are finite on {} of {} paths, loss {}, its gradient {}",
                               schedule_.steps(), count, all, found, length));
  schedule_.average(averaged_.parameters(), net_.parameters());
  return {{"rate", rate},
          {"loss", found},
          {"gradient", length},
          {"elbo", kept.mean().item<double>()},
          {"ess", effective_share(kept)},
          {"left_out", all - count}};
}

double PathSampler::descend(const Tensor& gradient) {
  torch::NoGradGuard no_grad;
  adam_.gradient().copy_(gradient);
  const double length = adam_.update(net_.parameters(), schedule_.rate()).item<double>();
  if (!std::isfinite(length))
    throw Diverged(fmt::format("step {}: a gradient of length {}", schedule_.steps(), length));
  schedule_.average(averaged_.parameters(), net_.parameters());
  return length;
}

Tensor PathSampler::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  Tensor draws = torch::empty({n, dim_}, placement_), log_weights = torch::empty({n}, placement_);
  ControlTape tape;
  averaged_.begin(tape, /*each=*/false);
  for_parts(n, [&](int64_t first, int64_t rows) {
    PathRecord record(paths_.process(), rows, dim_, placement_, {});
    paths_.run(control_by(averaged_, tape), rng, record);
    draws.narrow(0, first, rows).copy_(record.x(paths_.process().count()));
    log_weights.narrow(0, first, rows).copy_(record.log_weights);
  });
  if (!std::isfinite(draws.sum().item<double>())) throw Diverged("a draw left the finite numbers");
  last_log_weights_ = log_weights;
  return draws;
}

Tensor PathSampler::run_back(const Tensor& points, Rng& rng) const {
  torch::NoGradGuard no_grad;
  Tensor log_weights = torch::empty({points.size(0)}, points.options());
  ControlTape tape;
  averaged_.begin(tape, /*each=*/false);
  for_parts(points.size(0), [&](int64_t first, int64_t rows) {
    const Tensor found = paths_.run_back(points.narrow(0, first, rows), control_by(averaged_, tape), rng);
    log_weights.narrow(0, first, rows).copy_(found);
  });
  return log_weights;
}

std::optional<LogZ> PathSampler::log_z() const {
  if (!last_log_weights_.defined()) return std::nullopt;
  return mean_weight(last_log_weights_.to(torch::kDouble).to(torch::kCPU));
}

std::optional<PathWeights> PathSampler::path_weights() const {
  if (!last_log_weights_.defined()) return std::nullopt;
  return PathWeights{.log_weights = last_log_weights_.clone(),
                     .run_back = [this](const Tensor& points, Rng& rng) {
                       return run_back(points.detach().to(placement_), rng);
                     }};
}

void PathSampler::save(Archive& archive) const {
  archive.put("averaged", averaged_.parameters().clone());
  archive.put("control", net_.parameters().clone());
}

void PathSampler::load(const Archive& archive) {
  archive.restore("averaged", averaged_.parameters());
  archive.restore("control", net_.parameters());
}

}  // namespace samplerbench::samplers
