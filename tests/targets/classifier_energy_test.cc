#include "targets/classifier/classifier_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "targets/classifier/class_mixture.h"
#include "targets/energy/image_data.h"
#include "tests/complaint.h"
#include "tests/targets/checks.h"
#include "tests/targets/one_file.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::hessian_vector_products_agree;
using samplerbench::testing::never_nan;
using samplerbench::testing::OneFile;
using samplerbench::testing::rows_are_independent;
using samplerbench::testing::score_is_gradient;
using samplerbench::testing::single_precision_agrees;
using samplerbench::testing::value_and_score_agrees;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kFile = "m.safetensors";

ClassifierModel model_of(int64_t dim, int64_t classes, double scale = 4) {
  ClassifierNetwork network({.dim = dim, .classes = classes, .hidden = {12, 8}, .scale = scale});
  const Tensor weights = (Rng(3).normal({network.parameters()}, torch::kDouble) * 0.4).to(torch::kFloat);
  return {std::move(network), weights};
}

Archive archive_of(const ClassifierModel& model) {
  Archive archive;
  put_classifier_model(archive, model.network.shape(), model.weights);
  return archive;
}

Problem make(const Json& options, const DataFiles& files) {
  Json all = options;
  all["model"] = kFile;
  return samplerbench::testing::make_problem("classifier-energy", all, files);
}

TEST(ClassifierEnergy, IsATarget) {
  for (const std::optional<int64_t> chosen : {std::optional<int64_t>(), std::optional<int64_t>(2)}) {
    const std::unique_ptr<Target> target = classifier_energy(model_of(3, 4), chosen);
    EXPECT_EQ(target->dim(), 3);
    const Tensor x = Rng(5).normal({40, 3}, torch::kDouble);
    EXPECT_TRUE(score_is_gradient(*target, x));
    EXPECT_TRUE(value_and_score_agrees(*target, x));
    EXPECT_TRUE(rows_are_independent(*target, x));
    EXPECT_TRUE(hessian_vector_products_agree(*target, x));
    EXPECT_TRUE(single_precision_agrees(*target, x));
    EXPECT_TRUE(never_nan(*target));
    const Tensor none = torch::empty({0, 3}, torch::kDouble);
    EXPECT_EQ(target->log_density(none).sizes(), at::IntArrayRef({0}));
    EXPECT_EQ(target->score(none).sizes(), none.sizes());
  }
}

TEST(ClassifierEnergy, IsTheLogitOrTheSumOfAll) {
  const ClassifierModel model = model_of(3, 4);
  const Tensor x = Rng(6).normal({20, 3}, torch::kDouble);
  const Tensor logits = model.network.logits(x, model.network.unflatten(model.weights.to(torch::kDouble)));
  for (int64_t k = 0; k < 4; ++k)
    EXPECT_TRUE(
        torch::allclose(classifier_energy(model, k)->log_density(x), logits.select(1, k), 1e-12, 1e-12));
  EXPECT_TRUE(torch::allclose(classifier_energy(model, std::nullopt)->log_density(x),
                              logits.exp().sum(1).log(), 1e-10, 1e-10));
  EXPECT_THAT(complaint([&] { classifier_energy(model, 4); }), HasSubstr("the classes 0 to 3"));
}

TEST(ClassifierModelFile, ComesBackAsItWas) {
  const ClassifierModel model = model_of(3, 4);
  const ClassifierModel again =
      get_classifier_model(Archive::parse(archive_of(model).serialise(), kFile), kFile);
  EXPECT_TRUE(torch::equal(again.weights, model.weights));
  const Tensor x = Rng(7).normal({5, 3}, torch::kFloat);
  EXPECT_TRUE(torch::equal(again.network.logits(x, again.network.unflatten(again.weights)),
                           model.network.logits(x, model.network.unflatten(model.weights))));
}

