#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "harness/plan/expected_costs.h"
#include "harness/plan/job.h"

namespace samplerbench::harness {

// One of the shares into which the jobs of an experiment are dealt.
struct Shard {
  int64_t index = 1;  // 1 .. count
  int64_t count = 1;
};

// The shard that "2/4" stands for. Throws InputError; `owner` prefixes the message.
Shard parse_shard(const std::string& text, const std::string& owner);

// Jobs that were dealt out once, for processes that are to agree on it while records come in.
struct Shares {
  std::vector<std::vector<std::string>> records;  // by shard: paths below the results folder, which name jobs
  std::vector<double> seconds;                    // by shard: expected, one job after another

  static auto fields() {
    return std::tuple{field("records", &Shares::records), field("seconds", &Shares::seconds)};
  }
};

// Deals the jobs out: the dearest first, each to the share that has least to do so far. The longest share
// then takes at most 4/3 of the least that is possible (Graham 1969, Bounds on Multiprocessing Timing
// Anomalies). Of jobs of equal cost, those of one sampler and target come one after another, so that shares
// have equally many of them.
Shares deal(const std::vector<Job>& jobs, const ExpectedCosts& costs, int64_t count);

// The shares in a file, which `json_of` wrote. Throws InputError that names the file.
Shares read_shares(const std::filesystem::path& file);

// The jobs of a shard, and the reference posteriors that they need. The shares are dealt by budgets alone,
// and so are the same at any time and on any machine.
std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard);

// The same of shares that were dealt before, perhaps of some of the jobs. Throws InputError, which `owner`
// begins, where they are not as many as the shard says, or name what is not among the jobs.
std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard, const Shares& shares,
                          const std::string& owner);

}  // namespace samplerbench::harness
