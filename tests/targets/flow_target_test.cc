#include "targets/flow/flow_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "targets/flow/ebflow.h"
#include "tests/complaint.h"
#include "tests/targets/checks.h"
#include "tests/targets/flow_fixtures.h"
#include "tests/targets/one_file.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::draws_are_reproducible;
using samplerbench::testing::flow_weights_away;
using samplerbench::testing::hessian_vector_products_agree;
using samplerbench::testing::make_problem;
using samplerbench::testing::never_nan;
using samplerbench::testing::OneFile;
using samplerbench::testing::rows_are_independent;
using samplerbench::testing::score_is_gradient;
using samplerbench::testing::single_precision_agrees;
using samplerbench::testing::small_flow_shape;
using samplerbench::testing::stein_identities_hold;
using samplerbench::testing::value_and_score_agrees;
using ::testing::AllOf;
using ::testing::HasSubstr;

FlowModel small_flow_model(const std::string& kind, int64_t dim, double pixel_alpha = 0) {
  FlowShape shape = small_flow_shape(kind, dim);
  shape.pixel_alpha = pixel_alpha;
  FlowModel model{.network = std::make_shared<const FlowNetwork>(shape)};
  model.weights = flow_weights_away(*model.network, 3).to(torch::kFloat);
  return model;
}

std::string file_of(const FlowModel& model) {
  Archive archive;
  put_flow_model(archive, model.network->shape(), model.weights);
  return archive.serialise();
}

OneFile flow_file(const std::string& bytes) { return {"m.safetensors", bytes, "folder/"}; }

Problem make(const std::string& bytes, int64_t dim = 0, const std::string& name = "m.safetensors") {
  return make_problem("ebflow-trained", {{"model", name}, {"dim", dim}}, flow_file(bytes));
}

class TrainedFlow : public ::testing::TestWithParam<std::pair<const char*, int64_t>> {
 protected:
  const FlowModel model_ = small_flow_model(GetParam().first, GetParam().second);
  const Problem problem_ = make(file_of(model_));

  Tensor draws(int64_t n) const {
    Rng rng(6);
    return problem_.reference.exact_draws(n, rng);
  }
};

