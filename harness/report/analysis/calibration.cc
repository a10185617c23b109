#include "harness/report/analysis/calibration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/records/calibration.h"

namespace samplerbench::harness::reporting {
namespace {

// Slowest calibration over fastest, on one machine at most.
constexpr double kMostOfMix = 1.5;
constexpr double kMostOfOneKind = 2.5;

// One kind of work of the calibration.
struct KindOfWork {
  const char* words;
  double Calibration::*seconds;
};
constexpr KindOfWork kKindsOfWork[]{{"matrix products", &Calibration::matrix_s},
                                    {"small operations", &Calibration::small_s},
                                    {"memory traffic", &Calibration::memory_s}};

// What a context says of the machine, by its name there.
constexpr std::pair<const char*, const char*> kMachineFacts[]{
    {"cpu", "processors"}, {"instruction_set", "instruction sets"}, {"blas", "linear algebra libraries"}};

// Nothing where the record has none, or one that cannot be read.
std::optional<Calibration> calibration_of(const Json& context) {
  if (!context.is_object() || !context.contains("calibration")) return std::nullopt;
  try {
    const auto calibration = from_json_of<Calibration>(context["calibration"]);
    for (const KindOfWork& kind : kKindsOfWork)
      if (!(calibration.*kind.seconds > 0)) return std::nullopt;
    return calibration;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

// "2 processors (A; B)", or nothing where all contexts that say it say the same.
std::optional<std::string> difference_in(const Results& results, const char* fact, const char* words) {
  std::set<std::string> values;
  for (const Run& run : results.runs) {
    const Json& context = *run.context;
    if (context.is_object() && context.contains(fact) && context[fact].is_string())
      values.insert(context[fact].get<std::string>());
  }
  if (values.size() < 2) return std::nullopt;
  return fmt::format("{} {} ({})", values.size(), words, fmt::join(values, "; "));
}

// The slowest over the fastest by `seconds`; 1 where there are none.
template <class Seconds>
double spread(const std::vector<Calibration>& calibrations, const Seconds& seconds) {
  if (calibrations.empty()) return 1;
  const auto [fastest, slowest] = std::minmax_element(
      calibrations.begin(), calibrations.end(),
      [&](const Calibration& one, const Calibration& other) { return seconds(one) < seconds(other); });
  return seconds(*slowest) / seconds(*fastest);
}

// "calibrations 1.80 times apart", "calibrations 2.50 times apart in memory traffic", or nothing.
std::optional<std::string> difference_in_speed(const std::vector<Calibration>& calibrations) {
  const double mix = spread(calibrations, [](const Calibration& one) { return one.seconds(); });
  if (mix > kMostOfMix) return fmt::format("calibrations {:.2f} times apart", mix);
  for (const KindOfWork& kind : kKindsOfWork) {
    const double apart = spread(calibrations, [&](const Calibration& one) { return one.*kind.seconds; });
    if (apart > kMostOfOneKind)
      return fmt::format("calibrations {:.2f} times apart in {}", apart, kind.words);
  }
  return std::nullopt;
}

}  // namespace

MachineMix machine_mix(const Results& results) {
  std::vector<Calibration> calibrations;
  for (const Run& run : results.runs)
    if (const auto calibration = calibration_of(*run.context)) calibrations.push_back(*calibration);
  std::vector<std::string> differences;
  for (const auto& [fact, words] : kMachineFacts)
    if (const auto difference = difference_in(results, fact, words)) differences.push_back(*difference);
  const char* either = differences.empty() ? ", or on one under other load" : "";
  if (const auto difference = difference_in_speed(calibrations)) differences.push_back(*difference);
  if (!differences.empty())
    return {true, fmt::format("the runs were timed on several machines{}: {}", either,
                              fmt::join(differences, ", "))};
  if (results.runs.empty() || calibrations.size() == results.runs.size()) return {};
  return {false,
          fmt::format("{} of {} runs have no calibration: two machines with the same processor cannot be "
                      "told apart by them",
                      results.runs.size() - calibrations.size(), results.runs.size())};
}

double speed_of(const Run& run) {
  const auto calibration = calibration_of(*run.context);
  return calibration ? calibration->seconds() : 0;
}

}  // namespace samplerbench::harness::reporting
