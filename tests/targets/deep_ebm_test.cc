#include "targets/energy/deep_ebm.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/nets/image_denoiser.h"
#include "targets/energy/energy_fit.h"
#include "targets/energy/image_data.h"
#include "targets/energy/model_fits.h"
#include "targets/model_numbers.h"
#include "tests/complaint.h"
#include "tests/targets/checks.h"
#include "tests/targets/fits.h"
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
using samplerbench::testing::train;
using samplerbench::testing::value_and_score_agrees;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int64_t side = 8, pixels = side * side;

EnergyShape shape_of(const std::string& kind) {
  if (kind == "denoiser") return {.kind = kind, .height = side, .width = side, .hidden = {20, 12}};
  if (kind == "residual") return {.kind = kind, .height = side, .width = side, .channels = 2, .blocks = 2};
  return {.kind = kind, .height = side, .width = side, .channels = 3, .bottleneck = 5};
}

Weights weights_for(const EnergyNetwork& network) {
  Rng rng(3);
  Weights weights;
  for (const Tensor& weight : network.unflatten(network.initial_weights(rng)))
    weights.push_back(weight.to(torch::kDouble));
  return weights;
}

EnergyModel model_of(const std::string& kind) {
  EnergyModel model{.network = make_energy_network(shape_of(kind))};
  Rng rng(3);
  model.weights = model.network->initial_weights(rng);
  return model;
}

// Images, half of them with noise.
Tensor points(int64_t n) {
  Rng rng(5);
  const Tensor images = rng.uniform({n, pixels}, torch::kDouble);
  const Tensor noise = rng.normal({n, pixels}, torch::kDouble);
  return images + noise * (torch::arange(n) % 2).unsqueeze(1) * 0.5;
}

double relative_difference(const Tensor& a, const Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

class Energy : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<EnergyNetwork> network_ = make_energy_network(shape_of(GetParam()));
  Weights weights_ = weights_for(*network_);
};

TEST_P(Energy, GradientIsThatOfTheEnergy) {
  const Tensor x = points(7).requires_grad_();
  const Tensor energy = network_->energy(x, weights_);
  const Tensor expected = torch::autograd::grad({energy.sum()}, {x})[0];
  EXPECT_LT(relative_difference(network_->gradient(x, weights_).detach(), expected), 1e-8);
  const EnergyAndGradient both = network_->energy_and_gradient(x, weights_);
  EXPECT_LT(relative_difference(both.energy, energy.detach()), 1e-8);
  EXPECT_LT(relative_difference(both.gradient, expected), 1e-8);
  EXPECT_FALSE(both.energy.requires_grad() || both.gradient.requires_grad());
}

TEST_P(Energy, BlocksOfRowsMakeNoDifference) {
  const Tensor x = points(1100);
  const EnergyAndGradient all = network_->energy_and_gradient(x, weights_);
  for (const int64_t row : {0, 63, 64, 127, 511, 512, 1023, 1024, 1099}) {
    const EnergyAndGradient one = network_->energy_and_gradient(x.narrow(0, row, 1), weights_);
    EXPECT_LT(relative_difference(all.gradient.narrow(0, row, 1), one.gradient), 1e-12) << row;
    EXPECT_NEAR(all.energy[row].item<double>() / one.energy[0].item<double>(), 1, 1e-12) << row;
  }
}

TEST_P(Energy, OutOfAGraphWhereNothingAsksForOne) {
  EXPECT_FALSE(network_->gradient(points(3), weights_).requires_grad());
  torch::NoGradGuard no_grad;
  EXPECT_FALSE(network_->gradient(points(3).set_requires_grad(true), weights_).requires_grad());
}

