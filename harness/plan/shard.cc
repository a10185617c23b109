#include "harness/plan/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <map>
#include <queue>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/printable.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

// A job that is to be dealt out.
struct Dealt {
  double seconds;
  size_t sort;   // the same for jobs of one sampler and target
  size_t index;  // among the jobs

  bool comes_before(const Dealt& other) const {
    return std::tuple(-seconds, sort, index) < std::tuple(-other.seconds, other.sort, other.index);
  }
};

std::vector<Dealt> in_order_of_cost(const std::vector<Job>& jobs, const ExpectedCosts& costs) {
  std::map<std::pair<std::string, std::string>, size_t> sorts;
  std::vector<Dealt> order;
  order.reserve(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Work& work = jobs[i].work;
    const auto sort = sorts.try_emplace({work.target.label, work.sampler_label()}, sorts.size()).first;
    order.push_back({costs.seconds(work), sort->second, i});
  }
  std::sort(order.begin(), order.end(),
            [](const Dealt& one, const Dealt& other) { return one.comes_before(other); });
  return order;
}

// The jobs whose records these are, and the references that they need.
std::vector<Job> chosen(std::vector<Job> jobs, const std::set<std::string>& records) {
  const auto own = [&](const Job& job) { return records.contains(job.record.string()); };
  std::set<std::string> needed;
  for (const Job& job : jobs)
    if (own(job) && job.work.needs_reference()) needed.insert(*job.work.reference);
  // A shard's own references first: shards that run at the same time begin with different ones.
  std::vector<Job> share, borrowed, others;
  for (Job& job : jobs) {
    const bool is_reference = job.kind() == JobKind::reference;
    if (own(job))
      (is_reference ? share : others).push_back(std::move(job));
    else if (needed.contains(job.key))
      borrowed.push_back(std::move(job));
  }
  std::move(borrowed.begin(), borrowed.end(), std::back_inserter(share));
  std::move(others.begin(), others.end(), std::back_inserter(share));
  return share;
}

std::set<std::string> records_of(const Shares& shares, const Shard& shard) {
  const std::vector<std::string>& records = shares.records.at(static_cast<size_t>(shard.index - 1));
  return {records.begin(), records.end()};
}

}  // namespace

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

Shares deal(const std::vector<Job>& jobs, const ExpectedCosts& costs, int64_t count) {
  const auto shards = static_cast<size_t>(count);
  Shares shares{.records = std::vector<std::vector<std::string>>(shards),
                .seconds = std::vector<double>(shards)};
  using Load = std::tuple<double, size_t, size_t>;  // seconds and jobs of a share, and which it is
  std::priority_queue<Load, std::vector<Load>, std::greater<>> loads;
  for (size_t share = 0; share < shards; ++share) loads.emplace(0.0, 0, share);
  for (const Dealt& one : in_order_of_cost(jobs, costs)) {
    const auto [seconds, dealt, share] = loads.top();
    loads.pop();
    shares.records[share].push_back(jobs[one.index].record.string());
    shares.seconds[share] = seconds + one.seconds;
    loads.emplace(seconds + one.seconds, dealt + 1, share);
  }
  return shares;
}

Shares read_shares(const std::filesystem::path& file) {
  const std::string text = read_input(file);
  try {
    return from_json_of<Shares>(parse_json(text));
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: holds no shares as `samplerbench slurm` writes them: {}", file.string(),
                                 error.what()));
  }
}

std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard) {
  if (shard.count == 1) return jobs;
  // No more shares than jobs: the others are empty.
  const int64_t filled = std::min<int64_t>(shard.count, std::ssize(jobs));
  if (shard.index > filled) return {};
  const std::set<std::string> own = records_of(deal(jobs, ExpectedCosts(), filled), shard);
  return chosen(std::move(jobs), own);
}

std::vector<Job> share_of(std::vector<Job> jobs, const Shard& shard, const Shares& shares,
                          const std::string& owner) {
  if (shard.count != std::ssize(shares.records))
    throw InputError(fmt::format("{}: holds {} shares, and --shard asks for one of {}", owner,
                                 shares.records.size(), shard.count));
  const std::set<std::string> own = records_of(shares, shard);
  std::set<std::string> known;
  for (const Job& job : jobs) known.insert(job.record.string());
  for (const std::string& record : own)
    if (!known.contains(record))
      throw InputError(fmt::format("{}: names {}, and the experiment has no such run: the spec or its files "
                                   "have changed since; deal them out anew",
                                   owner, printable(record, 200)));
  return chosen(std::move(jobs), own);
}

}  // namespace samplerbench::harness
