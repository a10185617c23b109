#include "harness/support/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::HasSubstr;

std::string complaint(const std::filesystem::path& path) {
  return testing::complaint([&] { read_npy(path); });
}

TEST(Npy, RoundTripsBothDtypesAndAnyShape) {
  const Scratch scratch;
  for (const auto dtype : {torch::kFloat, torch::kDouble})
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 2}, {7}, {2, 3, 4}, {0, 2}}) {
      const Tensor values =
          torch::arange(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()),
                        torch::TensorOptions(dtype))
              .reshape(shape);
      write_npy(scratch / "x.npy", values);
      EXPECT_TRUE(torch::equal(read_npy(scratch / "x.npy"), values.to(torch::kDouble)));
    }
}

TEST(Npy, AgreesWithNumPyBothWays) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  write_npy(scratch / "ours.npy", torch::tensor({{1.5, -2.0}, {3.25, 4.0}}, torch::kDouble));
  const auto ended = run("/usr/bin/python3", "-c \"import numpy as n; x = n.load('" + folder +
                                                 "/ours.npy'); "
                                                 "assert x.shape == (2, 2) and x[1, 0] == 3.25, x; "
                                                 "n.save('" +
                                                 folder +
                                                 "/theirs.npy', x.astype('f4')); "
                                                 "n.save('" +
                                                 folder +
                                                 "/fortran.npy', n.asfortranarray(x)); "
                                                 "n.save('" +
                                                 folder +
                                                 "/whole.npy', x.astype('i8')); "
                                                 "n.save('" +
                                                 folder + "/big.npy', x.astype('>f8'))\"");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(torch::equal(read_npy(scratch / "theirs.npy"), read_npy(scratch / "ours.npy")));
  EXPECT_THAT(complaint(scratch / "fortran.npy"), HasSubstr("ascontiguousarray"));
  EXPECT_THAT(complaint(scratch / "whole.npy"), HasSubstr("<i8"));
  EXPECT_THAT(complaint(scratch / "big.npy"), HasSubstr(">f8"));
}

TEST(Npy, RefusesDamage) {
  const Scratch scratch;
  write_npy(scratch / "x.npy", torch::zeros({10, 2}, torch::kDouble));
  const std::string bytes = slurp(scratch / "x.npy");
  for (const size_t length : {size_t{0}, size_t{5}, size_t{9}, size_t{40}, bytes.size() - 1}) {
    spit(scratch / "torn.npy", bytes.substr(0, length));
    EXPECT_NE(complaint(scratch / "torn.npy"), "") << length;
  }
  spit(scratch / "long.npy", bytes + "x");
  EXPECT_THAT(complaint(scratch / "long.npy"), HasSubstr("too many"));
  std::string huge = bytes;
  huge.replace(huge.find("(10, 2, )"), 9, "(9999999)");
  spit(scratch / "huge.npy", huge);
  EXPECT_THAT(complaint(scratch / "huge.npy"), HasSubstr("truncated"));
  const auto with_shape = [&](const std::string& shape) {
    std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }\n";
    const auto length = static_cast<char>(header.size() & 0xff), more = static_cast<char>(header.size() >> 8);
    spit(scratch / "odd.npy", std::string("\x93NUMPY\x01\0", 8) + length + more + header);
    return complaint(scratch / "odd.npy");
  };
  EXPECT_EQ(with_shape("0, 3"), "");
  EXPECT_THAT(with_shape("0, 999999999999999, 999999999999999"), HasSubstr("truncated"));
  std::string many = "0";
  for (int i = 0; i < 1000; ++i) many += ", 1";
  EXPECT_THAT(with_shape(many), HasSubstr("1001 dimensions"));
  EXPECT_THAT(with_shape(std::string(9000, ' ')), HasSubstr("truncated"));
  EXPECT_THAT(complaint(scratch / "absent.npy"), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace samplerbench::harness
