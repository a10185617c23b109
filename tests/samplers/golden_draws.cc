#include "tests/samplers/golden_draws.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <optional>
#include <set>

#include "core/error.h"
#include "targets/energy/deep_ebm.h"
#include "tests/samplers/fixtures.h"

namespace samplerbench::testing {
namespace {

constexpr int64_t kSteps = 3;
constexpr int64_t kDraws = 3;
constexpr int64_t kCoordinates = 4;  // of a draw, at most

// Relative to 1 and to the number: above what rounding makes of these few steps on any instruction set, far
// below what an option changed by one part in a thousand does.
constexpr double kTolerance = 1e-9;

// An energy of 8 x 8 images with random weights, drawn in float64: in float32 they depend on the instruction
// set.
targets::Problem tiny_energy() {
  targets::EnergyModel model{
      .network = targets::make_energy_network({.kind = "denoiser", .height = 8, .width = 8, .hidden = {16}})};
  Rng rng(5);
  model.weights = rng.normal({model.network->parameters()}, torch::kDouble).mul_(0.2).to(torch::kFloat);
  return {.target = targets::deep_ebm(std::move(model))};
}

std::map<std::string, targets::Problem> small_targets() {
  std::map<std::string, targets::Problem> problems;
  for (const std::string name : {"banana", "donut", "funnel", "gaussian", "gmm40", "mog2", "rosenbrock",
                                 "squiggle", "logistic_regression", "mixture-posterior"})
    problems.emplace(name, make_problem(name));
  problems.emplace("tiny energy", tiny_energy());
  return problems;
}

// Small sizes, and steps of a hundredth of the default length times `factor`, or all steps together: so short
// that chains accept them and that rounding does not grow from step to step.
Json short_steps(const OptionTable& table, double factor) {
  Json options = small_options(table);
  const std::set<std::string> lengths{"step_size", "learning_rate", "horizon", "first_rate", "last_rate"};
  for (const Option& option : table)
    if (lengths.contains(option.name))
      options[option.name] = 0.01 * factor * option.fallback.get<double>();
  return options;
}

std::vector<double> numbers_of(const Tensor& draws) {
  const Tensor few = draws.slice(1, 0, kCoordinates).contiguous();
  return {few.data_ptr<double>(), few.data_ptr<double>() + few.numel()};
}

// None where the sampler refuses the target, as `laplace` does one without a single mode, `ddpm` one whose
// noised score has no closed form and other oracles one without exact draws.
std::optional<std::vector<double>> drawn(const Entry<samplers::SamplerFactory>& entry,
                                         const targets::Problem& problem, const Options& options) {
  const Rng init = Rng(1).split("init");
  Rng step = Rng(1).split("step"), draw = Rng(1).split("draw");
  std::unique_ptr<samplers::Sampler> sampler;
  try {
    sampler = entry.make({.target = *problem.target,
                          .options = options,
                          .init = init,
                          .placement = torch::kDouble,
                          .planned_steps = 2 * kSteps,
                          .reference = entry.facts.sees_reference() ? &problem.reference : nullptr});
    for (int64_t i = 0; i < kSteps; ++i) sampler->step(step);
  } catch (const InputError&) {
    return std::nullopt;
  }
  return numbers_of(sampler->draw(kDraws, draw));
}

}  // namespace

DrawsByTarget first_draws(const std::string& sampler, double factor) {
  const auto& entry = all_samplers().at(sampler);
  const Options options = Options::resolved(entry.options, short_steps(entry.options, factor), sampler);
  DrawsByTarget draws;
  for (const auto& [name, problem] : small_targets()) {
    if (const auto found = drawn(entry, problem, options)) draws[name] = *found;
  }
  return draws;
}

GoldenDraws::GoldenDraws(std::string file) : file_(std::move(file)) {
  if (std::ifstream stream(file_); stream) kept_ = Json::parse(stream);
}

int GoldenDraws::revision(const std::string& sampler) const {
  return kept_.contains(sampler) ? kept_.at(sampler).at("revision").get<int>() : 0;
}

DrawsByTarget GoldenDraws::draws(const std::string& sampler) const {
  return kept_.contains(sampler) ? kept_.at(sampler).at("draws").get<DrawsByTarget>() : DrawsByTarget();
}

void GoldenDraws::add(const std::string& sampler, int revision, const DrawsByTarget& draws) {
  DrawsByTarget all = this->revision(sampler) == revision ? this->draws(sampler) : DrawsByTarget();
  all.insert(draws.begin(), draws.end());
  kept_[sampler] = {{"revision", revision}, {"draws", all}};
  write();
}

// A line for each sampler and target, so that a change reads as what changed.
void GoldenDraws::write() const {
  std::ofstream stream(file_);
  std::string between = "{";
  for (const auto& [sampler, kept] : kept_.items()) {
    stream << between << "\n\"" << sampler << "\": {\"revision\": " << kept.at("revision")
           << ", \"draws\": {";
    std::string comma;
    for (const auto& [target, numbers] : kept.at("draws").items()) {
      stream << comma << "\n  \"" << target << "\": " << numbers.dump();
      comma = ",";
    }
    stream << "}}";
    between = ",";
  }
  stream << "\n}\n";
}

std::string difference(const DrawsByTarget& found, const DrawsByTarget& expected) {
  std::string words;
  for (const auto& [target, numbers] : found) {
    const auto kept = expected.find(target);
    if (kept == expected.end() || kept->second.size() != numbers.size()) {
      words += fmt::format("{}: no such draws are kept; ", target);
      continue;
    }
    for (size_t i = 0; i < numbers.size(); ++i) {
      const double wanted = kept->second[i];
      if (std::abs(numbers[i] - wanted) <= kTolerance * std::max(1.0, std::abs(wanted))) continue;
      words += fmt::format("{}: {} instead of {}; ", target, numbers[i], wanted);
      break;
    }
  }
  for (const auto& [target, numbers] : expected)
    if (!found.contains(target)) words += fmt::format("{}: no draws; ", target);
  return words;
}

}  // namespace samplerbench::testing
