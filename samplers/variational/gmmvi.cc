#include "samplers/variational/gmmvi.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"
#include "samplers/mcmc/chain_sampler.h"

namespace samplerbench::samplers {
namespace {

constexpr double kUnseen = -std::numeric_limits<double>::infinity();
constexpr double kLeastSeen = 0.1;       // of a component's mass, where the target is finite
constexpr double kLeastLogWeight = -69;  // of a component: about 1e-30
constexpr double kLightWeight = 1e-6;    // of components that are deleted in time
constexpr double kWidening = 1.15;       // of a trust region
constexpr double kNarrowing = 0.85;
constexpr double kLeastTrust = 1e-3;  // of the first trust region
constexpr int kHalvings = 60;         // of the bracket of log eta
constexpr std::array<double, 6> kThresholds{5000, 1000, 500, 200, 100, 50};  // nats

// By how much a step divides what it adds to a component, in the axes of its curvature.
class TrustRegion {
 public:
  TrustRegion(const double* curvature, const double* slope, int64_t dim, double most)
      : curvature_(curvature), slope_(slope), dim_(dim), most_(most) {}

  // At `high` every |u| is at most 1/2, where log(1 + u) - u / (1 + u) is at most 2 u^2 and eta + r at least
  // eta / 2, so that KL is at most the sum of r^2 + 2 c^2 over eta^2.
  double eta() const {
    if (divergence(1) <= most_) return 1;
    double largest = 0, sum = 0;
    for (int64_t i = 0; i < dim_; ++i) {
      largest = std::max(largest, std::abs(curvature_[i]));
      sum += curvature_[i] * curvature_[i] + 2 * slope_[i] * slope_[i];
    }
    double low = 1, high = std::max({1.0, 2 * largest, std::sqrt(sum / most_)});
    for (int i = 0; i < kHalvings; ++i) {
      const double middle = std::sqrt(low) * std::sqrt(high);
      (divergence(middle) <= most_ ? high : low) = middle;
    }
    return high;
  }

 private:
  // KL(new, old); infinite where the new covariance is not positive definite.
  double divergence(double eta) const {
    double sum = 0;
    for (int64_t i = 0; i < dim_; ++i) {
      const double u = curvature_[i] / eta, moved = slope_[i] / (eta + curvature_[i]);
      if (!(u > -1)) return std::numeric_limits<double>::infinity();
      sum += std::log1p(u) - u / (1 + u) + moved * moved;
    }
    return sum / 2;
  }

