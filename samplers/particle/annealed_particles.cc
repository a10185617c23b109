#include "samplers/particle/annealed_particles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr double kLeastClimb = 1e-12;  // from one inverse temperature to the next
constexpr int kBisections = 8;         // a climb is right to one part in 2^8
constexpr int64_t kMostBytesKept = int64_t{128} << 20;

struct WeightSummary {
  double log_mean;  // of the weights
  double share;     // effective: (sum w)^2 / (n sum w^2), in [1 / n, 1]; Kong 1992

  // The variance of their mean, over the square of it, where they are independent.
  double variance(size_t n) const { return (1 / share - 1) / static_cast<double>(n); }
};

// Of the weights exp(power l), l in `logs`; power > 0. Throws Diverged where all are 0.
WeightSummary summary_of(const std::vector<double>& logs, double power = 1) {
  const double peak = *std::max_element(logs.begin(), logs.end());
  if (!std::isfinite(peak)) throw Diverged("the target is 0 at every particle");
  double sum = 0, squares = 0;
  for (const double log : logs) {
    const double weight = std::exp(power * (log - peak));
    sum += weight;
    squares += weight * weight;
  }
  const auto n = static_cast<double>(logs.size());
  // Rounding may take the share of equal weights above 1, and their variance below 0.
  return {.log_mean = power * peak + std::log(sum / n), .share = std::min(sum * sum / (n * squares), 1.0)};
}

// How far b may grow, `most` at most: as far as leaves the weights exp(growth l), l in `log_ratios`, the
// effective share `share` among those that are not 0. Right to one part in 2^kBisections, from below.
double climb(const std::vector<double>& log_ratios, double most, double share) {
  const auto alive = std::count_if(log_ratios.begin(), log_ratios.end(),
                                   [](double log_ratio) { return std::isfinite(log_ratio); });
  const double least = share * static_cast<double>(alive) / static_cast<double>(log_ratios.size());
  const auto suffices = [&](double growth) { return summary_of(log_ratios, growth).share >= least; };
  if (suffices(most)) return most;
  double low = most / 2;
  while (low > kLeastClimb && !suffices(low)) low /= 2;
  double high = 2 * low;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2;
    (suffices(middle) ? low : high) = middle;
  }
  return low;
}

// Writes n of the indices with these weights, ascending, by systematic resampling (Kitagawa 1996, JCGS 5):
// how often each stands there is n times its share of the weights, rounded down or up. `log_mean` is that of
// the weights, `uniform` in [0, 1) random.
void choose_systematically(const std::vector<double>& log_weights, double log_mean, double uniform, int64_t n,
                           int64_t* chosen) {
  const auto last = static_cast<int64_t>(log_weights.size()) - 1;
  const auto weight = [&](int64_t i) { return std::exp(log_weights[static_cast<size_t>(i)] - log_mean); };
  const double stride = static_cast<double>(last + 1) / static_cast<double>(n);
  int64_t at = 0;
  double passed = weight(0);
  for (int64_t i = 0; i < n; ++i) {
    const double position = (static_cast<double>(i) + uniform) * stride;
    while (passed <= position && at < last) passed += weight(++at);
    chosen[i] = at;
  }
}

// How many particles fit that many passes of `points`, [N, D].
int64_t particles_kept(const Tensor& points, int64_t passes) {
  const auto bytes = std::max<int64_t>(1, points.numel() * points.element_size());
  return points.size(0) * std::clamp<int64_t>(kMostBytesKept / bytes, 1, passes);
}

OptionTable annealed_particle_options(int64_t moves) {
  const AnnealedParticlesSettings fallback;
  return joined(
      {{Option::integer("particles", 2000, "particles of a pass, all in one batch").at_least(1),
        Option::integer("moves", moves, "Hamiltonian transitions of every particle at a temperature")
            .at_least(1)},
       tempered_move_options("the particles"),
       {Option::real("target_accept", fallback.target_accept,
                     "mean acceptance that adaptation in the first pass aims at")
            .above(0)
            .at_most(0.999),
        Option::integer(
            "history", fallback.history,
            "finished passes whose particles are drawn from, the latest; fewer where they are large")
            .at_least(1)}});
}

