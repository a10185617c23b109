#include "samplers/variational/fab.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/effective_share.h"
#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kFirstPasses = 4;    // before the first update
constexpr double kLargestFactor = 10;  // of a point in the loss
constexpr int64_t kMostBufferBytes = int64_t{128} << 20;

// As many of the latest passes as are asked for, or as there is room for.
int64_t passes_kept(const SamplerInput& input) {
  const auto coordinate = static_cast<int64_t>(input.placement.dtype().itemsize());
  // With its weight and its density, which are in float64.
  const int64_t point = input.target.dim() * coordinate + 2 * static_cast<int64_t>(sizeof(double));
  const int64_t pass = input.options.integer("batch") * point;
  return std::clamp(kMostBufferBytes / pass, kFirstPasses, input.options.integer("buffer"));
}

FlowAnnealingSettings annealing_settings(const Options& options) {
  return {.alpha = options.real("alpha"),
          .particles = options.integer("batch"),
          .intermediates = options.integer("intermediates"),
          .move = tempered_move(options),
          .target_accept = options.real("target_accept")};
}

OptionTable fab_options() {
  const FlowAnnealingSettings fallback;
  return joined(
      {with_defaults(FlowSampler::options(), {{"batch", 256}, {"clip", 100.0}}),
       grouped("annealing",
               joined({{Option::real("alpha", fallback.alpha,
                                     "power of the target in the law that particles are annealed to")
                            .at_least(1),
                        Option::integer("intermediates", fallback.intermediates,
                                        "inverse temperatures of a pass between 0 and 1, at equal steps")
                            .at_least(1)},
                       with_defaults(tempered_move_options("the flow's latents"),
                                     {{"leapfrog", fallback.move.leapfrog}}),
                       {Option::real("target_accept", fallback.target_accept,
                                     "mean acceptance that step sizes aim at")
                            .above(0)
                            .at_most(0.999)}})),
       grouped("buffer",
               {Option::integer("updates", 8, "for each pass of annealing").at_least(1),
                Option::integer("buffer", 250,
                                "passes whose points are kept, the latest; fewer where they are large")
                    .at_least(kFirstPasses)})});
}

}  // namespace

Tensor AlphaTarget::value_by(const Tensor& log_q) const {
  return (log_q + tape_.log_det).mul_(alpha_).add_(standard_normal_log_density(tape_.z), 1 - alpha_);
}

Tensor AlphaTarget::score_by(const Tensor& score_q) const {
  const Tensor of_log_det = torch::full_like(tape_.log_det, alpha_);
  return flow_.latent_gradient(alpha_ * score_q, of_log_det, tape_).sub_(tape_.z, 1 - alpha_);
}

Tensor AlphaTarget::log_density(const Tensor& z) const {
  torch::NoGradGuard no_grad;
  flow_.forward(z, tape_);
  return value_by(target_.log_density(tape_.x));
}

Tensor AlphaTarget::score(const Tensor& z) const {
  torch::NoGradGuard no_grad;
  flow_.forward(z, tape_);
  return score_by(target_.score(tape_.x));
}

targets::ValueAndScore AlphaTarget::value_and_score(const Tensor& z) const {
  torch::NoGradGuard no_grad;
  flow_.forward(z, tape_);
  const targets::ValueAndScore of_q = target_.value_and_score(tape_.x);
  return {.value = value_by(of_q.value), .score = score_by(of_q.score)};
}

FlowAnnealing::FlowAnnealing(const targets::Target& target, const AffineFlow& flow,
                             const torch::TensorOptions& placement, const FlowAnnealingSettings& settings)
    : target_(target, flow, settings.alpha),
      particles_(target_, torch::zeros({settings.particles, target.dim()}, placement), /*start_scale=*/1),
      target_accept_(settings.target_accept),
      log_weights_(static_cast<size_t>(settings.particles)) {
  const auto steps = static_cast<double>(settings.intermediates + 1);
  for (int64_t i = 1; i <= settings.intermediates; ++i) {
    TemperedMove rung = settings.move;
    rung.power = static_cast<double>(i) / steps;
    rung.scale = torch::ones({target.dim()}, particles_.points().options());
    ladder_.push_back(std::move(rung));
  }
}