  const double* curvature_;
  const double* slope_;
  int64_t dim_;
  double most_;
};

// The eta of every component, [K], by the eigenvalues of its curvature and the slopes along their axes, both
// [K, D].
Tensor trust_multipliers(const Tensor& curvatures, const Tensor& along, const Tensor& most) {
  const Tensor r = curvatures.contiguous(), c = along.contiguous(), bounds = most.contiguous();
  const int64_t dim = r.size(1);
  std::vector<double> eta;
  for (int64_t k = 0; k < r.size(0); ++k)
    eta.push_back(TrustRegion(r.data_ptr<double>() + k * dim, c.data_ptr<double>() + k * dim, dim,
                              bounds.data_ptr<double>()[k])
                      .eta());
  return torch::tensor(eta, torch::kDouble);
}

OptionTable gmmvi_options() {
  return joined(
      {grouped("components",
               {Option::integer("components", 10, "at the start").at_least(1).at_most(10000),
                Option::integer("add_every", 30, "steps between additions of one component; 0 for none")
                    .at_least(0),
                Option::integer("most_components", 100, "beyond which none is added")
                    .at_least(1)
                    .at_most(10000)
                    .unless("add_every", 0),
                Option::integer("candidates", 1000,
                                "points of the starting law among which a new component finds its place")
                    .at_least(1)
                    .unless("add_every", 0),
                Option::integer("delete_after", 100, "steps in a row below a weight of 1e-6").at_least(1)}),
       grouped("steps", {Option::integer("draws", 100, "of every component a step").at_least(1),
                         Option::real("trust_region", 1.0,
                                      "the first and widest trust region: the most that a component moves in "
                                      "a step, as a KL divergence, in nats, from what it was")
                             .above(0)})});
}

// Throws InputError unless the mixture is a law.
void require_law(const NormalMixture& mixture) {
  const auto is_finite = [](const Tensor& x) { return x.isfinite().all().item<bool>(); };
  if (!is_finite(mixture.mean) || !is_finite(mixture.factor))
    throw InputError("the means or factors of the mixture are not finite");
  if (!mixture.factor.diagonal(0, 1, 2).gt(0).all().item<bool>())
    throw InputError("a factor of the mixture has a diagonal that is not positive");
  const double excess = mixture.log_weight.logsumexp(0).item<double>();
  if (!(std::abs(excess) < 1e-6))
    throw InputError(fmt::format("the weights of the mixture sum to {:g}, and 1 is right", std::exp(excess)));
}

}  // namespace

NaturalSlopes natural_slopes(const NormalMixture& mixture, const Tensor& x, const Tensor& score) {
  const int64_t count = mixture.count(), dim = x.size(1);
  const double log_count = std::log(static_cast<double>(count));
  Tensor mass = torch::zeros({count}, torch::kDouble);
  Tensor gradient = torch::zeros({count, dim}, torch::kDouble);
  Tensor products = torch::zeros({count, dim, dim}, torch::kDouble);  // of z and grad f
  int64_t first = 0;
  for (const Tensor& part : mixture.parts(x)) {
    const Tensor z = mixture.coordinates_of(part), log_densities = mixture.log_densities_at(z);
    const Tensor weights = (log_densities - torch::logsumexp(log_densities, 0) + log_count).exp();
    const Tensor slopes = score.narrow(0, first, part.size(0)) - mixture.score_at(z, log_densities);
    mass += weights.sum(1);
    gradient += weights.mm(slopes);
    products += (weights.unsqueeze(2) * z).transpose(1, 2).matmul(slopes);
    first += part.size(0);
  }
  const Tensor own = (products / mass.unsqueeze(1).unsqueeze(2)).matmul(mixture.factor);
  return {.gradient = (gradient / mass.unsqueeze(1)).unsqueeze(1).matmul(mixture.factor).squeeze(1),
          .curvature = -0.5 * (own + own.transpose(1, 2))};
}

NaturalStep natural_step(const NormalMixture& mixture, const NaturalSlopes& slopes, const Tensor& most) {
  const Tensor known =
      slopes.gradient.isfinite().all(1).logical_and(slopes.curvature.isfinite().flatten(1).all(1));
  const Tensor unknown = known.logical_not();
  const auto [curvatures, axes] =
      at::linalg_eigh(slopes.curvature.masked_fill(unknown.unsqueeze(1).unsqueeze(2), 0));
  const Tensor gradient = slopes.gradient.masked_fill(unknown.unsqueeze(1), 0);
  const Tensor along = gradient.unsqueeze(1).matmul(axes).squeeze(1);
  const Tensor eta = trust_multipliers(curvatures, along, most);
  const Tensor precision = eta.unsqueeze(1) + curvatures;  // [K, D] eta times P' in the axes
  const Tensor shift = axes.matmul((along / precision).unsqueeze(2));
  const Tensor mean = mixture.mean + mixture.factor.matmul(shift).squeeze(2);
  const Tensor root = mixture.factor.matmul(axes) * (eta.unsqueeze(1) / precision).sqrt().unsqueeze(1);
  const auto [factor, failed] = at::linalg_cholesky_ex(root.matmul(root.transpose(1, 2)));
  const Tensor moves = known.logical_and(failed == 0)
                           .logical_and(mean.isfinite().all(1))
                           .logical_and(factor.isfinite().flatten(1).all(1));
  return {.mixture = {.mean = torch::where(moves.unsqueeze(1), mean, mixture.mean),
                      .factor = torch::where(moves.unsqueeze(1).unsqueeze(2), factor, mixture.factor),
                      .log_weight = mixture.log_weight},
          .eta = eta};
}

Gmmvi::History Gmmvi::History::none(int64_t count, double trust_region) {
  return {.trust_region = torch::full({count}, trust_region, torch::kDouble),
          .reward = torch::full({count}, kUnseen, torch::kDouble),
          .light = torch::zeros({count}, torch::kDouble)};
}

Gmmvi::History Gmmvi::History::rows(const Tensor& indices) const {
  return {.trust_region = trust_region.index_select(0, indices),
          .reward = reward.index_select(0, indices),
          .light = light.index_select(0, indices)};
}

void Gmmvi::History::append(const History& other) {
  trust_region = torch::cat({trust_region, other.trust_region});
  reward = torch::cat({reward, other.reward});
  light = torch::cat({light, other.light});
}

Gmmvi::Gmmvi(const SamplerInput& input)
    : target_(input.target),
      placement_(input.placement),
      start_scale_(input.start_scale),
      trust_region_(input.options.real("trust_region")),
      draws_(input.options.integer("draws")),
      most_components_(input.options.integer("most_components")),
      add_every_(input.options.integer("add_every")),
      delete_after_(input.options.integer("delete_after")),
      candidates_(input.options.integer("candidates")),
      mixture_(NormalMixture::isotropic(
          input.start(input.options.integer("components")).to(torch::kCPU, torch::kDouble), start_scale_)),
      history_(History::none(mixture_.count(), trust_region_)) {
  require_all_data(target_);
}

Json Gmmvi::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  ++steps_;
  const Round round = fresh_round(rng);
  const Tensor gains = mean_gains(round);
  if (!gains.isfinite().any().item<bool>()) give_up(round.x.size(0), round.made);
  // With weights w, all components' draws stand for draws of the mixture. The ratio q / p is exp(gain), and
  // the effective share is (sum w q / p)^2 / (sum w sum w (q / p)^2).
  const Tensor gain = round.gain(), log_weights = round.log_mixture - round.log_background;
  const double elbo = (log_weights.softmax(0) * gain).sum().item<double>();
  const Tensor log_sum = torch::logsumexp(log_weights + gain, 0);
  const Tensor log_squares = torch::logsumexp(log_weights, 0) + torch::logsumexp(log_weights + 2 * gain, 0);
  weigh(gains);
  move(round, gains);
  delete_light_components();
  if (add_every_ > 0 && steps_ % add_every_ == 0 && mixture_.count() < most_components_)
    add_component(round, rng);
  return {{"elbo", elbo},
          {"ess", std::exp((2 * log_sum - log_squares).item<double>())},
          {"left_out", round.made - round.x.size(0)},
          {"components", mixture_.count()}};
}