std::unique_ptr<Sampler> annealed_particles(const SamplerInput& input, AnnealedParticlesSettings settings) {
  const Options& options = input.options;
  settings.moves = options.integer("moves");
  settings.move = tempered_move(options);
  settings.target_accept = options.real("target_accept");
  settings.history = options.integer("history");
  return std::make_unique<AnnealedParticles>(input.target, input.start(options.integer("particles")),
                                             input.start_scale, settings);
}

// 1 / n, 2 / n, ..., 1.
std::vector<double> even_powers(int64_t n) {
  std::vector<double> powers;
  for (int64_t i = 1; i <= n; ++i) powers.push_back(static_cast<double>(i) / static_cast<double>(n));
  return powers;
}

}  // namespace

AnnealedParticles::AnnealedParticles(const targets::Target& target, const Tensor& start, double start_scale,
                                     const AnnealedParticlesSettings& settings)
    : settings_(settings),
      device_(start.device()),
      particles_(target, start, start_scale),
      log_weights_(static_cast<size_t>(particles_.count())),
      parents_(torch::empty({particles_.count()}, torch::kLong)),
      kept_(torch::empty({particles_kept(particles_.points(), settings.history), particles_.dim()},
                         particles_.points().options())) {}

Json AnnealedParticles::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  if (rung_ == 0) begin_pass(rng);
  particles_.log_ratios(log_ratios_);
  if (first_pass()) add_rung();
  TemperedMove& rung = ladder_[rung_];
  const double share = reweight(rung.power - power_before(), rng);
  if (first_pass()) {
    PooledScale window(particles_.points());
    window.add(particles_.points());
    rung.scale = window.take();
  }
  const double acceptance = move_all(rung, rng);
  ++rung_;
  if (rung.power == 1) end_pass();
  Json diagnostics{{"accept", acceptance},
                   {"ess", share},
                   {"inverse_temperature", rung.power},
                   {"passes", passes()},
                   {"step_size", rung.step_size}};
  if (const auto estimate = log_z()) {
    diagnostics["log_z"] = estimate->value;
    diagnostics["log_z_standard_error"] = estimate->standard_error;
  }
  return diagnostics;
}

void AnnealedParticles::begin_pass(Rng& rng) {
  if (!first_pass()) particles_.restart(rng);
  particles_.evaluate();
  std::fill(log_weights_.begin(), log_weights_.end(), 0.0);
  log_z_ = variance_ = 0;
}

void AnnealedParticles::add_rung() {
  TemperedMove rung = ladder_.empty() ? settings_.move : ladder_.back();
  rung.power = settings_.powers.empty()
                   ? power_before() + climb(log_ratios_, 1 - power_before(), settings_.target_ess)
                   : settings_.powers[rung_];
  ladder_.push_back(std::move(rung));
}

double AnnealedParticles::reweight(double growth, Rng& rng) {
  for (size_t i = 0; i < log_weights_.size(); ++i) log_weights_[i] += log_weight(growth, log_ratios_[i]);
  const WeightSummary weights = summary_of(log_weights_);
  if (!settings_.resample) return weights.share;
  log_z_ += weights.log_mean;
  variance_ += weights.variance(log_weights_.size());
  choose_systematically(log_weights_, weights.log_mean, rng.uniform(), particles_.count(),
                        parents_.data_ptr<int64_t>());
  particles_.keep(parents_);
  std::fill(log_weights_.begin(), log_weights_.end(), 0.0);
  return weights.share;
}

double AnnealedParticles::move_all(TemperedMove& rung, Rng& rng) {
  double sum = 0;
  for (int64_t i = 0; i < settings_.moves; ++i) {
    const double acceptance = particles_.move(rung, rng);
    sum += acceptance;
    if (first_pass()) rung.step_size *= std::exp(acceptance - settings_.target_accept);
  }
  return sum / static_cast<double>(settings_.moves);
}

