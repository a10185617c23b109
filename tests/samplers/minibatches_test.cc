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

std::unique_ptr<samplers::Sampler> make_sampler(const std::string& name, const targets::Target& target) {
  const auto& entry = all_samplers().at(name);
  const Rng init(1);
  return entry.make({.target = target,
                     .options = Options(entry.options, Json::object(), name),
                     .init = init,
                     .placement = torch::kDouble,
                     .planned_steps = 10});
}

TEST(Minibatches, AreRefusedWhereProposalsAreAcceptedOrRefused) {
  const SharedNormal minibatch(0.1), all(1), none(0);
  for (const std::string name : {"hmc", "mala", "nuts"}) {
    EXPECT_THROW(make_sampler(name, minibatch), InputError) << name;
    EXPECT_NO_THROW(make_sampler(name, all)) << name;
    EXPECT_NO_THROW(make_sampler(name, none)) << name;
  }
  for (const std::string name : {"sgld", "ula", "svgd", "dsvi", "dft"})
    EXPECT_NO_THROW(make_sampler(name, minibatch)) << name;
}

}  // namespace
}  // namespace samplerbench::testing