Gmmvi::Round Gmmvi::fresh_round(Rng& rng) const {
  const Tensor z = rng.normal({mixture_.count(), draws_, target_.dim()}, torch::kDouble);
  const Tensor all = mixture_.points_at(z).flatten(0, 1);
  const targets::ValueAndScore found = target_.value_and_score(all.to(placement_.dtype(torch::kDouble)));
  const Tensor value = found.value.to(torch::kCPU, torch::kDouble);
  const Tensor score = found.score.to(torch::kCPU, torch::kDouble);
  const Tensor usable = value.isfinite().logical_and(score.isfinite().all(1)).nonzero().squeeze(1);
  if (usable.size(0) == 0) give_up(0, all.size(0));
  const Tensor x = all.index_select(0, usable);
  const Tensor log_densities = mixture_.log_densities(x);
  const double log_count = std::log(static_cast<double>(mixture_.count()));
  return {.made = all.size(0),
          .x = x,
          .value = value.index_select(0, usable),
          .score = score.index_select(0, usable),
          .log_densities = log_densities,
          .log_background = torch::logsumexp(log_densities, 0) - log_count,
          .log_mixture = torch::logsumexp(log_densities + mixture_.log_weight.unsqueeze(1), 0)};
}

void Gmmvi::give_up(int64_t usable, int64_t made) const {
  throw Diverged(fmt::format("step {}: log density and score are finite at {} of {} draws, and at too few of "
                             "every component",
                             steps_, usable, made));
}

// The weights of a component sum to about all draws that were made, times its mass where they are usable.
Tensor Gmmvi::mean_gains(const Round& round) const {
  const Tensor weights = (round.log_densities - round.log_background).exp();
  const Tensor mass = weights.sum(1), mean = weights.mv(round.gain()) / mass;
  const Tensor seen = mass >= kLeastSeen * static_cast<double>(round.made);
  return torch::where(seen.logical_and(mean.isfinite()), mean, torch::full_like(mean, kUnseen));
}

void Gmmvi::weigh(const Tensor& gains) {
  const Tensor reward = mixture_.log_weight + gains, widths = history_.trust_region;
  history_.trust_region = torch::where(reward > history_.reward, kWidening * widths, kNarrowing * widths)
                              .clamp(kLeastTrust * trust_region_, trust_region_);
  history_.reward = reward;
  mixture_.log_weight = reward.log_softmax(0).clamp_min(kLeastLogWeight).log_softmax(0);
}

void Gmmvi::move(const Round& round, const Tensor& gains) {
  const Tensor unseen = gains.isfinite().logical_not();
  NaturalSlopes found = slopes_at(round.x, round.score);
  found.gradient = found.gradient.masked_fill(unseen.unsqueeze(1), 0);
  found.curvature = found.curvature.masked_fill(unseen.unsqueeze(1).unsqueeze(2), 0);
  mixture_ = natural_step(mixture_, found, history_.trust_region).mixture;
}

