#include <gmock/gmock.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "samplers/affine_sampler.h"
#include "samplers/neural/fisher_loss.h"
#include "samplers/neural/moving_coordinates.h"
#include "targets/affine_target.h"
#include "targets/fisher_fit.h"
#include "targets/metered_target.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using targets::AffineMap;
using targets::AffineTarget;

Tensor numbers(at::IntArrayRef sizes, uint64_t seed) { return Rng(seed).normal(sizes, torch::kDouble); }

AffineMap some_map(int64_t dim, uint64_t seed) {
  const Tensor root = numbers({dim, dim}, seed);
  return {.mean = numbers({dim}, seed + 1),
          .factor = at::linalg_cholesky(root.mm(root.t()) + 0.3 * torch::eye(dim, torch::kDouble))};
}

std::unique_ptr<samplers::Sampler> in_coordinates(const std::string& name, const Json& options,
                                                  const AffineTarget& target, const AffineMap& map,
                                                  int64_t steps = 10) {
  return std::make_unique<samplers::AffineSampler>(make_sampler(name, options, target, steps), map);
}

Tensor draws_after(samplers::Sampler& sampler, int64_t steps) {
  Rng rng(7);
  for (int64_t i = 0; i < steps; ++i) sampler.step(rng);
  return sampler.draw(20, rng);
}

// A sampler in the coordinates of a map m on q, and one in those of A m on q moved by A: the same random
// numbers give the draws moved by A.
TEST(AffineSampler, IsEquivariantUnderAffineMaps) {
  const targets::Problem problem = make_problem("squiggle");
  const AffineMap moved = some_map(2, 3), map = some_map(2, 5);
  // x = moved(y) has the density of squiggle, so y has that of this target.
  const AffineTarget other(*problem.target, moved);
  const Tensor inverse = at::linalg_inv(moved.factor);
  const AffineMap other_map{.mean = inverse.mv(map.mean - moved.mean), .factor = inverse.mm(map.factor)};
  const AffineTarget seen(*problem.target, map), other_seen(other, other_map);
  const Json small{{"batch", 32}, {"width", 16}, {"score_width", 16}};
  for (const auto& [name, options] : std::vector<std::pair<std::string, Json>>{
           {"dft", small}, {"kl", small}, {"ula", {{"chains", 20}}}, {"hmc", {{"chains", 20}}}}) {
    const Tensor draws = draws_after(*in_coordinates(name, options, seen, map), 3);
    const Tensor others = draws_after(*in_coordinates(name, options, other_seen, other_map), 3);
    EXPECT_LT((other.map(others) - draws).abs().max().item<double>(), 1e-8) << name;
    EXPECT_GT((others - draws).abs().max().item<double>(), 1e-2) << name;
  }
}

TEST(AffineSampler, MapsChainsAndDensitiesBack) {
  const targets::Problem problem = make_problem("gaussian");
  const AffineMap map = some_map(2, 9);
  const AffineTarget seen(*problem.target, map);
  const auto inner = make_sampler("ula", {{"chains", 5}}, seen);
  const auto outer = in_coordinates("ula", {{"chains", 5}}, seen, map);
  draws_after(*inner, 6), draws_after(*outer, 6);
  EXPECT_TRUE(
      torch::allclose(seen.map(inner->chains()->reshape({-1, 2})), outer->chains()->reshape({-1, 2})));
  EXPECT_FALSE(outer->log_density());

  // Integrates to 1: the mean of p over q at exact draws of q.
  const auto flow = in_coordinates("coupling-flow", {{"batch", 16}}, seen, map);
  draws_after(*flow, 3);
  Rng rng(11);
  const Tensor wide = 8 * rng.normal({20000, 2}, torch::kDouble) + map.mean;
  const Tensor log_wide = -((wide - map.mean) / 8).square().sum(1) / 2 - std::log(2 * M_PI * 64);
  EXPECT_TRUE(mean_is((flow->log_density()(wide) - log_wide).exp(), 1.0));
}

