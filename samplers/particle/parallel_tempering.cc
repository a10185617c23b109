#include "samplers/particle/parallel_tempering.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace samplerbench::samplers {
namespace {

constexpr double kLeastAcceptance = 1e-300;  // of swaps: an edge is no longer than this makes it
constexpr double kLeastLength = 1e-6;        // added to every edge, so that no two rungs coincide
constexpr int64_t kShortestRound = 4;        // scans; every edge is tried twice
constexpr double kUntried = 0.5;             // rate of swaps across an edge that none was tried across

// Where the round ends that begins after `scans` of `warmup`: at a half, a quarter, ... of it, or at its end.
int64_t end_of_round(int64_t scans, int64_t warmup) {
  int64_t end = warmup;
  while (end / 2 > scans && end / 2 >= kShortestRound) end /= 2;
  return end;
}

// min(1, e^log_ratio), which may be infinite: a point where the target is 0 gives way to any other.
double swap_probability(double log_ratio) {
  return std::isnan(log_ratio) ? 0 : std::exp(std::min(log_ratio, 0.0));
}

// Adds sign times the log mean of exp(logs[c]), c = 1 .. C, to `all`, and that without c to without[c].
void add_log_means(const std::vector<double>& logs, double sign, double& all, std::vector<double>& without) {
  const double peak = *std::max_element(logs.begin(), logs.end());
  const auto n = static_cast<double>(logs.size());
  double total = 0;
  for (const double log : logs) total += std::exp(log - peak);
  all += sign * (peak + std::log(total / n));
  for (size_t c = 0; c < logs.size(); ++c)
    without[c] += sign * (peak + std::log((total - std::exp(logs[c] - peak)) / (n - 1)));
}

// The jackknife's standard error of an estimate from the estimates without one of its n independent parts.
double jackknife_error(const std::vector<double>& without) {
  const auto n = static_cast<double>(without.size());
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n;
  double squares = 0;
  for (const double one : without) squares += (one - mean) * (one - mean);
  return std::sqrt(squares * (n - 1) / n);
}

// 0, 1 / edges, ..., 1.
std::vector<double> even_ladder(int64_t edges) {
  std::vector<double> powers;
  for (int64_t i = 0; i <= edges; ++i) powers.push_back(static_cast<double>(i) / static_cast<double>(edges));
  return powers;
}

OptionTable parallel_tempering_options() {
  const ParallelTemperingSettings fallback;
  return joined(
      {{Option::integer("chains", 50, "independent ladders, each with one chain at b = 1").at_least(1),
        history_option(),
        Option::integer("temperatures", 10,
                        "inverse temperatures b of a ladder, from 0, the starting law, to 1")
            .at_least(2)
            .at_most(1000),
        Option::integer("moves", fallback.moves, "Hamiltonian transitions between two swaps").at_least(1)},
       tempered_move_options("the points at a temperature"),
       {Option::real("target_accept", fallback.target_accept,
                     "mean acceptance of transitions that adaptation aims at")
            .above(0)
            .at_most(0.999)
            .unless("warmup", 0),
        Option::integer("warmup", fallback.warmup,
                        "scans that adapt temperatures, step sizes and masses; 0 keeps them fixed")
            .at_least(0)}});
}

}  // namespace

std::vector<double> evened_ladder(const std::vector<double>& powers, const std::vector<double>& acceptances) {
  std::vector<double> length{0};  // up to each rung
  for (const double acceptance : acceptances)
    length.push_back(length.back() - std::log(std::clamp(acceptance, kLeastAcceptance, 1.0)) + kLeastLength);
  const size_t edges = acceptances.size();
  std::vector<double> ladder{powers.front()};
  size_t below = 0;
  for (size_t i = 1; i < edges; ++i) {
    const double wanted = length.back() * static_cast<double>(i) / static_cast<double>(edges);
    while (length[below + 1] < wanted) ++below;
    const double share = (wanted - length[below]) / (length[below + 1] - length[below]);
    ladder.push_back(powers[below] + share * (powers[below + 1] - powers[below]));
  }
  ladder.push_back(powers.back());
  return ladder;
}

