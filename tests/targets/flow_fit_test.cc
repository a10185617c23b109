#include "targets/flow/flow_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "targets/energy/image_data.h"
#include "targets/energy/model_fits.h"
#include "targets/flow/flow_model.h"
#include "tests/complaint.h"
#include "tests/targets/fits.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::train;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::unique_ptr<ModelFit> make_flow_fit(Json options) {
  options["data"] = "strokes";
  return samplerbench::testing::make_fit("energy-flow", options, 40);
}

Tensor averaged_weights(const ModelFit& fit) { return fit.model().get("weights"); }

// The figures of a new flow, W = -I and b = 1, written down again: y the logits over alpha, u = 1 - f(1 - y),
// and the log derivative of each of the three maps. W has a determinant of 1.
TEST(EnergyFlow, FiguresOfANewFlowAreThoseOfTheFormula) {
  const Json figures = make_flow_fit({{"alpha", 0.5}})->evaluate();
  const Tensor images = load_images("strokes", no_data_files()).test.to(torch::kFloat);
  Rng rng = Rng(0).split("dequantisation test");
  double sum = 0;
  for (int64_t begin = 0; begin < 10000; begin += 1000) {
    const Tensor noise = rng.uniform({1000, 784}, torch::kFloat);
    const Tensor z = ((images.slice(0, begin, begin + 1000) + noise) / 256 + 1e-6) * (1 - 2e-6);
    const Tensor h = 1 - 2 * (z / (1 - z)).log(), u = 1 - (0.3 * h + 0.7 * torch::softplus(h));
    const Tensor derivatives = (0.3 + 0.7 * torch::sigmoid(h)).log() - (z * (1 - z)).log();
    sum += (u.square() / 2 - derivatives).to(torch::kDouble).sum().item<double>();
  }
  const double constant = std::log(2 * std::numbers::pi) / 2 - std::log((1 - 2e-6) / 256 / 0.5);
  const double expected = sum / 10000 + 784 * constant;
  EXPECT_NEAR(figures.at("nll").get<double>(), expected, 1e-4 * std::abs(expected));
  EXPECT_NEAR(figures.at("bits_per_dim").get<double>(), expected / 784 / std::log(2.0),
              1e-4 * std::abs(expected / 784));
  EXPECT_EQ(figures.at("skipped_steps"), 0);
}

TEST(EnergyFlow, LearnsByDenoising) {
  const auto fit = make_flow_fit(
      {{"objective", "dsm"}, {"optimiser", "adam"}, {"learning_rate", 1e-4}, {"averaging", 0.5}});
  const double before = fit->evaluate().at("nll").get<double>();
  const Json told = train(*fit, 0, 40);
  EXPECT_TRUE(std::isfinite(told.at("loss").get<double>()));
  EXPECT_LT(fit->evaluate().at("nll").get<double>(), 0.5 * before);
}

TEST(EnergyFlow, GoesOnFromWhatItSaved) {
  const Json options{{"batch", 20}, {"objective", "fdssm"}};
  samplerbench::testing::expect_goes_on([&] { return make_flow_fit(options); }, 2, 6);
}

// Likelihood does not see the preparation: the same weights with and without it. Score matching does.
TEST(EnergyFlow, MatchingAfterThePreparationChangesScoreMatchingAlone) {
  const auto distance = [](const char* objective) {
    Json options{{"batch", 20}, {"optimiser", "adam"}, {"averaging", 0.0}, {"objective", objective}};
    const auto with = make_flow_fit(options);
    options["map"] = false;
    const auto without = make_flow_fit(options);
    const Tensor start = averaged_weights(*with);
    train(*with, 0, 1);
    train(*without, 0, 1);
    return ((averaged_weights(*with) - averaged_weights(*without)).norm() /
            (averaged_weights(*with) - start).norm())
        .item<double>();
  };
  EXPECT_LT(distance("ml"), 1e-2);
  EXPECT_GT(distance("ssm"), 0.1);
}

