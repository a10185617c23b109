#include "samplers/mcmc/microcanonical.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace samplerbench::samplers {
namespace {

constexpr double kForgotten = 149.0 / 151;  // what a step leaves of the errors before: a memory of 150 steps
constexpr double kTrust = 9;                // of ln xi, the standard deviation of the weights
constexpr double kLeastRatio = 1e-8;        // added to xi
constexpr double kShortened = 0.8;          // of a step from which a chain left the finite numbers
constexpr int64_t kMostNumbers = int64_t{1} << 20;  // of a window; a single chain may take more
constexpr int64_t kFewestStates = 20;
constexpr double kMclmcLength = 0.4;    // L in autocorrelation times
constexpr double kMostForgetting = 50;  // h / L, beyond which nothing is left of a direction

constexpr double kFirstMamsLength = 1.3;  // L in roots of the total variance
constexpr double kMamsLength = 0.5;       // L in trajectories of an autocorrelation time
constexpr double kMostGrowth = 2;         // of L by autocorrelations
constexpr double kFewestSteps = 1.1;      // L / h
constexpr double kMostSteps = 1000;

void require_directions(const targets::Target& target, const std::string& sampler) {
  if (target.dim() < 2)
    throw InputError("sampler '" + sampler + "' needs a target of at least two coordinates");
}

int64_t chains_with_room(const Tensor& start, int64_t states) {
  const int64_t each = std::max<int64_t>(1, states * start.size(1));
  return std::min(start.size(0), std::max<int64_t>(1, kMostNumbers / each));
}

}  // namespace

void EnergyErrorSearch::update(const std::vector<double>& errors, bool left) {
  const auto n = static_cast<double>(errors.size());
  double sum = 0, weights = 0;
  for (const double error : errors) {
    const double ratio = error / wanted_ + kLeastRatio, distance = std::log(ratio) / kTrust;
    const double weight = std::max(std::exp(-distance * distance / 2), std::numeric_limits<double>::min());
    sum += weight * ratio / n;
    weights += weight / n;
  }
  sum_ = kForgotten * sum_ + sum / std::pow(step_size_, 6);
  weights_ = kForgotten * weights_ + weights;
  if (left) longest_ = kShortened * step_size_;
  step_size_ = std::min(std::pow(weights_ / sum_, 1.0 / 6), longest_);
}

AutocorrelationWindow::AutocorrelationWindow(const Tensor& start, int64_t states)
    : room_(states), dim_(start.size(1)), chains_(chains_with_room(start, states)) {}

void AutocorrelationWindow::add(const Tensor& states) {
  const int64_t each = chains_ * dim_;
  if (numbers_.empty()) numbers_.reserve(static_cast<size_t>(room_ * each));
  with_numbers_of(states, [&](auto zero) {
    const auto* x = states.data_ptr<decltype(zero)>();
    numbers_.insert(numbers_.end(), x, x + each);
  });
}

std::optional<double> AutocorrelationWindow::take() {
  std::optional<double> mean;
  if (std::ssize(numbers_) >= kFewestStates * chains_ * dim_) {
    remove_means();
    const std::vector<double> all = times();
    mean = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(dim_);
  }
  numbers_ = std::vector<double>();  // gives the memory back
  return mean;
}

void AutocorrelationWindow::remove_means() {
  std::vector<double> means(static_cast<size_t>(dim_));
  const int64_t rows = std::ssize(numbers_) / dim_;
  const double* x = numbers_.data();
  for (int64_t i = 0; i < rows; ++i)
    for (double& mean : means) mean += *x++ / static_cast<double>(rows);
  double* centred = numbers_.data();
  for (int64_t i = 0; i < rows; ++i)
    for (const double mean : means) *centred++ -= mean;
}

// The mean product of states of a chain that are `lag` transitions apart, once the means are removed: [D].
std::vector<double> AutocorrelationWindow::covariances(int64_t lag) const {
  std::vector<double> products(static_cast<size_t>(dim_));
  const int64_t apart = lag * chains_ * dim_, rows = (std::ssize(numbers_) - apart) / dim_;
  const double *earlier = numbers_.data(), *later = earlier + apart;
  for (int64_t i = 0; i < rows; ++i)
    for (double& product : products) product += *earlier++ * *later++;
  for (double& product : products) product /= static_cast<double>(rows);
  return products;
}