// Of a normal law, whose scores in x are known from its moments.
TEST(AffineSampler, MapsScoresBack) {
  const targets::Problem problem = make_problem("gaussian");
  const AffineMap map = some_map(2, 9);
  const AffineTarget seen(*problem.target, map);
  EXPECT_FALSE(in_coordinates("ula", {{"chains", 5}}, seen, map)->law_score());
  const auto laplace = in_coordinates("laplace", Json::object(), seen, map);
  draws_after(*laplace, 1);
  Rng rng(11);
  const Tensor x = rng.normal({20, 2}, torch::kDouble);
  EXPECT_TRUE(torch::allclose(laplace->law_score()(x), problem.target->value_and_score(x).score, 1e-8, 1e-8));
}

// The volume is known, and so is log Z in x.
TEST(AffineSampler, AddsTheVolumeOfItsMapToLogZ) {
  const targets::Problem problem = make_problem("gaussian");
  const AffineMap map = AffineMap::scaled(2, 2);
  const AffineTarget seen(*problem.target, map);
  const auto inner = make_sampler("smc", {{"particles", 50}}, seen);
  const auto outer = in_coordinates("smc", {{"particles", 50}}, seen, map);
  EXPECT_FALSE(outer->log_z());
  draws_after(*inner, 100), draws_after(*outer, 100);
  ASSERT_TRUE(inner->log_z() && outer->log_z());
  EXPECT_NEAR(outer->log_z()->value, inner->log_z()->value + 2 * std::log(2.0), 1e-12);
  EXPECT_EQ(outer->log_z()->standard_error, inner->log_z()->standard_error);
  const double truth = *problem.reference.log_z, allowed = z_bound() * outer->log_z()->standard_error;
  EXPECT_LT(std::abs(outer->log_z()->value - truth), allowed);
  EXPECT_GT(std::abs(inner->log_z()->value - truth), allowed);
}

TEST(AffineSampler, IsDrawnFromAgainAfterSaving) {
  const targets::Problem problem = make_problem("gaussian");
  const AffineMap map = some_map(2, 9), identity = AffineMap::scaled(2, 1);
  const AffineTarget seen(*problem.target, map), plain(*problem.target, identity);
  const auto sampler = in_coordinates("kl", {{"batch", 16}}, seen, map);
  draws_after(*sampler, 3);
  Archive archive;
  sampler->save(archive);
  const auto loaded = in_coordinates("kl", {{"batch", 16}}, plain, identity);
  loaded->load(archive);
  Rng first(3), second(3);
  EXPECT_TRUE(torch::equal(sampler->draw(9, first), loaded->draw(9, second)));
  EXPECT_EQ(identity.mean.abs().max().item<double>(), 0);  // the caller's map stays
  EXPECT_THROW(loaded->load(Archive()), InputError);
}

// A normal law of condition number 1e6 in ten dimensions, its mean up to 100 deviations away.
FunctionTarget stiff(const Tensor& mean, const Tensor& covariance) {
  return {mean.size(0), [mean, precision = at::linalg_inv(covariance)](const Tensor& x) {
            const Tensor u = x - mean.to(x.scalar_type());
            return -(u.mm(precision.to(x.scalar_type())) * u).sum(1) / 2;
          }};
}

Tensor stiff_covariance() {
  const Tensor axes = std::get<0>(at::linalg_qr(numbers({10, 10}, 21)));
  return (axes * torch::logspace(-4, 2, 10, 10, torch::kDouble)).mm(axes.t());
}

// From narrow and wide starts the fit comes to the normal law itself, for D + 8 scores a round.
TEST(FisherFit, FindsANormalLaw) {
  const Tensor mean = numbers({10}, 22), covariance = stiff_covariance();
  const FunctionTarget target = stiff(mean, covariance);
  for (const double start : {0.3, 1.0, 3.0}) {
    Meter meter;
    const targets::MeteredTarget metered(target, meter);
    Rng rng(23);
    const AffineMap map = targets::fisher_fit(metered, start, rng, {.rounds = 25});
    EXPECT_EQ(meter.score.load(), 25 * 18);
    const AffineMap truth{mean, at::linalg_cholesky(covariance)};
    EXPECT_LT(truth.coordinates_of(map.mean.unsqueeze(0)).norm().item<double>(), 1e-2) << start;
    const Tensor between = at::linalg_inv(truth.factor).mm(map.factor);
    EXPECT_LT((between.mm(between.t()) - torch::eye(10, torch::kDouble)).abs().max().item<double>(), 1e-2)
        << start;
  }
}

