#include "harness/spec/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace samplerbench::harness {
namespace {

constexpr int64_t kDefaultSeeds = 3;
constexpr int64_t kMostSeeds = 1000000;  // and the largest seed

bool is_whole_number(const Json& value, int64_t least) {
  return value.is_number_integer() && value.get<int64_t>() >= least && value.get<int64_t>() <= kMostSeeds;
}

bool is_list_of_seeds(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& one) { return is_whole_number(one, 0); });
}

}  // namespace

std::vector<uint64_t> read_seeds(TomlTable& spec) {
  const Json value = spec.member_or("seeds", kDefaultSeeds);
  std::vector<uint64_t> seeds;
  if (is_whole_number(value, 1)) {
    seeds.resize(value.get<size_t>());
    std::iota(seeds.begin(), seeds.end(), uint64_t{0});
  } else if (is_list_of_seeds(value)) {
    seeds = value.get<std::vector<uint64_t>>();
    if (std::set<uint64_t>(seeds.begin(), seeds.end()).size() != seeds.size())
      spec.fail("seeds", fmt::format("= {}: a seed stands there twice, and would count twice", value.dump()));
  } else {
    spec.fail("seeds", fmt::format("= {}: needs a count of 1 to {}, or a list of seeds of 0 to {}",
                                   value.dump(), kMostSeeds, kMostSeeds));
  }
  return seeds;
}

}  // namespace samplerbench::harness