// The autocorrelation time of every coordinate, at least 1 / log10 of the number of states, as Stan has it:
// [D]. The sum of a coordinate ends at its first pair that is not positive.
std::vector<double> AutocorrelationWindow::times() const {
  const int64_t states = std::ssize(numbers_) / (chains_ * dim_);
  const std::vector<double> variances = covariances(0);
  std::vector<double> least(variances.size(), std::numeric_limits<double>::infinity());
  std::vector<double> times(variances.size(), -1);
  bool goes_on = true;
  for (int64_t lag = 0; goes_on && lag + 1 < states; lag += 2) {
    const std::vector<double> even = covariances(lag), odd = covariances(lag + 1);
    goes_on = false;
    for (size_t k = 0; k < times.size(); ++k) {
      const double pair = variances[k] > 0 ? (even[k] + odd[k]) / variances[k] : 0;
      least[k] = std::min(least[k], pair);
      if (!(least[k] > 0)) continue;
      times[k] += 2 * least[k];
      goes_on = true;
    }
  }
  const double shortest = 1 / std::log10(static_cast<double>(states * chains_));
  for (double& time : times) time = std::max(time, shortest);
  return times;
}

Mclmc::Mclmc(const targets::Target& target, const Tensor& start, const MclmcSettings& settings)
    : ChainSampler(target, start, settings.history),
      settings_(settings),
      plain_target_(target, start.device()),
      search_(settings.step_size, settings.energy_error),
      length_(settings.length),
      spread_(state_),
      window_(state_, settings.warmup - settings.warmup * 7 / 10) {
  require_directions(target, "mclmc");
  require_all_data(target);
  hold_states_plainly();
  const int64_t chains = state_.size(0);
  scale_ = torch::ones({state_.size(1)}, state_.options());
  noise_ = torch::empty_like(state_);
  value_ = torch::empty({chains}, state_.options());
  score_ = torch::empty_like(state_);
  kept_state_ = torch::empty_like(state_);
  kept_value_ = torch::empty_like(value_);
  kept_score_ = torch::empty_like(state_);
  kinetic_.resize(static_cast<size_t>(chains));
  errors_.resize(static_cast<size_t>(chains));
}

Json Mclmc::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  const double used = step_size(), length = length_;
  const int64_t restored = with_numbers_of(state_, [&](auto zero) { return travel<decltype(zero)>(rng); });
  history_.record(state_);
  if (++steps_ <= settings_.warmup) tune(restored > 0);
  const double error =
      std::accumulate(errors_.begin(), errors_.end(), 0.0) / static_cast<double>(errors_.size());
  return {{"energy_error", error}, {"step_size", used}, {"length", length}, {"restored", restored}};
}

// Returns the number of chains that stayed.
template <class T>
int64_t Mclmc::travel(Rng& rng) {
  const int64_t n = state_.size(0), d = state_.size(1);
  if (!velocity_.defined()) {
    plain_target_.evaluate(state_, value_, score_);
    velocity_ = torch::empty_like(state_);
    draw_directions(n, d, velocity_.data_ptr<T>(), rng);
  }
  const IsokineticPoints<T> points{.target = plain_target_,
                                   .count = n,
                                   .dim = d,
                                   .scale = scale_.data_ptr<T>(),
                                   .position = state_.data_ptr<T>(),
                                   .velocity = velocity_.data_ptr<T>(),
                                   .value = value_.data_ptr<T>(),
                                   .score = score_.data_ptr<T>(),
                                   .kinetic = kinetic_.data()};
  keep(points);
  add_noise(points, rng);
  points.minimal_norm(step_size());
  const int64_t restored = restore(points, rng);
  add_noise(points, rng);
  return restored;
}

template <class T>
void Mclmc::keep(const IsokineticPoints<T>& points) {
  std::copy_n(points.position, points.count * points.dim, kept_state_.data_ptr<T>());
  std::copy_n(points.value, points.count, kept_value_.data_ptr<T>());
  std::copy_n(points.score, points.count * points.dim, kept_score_.data_ptr<T>());
  std::fill(kinetic_.begin(), kinetic_.end(), 0.0);
}

// A half of the noise of a step.
template <class T>
void Mclmc::add_noise(const IsokineticPoints<T>& points, Rng& rng) {
  const double forgetting = std::min(step_size() / length_, kMostForgetting);
  const T spread = static_cast<T>(std::sqrt(std::expm1(forgetting) / static_cast<double>(points.dim)));
  const int64_t all = points.count * points.dim;
  T* noise = noise_.data_ptr<T>();
  rng.fill_normal(noise, all);
  for (int64_t k = 0; k < all; ++k) points.velocity[k] += spread * noise[k];
  for (int64_t c = 0; c < points.count; ++c) make_unit(points.dim, points.velocity + c * points.dim);
}