ParallelTempering::ParallelTempering(const targets::Target& target, const Tensor& start, double start_scale,
                                     const ParallelTemperingSettings& settings)
    : ChainSampler(target, start.slice(0, -start.size(0) / std::ssize(settings.powers)), settings.history),
      settings_(settings),
      particles_(target, start, start_scale) {
  hold_states_plainly();
  const Tensor ones = torch::ones({state_.size(1)}, state_.options());
  for (size_t rung = 1; rung < settings.powers.size(); ++rung) {
    moves_.push_back(settings.move);
    moves_.back().power = settings.powers[rung];
    moves_.back().scale = ones;
    searches_.emplace_back(settings.move.step_size, settings.target_accept);
    windows_.emplace_back(state_);
  }
  uniform_.resize(static_cast<size_t>(count()));
  courses_.resize(static_cast<size_t>(start.size(0)), Course::unknown);
  stones_.resize(2 * edges() * static_cast<size_t>(count()));
  begin_round();
}

std::vector<double> ParallelTempering::powers() const {
  std::vector<double> powers;
  for (size_t rung = 0; rung <= edges(); ++rung) powers.push_back(power(rung));
  return powers;
}

std::vector<double> ParallelTempering::swap_rates() const {
  std::vector<double> rates;
  for (size_t edge = 0; edge < edges(); ++edge)
    rates.push_back(attempts_[edge] == 0 ? kUntried : swapped_[edge] / static_cast<double>(attempts_[edge]));
  return rates;
}

Json ParallelTempering::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  const double used = moves_.back().step_size;
  particles_.restart(count(), rng);
  particles_.evaluate(scans_ == 0 ? particles_.count() : count());
  const double acceptance = move_all(rng);
  swap_neighbours(rng);
  state_.copy_(particles_.points().narrow(0, particles_.count() - count(), count()));
  history_.record(state_);
  ++scans_;
  const std::vector<double> rates = swap_rates();
  const double sum = std::accumulate(rates.begin(), rates.end(), 0.0), all = static_cast<double>(edges());
  const auto scans = static_cast<double>((scans_ - round_start_) * count());
  Json diagnostics{{"accept", acceptance},
                   {"step_size", used},
                   {"swap_rate", sum / all},
                   {"barrier", all - sum},
                   {"round_trips", round_trips_},
                   {"round_trip_rate", static_cast<double>(round_trips_) / scans}};
  if (scans_ <= settings_.warmup) adapt();
  return diagnostics;
}

// Returns the mean acceptance probability.
double ParallelTempering::move_all(Rng& rng) {
  double sum = 0;
  for (int64_t i = 0; i < settings_.moves; ++i) {
    const std::vector<double> acceptance = particles_.move(count(), moves_, rng);
    sum += std::accumulate(acceptance.begin(), acceptance.end(), 0.0);
    if (scans_ >= settings_.warmup) continue;
    for (size_t k = 0; k < edges(); ++k) {
      searches_[k].update(acceptance[k]);
      moves_[k].step_size = searches_[k].step_size();
    }
  }
  return sum / static_cast<double>(settings_.moves * std::ssize(moves_));
}

void ParallelTempering::swap_neighbours(Rng& rng) {
  particles_.log_ratios(log_ratios_);
  if (scans_ >= settings_.warmup) add_stones();
  for (size_t edge = static_cast<size_t>(scans_ % 2); edge < edges(); edge += 2) swap_across(edge, rng);
  count_round_trips();
}

void ParallelTempering::swap_across(size_t edge, Rng& rng) {
  const double gap = power(edge + 1) - power(edge);
  const size_t ladders = uniform_.size();
  rng.fill_uniform(uniform_.data(), count());
  double sum = 0;
  for (size_t c = 0; c < ladders; ++c) {
    const size_t lower = edge * ladders + c, upper = lower + ladders;
    const double probability =
        swap_probability(swap_log_ratio(gap, log_ratios_[lower], log_ratios_[upper]));
    sum += probability;
    if (!(uniform_[c] < probability)) continue;
    particles_.exchange(static_cast<int64_t>(lower), static_cast<int64_t>(upper));
    std::swap(courses_[lower], courses_[upper]);
  }
  swapped_[edge] += sum / static_cast<double>(ladders);
  ++attempts_[edge];
}