TEST(ClassifierModelFile, DamageIsNamed) {
  const ClassifierModel model = model_of(3, 4);
  const auto with = [&](const std::string& name, const Tensor& value) {
    Archive archive = archive_of(model);
    archive.put(name, value);
    return complaint([&] { get_classifier_model(archive, "folder/m"); });
  };
  const auto integer = [](int64_t value) { return torch::tensor(value, torch::kLong); };
  Tensor with_nan = model.weights.clone();
  with_nan[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(with("dim", integer(3)), "");
  const std::vector<std::tuple<std::string, Tensor, std::string>> faults{
      {"classifier.format", integer(2), "format is 2"},
      {"dim", integer(4), "its network has"},
      {"dim", integer(-4), "a size of -4"},
      {"classes", integer(0), "a size of 0"},
      {"hidden", torch::tensor(std::vector<int64_t>{}, torch::kLong), "a hidden layer"},
      {"hidden", torch::tensor({20.0, 12.0}), "'hidden' is not a list"},
      {"scale", torch::tensor(-1.0, torch::kDouble), "'scale' is not a number above 0"},
      {"weights", model.weights.narrow(0, 0, 50), "its weights are of shape [50]"},
      {"weights", model.weights.to(torch::kDouble), "float32"},
      {"weights", with_nan, "not finite"},
  };
  for (const auto& [name, value, reason] : faults)
    EXPECT_THAT(with(name, value), AllOf(HasSubstr("folder/m: "), HasSubstr(reason))) << name;
  EXPECT_THAT(complaint([] { get_classifier_model(Archive(), "m"); }), HasSubstr("'classifier.format'"));
}

TEST(ClassifierEnergyEntry, JudgesByDrawsOfTheClass) {
  const OneFile file(kFile, archive_of(model_of(2, 3)).serialise());
  for (int64_t k = 0; k < 3; ++k) {
    const Problem problem = make({{"class", k}}, file), truth = class_mixture(k);
    Rng rng(8), same(8);
    EXPECT_TRUE(torch::equal(problem.reference.exact_draws(10, rng), truth.reference.exact_draws(10, same)));
    EXPECT_EQ(problem.reference.pool, 0);
  }
}

TEST(ClassifierEnergyEntry, TakesTheScaleOfTheOption) {
  const OneFile file(kFile, archive_of(model_of(2, 3, 4)).serialise());
  const Tensor x = Rng(9).normal({7, 2}, torch::kDouble);
  const Tensor own = make({{"class", 1}}, file).target->score(x),
               other = make({{"class", 1}, {"scale", 2.0}}, file).target->score(x);
  EXPECT_TRUE(torch::allclose(other - own, x * (1.0 / 16 - 1.0 / 4), 1e-10, 1e-10));
}

TEST(ClassifierEnergyEntry, RefusesWhatItCannotBeMadeOf) {
  const std::string bytes = archive_of(model_of(2, 3)).serialise();
  const auto complaint_of = [](const Json& options, const std::string& content) {
    return complaint([&] { make(options, OneFile(kFile, content)); });
  };
  EXPECT_EQ(complaint_of({{"class", 2}}, bytes), "");
  for (const std::string& said :
       {complaint_of({{"class", 3}}, bytes), complaint_of(Json::object(), "no model"),
        complaint_of(Json::object(), bytes.substr(0, bytes.size() / 2)),
        complaint_of(Json::object(), archive_of(model_of(3, 3)).serialise()),
        complaint_of(Json::object(), archive_of(model_of(2, 4)).serialise())}) {
    EXPECT_FALSE(said.empty());
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
  EXPECT_THAT(complaint_of({{"class", 3}}, bytes), AllOf(HasSubstr("'class' = 3"), HasSubstr("0 to 2")));
  EXPECT_THAT(complaint_of(Json::object(), "no model"), AllOf(HasSubstr(kFile), HasSubstr("damaged")));
  EXPECT_THAT(complaint_of(Json::object(), archive_of(model_of(3, 3)).serialise()),
              AllOf(HasSubstr(kFile), HasSubstr("3 coordinates"), HasSubstr("class-mixture has 2")));
  EXPECT_THAT(complaint([] { samplerbench::testing::make_problem("classifier-energy"); }),
              HasSubstr("class-mixture-aligned"));
}

TEST(ClassifierEnergyEntry, KnowsTheImagesOfItsClass) {
  const OneFile file(kFile, archive_of(model_of(784, 10)).serialise());
  const Problem problem = make({{"data", "strokes"}, {"class", 3}}, file);
  const ImageData data = load_images("strokes", no_data_files());
  const Tensor own = data.training.index_select(0, (data.training_labels == 3).nonzero().squeeze(1));
  ASSERT_TRUE(problem.reference.images);
  EXPECT_TRUE(torch::equal(problem.reference.images->training, own));
  EXPECT_EQ(problem.reference.pool, own.size(0));
  Rng rng(10);
  const Tensor draws = problem.reference.exact_draws(own.size(0), rng);
  // Every image of the class once: as the same sums of grey levels in some order.
  EXPECT_TRUE(torch::allclose(std::get<0>(draws.sum(1).sort()),
                              std::get<0>((own.to(torch::kDouble).sum(1) / 255).sort()), 0, 1e-4));
}

}  // namespace
}  // namespace samplerbench::targets