double FlowAnnealing::pass(Rng& rng) {
  torch::NoGradGuard no_grad;
  particles_.restart(rng);
  particles_.evaluate();
  std::fill(log_weights_.begin(), log_weights_.end(), 0.0);
  double power = 0, sum = 0;
  for (TemperedMove& rung : ladder_) {
    weigh(rung.power - power);
    power = rung.power;
    const double acceptance = particles_.move(move_at(rung), rng);
    rung.step_size *= std::exp(acceptance - target_accept_);
    sum += acceptance;
  }
  weigh(1 - power);
  return sum / static_cast<double>(ladder_.size());
}

void FlowAnnealing::weigh(double growth) {
  particles_.log_ratios(log_ratios_);
  for (size_t i = 0; i < log_weights_.size(); ++i) log_weights_[i] += growth * log_ratios_[i];
}

Tensor FlowAnnealing::log_weights() const { return torch::tensor(log_weights_, torch::kDouble); }

ReplayLoss replay_loss(const AffineFlow& flow, const Tensor& x, const Tensor& old_log_densities, double alpha,
                       AffineFlowTape& tape, Tensor& gradient) {
  flow.inverse(x, tape);
  const Tensor log_densities = (standard_normal_log_density(tape.z) - tape.log_det).to(torch::kDouble);
  const Tensor log_factors = (1 - alpha) * (log_densities - old_log_densities);
  const Tensor shares = log_factors.exp().clamp_max_(kLargestFactor).div_(x.size(0));
  flow.likelihood_backward(shares.to(x.scalar_type()), tape, gradient);
  return {.value = -(shares * log_densities).sum(),
          .log_densities = log_densities,
          .log_factors = log_factors};
}

Fab::Fab(const SamplerInput& input)
    : FlowSampler(input, "fab"),
      alpha_(input.options.real("alpha")),
      updates_(input.options.integer("updates")),
      placement_(input.placement),
      annealing_(input.target, flow(), input.placement, annealing_settings(input.options)),
      buffer_(passes_kept(input), training().batch, input.target.dim(), input.placement) {}

void Fab::fill(Rng& rng) {
  for (int64_t passes = buffer_.size() == 0 ? kFirstPasses : 1; passes > 0; --passes) {
    acceptance_ = annealing_.pass(rng);
    const Tensor x = flow().forward(annealing_.latents().to(placement_));
    // By the inverse, as in updates, so that rounding makes no factors there.
    const Tensor log_densities = flow().log_density(x).to(torch::kDouble);
    const Tensor log_weights = annealing_.log_weights();
    share_ = effective_share(log_weights);
    const Tensor unknown = log_densities.isfinite().logical_not();
    buffer_.add(x,
                log_weights.to(x.device()).masked_fill(unknown, -std::numeric_limits<double>::infinity()),
                log_densities);
  }
}

Json Fab::step(Rng& rng) {
  schedule().require_length();
  torch::NoGradGuard no_grad;
  if (schedule().steps() % updates_ == 0) fill(rng);
  const Tensor picked = buffer_.pick(training().batch, rng);
  if (picked.size(0) == 0)
    throw Diverged(fmt::format("step {}: the weight of every particle is 0", schedule().steps()));
  const double rate = schedule().rate();
  const ReplayLoss found = replay_loss(flow(), buffer_.points(picked), buffer_.log_densities(picked), alpha_,
                                       tape_, gradient());
  buffer_.reweigh(picked, found.log_factors, found.log_densities);
  const Tensor norm = descend();
  const Tensor read = torch::stack({found.value, norm.to(torch::kDouble)}).to(torch::kCPU);
  const double loss = read[0].item<double>(), length = read[1].item<double>();
  if (!std::isfinite(loss) || !std::isfinite(length))
    throw Diverged(fmt::format("step {}: loss {}, its gradient {}", schedule().steps(), loss, length));
  average();
  return {{"rate", rate},
          {"loss", loss},
          {"gradient", length},
          {"accept", acceptance_},
          {"ess", share_},
          {"step_size", annealing_.step_size()}};
}

void add_fab(SamplerRegistry& registry) {
  registry.add({.name = "fab",
                .summary = "RealNVP normalising flow trained on an alpha divergence that covers modes, at "
                           "points of annealed importance sampling in a replay buffer; knows its density",
                .citation = "Midgley, Stimper, Simm, Schoelkopf and Hernandez-Lobato (2023), ICLR, arXiv "
                            "2208.01893",
                .facts = {"FAB", DrawsAre::trained},
                .options = fab_options(),
                .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
                  return std::make_unique<Fab>(input);
                }});
}

}  // namespace samplerbench::samplers
