#include "samplers/mcmc/chain_history.h"

#include <gtest/gtest.h>

namespace samplerbench::testing {
namespace {

using samplers::ChainHistory;

// Two chains in one dimension that sit at t and -t after transition t.
Tensor state_at(int64_t t) {
  return torch::tensor({static_cast<double>(t), -static_cast<double>(t)}).unsqueeze(1);
}

std::vector<int64_t> times(const ChainHistory& history) {
  const Tensor first = history.kept().select(1, 0).flatten().to(torch::kLong).contiguous();
  return {first.data_ptr<int64_t>(), first.data_ptr<int64_t>() + first.numel()};
}

ChainHistory after(int64_t transitions, int64_t capacity) {
  ChainHistory history(state_at(0), capacity);
  for (int64_t t = 1; t <= transitions; ++t) history.record(state_at(t));
  return history;
}

TEST(ChainHistory, KeepsTheLaterHalf) {
  EXPECT_EQ(times(after(0, 8)), (std::vector<int64_t>{0}));
  EXPECT_EQ(times(after(1, 8)), (std::vector<int64_t>{1}));
  EXPECT_EQ(times(after(5, 8)), (std::vector<int64_t>{3, 4, 5}));
}

TEST(ChainHistory, ThinsEvenlyAndStaysBounded) {
  for (const int64_t transitions : {7, 8, 100, 1000, 4321}) {
    const std::vector<int64_t> kept = times(after(transitions, 8));
    ASSERT_GE(kept.size(), 2u) << transitions;
    ASSERT_LE(kept.size(), 4u) << transitions;
    const int64_t stride = kept[1] - kept[0];
    for (size_t i = 1; i < kept.size(); ++i) EXPECT_EQ(kept[i] - kept[i - 1], stride) << transitions;
    EXPECT_GE(kept.front(), transitions / 2 - stride) << transitions;
    EXPECT_GT(kept.back(), transitions - stride) << transitions;
  }
}

TEST(ChainHistory, BeginsAnewWhenToldTo) {
  ChainHistory history = after(1000, 8);
  history.restart(state_at(1000));
  EXPECT_EQ(times(history), (std::vector<int64_t>{1000}));
  history.record(state_at(1001));
  history.record(state_at(1002));
  EXPECT_EQ(times(history), (std::vector<int64_t>{1001, 1002}));
}

// Five kept states (times 5 to 9) of two chains: ten distinct numbers.
TEST(ChainHistory, DrawsWithoutReplacementWhileItCan) {
  const ChainHistory history = after(9, 100);
  Rng rng(1);
  EXPECT_EQ(std::get<0>(torch::_unique(history.draw(10, rng))).numel(), 10);
  EXPECT_EQ(std::get<0>(torch::_unique(history.draw(4, rng))).numel(), 4);
  const Tensor counts = std::get<2>(torch::_unique2(history.draw(27, rng), true, false, true));
  EXPECT_EQ(counts.numel(), 10);
  EXPECT_EQ(counts.min().item<int64_t>(), 2);
  EXPECT_EQ(counts.max().item<int64_t>(), 3);
}

TEST(ChainHistory, TakesNoMoreMemoryThanItsBound) {
  ChainHistory history(torch::zeros({1000, 784}), 1000000);
  for (int64_t t = 0; t < 100; ++t) history.record(torch::zeros({1000, 784}));
  EXPECT_LE(history.kept().storage().nbytes(), size_t{128} << 20);
}

}  // namespace
}  // namespace samplerbench::testing