NaturalSlopes Gmmvi::slopes_at(const Tensor& x, const Tensor& score) const {
  return natural_slopes(mixture_, x, score);
}

void Gmmvi::delete_light_components() {
  const Tensor light = mixture_.log_weight < std::log(kLightWeight);
  history_.light = torch::where(light, history_.light + 1, torch::zeros_like(history_.light));
  const Tensor kept = (history_.light < delete_after_).nonzero().squeeze(1);
  if (kept.size(0) == mixture_.count()) return;
  mixture_ = mixture_.rows(kept);
  history_ = history_.rows(kept);
}

void Gmmvi::add_component(const Round& round, Rng& rng) {
  const Tensor fresh = start_scale_ * rng.normal({candidates_, target_.dim()}, torch::kDouble);
  const Tensor there = target_.log_density(fresh.to(placement_.dtype(torch::kDouble)));
  const Tensor places = torch::cat({round.x, fresh});
  const Tensor values = torch::cat({round.value, there.to(torch::kCPU, torch::kDouble)});
  const Tensor log_mixture = mixture_.log_density(places);
  const double threshold = kThresholds[added_++ % kThresholds.size()];
  const Tensor promise = values - log_mixture.clamp_min(log_mixture.max().item<double>() - threshold);
  const Tensor usable = torch::where(promise.isfinite(), promise, torch::full_like(promise, kUnseen));
  const NormalMixture added = NormalMixture::isotropic(places[usable.argmax()].unsqueeze(0),
                                                       std::exp(log_scale_between(rng.uniform())));
  const Tensor log_weight = torch::full({1}, kLeastLogWeight, torch::kDouble);
  mixture_ = {.mean = torch::cat({mixture_.mean, added.mean}),
              .factor = torch::cat({mixture_.factor, added.factor}),
              .log_weight = torch::cat({mixture_.log_weight, log_weight}).log_softmax(0)};
  history_.append(History::none(1, trust_region_));
}

// The logarithm of a standard deviation: a share of the components' mean, by entropy, and for the rest that
// of the starting law.
double Gmmvi::log_scale_between(double share) const {
  const double log_determinant =
      (mixture_.log_weight.exp() * mixture_.log_determinants()).sum().item<double>();
  return share * log_determinant / static_cast<double>(target_.dim()) + (1 - share) * std::log(start_scale_);
}

Tensor Gmmvi::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  return mixture_.draw(n, rng).to(placement_);
}

LogDensity Gmmvi::log_density() const {
  return [mixture = mixture_](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return mixture.log_density(x.detach().to(torch::kCPU, torch::kDouble)).to(x.device());
  };
}

LawScore Gmmvi::law_score() const {
  return [mixture = mixture_](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return mixture.score(x.detach().to(torch::kCPU, torch::kDouble)).to(x.device());
  };
}

void Gmmvi::save(Archive& archive) const {
  archive.put("mean", mixture_.mean);
  archive.put("factor", mixture_.factor);
  archive.put("log_weight", mixture_.log_weight);
}

// A mean of another shape is taken for that of one component, which restore() refuses.
void Gmmvi::load(const Archive& archive) {
  const Tensor mean = archive.get("mean");
  const int64_t count = mean.dim() == 2 ? std::max(mean.size(0), int64_t{1}) : 1;
  NormalMixture loaded =
      NormalMixture::isotropic(torch::zeros({count, target_.dim()}, torch::kDouble), /*scale=*/1);
  archive.restore("mean", loaded.mean);
  archive.restore("factor", loaded.factor);
  archive.restore("log_weight", loaded.log_weight);
  require_law(loaded);
  mixture_ = loaded;
  history_ = History::none(count, trust_region_);
}

void add_gmmvi(SamplerRegistry& registry) {
  registry.add({.name = "gmmvi",
                .summary = "a mixture of Gaussians with all their covariances, by natural gradients in trust "
                           "regions; adds and deletes components",
                .citation = "Arenz, Dahlinger, Ye, Volpp and Neumann (2023), TMLR, arXiv 2209.11533",
                .facts = {"GMMVI", DrawsAre::trained},
                .options = gmmvi_options(),
                .make = [](const SamplerInput& input) { return std::make_unique<Gmmvi>(input); }});
}

}  // namespace samplerbench::samplers