// Points whose score is not finite are left out; where most are, the fit says so.
TEST(FisherFit, SaysWhereScoresAreNotFinite) {
  const FunctionTarget nowhere(2, [](const Tensor& x) { return (x - 1e3).sqrt().sum(1); });
  const FunctionTarget mostly(
      2, [](const Tensor& x) { return (x.select(1, 0) + 1).sqrt() - x.square().sum(1); });
  Rng rng(24);
  EXPECT_THROW(targets::fisher_fit(nowhere, 1, rng), Diverged);
  EXPECT_NO_THROW(targets::fisher_fit(mostly, 1, rng, {.rounds = 1, .points = 200}));
}

// Until the first fit the training is the same; the fit itself leaves the law of the draws, live and
// averaged, as it is.
TEST(MovingCoordinates, LeaveTheLawOfTheDraws) {
  const Tensor mean = numbers({10}, 22), covariance = stiff_covariance();
  const FunctionTarget target = stiff(mean, covariance);
  const Json small{{"batch", 32}, {"width", 16}, {"score_width", 16}, {"draw_noise", false}};
  for (const std::string name : {"dft", "kl"}) {
    Json moving = small;
    moving["refits"] = 2;
    const auto stays = make_sampler(name, small, target, 100),
               moves = make_sampler(name, moving, target, 100);
    const Tensor draws = draws_after(*moves, 25);
    draws_after(*stays, 25);
    Rng drawing(8), again(8);
    EXPECT_TRUE(torch::allclose(stays->draw(20, drawing), moves->draw(20, again), 1e-7, 1e-7)) << name;
    EXPECT_TRUE(draws.isfinite().all().item<bool>());

    Archive archive;
    moves->save(archive);
    const auto loaded = make_sampler(name, moving, target, 100);
    loaded->load(Archive::parse(archive.serialise(), "a test"));
    Rng third(9), fourth(9);
    EXPECT_TRUE(torch::equal(moves->draw(20, third), loaded->draw(20, fourth))) << name;
    EXPECT_FALSE(moves->score_model());
    EXPECT_TRUE(stays->score_model());
  }
}

TEST(MovingCoordinates, NeedADenseLastLayer) {
  const FunctionTarget target = standard_normal(16);
  EXPECT_THROW(make_sampler("kl", {{"batch", 16}, {"output", "sigmoid"}, {"refits", 1}}, target, 100),
               InputError);
}

// Points that follow the changes see a Gaussian of condition number 1e6 as one of 1, after a few fits.
TEST(MovingCoordinates, TakeTheShapeOfAGaussian) {
  const Tensor mean = numbers({10}, 22), covariance = stiff_covariance();
  const FunctionTarget target = stiff(mean, covariance);
  samplers::MovingCoordinates coordinates(
      target, Options(samplers::MovingCoordinates::options(), {{"refits", 9}}, "a test"));
  std::vector<samplers::MovingCoordinates::Change> changes;
  const auto condition = [&] {
    const Tensor eye = torch::eye(10, torch::kDouble), zero = torch::zeros({1, 10}, torch::kDouble);
    const Tensor l = (coordinates.map(eye) - coordinates.map(zero)).t();
    const Tensor curvatures = at::linalg_eigvalsh(l.t().mm(at::linalg_inv(covariance)).mm(l));
    return (curvatures.max() / curvatures.min()).item<double>();
  };
  EXPECT_NEAR(condition(), 1e6, 10);
  for (int fit = 0; fit < 9; ++fit) {
    Tensor z = numbers({coordinates.points(), 10}, 50 + fit);
    for (const auto& change : changes) z = (z - change.shift).mm(change.matrix.t());
    changes.push_back(coordinates.fit(z));
  }
  EXPECT_LT(condition(), 4);
}

