#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/job.h"

namespace samplerbench::harness {

// A fixed share of the jobs of an experiment: job i belongs to shard i mod count.
struct Shard {
  int64_t index = 1;  // 1 .. count
  int64_t count = 1;
};

// The shard that "2/4" stands for. Throws InputError; `owner` prefixes the message.
Shard parse_shard(const std::string& text, const std::string& owner);

// The jobs of a shard, and the reference posteriors that they need.
std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard);

}  // namespace samplerbench::harness