// Takes the energy errors of the step, and takes chains back where these are not finite. Returns how many.
template <class T>
int64_t Mclmc::restore(const IsokineticPoints<T>& points, Rng& rng) {
  const int64_t d = points.dim;
  const T *state = kept_state_.data_ptr<T>(), *value = kept_value_.data_ptr<T>(),
          *score = kept_score_.data_ptr<T>();
  int64_t restored = 0;
  for (int64_t c = 0; c < points.count; ++c) {
    const double gain = static_cast<double>(points.value[c]) - static_cast<double>(value[c]);
    const double error = kinetic_[static_cast<size_t>(c)] - gain;
    double& squared = errors_[static_cast<size_t>(c)];
    squared = error * error / static_cast<double>(d);
    if (std::isfinite(squared)) continue;
    ++restored;
    squared = 0;
    std::copy_n(state + c * d, d, points.position + c * d);
    std::copy_n(score + c * d, d, points.score + c * d);
    points.value[c] = value[c];
    draw_directions(1, d, points.velocity + c * d, rng);
  }
  return restored;
}

void Mclmc::tune(bool left) {
  const auto end = [&](int64_t tenths) { return settings_.warmup * tenths / 10; };
  if (steps_ <= end(7)) search_.update(errors_, left);
  if (steps_ > end(3) && steps_ <= end(6)) spread_.add(state_);
  if (steps_ == end(6) && end(6) > end(3)) adopt(spread_.take());
  if (steps_ > end(7)) window_.add(state_);
  if (steps_ < settings_.warmup) return;
  if (const auto time = window_.take()) length_ = kMclmcLength * step_size() * *time;
  history_.restart(state_);
}

// `spread`: the standard deviations of the coordinates, [D].
void Mclmc::adopt(const Tensor& spread) {
  const double total = spread.norm().item<double>();
  length_ = settings_.scaling ? std::sqrt(static_cast<double>(spread.size(0))) : total;
  search_ = EnergyErrorSearch(step_size() * length_ / total, settings_.energy_error);
  if (settings_.scaling) scale_ = spread;
}

int64_t trajectory_steps(double mean, double uniform) {
  const double k = std::floor(2 * mean - 1);
  return std::max<int64_t>(1, static_cast<int64_t>(std::ceil(uniform * k * (k + 1) / (2 * (k + 1 - mean)))));
}

Mams::Mams(const targets::Target& target, const Tensor& start, const MamsSettings& settings)
    : Metropolis(target, start, settings.metropolis),
      leapfrog_(settings.leapfrog),
      scaling_(settings.scaling),
      scale_(torch::ones({dim()}, state_.options())),
      velocity_(torch::empty_like(state_)),
      kinetic_(static_cast<size_t>(count())),
      spread_(state_),
      window_(state_, warmup() / 5 + 1) {
  require_directions(target, "mams");
}

double Mams::mean_steps() const {
  const double steps = length_ > 0 ? length_ / step_size() : static_cast<double>(leapfrog_);
  return std::clamp(steps, 1.0, kMostSteps);
}

double Mams::longest_step() const {
  return length_ > 0 ? length_ / kFewestSteps : Metropolis::longest_step();
}

void Mams::propose(Rng& rng, Proposal& proposal) {
  with_numbers_of(state_, [&](auto zero) { travel<decltype(zero)>(rng, proposal); });
}

template <class T>
void Mams::travel(Rng& rng, Proposal& proposal) {
  const int64_t n = count(), d = dim(), all = n * d;
  const double uniform = rng.uniform();
  const IsokineticPoints<T> points{.target = plain_target_,
                                   .count = n,
                                   .dim = d,
                                   .scale = scale_.data_ptr<T>(),
                                   .position = proposal.state.data_ptr<T>(),
                                   .velocity = velocity_.data_ptr<T>(),
                                   .value = proposal.value.data_ptr<T>(),
                                   .score = proposal.score.data_ptr<T>(),
                                   .kinetic = kinetic_.data()};
  draw_directions(n, d, points.velocity, rng);
  std::copy_n(state_.data_ptr<T>(), all, points.position);
  std::copy_n(score_.data_ptr<T>(), all, points.score);
  std::fill(kinetic_.begin(), kinetic_.end(), 0.0);
  points.leapfrog(step_size(), trajectory_steps(mean_steps(), uniform));
  const T* value = value_.data_ptr<T>();
  for (int64_t c = 0; c < n; ++c) {
    const double gain = static_cast<double>(points.value[c]) - static_cast<double>(value[c]);
    proposal.log_ratio[static_cast<size_t>(c)] = log_ratio(gain, kinetic_[static_cast<size_t>(c)]);
  }
}

