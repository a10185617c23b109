#include "core/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/option.h"
#include "core/printable.h"

namespace samplerbench {
namespace {

constexpr int64_t kMost = 1'000'000'000'000'000;  // of a limit: sums of a few never overflow

// As messages show it: text in quotes, since a number in quotes is no number.
std::string given(const Json& value) { return printable(value.is_string() ? value.dump() : shown(value)); }

int64_t whole_limit(const Json& value, const std::string& where) {
  if (!value.is_number_integer() || value.get<int64_t>() < 1 || value.get<int64_t>() > kMost)
    throw InputError(fmt::format("{} = {}: a limit is a whole number of 1 or more and at most {}", where,
                                 given(value), kMost));
  return value.get<int64_t>();
}

double real_limit(const Json& value, const std::string& where, const char* unit) {
  if (!value.is_number() || !(value.get<double>() > 0) || value.get<double>() > static_cast<double>(kMost))
    throw InputError(fmt::format("{} = {}: a limit is a number of {} above 0 and at most {}", where,
                                 given(value), unit, kMost));
  return value.get<double>();
}

constexpr const char* kMembers = "steps, score, data_passes, wall_s, cpu_s";

}  // namespace

double Budget::spent(const Usage& usage) const {
  double share = 0;
  if (steps) share = std::max(share, static_cast<double>(usage.steps) / static_cast<double>(*steps));
  if (score)
    share = std::max(share,
                     static_cast<double>(usage.score + usage.hessian_vector) / static_cast<double>(*score));
  if (data_passes) share = std::max(share, usage.data_passes / *data_passes);
  if (wall_s) share = std::max(share, usage.wall_s / *wall_s);
  if (cpu_s) share = std::max(share, usage.cpu_s / *cpu_s);
  return share;
}

std::optional<std::string> Budget::reached(const Usage& usage) const {
  if (steps && usage.steps >= *steps) return "steps";
  if (score && usage.score + usage.hessian_vector >= *score) return "score";
  if (data_passes && usage.data_passes >= *data_passes) return "data_passes";
  if (wall_s && usage.wall_s >= *wall_s) return "wall_s";
  if (cpu_s && usage.cpu_s >= *cpu_s) return "cpu_s";
  return std::nullopt;
}

Budget budget_from_json(const Json& json, const std::string& where) {
  if (!json.is_object()) throw InputError(fmt::format("{}: a budget is a table of {}", where, kMembers));
  Budget budget;
  for (const auto& [name, value] : json.items()) {
    const std::string here = where + "." + name;
    if (name == "steps")
      budget.steps = whole_limit(value, here);
    else if (name == "score")
      budget.score = whole_limit(value, here);
    else if (name == "wall_s")
      budget.wall_s = real_limit(value, here, "seconds");
    else if (name == "cpu_s")
      budget.cpu_s = real_limit(value, here, "CPU seconds");
    else if (name == "data_passes")
      budget.data_passes = real_limit(value, here, "passes over the data");
    else
      throw InputError(fmt::format("{}: unknown; a budget knows {}", here, kMembers));
  }
  if (json.empty()) throw InputError(fmt::format("{}: a budget needs at least one of {}", where, kMembers));
  return budget;
}

}  // namespace samplerbench
