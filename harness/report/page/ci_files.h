#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/page/document.h"

namespace samplerbench::harness::reporting {

// What a CI system shows of one check. All text is raw.
struct TestCase {
  enum class Result { passed, failed, skipped };

  std::string group;  // JUnit's classname
  std::string name;
  Result result = Result::passed;
  std::string message = {};  // of a case that did not pass
};

// JUnit XML of one suite. Cases of one group and name are numbered, since readers drop all but one of them;
// what XML 1.0 cannot hold becomes a space.
std::string to_junit(const std::string& suite, std::vector<TestCase> cases);

// Every claim, every run that did not finish or of which a metric failed, and one case for all runs together.
// A claim that is not reproduced fails where it must hold, and is skipped with its verdict else.
std::vector<TestCase> test_cases(const Grid& grid);

// Claims that must hold and are not reproduced, a line each: "ID: VERDICT: TEXT".
std::vector<std::string> broken_claims(const Grid& grid);

// The list that github-action-benchmark reads as customSmallerIsBetter, named
// experiment/target/sampler/metric: cells that every seed gave a value, of metrics of quality of which lower
// is better and whose mean is positive, and seconds of CPU. Names are as inert() has them. Empty where there
// is no such cell, since a reader refuses an empty list.
std::string to_benchmark_json(const Grid& grid);

// The document without its figures, at most `most` bytes: what does not fit is left out from the end, section
// by section, and named.
std::string to_summary(const Document& document, size_t most);

// The most that a job summary takes, 1,024 KiB.
inline constexpr size_t kMostSummary = 1024 * 1024;

// Bytes that are left in the file that a summary is appended to. Throws InputError where it cannot be a file.
size_t room_in_summary(const std::filesystem::path& file);

// Throws CannotWrite.
void append_summary(const std::filesystem::path& file, const std::string& text);

}  // namespace samplerbench::harness::reporting
