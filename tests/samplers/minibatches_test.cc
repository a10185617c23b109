#include <gtest/gtest.h>

#include "tests/samplers/fixtures.h"

namespace samplerbench::testing {
namespace {

// A normal density that says which share of its data an evaluation reads.
class SharedNormal : public targets::Target {
 public:
  explicit SharedNormal(double share) : share_(share) {}
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return -x.square().sum(1) / 2; }
  double data_share() const override { return share_; }

 private:
  double share_;
};

TEST(Minibatches, AreRefusedWhereDensitiesAreCompared) {
  const SharedNormal minibatch(0.1), all(1), none(0);
  for (const std::string name :
       {"ais", "chees", "cmcd", "dds", "dis", "fab", "gmmvi", "hmc", "mala", "mams", "mclmc", "nuts", "osds",
        "parallel-tempering", "pathfinder", "pis", "smc"}) {
    EXPECT_THROW(make_sampler(name, Json::object(), minibatch), InputError) << name;
    EXPECT_NO_THROW(make_sampler(name, Json::object(), all)) << name;
    EXPECT_NO_THROW(make_sampler(name, Json::object(), none)) << name;
  }
  for (const std::string name : {"sgld", "ula", "svgd", "dsvi", "dft"})
    EXPECT_NO_THROW(make_sampler(name, Json::object(), minibatch)) << name;
}

}  // namespace
}  // namespace samplerbench::testing
