#include "harness/plan/shard.h"

#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "core/error.h"

namespace samplerbench::harness {

Shard parse_shard(const std::string& text, const std::string& owner) {
  int64_t index = 0, count = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%ld/%ld%c", &index, &count, &rest) != 2 || index < 1 || count < index)
    throw InputError(fmt::format("{} {}: I/N with 1 <= I <= N is needed, such as 1/4", owner, text));
  return {index, count};
}

std::vector<Job> share_of(const std::vector<Job>& jobs, const Shard& shard) {
  const auto own = [&](size_t i) { return static_cast<int64_t>(i) % shard.count == shard.index - 1; };
  std::set<std::string> needed;
  for (size_t i = 0; i < jobs.size(); ++i)
    if (own(i) && jobs[i].work.needs_reference()) needed.insert(*jobs[i].work.reference);
  // A shard's own references first: shards that run at the same time begin with different ones.
  std::vector<Job> share, borrowed, others;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const bool is_reference = jobs[i].kind() == JobKind::reference;
    if (own(i))
      (is_reference ? share : others).push_back(jobs[i]);
    else if (needed.contains(jobs[i].key))
      borrowed.push_back(jobs[i]);
  }
  share.insert(share.end(), borrowed.begin(), borrowed.end());
  share.insert(share.end(), others.begin(), others.end());
  return share;
}

}  // namespace samplerbench::harness
