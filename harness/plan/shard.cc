#include "harness/plan/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::harness {

Shard parse_shard(const std::string& text, const std::string& owner) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  const bool has_slash = index.ec == std::errc() && index.ptr != end && *index.ptr == '/';
  const auto count = std::from_chars(has_slash ? index.ptr + 1 : end, end, shard.count);
  if (!has_slash || count.ec != std::errc() || count.ptr != end || shard.index < 1 ||
      shard.count < shard.index)
    throw InputError(
        fmt::format("{} {}: I/N with 1 <= I <= N is needed, such as 1/4", owner, printable(text)));
  return shard;
}

std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard) {
  if (shard.count == 1) return jobs;
  const auto own = [&](size_t i) { return static_cast<int64_t>(i) % shard.count == shard.index - 1; };
  std::set<std::string> needed;
  for (size_t i = 0; i < jobs.size(); ++i)
    if (own(i) && jobs[i].work.needs_reference()) needed.insert(*jobs[i].work.reference);
  // A shard's own references first: shards that run at the same time begin with different ones.
  std::vector<Job> share, borrowed, others;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const bool is_reference = jobs[i].kind() == JobKind::reference;
    if (own(i))
      (is_reference ? share : others).push_back(std::move(jobs[i]));
    else if (needed.contains(jobs[i].key))
      borrowed.push_back(std::move(jobs[i]));
  }
  std::move(borrowed.begin(), borrowed.end(), std::back_inserter(share));
  std::move(others.begin(), others.end(), std::back_inserter(share));
  return share;
}

}  // namespace samplerbench::harness
