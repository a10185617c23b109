#include "harness/spec/option_grid.h"

#include <fmt/format.h>

#include "core/error.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kMostGridPoints = 10000;

// `point` with one more option.
GridPoint extended(GridPoint point, const std::string& name, const Json& value, bool is_one_of_many) {
  point.options[name] = value;
  if (is_one_of_many)
    point.suffix += fmt::format("{}{}={}", point.suffix.empty() ? "" : ",", name,
                                value.is_string() ? value.get<std::string>() : value.dump());
  return point;
}

}  // namespace

std::vector<GridPoint> option_grid(const Json& options, const std::string& owner) {
  std::vector<GridPoint> points{{.options = Json::object(), .suffix = ""}};
  for (const auto& [name, value] : options.items()) {
    if (value.is_array() && value.empty())
      throw InputError(fmt::format("{}: {} = []: a list of at least one value is needed", owner, name));
    if (value.is_array() && value.size() > kMostGridPoints / points.size())
      throw InputError(
          fmt::format("{}: its lists make more than {} choices together", owner, kMostGridPoints));
    std::vector<GridPoint> longer;
    for (const GridPoint& point : points)
      for (const Json& one : value.is_array() ? value : Json::array({value}))
        longer.push_back(extended(point, name, one, value.is_array()));
    points = std::move(longer);
  }
  return points;
}

}  // namespace samplerbench::harness