void Mams::adapt(double acceptance) {
  Metropolis::adapt(acceptance);
  const int64_t done = transitions();
  const auto end = [&](int64_t fifths) { return warmup() * fifths / 5; };
  if (done > end(1) && done <= end(2)) spread_.add(state_);
  if (done == end(2) && end(2) > end(1)) adopt(spread_.take());
  if (done > end(3) && done <= end(4)) window_.add(state_);
  if (done != end(4)) return;
  if (const auto time = window_.take()) {
    length_ *= std::min(kMamsLength * *time, kMostGrowth);
    restart_search(std::min(step_size(), longest_step()));
  }
}

// `spread`: the standard deviations of the coordinates, [D].
void Mams::adopt(const Tensor& spread) {
  const double total = spread.norm().item<double>(),
               used = scaling_ ? std::sqrt(static_cast<double>(dim())) : total;
  length_ = kFirstMamsLength * used;
  if (scaling_) scale_ = spread;
  restart_search(std::min(step_size() * used / total, longest_step()));
}

void add_mams(SamplerRegistry& registry) {
  registry.add(
      {.name = "mams",
       .summary =
           "Metropolis-adjusted microcanonical chains with tuned step size, trajectory length and scale",
       .citation = "Robnik, Cohn-Gordon and Seljak (2025), arXiv 2503.01707",
       .facts = {"MAMS", DrawsAre::chains},
       .options =
           {chains_option(), history_option(),
            Option::real("step_size", 0.2, "leapfrog step size over sqrt(D); where tuning begins").above(0),
            Option::integer("leapfrog", 5, "mean leapfrog steps a transition; where tuning begins")
                .at_least(1)
                .at_most(1000),
            Option::real("target_accept", 0.9, "mean acceptance that tuning aims at")
                .above(0)
                .at_most(0.999)
                .unless("warmup", 0),
            Option::flag("scaling", true, "coordinates are scaled by their standard deviations")
                .unless("warmup", 0),
            Option::integer("warmup", 500, "transitions that tune; 0 keeps step size and length fixed")
                .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         const double root = std::sqrt(static_cast<double>(input.target.dim()));
         return std::make_unique<Mams>(
             input.target, input.start(options.integer("chains")),
             MamsSettings{.metropolis = {.step_size = root * options.real("step_size"),
                                         .target_accept = options.real("target_accept"),
                                         .warmup = options.integer("warmup"),
                                         .history = options.integer("history")},
                          .leapfrog = options.integer("leapfrog"),
                          .scaling = options.flag("scaling")});
       }});
}

void add_mclmc(SamplerRegistry& registry) {
  registry.add(
      {.name = "mclmc",
       .summary = "microcanonical Langevin chains, unadjusted, with tuned step size, length and scale",
       .citation = "Robnik and Seljak (2024), arXiv 2303.18221; tuned as in Robnik, De Luca, Silverstein and "
                   "Seljak (2023), arXiv 2212.08549",
       .facts = {"MCLMC", DrawsAre::chains},
       .options =
           {chains_option(), history_option(),
            Option::real("step_size", 0.25, "length of a step over sqrt(D); where tuning begins").above(0),
            Option::real("length", 1.0,
                         "over which a chain forgets its direction, over sqrt(D); where tuning begins")
                .above(0),
            Option::real("energy_error", 5e-4,
                         "mean squared energy error of a step over D that tuning aims at")
                .above(0)
                .unless("warmup", 0),
            Option::flag("scaling", true, "coordinates are scaled by their standard deviations")
                .unless("warmup", 0),
            Option::integer("warmup", 900, "steps that tune; 0 keeps step size and length fixed")
                .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         const double root = std::sqrt(static_cast<double>(input.target.dim()));
         return std::make_unique<Mclmc>(input.target, input.start(options.integer("chains")),
                                        MclmcSettings{.step_size = root * options.real("step_size"),
                                                      .length = root * options.real("length"),
                                                      .energy_error = options.real("energy_error"),
                                                      .scaling = options.flag("scaling"),
                                                      .warmup = options.integer("warmup"),
                                                      .history = options.integer("history")});
       }});
}

}  // namespace samplerbench::samplers
