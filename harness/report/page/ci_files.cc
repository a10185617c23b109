#include "harness/report/page/ci_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <set>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"
#include "harness/report/analysis/failed_runs.h"
#include "harness/report/analysis/verdict.h"
#include "harness/report/page/markdown_report.h"
#include "harness/support/escape.h"
#include "harness/support/files.h"

namespace samplerbench::harness::reporting {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainCpu = "train.cpu_s";

std::string case_element(const TestCase& one) {
  const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                                       escape_html(one.group), escape_html(one.name));
  if (one.result == TestCase::Result::passed) return head + "/>\n";
  const char* const element = one.result == TestCase::Result::failed ? "failure" : "skipped";
  return fmt::format("{0}>\n      <{1} message=\"{2}\">{2}</{1}>\n    </testcase>\n", head, element,
                     escape_html(one.message));
}

// "undecided: svgd missing 3/3", with both sides where they are known.
std::string verdict_words(const Verdict& verdict) {
  std::string words = word_of(verdict.finding);
  for (const Score* score : {&verdict.left, &verdict.right})
    if (const std::string why = failure_words(*score); !why.empty()) words += "; " + why;
  if (verdict.difference.count > 0)
    words +=
        fmt::format(": difference {:.4g} over {} pairs", verdict.difference.mean, verdict.difference.count);
  return words;
}

TestCase claim_case(const Grid& grid, const Claim& claim) {
  const Verdict verdict = judge(grid, claim);
  TestCase one{.group = grid.experiment().name + ".claims", .name = claim.id};
  if (verdict.finding == Finding::reproduced) return one;
  one.result = claim.must_hold ? TestCase::Result::failed : TestCase::Result::skipped;
  one.message = fmt::format("{}: {}", verdict_words(verdict), claim.text);
  return one;
}

// A cell as github-action-benchmark reads it; null where it is none that it can hold.
Json measured(const std::string& name, const Score& score, const std::string& unit) {
  const double mean = score.estimate.mean;
  if (!score.complete() || !std::isfinite(mean) || mean <= 0) return nullptr;
  Json json{{"name", inert(name)}, {"value", mean}, {"unit", inert(unit)}};
  if (std::isfinite(score.estimate.half_width))
    json["range"] = fmt::format("± {:.3g}", score.estimate.half_width);
  return json;
}

void cut(Document& document, std::vector<std::string>& left_out) {
  left_out.insert(left_out.begin(), document.sections.back().title);
  document.sections.pop_back();
}

}  // namespace

std::string to_junit(const std::string& suite, std::vector<TestCase> cases) {
  std::set<std::pair<std::string, std::string>> seen;
  std::string elements;
  int64_t failed = 0, skipped = 0;
  for (TestCase& one : cases) {
    const std::string name = one.name;
    for (int number = 2; !seen.emplace(one.group, one.name).second; ++number)
      one.name = fmt::format("{} ({})", name, number);
    failed += one.result == TestCase::Result::failed;
    skipped += one.result == TestCase::Result::skipped;
    elements += case_element(one);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{0}\" failures=\"{1}\" errors=\"0\">\n"
      "  <testsuite name=\"{3}\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" skipped=\"{2}\">\n{4}"
      "  </testsuite>\n</testsuites>\n",
      cases.size(), failed, skipped, escape_html(suite), elements);
}

std::vector<TestCase> test_cases(const Grid& grid) {
  const std::string& name = grid.experiment().name;
  std::vector<TestCase> cases;
  for (const Claim& claim : grid.experiment().claims) cases.push_back(claim_case(grid, claim));
  const std::vector<FailedRun> failed = failed_runs(grid);
  TestCase all{.group = name + ".runs", .name = "all runs finished"};
  if (!failed.empty()) {
    all.result = TestCase::Result::failed;
    all.message = fmt::format("{} did not, or a metric of them failed", failed.size());
  }
  cases.push_back(std::move(all));
  for (const FailedRun& run : failed)
    cases.push_back({.group = name + ".runs",
                     .name = fmt::format("{} / {} / seed {}", run.target, run.sampler->label, run.seed),
                     .result = TestCase::Result::failed,
                     .message = run.status + (run.reason.empty() ? "" : ": " + run.reason)});
  return cases;
}

std::vector<std::string> broken_claims(const Grid& grid) {
  std::vector<std::string> broken;
  for (const Claim& claim : grid.experiment().claims) {
    if (!claim.must_hold) continue;
    const TestCase one = claim_case(grid, claim);
    if (one.result == TestCase::Result::failed) broken.push_back(claim.id + ": " + one.message);
  }
  return broken;
}

std::string to_benchmark_json(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Json list = Json::array();
  const auto add = [&list](Json one) {
    if (!one.is_null()) list.push_back(std::move(one));
  };
  for (const Choice& target : experiment.targets) {
    for (size_t i = 0; i < experiment.samplers.size(); ++i) {
      const std::string place =
          fmt::format("{}/{}/{}/", experiment.name, target.label, experiment.samplers[i].label);
      for (const std::string& metric : grid.quality_metrics())
        if (grid.better(metric) == "lower")
          add(measured(place + metric, grid.judged(target.label, metric)[i], metric));
      if (!experiment.samplers[i].trained_elsewhere())
        add(measured(place + kTrainCpu,
                     grid.score(target.label, experiment.samplers[i].label, quantity_named(kTrainCpu)),
                     "CPU seconds"));
    }
  }
  return list.empty() ? "" : list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_summary(const Document& document, size_t most) {
  Document shown = document;
  for (Section& section : shown.sections) section.figures.clear();
  std::erase_if(shown.sections, [](const Section& section) { return section.empty(); });
  std::vector<std::string> left_out;
  while (true) {
    std::string text = to_report(shown);
    if (!left_out.empty())
      text += fmt::format("\nLeft out, since a summary holds {} KiB: {}.\n", kMostSummary / 1024,
                          escape_markdown(fmt::format("{}", fmt::join(left_out, ", "))));
    if (text.size() <= most) return text;
    if (shown.sections.empty()) return "";
    cut(shown, left_out);
  }
}

size_t room_in_summary(const fs::path& file) {
  std::error_code unknown;
  if (fs::is_directory(file, unknown))
    throw InputError(fmt::format("--markdown {}: is a folder; a file is needed", file.string()));
  const uintmax_t size = fs::is_regular_file(file, unknown) ? fs::file_size(file, unknown) : 0;
  return size < kMostSummary ? kMostSummary - static_cast<size_t>(size) : 0;
}

void append_summary(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::app | std::ios::binary);
  stream << text;
  if (!stream.flush()) throw CannotWrite(errno, std::generic_category(), file.string());
}

}  // namespace samplerbench::harness::reporting