// The Fisher divergence in the metric M = L L': draws x0 = A w in coordinates y, noised by sigma, x = L y.
// Its gradient in A by finite differences of the closed form is that of the loss; scores are linear, so that
// the rule of nodes +-1 is exact.
TEST(AffineLoss, GradientIsThatOfTheFisherDivergenceInItsMetric) {
  const AffineMap map = some_map(2, 31);
  const Tensor wide = some_map(2, 33).factor, target_covariance = wide.mm(wide.t());
  const FunctionTarget inner(2, [precision = at::linalg_inv(target_covariance), &map](const Tensor& x) {
    const Tensor u = x - map.mean;
    return -(u.mm(precision) * u).sum(1) / 2;
  });
  const AffineTarget target(inner, map);
  const double sigma = 0.4;
  const Tensor metric = map.factor.mm(map.factor.t()), eye = torch::eye(2, torch::kDouble);
  const auto divergence = [&](const Tensor& a) {
    const Tensor root = map.factor.mm(a), covariance = root.mm(root.t()) + sigma * sigma * metric;
    const Tensor gap = at::linalg_inv(target_covariance) - at::linalg_inv(covariance);
    return metric.mm(gap).mm(covariance).mm(gap).trace().item<double>();
  };
  const Tensor a = numbers({2, 2}, 35).requires_grad_();
  std::vector<Tensor> nodes;
  for (int i = 0; i < 16; ++i)
    nodes.push_back(torch::tensor(
        {i & 1 ? 1.0 : -1.0, i & 2 ? 1.0 : -1.0, i & 4 ? 1.0 : -1.0, i & 8 ? 1.0 : -1.0}, torch::kDouble));
  const Tensor grid = torch::stack(nodes), w = grid.narrow(1, 0, 2), e = grid.narrow(1, 2, 2).contiguous();
  const Tensor own = (a.mm(a.t()) + sigma * sigma * eye).detach();
  const samplers::NoisedPoints at{w.mm(a.t()) + sigma * e, e, torch::full({16, 1}, sigma, torch::kDouble)};
  Rng rng(36);
  const auto model_score = [&](const Tensor& y) { return -y.mm(at::linalg_inv(own)); };
  const auto gradient = [&](samplers::FisherGradient kind) {
    const Tensor loss = samplers::FisherLoss({.gradient = kind})
                            .rows(
                                at, [&](const Tensor& y) { return target.score(y); }, model_score, rng)
                            .mean();
    return torch::autograd::grad({loss}, {a}, {}, /*retain_graph=*/true)[0];
  };
  Tensor truth = torch::empty({2, 2}, torch::kDouble);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j) {
      Tensor above = a.detach().clone(), below = above.clone();
      above[i][j] += 1e-5, below[i][j] -= 1e-5;
      truth[i][j] = (divergence(above) - divergence(below)) / 2e-5;
    }
  EXPECT_TRUE(torch::allclose(gradient(samplers::FisherGradient::full), truth, 1e-6, 1e-6));
  EXPECT_FALSE(torch::allclose(gradient(samplers::FisherGradient::through_sample), truth, 1e-3, 1e-3));
}

TEST(NormalLaws, AreExactOnANormalTarget) {
  const Tensor mean = numbers({10}, 22), covariance = stiff_covariance();
  const FunctionTarget target = stiff(mean, covariance);
  const AffineMap truth{mean, at::linalg_cholesky(covariance)};
  for (const auto& [name, steps] : {std::pair("gaussian-fisher", 25), std::pair("laplace", 1)}) {
    const auto sampler = make_sampler(name, Json::object(), target);
    Rng rng(25);
    for (int i = 0; i < steps; ++i) sampler->step(rng);
    const Tensor z = truth.coordinates_of(sampler->draw(20000, rng));
    EXPECT_TRUE(mean_is(z, torch::zeros({10}, torch::kDouble) + 0)) << name;
    EXPECT_TRUE(mean_is(z.square(), torch::ones({10}, torch::kDouble))) << name;
    const Tensor x = mean + numbers({5, 10}, 26).mm(truth.factor.t());
    const Tensor exact =
        -truth.coordinates_of(x).square().sum(1) / 2 - truth.log_determinant() - 5 * std::log(2 * M_PI);
    EXPECT_LT((sampler->log_density()(x) - exact).abs().max().item<double>(), 0.1) << name;
  }
}

}  // namespace
}  // namespace samplerbench::testing