// Keeps the particles, in the place of the oldest where there is no more room.
void AnnealedParticles::end_pass() {
  const size_t n = log_weights_.size();
  const WeightSummary weights = summary_of(log_weights_);
  const int64_t places = std::max<int64_t>(1, kept_.size(0) / particles_.count());
  const int64_t first = passes() % places * particles_.count();
  kept_.narrow(0, first, particles_.count()).copy_(particles_.points());
  kept_log_weights_.resize(std::max(kept_log_weights_.size(), static_cast<size_t>(first) + n));
  for (size_t i = 0; i < n; ++i) kept_log_weights_[static_cast<size_t>(first) + i] = log_z_ + log_weights_[i];
  last_pass_ =
      LogZ{.value = log_z_ + weights.log_mean, .standard_error = std::sqrt(variance_ + weights.variance(n))};
  mean_.add(*last_pass_);
  rung_ = 0;
}

std::optional<LogZ> AnnealedParticles::log_z() const {
  if (first_pass()) return std::nullopt;
  return mean_.value();
}

Tensor AnnealedParticles::pool() const {
  return keeps_any() ? kept_.narrow(0, 0, static_cast<int64_t>(kept_log_weights_.size()))
                     : particles_.points();
}

Tensor AnnealedParticles::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  Tensor chosen = torch::empty({n}, torch::kLong);
  const double log_mean = summary_of(pool_log_weights()).log_mean;
  choose_systematically(pool_log_weights(), log_mean, rng.uniform(), n, chosen.data_ptr<int64_t>());
  return pool().index_select(0, chosen.index_select(0, rng.permutation(n))).to(device_);
}

void AnnealedParticles::save(Archive& archive) const {
  archive.put("particles", pool());
  archive.put("log_weights", torch::tensor(pool_log_weights(), torch::kDouble));
}

void AnnealedParticles::load(const Archive& archive) {
  const Tensor points = archive.get("particles"), log_weights = archive.get("log_weights");
  if (points.dim() != 2 || points.size(0) < 1 || points.size(1) != particles_.dim() ||
      log_weights.scalar_type() != torch::kDouble || log_weights.numel() != points.size(0))
    throw InputError("the saved particles are not of this sampler and target");
  kept_ = points.to(kept_.options());
  const double* numbers = log_weights.data_ptr<double>();
  kept_log_weights_.assign(numbers, numbers + log_weights.numel());
}

void add_ais(SamplerRegistry& registry) {
  registry.add(
      {.name = "ais",
       .summary = "annealed importance sampling with Hamiltonian moves; estimates log Z",
       .citation = "Neal (2001), Statistics and Computing 11, arXiv physics/9803008",
       .facts = {"AIS", DrawsAre::particles},
       .options =
           joined({OptionTable{Option::integer("temperatures", 128,
                                               "inverse temperatures of a pass, even to 1, each a step")
                                   .at_least(1)},
                   annealed_particle_options(1)}),
       .make = [](const SamplerInput& input) {
         return annealed_particles(
             input, {.powers = even_powers(input.options.integer("temperatures")), .resample = false});
       }});
}

void add_smc(SamplerRegistry& registry) {
  registry.add(
      {.name = "smc",
       .summary = "sequential Monte Carlo with adaptive tempering and Hamiltonian moves; estimates log Z",
       .citation = "Del Moral, Doucet and Jasra (2006), JRSSB 68; moves: Buchholz, Chopin and Jacob (2021), "
                   "arXiv 1808.07730",
       .facts = {"SMC", DrawsAre::particles},
       .options = joined(
           {OptionTable{Option::real("target_ess", 0.5,
                                     "effective share of the particles that the next temperature leaves")
                            .above(0)
                            .at_most(0.999)},
            annealed_particle_options(5)}),
       .make = [](const SamplerInput& input) {
         return annealed_particles(input, {.target_ess = input.options.real("target_ess")});
       }});
}

}  // namespace samplerbench::samplers
