#include "core/rng.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include <set>

namespace samplerbench {
namespace {

const auto float64 = torch::TensorOptions().dtype(torch::kDouble);

TEST(Rng, SameSeedSameNumbersOtherSeedOthers) {
  Rng a(7), b(7), c(8);
  const Tensor x = a.normal({100}, float64);
  EXPECT_TRUE(torch::equal(x, b.normal({100}, float64)));
  EXPECT_FALSE(torch::equal(x, c.normal({100}, float64)));
}

TEST(Rng, SplittingDoesNotAdvanceTheParent) {
  Rng a(7), b(7);
  a.split("x").normal({10}, float64);
  a.split(3).normal({10}, float64);
  EXPECT_TRUE(torch::equal(a.normal({10}, float64), b.normal({10}, float64)));
}

TEST(Rng, ChildrenDifferByNameIndexAndParent) {
  const Rng root(0);
  std::set<uint64_t> keys{root.key(),
                          root.split("a").key(),
                          root.split("b").key(),
                          Rng(1).split("a").key(),
                          root.split("a").split("b").key(),
                          root.split("b").split("a").key()};
  for (uint64_t i = 0; i < 1000; ++i) keys.insert(root.split(i).key());
  EXPECT_EQ(keys.size(), 1006u);
}

TEST(Rng, TouchesNoGlobalGenerator) {
  auto global = at::globalContext().defaultGenerator(torch::kCPU);
  const Tensor before = global.get_state();
  Rng rng(3);
  rng.normal({10}, float64);
  rng.uniform({10}, float64);
  rng.integers(5, {10}, float64);
  rng.permutation(10);
  EXPECT_TRUE(torch::equal(before, global.get_state()));
}

// Of every size about those at which LibTorch changes its algorithm, and in one stream: also the state that a
// call leaves behind is the same.
template <class T>
void expect_plain_buffers_like_tensors() {
  Rng plain(7), tensor(7);
  for (const int64_t count : {1, 2, 3, 15, 16, 17, 31, 100, 1, 25}) {
    std::vector<T> normals(count), uniforms(count);
    plain.fill_normal(normals.data(), count);
    plain.fill_uniform(uniforms.data(), count);
    const Tensor expected_normals = tensor.normal({count}, c10::CppTypeToScalarType<T>::value);
    const Tensor expected_uniforms = tensor.uniform({count}, c10::CppTypeToScalarType<T>::value);
    for (int64_t i = 0; i < count; ++i) {
      EXPECT_EQ(normals[i], expected_normals[i].template item<T>()) << count;
      EXPECT_EQ(uniforms[i], expected_uniforms[i].template item<T>()) << count;
    }
  }
}

TEST(Rng, FillsPlainBuffersWithTheNumbersOfTensors) {
  expect_plain_buffers_like_tensors<float>();
  expect_plain_buffers_like_tensors<double>();
}

TEST(Rng, ScopedGlobalSeedSeedsAndRestores) {
  auto global = at::globalContext().defaultGenerator(torch::kCPU);
  const Tensor before = global.get_state();
  Tensor first, second;
  {
    const ScopedGlobalSeed seed(5);
    first = torch::randn({5});
  }
  EXPECT_TRUE(torch::equal(before, global.get_state()));
  {
    const ScopedGlobalSeed seed(5);
    second = torch::randn({5});
  }
  EXPECT_TRUE(torch::equal(first, second));
}

// Correlation of two children over n = 10^5 normals: |r| sqrt(n) is a standard normal, 4.9 has probability
// 1e-6.
TEST(Rng, ChildrenAreUncorrelated) {
  const int64_t n = 100000;
  const Rng root(0);
  const Tensor a = root.split("a").normal({n}, float64), b = root.split("b").normal({n}, float64);
  EXPECT_LT(std::abs((a * b).mean().item<double>()) * std::sqrt(static_cast<double>(n)), 4.9);
}

TEST(Rng, FillsInPlace) {
  Rng a(1), b(1);
  Tensor out = torch::empty({50}, float64);
  const void* data = out.data_ptr();
  a.fill_normal(out);
  EXPECT_EQ(out.data_ptr(), data);
  EXPECT_TRUE(torch::equal(out, b.normal({50}, float64)));
}

}  // namespace
}  // namespace samplerbench
