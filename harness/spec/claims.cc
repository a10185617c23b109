#include "harness/spec/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/spec/facts.h"
#include "harness/spec/selection.h"
#include "harness/spec/sharing.h"

namespace samplerbench::harness {
namespace {

// Reads the entries of the list.
class Reader {
 public:
  Reader(const Experiment& experiment, const Catalog& catalog)
      : experiment_(experiment),
        catalog_(catalog),
        samplers_(experiment.samplers.begin(), experiment.samplers.end()) {}

  std::vector<Claim> read(TomlTable& entry) const {
    Claim claim{.id = entry.text("id"), .text = entry.text("text"), .source = entry.text_or("source", "")};
    claim.metric = entry.text("metric");
    if (!is_cost(claim.metric)) read_label(entry, "metric", experiment_.metrics);
    claim.left = read_label(entry, "left", samplers_);
    claim.right = read_right(entry, claim.metric);
    refuse_unmeasured(entry, claim);
    claim.factor = entry.checked_or_default(Option::real("factor", 1.0, "").above(0));
    claim.direction = entry.word_or("direction", better_direction(entry, claim.metric));
    claim.must_hold = entry.checked_or_default(Option::flag("must_hold", false, ""));
    const std::vector<std::string> targets = read_labels(entry, "targets", experiment_.targets);
    if (entry.has("slope")) {
      read_slope(entry, targets, claim);
      entry.refuse_the_rest();
      return {claim};
    }
    entry.refuse_the_rest();
    return one_a_target(claim, targets);
  }

 private:
  // What a claim can compare beside metrics.
  bool is_cost(const std::string& metric) const {
    static const std::set<std::string> costs{"train.wall_s", "train.cpu_s", "draw.wall_s",
                                             "draw.cpu_s",   "draw.score",  "train.exact_draws"};
    static const std::set<std::string> settled{"reach.cpu_s",       "reach.wall_s",      "reach.gradients",
                                               "reach.data_passes", "settle.cpu_s",      "settle.wall_s",
                                               "settle.gradients",  "settle.data_passes"};
    return costs.contains(metric) || (experiment_.settle && settled.contains(metric));
  }

  // A sampler, a number, or the noise floor of a metric that has one.
  Json read_right(TomlTable& entry, const std::string& metric) const {
    const Json& right = entry.member("right");
    if (right.is_number()) {
      if (!std::isfinite(right.get<double>())) entry.fail("right", "must be finite");
      return right;
    }
    if (right != kFloorLabel) return read_label(entry, "right", samplers_);
    if (!has_floor(metric)) entry.fail("right", fmt::format("= \"floor\": {} has no noise floor", metric));
    return right;
  }

  // Throws InputError where the claim is on what training took, and one of its sides was trained elsewhere.
  void refuse_unmeasured(const TomlTable& entry, const Claim& claim) const {
    const auto is_of = [&claim](const char* part) { return claim.metric.starts_with(part); };
    if (!is_of("train.") && !is_of("reach.") && !is_of("settle.")) return;
    for (const SamplerChoice& sampler : experiment_.samplers)
      if (sampler.trained_elsewhere() && (claim.left == sampler.label || claim.right == sampler.label))
        entry.fail("metric",
                   fmt::format("= \"{}\": {} was trained elsewhere, which was not measured; metrics "
                               "and draw.cpu_s are valid",
                               claim.metric, sampler.label));
  }

  // The value of an option of a target by its label; throws InputError where it is no number above 0.
  double option_of(TomlTable& entry, const std::string& label, const std::string& option) const {
    for (const Choice& target : experiment_.targets) {
      if (target.label != label) continue;
      const auto value = target.options.find(option);
      if (value != target.options.end() && value->is_number() && value->get<double>() > 0)
        return value->get<double>();
    }
    entry.fail("slope",
               fmt::format("= \"{}\": the target '{}' has no option of that name with a number above 0",
                           option, label));
  }

  // Makes the claim one on slopes over `targets`.
  void read_slope(TomlTable& entry, const std::vector<std::string>& targets, Claim& claim) const {
    claim.slope = entry.text("slope");
    if (claim.against_floor() || claim.metric.starts_with("reach.") || claim.metric.starts_with("settle."))
      entry.fail("slope", fmt::format("= \"{}\": slopes are of values of samplers; {} is none", claim.slope,
                                      claim.against_floor() ? "the floor" : claim.metric));
    std::map<double, std::string> by_option;
    for (const std::string& target : targets) by_option[option_of(entry, target, claim.slope)] = target;
    if (by_option.size() < 2 || by_option.size() != targets.size())
      entry.fail("slope", fmt::format("= \"{}\": needs at least two targets, each with another value of it; "
                                      "`targets` chooses them",
                                      claim.slope));
    for (const auto& [value, target] : by_option) claim.slope_targets.push_back(target);
    claim.target = claim.slope_targets.back();
  }

  bool has_floor(const std::string& metric) const {
    const Choice* choice = choice_of(metric);
    return choice && has_noise_floor(*choice, catalog_);
  }

  // The side on which a claim wants its left where it says nothing: the better one of the metric; the lower
  // one of a cost, of a slope and of a metric that has no better one.
  Direction better_direction(const TomlTable& entry, const std::string& metric) const {
    const Choice* choice = choice_of(metric);
    if (!choice || entry.has("slope")) return Direction::lower;
    return better_of(*choice, catalog_) == metrics::Better::higher ? Direction::higher : Direction::lower;
  }

  // The metric of a label; null where the label is a cost's.
  const Choice* choice_of(const std::string& metric) const {
    const auto found = std::find_if(experiment_.metrics.begin(), experiment_.metrics.end(),
                                    [&](const Choice& choice) { return choice.label == metric; });
    return found == experiment_.metrics.end() ? nullptr : &*found;
  }

  static std::vector<Claim> one_a_target(const Claim& claim, const std::vector<std::string>& targets) {
    std::vector<Claim> claims;
    for (const std::string& target : targets) {
      claims.push_back(claim);
      claims.back().target = target;
      if (targets.size() > 1) claims.back().id += "-" + target;
    }
    return claims;
  }

  const Experiment& experiment_;
  const Catalog& catalog_;
  std::vector<Choice> samplers_;
};

}  // namespace

std::vector<Claim> read_claims(TomlTable& spec, const Experiment& experiment, const Catalog& catalog) {
  std::vector<Claim> claims;
  if (!spec.has("claims")) return claims;
  const Reader reader(experiment, catalog);
  for (TomlTable& entry : shared_entries(spec, "claims")) {
    const std::vector<Claim> read = reader.read(entry);
    claims.insert(claims.end(), read.begin(), read.end());
  }
  return claims;
}

}  // namespace samplerbench::harness
