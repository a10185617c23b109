#include <fmt/format.h>

#include "core/printable.h"
#include "metrics/entries.h"

namespace samplerbench::metrics {
namespace {

Better better_named(const std::string& word) {
  if (word == "lower") return Better::lower;
  return word == "higher" ? Better::higher : Better::neither;
}

class Diagnostic : public Metric {
 public:
  Diagnostic(std::string name, Better better) : name_(std::move(name)), better_(better) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (evidence.diagnostics.contains(name_)) return std::nullopt;
    std::vector<std::string> told;
    for (const auto& [name, value] : evidence.diagnostics.items()) told.push_back(name);
    return fmt::format("needs a sampler whose steps tell '{}', and this one's tell {}", printable(name_),
                       told.empty() ? "nothing" : listed(told));
  }

  double value(const Evidence& evidence, Rng&) const override {
    return evidence.diagnostics.at(name_).get<double>();
  }

  Better better() const override { return better_; }

  std::string convention() const override {
    return fmt::format("what the sampler's last step tells of itself under the name '{}'", name_);
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }

 private:
  std::string name_;
  Better better_;
};

}  // namespace

void add_diagnostic(MetricRegistry& registry) {
  registry.add({.name = "diagnostic",
                .summary = "a number that the sampler's last step tells of itself",
                .citation = "a choice of this suite",
                .facts = {"Diagnostic"},
                .options = {Option::text("name", "accept", "of the number"),
                            Option::choice("better", "neither", {"lower", "higher", "neither"},
                                           "which values are good")},
                .make = [](const MetricInput& input) {
                  return std::make_unique<Diagnostic>(input.options.text("name"),
                                                      better_named(input.options.text("better")));
                }});
}

}  // namespace samplerbench::metrics