// 10,000 images in batches of 100: a pass is 100 steps. The rate falls after two of them.
TEST(EnergyFlow, TheLearningRateFallsAfterEachPassUpToTheMilestone) {
  const auto fit = make_flow_fit({{"layers", 1}, {"gamma", 0.5}, {"milestone", 3}});
  const auto rate_after = [&](int64_t steps) {
    Archive archive;
    fit->save(archive);
    archive.put("steps", torch::tensor(steps, torch::kLong));
    fit->load(archive);
    return train(*fit, 0, 1).at("learning_rate").get<double>();
  };
  for (const auto& [steps, factor] : std::vector<std::pair<int64_t, double>>{
           {0, 1}, {99, 1}, {100, 0.5}, {199, 0.5}, {200, 0.25}, {300, 0.25}, {9000, 0.25}})
    EXPECT_NEAR(rate_after(steps), 1e-4 * factor, 1e-18) << steps;
}

TEST(EnergyFlow, LeavesAModelThatIsATarget) {
  const auto fit = make_flow_fit({{"layers", 1}});
  const FlowModel model = get_flow_model(Archive::parse(fit->model().serialise(), "m"), "m");
  EXPECT_EQ(model.network->dim(), 784);
  EXPECT_EQ(model.network->shape().pixel_alpha, 0.5);
  const Json facts = fit->facts();
  EXPECT_EQ(facts.at("parameters"), 784 * 784 + 784);
  EXPECT_EQ(facts.at("skipped_steps"), 0);
  EXPECT_EQ(facts.at("test_images"), 10000);
}

TEST(EnergyFlow, AHugeLearningRateIsSaidToDiverge) {
  const auto fit = make_flow_fit({{"batch", 4}, {"layers", 2}, {"learning_rate", 1e30}});
  EXPECT_THROW(train(*fit, 0, 40), Diverged);
}

TEST(EnergyFlow, BadOptionsAreRefused) {
  const auto complaint = [](const Json& options) {
    try {
      make_flow_fit(options);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complaint({{"objective", "mle"}}), HasSubstr("objective"));
  EXPECT_THAT(complaint({{"alpha", 0.0}}), HasSubstr("alpha"));
  EXPECT_THAT(complaint({{"gamma", 1.5}}), HasSubstr("gamma"));
  EXPECT_THAT(complaint({{"optimiser", "sgd"}}), HasSubstr("optimiser"));
  EXPECT_THAT(complaint({{"sigma", 0.3}}), HasSubstr("objective=dsm"));
}

std::unique_ptr<ModelFit> make_planar_fit(Json options) {
  options.update({{"blocks", 3}, {"width", 16}, {"batch", 128}, {"learning_rate", 3e-3}, {"averaging", 0.9}});
  return samplerbench::testing::make_fit("planar-flow", options, 120);
}

TEST(PlanarFlow, LearnsEachLawByLikelihood) {
  for (const char* law : {"checkerboard", "sine", "swirl"}) {
    const auto fit = make_planar_fit({{"data", law}});
    const double before = fit->evaluate().at("forward_kl").get<double>();
    train(*fit, 0, 120);
    const Json after = fit->evaluate();
    EXPECT_GT(after.at("forward_kl").get<double>(), 0) << law;
    EXPECT_LT(after.at("forward_kl").get<double>(), 0.5 * before) << law;
    EXPECT_LT(after.at("forward_kl_error").get<double>(), 0.2 * before) << law;
    EXPECT_EQ(after.at("skipped_steps"), 0) << law;
  }
}

TEST(PlanarFlow, GoesOnFromWhatItSaved) {
  samplerbench::testing::expect_goes_on([] { return make_planar_fit(Json::object()); }, 2, 6);
}

TEST(PlanarFlow, LeavesAModelThatIsATarget) {
  const auto fit = make_planar_fit({{"data", "swirl"}});
  const FlowModel model = get_flow_model(Archive::parse(fit->model().serialise(), "m"), "m");
  EXPECT_EQ(model.network->dim(), 2);
  EXPECT_EQ(model.network->shape().kind, "coupling");
  EXPECT_EQ(fit->facts().at("parameters"), model.network->parameters());
  EXPECT_EQ(fit->facts().at("data"), "swirl");
}

TEST(PlanarFlow, KnowsThreeLaws) {
  EXPECT_THAT(samplerbench::testing::complaint([] { make_planar_fit({{"data", "donut"}}); }),
              AllOf(HasSubstr("donut"), HasSubstr("checkerboard"), HasSubstr("sine"), HasSubstr("swirl")));
}

}  // namespace
}  // namespace samplerbench::targets