TEST_P(TrainedFlow, IsATarget) {
  const Target& target = *problem_.target;
  const Tensor x = draws(40);
  EXPECT_EQ(target.dim(), GetParam().second);
  EXPECT_TRUE(score_is_gradient(target, x));
  EXPECT_TRUE(value_and_score_agrees(target, x));
  EXPECT_TRUE(rows_are_independent(target, x));
  EXPECT_TRUE(hessian_vector_products_agree(target, x));
  EXPECT_TRUE(single_precision_agrees(target, x));
  EXPECT_TRUE(never_nan(target));
  const Tensor none = torch::empty({0, target.dim()}, torch::kDouble);
  EXPECT_EQ(target.log_density(none).sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(target.score(none).sizes(), none.sizes());
}

TEST_P(TrainedFlow, IsTheFlowOfTheFile) {
  const Tensor x = draws(40);
  const Weights weights = model_.network->unflatten(model_.weights.to(torch::kDouble));
  const Tensor expected = model_.network->log_density(x, weights);
  const Tensor found = problem_.target->log_density(x) - *problem_.reference.log_z;
  EXPECT_LT((found - expected).abs().max().item<double>(), 1e-9);
  EXPECT_GT(std::abs(*problem_.reference.log_z), 1e-3) << "log Z is to be seen";
}

TEST_P(TrainedFlow, DrawsAreExact) {
  const Tensor x = draws(20000);
  EXPECT_TRUE(stein_identities_hold(x, problem_.target->score(x)));
  EXPECT_FALSE(stein_identities_hold(1.1 * x, problem_.target->score(1.1 * x)));
  EXPECT_TRUE(draws_are_reproducible(problem_.reference, GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(Kinds, TrainedFlow,
                         ::testing::Values(std::pair("dense", int64_t{3}), std::pair("coupling", int64_t{3}),
                                           std::pair("coupling", int64_t{2})));

// Small dense flows are evaluated point by point, large ones by tensors: the same numbers.
TEST(TrainedFlows, SmallDenseOnesAreEvaluatedPlainly) {
  const Problem small = flow_problem(small_flow_model("dense", 5));
  EXPECT_TRUE(small.target->evaluates_plainly());
  const FlowModel large = small_flow_model("dense", 65);
  const Problem tensors = flow_problem(large);
  EXPECT_FALSE(tensors.target->evaluates_plainly());
  FlowWeights weights;
  const Weights all = large.network->unflatten(large.weights.to(torch::kDouble));
  for (size_t i = 0; i < all.size(); i += 2) {
    weights.matrices.push_back(all[i]);
    weights.biases.push_back(all[i + 1]);
  }
  const auto plain = ebflow_density(weights);
  Rng rng(7);
  const Tensor x = rng.normal({9, 65}, torch::kDouble);
  const Tensor scale = 1 + plain->score(x).abs().max();
  EXPECT_LT(((plain->score(x) - tensors.target->score(x)).abs() / scale).max().item<double>(), 1e-10);
}

// Of a model of images: the law after the logit, so that the draws are of all of R^D.
TEST(TrainedFlows, OfImagesBeginAfterThePreparation) {
  const FlowModel pixels = small_flow_model("dense", 3, 0.5), plain = small_flow_model("dense", 3);
  ASSERT_TRUE(torch::equal(pixels.weights, plain.weights));
  const Problem problem = make(file_of(pixels)), expected = make(file_of(plain));
  Rng one(8), same(8);
  const Tensor x = problem.reference.exact_draws(50, one);
  EXPECT_TRUE(torch::equal(x, expected.reference.exact_draws(50, same)));
  EXPECT_TRUE(torch::equal(problem.target->log_density(x), expected.target->log_density(x)));
}

TEST(TrainedFlows, ModelFilesComeBackAsTheyWere) {
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    FlowModel model = small_flow_model("coupling", 4, 0.7);
    model.weights = model.weights.to(dtype);
    const FlowModel again = load_flow_model("m.safetensors", flow_file(file_of(model)));
    EXPECT_TRUE(torch::equal(again.weights, model.weights));
    EXPECT_TRUE(again.network->shape() == model.network->shape());
  }
}

TEST(TrainedFlows, AnotherDimensionIsRefused) {
  const std::string bytes = file_of(small_flow_model("coupling", 3));
  EXPECT_EQ(complaint([&] { make(bytes, 3); }), "");
  EXPECT_THAT(complaint([&] { make(bytes, 2); }),
              AllOf(HasSubstr("folder/m.safetensors"), HasSubstr("D = 3"), HasSubstr("asks for 2")));
}

TEST(TrainedFlows, DamageIsNamedInOneLine) {
  const FlowModel model = small_flow_model("coupling", 2);
  const std::string bytes = file_of(model);
  const auto in_one_line = [](const std::string& text) { return text.find('\n') == std::string::npos; };
  for (const std::string& damaged :
       {std::string("no model"), bytes.substr(0, bytes.size() / 2), std::string()}) {
    const std::string said = complaint([&] { make(damaged); });
    EXPECT_THAT(said, AllOf(HasSubstr("folder/m.safetensors"), HasSubstr("damaged")));
    EXPECT_TRUE(in_one_line(said)) << said;
  }
  EXPECT_THAT(complaint([&] { make(bytes, 0, "other.safetensors"); }), HasSubstr("other.safetensors"));

  const auto with = [&](const std::string& name, const Tensor& value) {
    Archive archive;
    put_flow_model(archive, model.network->shape(), model.weights);
    archive.put(name, value);
    return complaint([&] { get_flow_model(archive, "folder/m"); });
  };
  const auto sizes = [](std::vector<int64_t> numbers) { return torch::tensor(numbers, torch::kLong); };
  Tensor with_nan = model.weights.clone();
  with_nan[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(with("flow.shape", sizes({1, 1, 2, 2, 2, 5, 2})), "");
  const std::vector<std::tuple<std::string, Tensor, std::string>> faults{
      {"flow.shape", sizes({2, 1, 2, 2, 2, 5, 2}), "format is 2"},
      {"flow.shape", sizes({1, 7, 2, 2, 2, 5, 2}), "kind 7"},
      {"flow.shape", sizes({1, 1, 1, 2, 2, 5, 2}), "dim = 1"},
      {"flow.shape", sizes({1, 1, 2, 2, 2, 6, 2}), "its weights are of shape"},
      {"flow.shape", sizes({1, 1, 2, 2, -2, 5, 2}), "blocks = -2"},
      {"flow.shape", sizes({1, 1, 2}), "not 7 whole numbers"},
      {"flow.shape", torch::zeros({7}), "not 7 whole numbers"},
      {"flow.pixel_alpha", torch::tensor(-0.5, torch::kDouble), "pixel_alpha = -0.5"},
      {"flow.pixel_alpha", torch::zeros({2}), "not a number"},
      {"weights", model.weights.narrow(0, 0, 9), "its weights are of shape [9]"},
      {"weights", model.weights.to(torch::kLong), "float32 or float64"},
      {"weights", with_nan, "not finite"},
  };
  for (const auto& [name, value, reason] : faults)
    EXPECT_THAT(with(name, value), AllOf(HasSubstr("folder/m"), HasSubstr(reason))) << reason;
}

TEST(TrainedFlows, AFlowWithoutAnInverseIsRefused) {
  FlowModel flat = small_flow_model("dense", 2);
  flat.weights = torch::zeros_like(flat.weights);
  EXPECT_THAT(complaint([&] { make(file_of(flat)); }),
              AllOf(HasSubstr("folder/m.safetensors"), HasSubstr("no inverse")));
}

}  // namespace
}  // namespace samplerbench::targets
