#include <cmath>

#include "targets/diffusion/diffused_target.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// Targets and references with one thing wrong each: the conformance checks must refuse them.
namespace samplerbench::testing {
namespace {

using targets::ValueAndScore;

// The funnel without the log-Jacobian -(D-1) v/2 of its scale: density and score agree with each other, not
// with the draws.
class FunnelWithoutJacobian : public Target {
 public:
  explicit FunnelWithoutJacobian(const Target& funnel) : funnel_(funnel) {}
  int64_t dim() const override { return funnel_.dim(); }
  Tensor log_density(const Tensor& x) const override {
    return funnel_.log_density(x) + x.select(1, 0) * (0.5 * static_cast<double>(dim() - 1));
  }

 private:
  const Target& funnel_;
};

// Passes everything on but the score, which a child spoils.
class Spoiled : public Target {
 public:
  explicit Spoiled(const Target& inner) : inner_(inner) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x); }

 protected:
  const Target& inner_;
};

class ScaledScore : public Spoiled {
 public:
  using Spoiled::Spoiled;
  Tensor score(const Tensor& x) const override { return inner_.score(x) * 1.0001; }
};

class DetachedScore : public Spoiled {
 public:
  using Spoiled::Spoiled;
  Tensor score(const Tensor& x) const override { return inner_.score(x.detach()) + 0 * x; }
};

class StaleValue : public Spoiled {
 public:
  using Spoiled::Spoiled;
  ValueAndScore value_and_score(const Tensor& x) const override {
    return {inner_.log_density(x.detach()) + 1, inner_.score(x.detach())};
  }
};

class CoupledRows : public Spoiled {
 public:
  using Spoiled::Spoiled;
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x) - 1e-3 * x.mean(); }
};

// Loses digits to a large constant, which only float32 notices.
class Cancelling : public Spoiled {
 public:
  using Spoiled::Spoiled;
  Tensor log_density(const Tensor& x) const override { return (inner_.log_density(x) + 3e5) - 3e5; }
};

// A blur that forgets that the density's height changes too.
class UnscaledBlur : public Spoiled {
 public:
  using Spoiled::Spoiled;
  std::unique_ptr<Target> noised_exactly(const Tensor&) const override {
    return std::make_unique<Spoiled>(inner_);
  }
};

class NegativeControls : public ::testing::Test {
 protected:
  Tensor draws(const Problem& problem, int64_t n = 100000) const {
    Rng rng(31);
    return problem.reference.exact_draws(n, rng);
  }

  Problem gaussian_ = make_problem("gaussian");
  Tensor points_ = examined_points(gaussian_, 100);
};

TEST_F(NegativeControls, MissingJacobian) {
  for (const char* name : {"funnel", "funnel-10"}) {
    const Problem funnel = make_problem(name);
    const FunnelWithoutJacobian wrong(*funnel.target);
    const Tensor x = draws(funnel);
    EXPECT_TRUE(score_is_gradient(wrong, examined_points(funnel, 100)));
    EXPECT_FALSE(stein_identities_hold(x, wrong.score(x)));
    EXPECT_TRUE(stein_identities_hold(x, funnel.target->score(x)));
    if (wrong.dim() == 2) {
      EXPECT_FALSE(integral_agrees(wrong, *funnel.reference.log_z, x));
    }
  }
}

TEST_F(NegativeControls, ScaledScore) {
  EXPECT_FALSE(score_is_gradient(ScaledScore(*gaussian_.target), points_));
}

TEST_F(NegativeControls, DetachedScore) {
  EXPECT_FALSE(hessian_vector_products_agree(DetachedScore(*gaussian_.target), points_));
}

TEST_F(NegativeControls, StaleValue) {
  EXPECT_FALSE(value_and_score_agrees(StaleValue(*gaussian_.target), points_));
}

TEST_F(NegativeControls, CoupledRows) {
  EXPECT_FALSE(rows_are_independent(CoupledRows(*gaussian_.target), points_));
}

TEST_F(NegativeControls, Cancelling) {
  EXPECT_FALSE(single_precision_agrees(Cancelling(*gaussian_.target), points_));
}

TEST_F(NegativeControls, UnscaledBlur) {
  EXPECT_FALSE(exact_blur_agrees(UnscaledBlur(*gaussian_.target), points_));
}

// The score at another time of the forward process, and one at points that are not stretched by e^t.
TEST_F(NegativeControls, WrongDiffusion) {
  Rng rng(32);
  const Tensor x = diffused_draws(draws(gaussian_), 0.7, rng);
  const auto law = targets::diffused_exactly(*gaussian_.target, 0.7);
  EXPECT_TRUE(stein_identities_hold(x, law->score(x)));
  EXPECT_FALSE(stein_identities_hold(x, targets::diffused_exactly(*gaussian_.target, 1.0)->score(x)));
  EXPECT_FALSE(stein_identities_hold(x, law->score(std::exp(-0.7) * x)));
}

TEST_F(NegativeControls, DrawsTooWide) {
  const Tensor x = draws(gaussian_) * 1.03;
  EXPECT_FALSE(stein_identities_hold(x, gaussian_.target->score(x)));
  EXPECT_FALSE(moments_agree(*gaussian_.reference.moments, x));
}

TEST_F(NegativeControls, WrongLogZ) {
  EXPECT_FALSE(integral_agrees(*gaussian_.target, *gaussian_.reference.log_z + 1e-5, draws(gaussian_)));
}

// What Stein's identities barely see, the marginal and the mode weights do.
TEST_F(NegativeControls, WrongModeWeights) {
  const Problem far = make_problem("mog2-far");
  Tensor x = draws(far);
  x.slice(0, 0, 4000).select(1, 0).abs_();
  EXPECT_FALSE(modes_agree(*far.reference.modes, x));
  EXPECT_FALSE(
      integral_agrees(*far.target, *far.reference.log_z, x.index_select(0, Rng(1).permutation(x.size(0)))));
}

TEST_F(NegativeControls, DrawsFromTheGlobalGenerator) {
  Reference reference;
  reference.exact_draws = [](int64_t n, Rng&) { return torch::randn({n, 2}, torch::kDouble); };
  EXPECT_FALSE(draws_are_reproducible(reference, 2));
  const ScopedGlobalSeed restored(0);
  reference.exact_draws = [](int64_t n, Rng& rng) {
    torch::rand({1});
    return rng.normal({n, 2}, torch::kDouble);
  };
  EXPECT_FALSE(draws_are_reproducible(reference, 2));
}

}  // namespace
}  // namespace samplerbench::testing