void ParallelTempering::count_round_trips() {
  const size_t ladders = uniform_.size(), top = edges() * ladders;
  for (size_t c = 0; c < ladders; ++c) {
    if (courses_[c] == Course::down) ++round_trips_;
    courses_[c] = Course::up;
    if (courses_[top + c] == Course::up) courses_[top + c] = Course::down;
  }
}

void ParallelTempering::add_stones() {
  for (size_t edge = 0; edge < edges(); ++edge) {
    const double half = (power(edge + 1) - power(edge)) / 2;
    const double* lower = log_ratios_.data() + edge * uniform_.size();
    const double* upper = lower + uniform_.size();
    for (int64_t c = 0; c < count(); ++c) {
      stone(edge, 0, c).add({.value = half * lower[c], .standard_error = 0});
      stone(edge, 1, c).add({.value = -half * upper[c], .standard_error = 0});
    }
  }
}

std::optional<LogZ> ParallelTempering::log_z() const {
  if (scans_ <= settings_.warmup || count() < 2) return std::nullopt;
  double all = 0;
  std::vector<double> without(uniform_.size()), logs(uniform_.size());
  for (size_t row = 0; row < 2 * edges(); ++row) {
    for (size_t c = 0; c < logs.size(); ++c) logs[c] = stones_[row * logs.size() + c].value().value;
    add_log_means(logs, row % 2 == 0 ? 1 : -1, all, without);
  }
  const LogZ estimate{.value = all, .standard_error = jackknife_error(without)};
  if (!std::isfinite(estimate.value) || !std::isfinite(estimate.standard_error)) return std::nullopt;
  return estimate;
}

void ParallelTempering::adapt() {
  const bool last = round_end_ == settings_.warmup;
  if (!last)
    for (size_t k = 0; k < edges(); ++k)
      windows_[k].add(particles_.points().narrow(0, (static_cast<int64_t>(k) + 1) * count(), count()));
  if (scans_ < round_end_) return;
  for (size_t k = 0; k < edges(); ++k) moves_[k].step_size = searches_[k].averaged();
  if (last)
    history_.restart(state_);
  else
    set_ladder();
  begin_round();
}

void ParallelTempering::set_ladder() {
  const std::vector<double> old = powers(), next = evened_ladder(old, swap_rates());
  for (size_t k = 0; k < edges(); ++k) moves_[k].scale = windows_[k].take();
  std::vector<TemperedMove> moves;
  for (size_t rung = 1; rung < next.size(); ++rung) {
    const auto at = std::lower_bound(old.begin() + 1, old.end() - 1, next[rung]) - old.begin();
    moves.push_back(moves_[static_cast<size_t>(at) - 1]);
    moves.back().power = next[rung];
  }
  moves_ = std::move(moves);
  for (size_t k = 0; k < edges(); ++k)
    searches_[k] = DualAveraging(moves_[k].step_size, settings_.target_accept);
}

void ParallelTempering::begin_round() {
  round_start_ = scans_;
  round_end_ = end_of_round(scans_, settings_.warmup);
  round_trips_ = 0;
  swapped_.assign(edges(), 0);
  attempts_.assign(edges(), 0);
}

void add_parallel_tempering(SamplerRegistry& registry) {
  registry.add(
      {.name = "parallel-tempering",
       .summary = "non-reversible parallel tempering with Hamiltonian moves and an adapted ladder; estimates "
                  "log Z",
       .citation = "Syed, Bouchard-Cote, Deligiannidis and Doucet (2022), JRSSB 84, arXiv 1905.02939; log Z: "
                   "Meng and Wong (1996), Statistica Sinica 6",
       .facts = {"Parallel tempering", DrawsAre::chains},
       .options = parallel_tempering_options(),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         const int64_t temperatures = options.integer("temperatures");
         return std::make_unique<ParallelTempering>(
             input.target, input.start(options.integer("chains")).repeat({temperatures, 1}),
             input.start_scale,
             ParallelTemperingSettings{.powers = even_ladder(temperatures - 1),
                                       .moves = options.integer("moves"),
                                       .move = tempered_move(options),
                                       .target_accept = options.real("target_accept"),
                                       .warmup = options.integer("warmup"),
                                       .history = options.integer("history")});
       }});
}

}  // namespace samplerbench::samplers