TEST_P(Energy, IsATarget) {
  const std::unique_ptr<Target> target = deep_ebm(model_of(GetParam()));
  EXPECT_EQ(target->dim(), pixels);
  // Few points: ELU has a kink in its second derivative, and a difference that straddles one is no
  // derivative.
  const Tensor x = points(12);
  EXPECT_TRUE(score_is_gradient(*target, x));
  EXPECT_TRUE(value_and_score_agrees(*target, x));
  EXPECT_TRUE(rows_are_independent(*target, x));
  EXPECT_TRUE(hessian_vector_products_agree(*target, x));
  EXPECT_TRUE(single_precision_agrees(*target, x));
  EXPECT_TRUE(never_nan(*target));
  const Tensor none = torch::empty({0, pixels}, torch::kDouble);
  EXPECT_EQ(target->log_density(none).sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(target->score(none).sizes(), none.sizes());
}

TEST_P(Energy, IsTemperedByNoise) {
  const std::unique_ptr<Target> target = deep_ebm(model_of(GetParam()));
  const Tensor x = points(6), score = target->score(x);
  const auto at_sigma0 = target->noised_exactly(torch::tensor(0.1, torch::kDouble));
  EXPECT_LT(relative_difference(at_sigma0->score(x), score), 1e-12);
  const Tensor sigma = torch::linspace(0.1, 3, 6, torch::kDouble);
  const auto noised = target->noised_exactly(sigma);
  EXPECT_LT(relative_difference(noised->score(x), score * (0.01 / sigma.square()).unsqueeze(1)), 1e-12);
  EXPECT_LT(relative_difference(noised->log_density(x), target->log_density(x) * 0.01 / sigma.square()),
            1e-12);
  EXPECT_TRUE(score_is_gradient(*noised, x));
  EXPECT_TRUE(value_and_score_agrees(*noised, x));
  EXPECT_TRUE(hessian_vector_products_agree(*noised, x));
  EXPECT_TRUE(single_precision_agrees(*noised, x));
}

// Against differences of the loss along a direction of all weights. Through the residual network's gradient
// this takes second derivatives of every layer.
TEST_P(Energy, LossHasItsGradient) {
  const Tensor clean = points(6).clamp(0, 1);
  Rng rng(8);
  const Tensor sigma = torch::linspace(0.1, 3, 6, torch::kDouble).unsqueeze(1);
  const Tensor noisy = clean + sigma * rng.normal(clean.sizes(), torch::kDouble);
  Weights tracked, direction;
  for (const Tensor& weight : weights_) {
    tracked.push_back(weight.clone().requires_grad_());
    direction.push_back(rng.normal(weight.sizes(), torch::kDouble));
  }
  const Tensor loss = score_matching_loss(*network_, tracked, clean, noisy, sigma);
  const auto gradients = torch::autograd::grad({loss}, tracked);
  double along = 0;
  for (size_t i = 0; i < gradients.size(); ++i) along += (gradients[i] * direction[i]).sum().item<double>();
  const auto moved = [&](double h) {
    Weights weights;
    for (size_t i = 0; i < weights_.size(); ++i) weights.push_back(weights_[i] + h * direction[i]);
    return score_matching_loss(*network_, weights, clean, noisy, sigma).item<double>();
  };
  const double h = 1e-6;
  EXPECT_NEAR((moved(h) - moved(-h)) / (2 * h), along, 1e-5 * std::abs(along));
}

TEST_P(Energy, ModelFilesComeBackAsTheyWere) {
  const EnergyModel model = model_of(GetParam());
  Archive archive;
  put_energy_model(archive, model.network->shape(), model.weights);
  const EnergyModel again = get_energy_model(Archive::parse(archive.serialise(), "m.pt"), "m.pt");
  EXPECT_TRUE(torch::equal(again.weights, model.weights));
  const Tensor x = points(4);
  EXPECT_TRUE(torch::equal(again.network->energy(x, again.network->unflatten(again.weights.to(x.dtype()))),
                           model.network->energy(x, model.network->unflatten(model.weights.to(x.dtype())))));
}

// The gradient for samplers is computed in blocks, by operations of its own in float32; the one for training
// is not.
TEST_P(Energy, GradientInAGraphIsTheOneOutside) {
  const Tensor x = points(130);
  const Tensor exact = network_->energy_and_gradient(x, weights_).gradient;
  EXPECT_LT(relative_difference(network_->gradient(x.clone().requires_grad_(), weights_).detach(), exact),
            1e-12);
  Weights single;
  for (const Tensor& weight : weights_) single.push_back(weight.to(torch::kFloat));
  const Tensor near = x.to(torch::kFloat);
  const Tensor outside = network_->energy_and_gradient(near, single).gradient;
  const Tensor inside = network_->gradient(near.clone().requires_grad_(), single).detach();
  EXPECT_LT(relative_difference(outside.to(torch::kDouble), exact), 1e-4);
  EXPECT_LT(relative_difference(inside.to(torch::kDouble), exact), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Energy, ::testing::Values("denoiser", "residual", "conv-denoiser"));

class DenoisingEnergy : public ::testing::TestWithParam<const char*> {};

// With all weights zero but the last bias b, R(x) = b: E = |x - b|^2 / (2 sigma0^2), and the loss is
// mean((b - x)^2 / sigma^2) whatever the noise. The U-Net has b folded, and keeps it where all pixels are
// alike.
TEST_P(DenoisingEnergy, IsAQuadraticWhereTheNetworkIsConstant) {
  const auto network = make_energy_network(shape_of(GetParam()));
  Weights weights;
  for (const WeightPlan& plan : network->plans()) weights.push_back(torch::zeros(plan.shape, torch::kDouble));
  const bool folds = weights.back().dim() > 1;
  const Tensor b = folds ? torch::full({pixels}, 0.3, torch::kDouble) : points(1).squeeze(0);
  weights.back().copy_(b.view(weights.back().sizes()));
  const Tensor x = points(9), rest = x - b;
  const EnergyAndGradient both = network->energy_and_gradient(x, weights);
  EXPECT_LT(relative_difference(both.energy, rest.square().sum(1) / 0.02), 1e-12);
  EXPECT_LT(relative_difference(both.gradient, rest / 0.01), 1e-12);
  const Tensor sigma = torch::linspace(0.1, 3, 9, torch::kDouble).unsqueeze(1);
  const Tensor noisy = x + sigma * points(9).flip(0);
  EXPECT_NEAR(score_matching_loss(*network, weights, x, noisy, sigma).item<double>(),
              (rest / sigma).square().mean().item<double>(), 1e-9);
  EXPECT_LT(relative_difference(denoised(*network, weights, noisy), b.expand_as(noisy)), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Kinds, DenoisingEnergy, ::testing::Values("denoiser", "conv-denoiser"));

// Without its part through R the gradient is another one, which the tests above would see.
TEST(ConvDenoiserEnergy, GradientGoesThroughTheNetwork) {
  const auto network = make_energy_network(shape_of("conv-denoiser"));
  const Weights weights = weights_for(*network);
  const ImageDenoiserShape shape{.height = side, .width = side, .channels = 3, .bottleneck = 5};
  const Tensor x = points(9), rest = x - ImageDenoiser(shape).forward(x, weights);
  const EnergyAndGradient both = network->energy_and_gradient(x, weights);
  EXPECT_LT(relative_difference(both.energy, rest.square().sum(1) / 0.02), 1e-12);
  EXPECT_GT(relative_difference(rest / 0.01, both.gradient), 1e-3);
}

// What the header says of the size that the fits have.
TEST(ConvDenoiserEnergy, HasTheWeightsThatItsCommentCounts) {
  const EnergyShape shape{
      .kind = "conv-denoiser", .height = 28, .width = 28, .channels = 32, .bottleneck = 256};
  EXPECT_EQ(make_energy_network(shape)->parameters(), 470448);
}

TEST(EnergyModelFile, DamageIsNamed) {
  const EnergyModel model = model_of("denoiser");
  const auto with = [&](const std::string& name, const Tensor& value) {
    Archive archive;
    put_energy_model(archive, model.network->shape(), model.weights);
    archive.put(name, value);
    return complaint([&] { get_energy_model(archive, "folder/m.pt"); });
  };
  const auto integer = [](int64_t value) { return torch::tensor(value, torch::kLong); };
  Tensor with_nan = model.weights.clone();
  with_nan[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(with("width", integer(side)), "");
  const std::vector<std::tuple<std::string, Tensor, std::string>> faults{
      {"energy.format", integer(2), "format is 2"},
      {"energy.kind", integer(5), "kind 5"},
      {"energy.kind", torch::tensor(0.5), "'energy.kind' is not a whole number"},
      {"width", integer(9), "its network has"},
      {"width", integer(-8), "-8 makes no network"},
      {"height", integer(int64_t{1} << 40), "makes no network"},
      {"hidden", torch::tensor(std::vector<int64_t>{}, torch::kLong), "no hidden layer"},
      {"hidden", torch::tensor({20.0, 12.0}), "'hidden' is not a list"},
      {"sigma0", torch::tensor(-0.1, torch::kDouble), "'sigma0' is not a number above 0"},
      {"weights", model.weights.narrow(0, 0, 100), "its weights are of shape [100]"},
      {"weights", model.weights.to(torch::kDouble), "float32"},
      {"weights", with_nan, "not finite"},
  };
  for (const auto& [name, value, reason] : faults)
    EXPECT_THAT(with(name, value), AllOf(HasSubstr("folder/m.pt"), HasSubstr(reason))) << name;
  EXPECT_THAT(complaint([] { get_energy_model(Archive(), "m.pt"); }),
              AllOf(HasSubstr("m.pt"), HasSubstr("'energy.format'")));
}

TEST(EnergyModelFile, DamageOfAConvolutionalDenoiserIsNamed) {
  const EnergyModel model = model_of("conv-denoiser");
  const auto with = [&](const std::string& name, int64_t value) {
    Archive archive;
    put_energy_model(archive, model.network->shape(), model.weights);
    put_integer(archive, name, value);
    return complaint([&] { get_energy_model(archive, "folder/m.pt"); });
  };
  EXPECT_EQ(with("bottleneck", 5), "");
  const std::vector<std::tuple<std::string, int64_t, std::string>> faults{
      {"height", 10, "images of 10 x 8"},
      {"width", 12, "its network has"},
      {"channels", 4, "its network has"},
      {"channels", 0, "a size of 0"},
      {"channels", 10'001, "a size of 10001"},
      {"bottleneck", -5, "a size of -5"},
      {"bottleneck", 6, "its network has"},
      {"energy.kind", 1, "'blocks'"},
      {"energy.kind", 3, "kind 3"},
  };
  for (const auto& [name, value, reason] : faults)
    EXPECT_THAT(with(name, value), AllOf(HasSubstr("folder/m.pt"), HasSubstr(reason))) << name << value;
}

// The numbers of a file as it was written before there was a third kind.
TEST(EnergyModelFile, ThoseOfBeforeAreRead) {
  const auto numbers = [](int64_t kind) {
    Archive archive;
    put_integer(archive, "energy.format", 1);
    put_integer(archive, "energy.kind", kind);
    put_integer(archive, "height", side);
    put_integer(archive, "width", side);
    put_real(archive, "sigma0", 0.1);
    return archive;
  };
  Archive denoiser = numbers(0), residual = numbers(1);
  put_integers(denoiser, "hidden", {20, 12});
  denoiser.put("weights", model_of("denoiser").weights);
  put_integer(residual, "channels", 2);
  put_integer(residual, "blocks", 2);
  residual.put("weights", model_of("residual").weights);
  EXPECT_EQ(get_energy_model(denoiser, "m.pt").network->shape().kind, "denoiser");
  EXPECT_EQ(get_energy_model(residual, "m.pt").network->shape().kind, "residual");
}

Problem make(const Json& options, const DataFiles& files = no_data_files()) {
  return samplerbench::testing::make_problem("deep_ebm", options, files);
}

std::string file_of(int64_t height, int64_t width) {
  const EnergyShape shape{.height = height, .width = width, .hidden = {4}};
  Archive archive;
  put_energy_model(archive, shape, torch::zeros({make_energy_network(shape)->parameters()}));
  return archive.serialise();
}

const Json on_strokes{{"data", "strokes"}, {"weights", "m.pt"}, {"features", ""}};

TEST(DeepEbm, KnowsItsImages) {
  const Problem problem = make(on_strokes, OneFile("m.pt", file_of(28, 28)));
  const ImageData data = load_images("strokes", no_data_files());
  const Reference& reference = problem.reference;
  EXPECT_EQ(problem.target->dim(), 784);
  ASSERT_TRUE(reference.images);
  EXPECT_TRUE(torch::equal(reference.images->test, data.test));
  EXPECT_TRUE(torch::equal(reference.images->training, data.training));
  EXPECT_FALSE(reference.images->network.features);
  EXPECT_EQ(reference.pool, data.training.size(0));
  Rng rng(4);
  const Tensor all = reference.exact_draws(reference.pool, rng);
  EXPECT_EQ(all.scalar_type(), torch::kDouble);
  // Every image once: as the same sums of grey levels in some order.
  EXPECT_TRUE(torch::allclose(std::get<0>(all.sum(1).sort()),
                              std::get<0>((data.training.to(torch::kDouble).sum(1) / 255).sort()), 0, 1e-4));
  EXPECT_THAT(complaint([&] { reference.exact_draws(reference.pool + 1, rng); }),
              HasSubstr("training images"));
  Rng one(9), same(9);
  EXPECT_TRUE(torch::equal(reference.exact_draws(10, one), reference.exact_draws(10, same)));
}

TEST(DeepEbm, RefusesWhatItCannotBeMadeOf) {
  EXPECT_THAT(complaint([] { make(on_strokes, OneFile("m.pt", file_of(32, 32))); }),
              AllOf(HasSubstr("m.pt"), HasSubstr("32 x 32"), HasSubstr("28 x 28")));
  EXPECT_THAT(complaint([] { make(on_strokes, OneFile("m.pt", "no model")); }),
              AllOf(HasSubstr("m.pt"), HasSubstr("damaged")));
  const std::string bytes = file_of(28, 28);
  EXPECT_THAT(complaint([&] { make(on_strokes, OneFile("m.pt", bytes.substr(0, bytes.size() / 2))); }),
              AllOf(HasSubstr("m.pt"), HasSubstr("damaged")));
  EXPECT_THAT(complaint([] { make(on_strokes); }), HasSubstr("m.pt"));
  Json options = on_strokes;
  options["data"] = "stroks";
  EXPECT_THAT(complaint([&] { make(options); }), HasSubstr("did you mean 'strokes'?"));
}

const Json small{{"data", "strokes"}, {"width", 64}, {"layers", 2}, {"batch", 64}};

std::unique_ptr<ModelFit> make_fit(const Json& options, int64_t steps) {
  return samplerbench::testing::make_fit("denoising-score-matching", options, steps);
}

// The error of the noisy image itself is sigma^2, that of the best denoiser which sees no input, the mean
// image, the variance of the pixels. The bounds are about a fifth above what such a fit reaches.
TEST(EnergyFit, LearnsToDenoise) {
  const auto fit = make_fit(
      {{"data", "strokes"}, {"width", 256}, {"layers", 2}, {"learning_rate", 4e-3}, {"averaging", 0.98}},
      400);
  train(*fit, 0, 400);
  const Json after = fit->evaluate();
  const Tensor test = as_pixels(load_images("strokes", no_data_files()).test).slice(0, 0, 1000);
  const double variance = test.var(0, true).mean().item<double>();
  for (const auto& [sigma, bound] :
       std::vector<std::pair<double, double>>{{0.1, 0.006}, {0.2, 0.008}, {0.5, 0.018}, {1, 0.040}}) {
    const double error = after[fmt::format("denoising_error_{}", sigma)];
    EXPECT_LT(error, bound) << sigma;
    EXPECT_LT(error, 0.75 * std::min(sigma * sigma, variance)) << sigma;
  }
}

TEST(EnergyFit, ResidualNetworkLearnsToo) {
  Json options{{"data", "strokes"}, {"network", "residual"}, {"channels", 2},
               {"batch", 16},       {"learning_rate", 3e-3}, {"averaging", 0.9}};
  const auto fit = make_fit(options, 60);
  const double before = fit->evaluate()["denoising_error_0.5"];
  train(*fit, 0, 60);
  EXPECT_LT(fit->evaluate()["denoising_error_0.5"].get<double>(), 0.7 * before);
}

// The noisy image itself has the error sigma^2. A network that is not trained says about nothing, which is
// better at a noise of 0.5 and worse at 0.2.
TEST(EnergyFit, ConvolutionalDenoiserLearnsToo) {
  const Json options{{"data", "strokes"}, {"network", "conv-denoiser"}, {"channels", 8},   {"bottleneck", 16},
                     {"batch", 16},       {"learning_rate", 5e-3},      {"averaging", 0.9}};
  constexpr int64_t steps = 150;
  const auto fit = make_fit(options, steps);
  const Json before = fit->evaluate();
  train(*fit, 0, steps);
  const Json after = fit->evaluate();
  EXPECT_GT(before["denoising_error_0.2"].get<double>(), 0.04);
  EXPECT_LT(after["denoising_error_0.2"].get<double>(), 0.8 * 0.04);
  EXPECT_LT(after["denoising_error_0.5"].get<double>(), 0.8 * before["denoising_error_0.5"].get<double>());
}

TEST(EnergyFit, ABottleneckIsOfConvolutionalDenoisersAlone) {
  targets::ModelFitRegistry fits("fit");
  targets::add_model_fits(fits);
  const OptionTable& table = fits.at("denoising-score-matching").options;
  Json options = Json::object();
  options["bottleneck"] = 8;
  const auto refusal = [&] { return complaint([&] { const Options resolved(table, options, "fit"); }); };
  EXPECT_THAT(refusal(), AllOf(HasSubstr("bottleneck = 8"), HasSubstr("network=conv-denoiser")));
  options["network"] = "conv-denoiser";
  EXPECT_EQ(refusal(), "");
  // The keys of models from before it stay the same.
  EXPECT_FALSE(recorded_options(table, Options(table, Json::object(), "fit")).contains("bottleneck"));
}

TEST(EnergyFit, GoesOnFromWhatItSaved) {
  samplerbench::testing::expect_goes_on([] { return make_fit(small, 12); }, 5, 12);
}

TEST(EnergyFit, RefusesACheckpointOfAnotherNetwork) {
  Json wider = small;
  wider["width"] = 65;
  Archive archive;
  make_fit(small, 5)->save(archive);
  EXPECT_THAT(complaint([&] { make_fit(wider, 5)->load(archive); }), HasSubstr("the saved 'weights' has "));
}

TEST(EnergyFit, AHugeLearningRateIsSaidToDiverge) {
  Json options = small;
  options["learning_rate"] = 1e30;
  const auto fit = make_fit(options, 50);
  EXPECT_THROW(train(*fit, 0, 50), Diverged);
}

TEST(EnergyFit, RefusesNoiseLevelsTheWrongWayRound) {
  Json options = small;
  options["sigma_min"] = 3.5;
  EXPECT_THAT(complaint([&] { make_fit(options, 5); }),
              AllOf(HasSubstr("sigma_min = 3.5"), HasSubstr("sigma_max = 3")));
}

}  // namespace
}  // namespace samplerbench::targets
