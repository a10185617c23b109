#include "core/nets/schedule.h"

#include <gtest/gtest.h>

namespace samplerbench {
namespace {

TEST(Staircase, FallsAfterEachPassUpToTheMilestone) {
  const double expected[] = {1, 0.5, 0.25, 0.25, 0.25};
  for (int64_t passes = 0; passes < 5; ++passes) EXPECT_EQ(staircase(0.5, passes, 3), expected[passes]);
  EXPECT_EQ(staircase(0.5, 9, 1), 1);
  EXPECT_EQ(staircase(1, 9, 100), 1);
}

}  // namespace
}  // namespace samplerbench
