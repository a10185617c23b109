#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <fstream>

#include "core/call.h"
#include "core/error.h"
#include "samplers/neural/fisher_loss.h"
#include "samplers/neural/folded_score_net.h"
#include "samplers/neural/image_generator.h"
#include "samplers/neural/image_score_net.h"
#include "samplers/samplers.h"
#include "targets/target.h"
#include "tests/sanitized.h"

namespace samplerbench::samplers {
namespace {

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

// N(mean, sd^2 I) on images, `sign` -1 for what repels where it should attract.
class GaussianImage : public targets::Target {
 public:
  GaussianImage(const Tensor& mean, const Tensor& variance, double sign = 1)
      : mean_(mean), variance_(variance), sign_(sign) {}

  int64_t dim() const override { return mean_.size(0); }
  Tensor log_density(const Tensor& x) const override {
    return ((x - mean_.to(x.options())).square() * precision(x)).sum(1) * (-0.5 * sign_);
  }
  Tensor score(const Tensor& x) const override {
    return (mean_.to(x.options()) - x) * (precision(x) * sign_);
  }
  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    return std::make_unique<GaussianImage>(
        mean_, variance_ + sigma.to(variance_.options()).square().reshape({-1, 1}), sign_);
  }

 private:
  Tensor precision(const Tensor& x) const { return variance_.reciprocal().to(x.options()); }

  Tensor mean_;      // [D] float64
  Tensor variance_;  // [1, 1] or [N, 1] float64
  double sign_;
};

Tensor variance_of(double sd) { return torch::full({1, 1}, sd * sd, f64); }

// A bright ring on a dark ground: [side * side], in [0.1, 0.9].
Tensor ring(int64_t side) {
  const Tensor at = torch::linspace(-1, 1, side, f64);
  const Tensor radius = (at.square().unsqueeze(0) + at.square().unsqueeze(1)).sqrt();
  return (0.1 + 0.8 * torch::exp(-(radius - 0.6).square() / 0.05)).reshape({-1});
}

// Of images of 8 x 8.
std::unique_ptr<Network> score_net_of(const std::string& kind, int64_t channels, int64_t width, Rng& rng,
                                      const torch::TensorOptions& placement) {
  if (kind == "folded")
    return std::make_unique<FoldedScoreNet>(
        FoldedScoreNetShape{.side = 8, .channels = channels, .width = width}, rng, placement);
  return std::make_unique<ImageScoreNet>(
      ImageScoreNetShape{.side = 8, .channels = channels, .width = width}, Activation::silu, rng, placement);
}

std::unique_ptr<Network> small_score_net(const std::string& kind, Rng& rng) {
  return score_net_of(kind, 2, 5, rng, f64);
}

std::unique_ptr<Network> small_net(const std::string& kind, uint64_t seed) {
  Rng rng(seed);
  std::unique_ptr<Network> net;
  if (kind == "generator")
    net = std::make_unique<ImageGenerator>(
        ImageGeneratorShape{.latent = 3, .side = 8, .channels = 4, .width = 6, .depth = 2}, Activation::silu,
        rng, f64);
  else if (kind == "upsample")
    net = std::make_unique<ImageGenerator>(
        ImageGeneratorShape{
            .latent = 3, .side = 8, .channels = 3, .width = 6, .depth = 2, .full_maps = false},
        Activation::silu, rng, f64);
  else
    net = small_score_net(kind, rng);
  net->parameters().add_(rng.normal(net->parameters().sizes(), f64), 0.1);
  return net;
}

class ImageNetworks : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(All, ImageNetworks,
                         ::testing::Values("generator", "upsample", "convolution", "folded"));

TEST_P(ImageNetworks, PassesAgreeAndTheGradientIsThatOfFiniteDifferences) {
  const auto net = small_net(GetParam(), 1);
  Rng rng(2);
  const Tensor x = rng.normal({5, net->input_width()}, f64), slope = rng.normal({5, 64}, f64);
  Tape tape;
  EXPECT_TRUE(torch::allclose(net->forward(x, tape), net->forward(x), 1e-12, 1e-12));
  EXPECT_FALSE(net->forward(x, tape).requires_grad());
  Tensor gradient = torch::full_like(net->parameters(), 7);
  net->backward(slope, tape, gradient);
  const auto loss = [&](int64_t i, double shift) {
    net->parameters()[i] += shift;
    const double value = (net->forward(x) * slope).sum().item<double>();
    net->parameters()[i] -= shift;
    return value;
  };
  for (int64_t i = 0; i < gradient.numel(); i += 11)
    ASSERT_NEAR(gradient[i].item<double>(), (loss(i, 1e-5) - loss(i, -1e-5)) / 2e-5, 1e-6) << i;
}

TEST_P(ImageNetworks, InferenceInBlocksEqualsOnePass) {
  const auto net = small_net(GetParam(), 3);
  Rng rng(4);
  const Tensor x = rng.normal({150, net->input_width()}, f64);
  Tensor out = torch::empty({150, net->output_width()}, f64);
  net->infer(x, out);
  EXPECT_TRUE(torch::allclose(out, net->forward(x), 1e-12, 1e-12));
}

TEST_P(ImageNetworks, CopiesHaveWeightsOfTheirOwn) {
  const auto net = small_net(GetParam(), 5);
  const auto copy = net->copy(), same = net->with(net->parameters());
  const Tensor x = torch::ones({1, net->input_width()}, f64), before = copy->forward(x);
  EXPECT_TRUE(torch::equal(net->forward(x), before));
  net->parameters().mul_(1.5);
  EXPECT_TRUE(torch::equal(copy->forward(x), before));
  EXPECT_FALSE(torch::equal(net->forward(x), before));
  EXPECT_TRUE(torch::equal(net->forward(x), same->forward(x)));
}

TEST_P(ImageNetworks, RecordsNothingWhereNoPassBackwardFollows) {
  const auto net = small_net(GetParam(), 6);
  Tape tape;
  tape.for_backward = false;
  net->forward(torch::ones({1, net->input_width()}, f64), tape);
  EXPECT_FALSE(tape.recorded.requires_grad());
  Tensor gradient = torch::empty_like(net->parameters());
  EXPECT_THROW(net->backward(torch::ones({1, 64}, f64), tape, gradient), std::logic_error);
}

TEST(ImageNetworks, StartAtZeroUntilOpened) {
  for (const bool full_maps : {true, false}) {
    Rng rng(7);
    ImageGenerator net({.latent = 16, .side = 28, .channels = 16, .width = 64, .full_maps = full_maps},
                       Activation::silu, rng, torch::kFloat);
    const Tensor z = rng.normal({200, 16}, torch::kFloat);
    EXPECT_EQ(net.forward(z).sizes(), (std::vector<int64_t>{200, 784}));
    EXPECT_EQ(net.forward(z).abs().max().item<double>(), 0);
    net.open(0.5, rng);
    const double spread = net.forward(z).std(0).mean().item<double>();
    EXPECT_GT(spread, 0.1) << full_maps;
    EXPECT_LT(spread, 1.0) << full_maps;
  }
}

TEST(Generator, GradientThroughTheSigmoidIsThatOfFiniteDifferences) {
  Generator generator(small_net("generator", 8), {.skip = 0.7, .squashed = true});
  Rng rng(9);
  const Tensor z = rng.normal({5, 3}, f64), slope = rng.normal({5, 64}, f64);
  GeneratorTape tape;
  const Tensor draws = generator.forward(z, tape);
  EXPECT_TRUE(torch::allclose(draws, generator.infer(z), 1e-12, 1e-12));
  EXPECT_GT(draws.min().item<double>(), 0);
  EXPECT_LT(draws.max().item<double>(), 1);
  Tensor& parameters = generator.net().parameters();
  Tensor gradient = torch::empty_like(parameters);
  generator.backward(slope, tape, gradient);
  for (int64_t i = 0; i < gradient.numel(); i += 29) {
    const auto loss = [&](double shift) {
      parameters[i] += shift;
      const double value = (generator.infer(z) * slope).sum().item<double>();
      parameters[i] -= shift;
      return value;
    };
    ASSERT_NEAR(gradient[i].item<double>(), (loss(1e-5) - loss(-1e-5)) / 2e-5, 1e-6) << i;
  }
}

TEST(ScoreNet, OfImagesMatchesByTheGradientOfItsLossAboutACentre) {
  for (const auto& [kind, potential] : std::vector<std::pair<std::string, bool>>{
           {"convolution", false}, {"convolution", true}, {"folded", false}, {"folded", true}}) {
    ScoreNet score_net(
        small_net(kind, 10),
        {.form = ScoreForm::denoiser, .data_scale = 0.4, .potential = potential, .centre = 0.3});
    Rng rng(11);
    const Tensor x = rng.normal({6, 64}, f64), e = rng.normal({6, 64}, f64),
                 sigma = rng.uniform({6, 1}, f64) + 0.1;
    const auto loss = [&] {
      return (sigma * score_net.forward(x, sigma) + e).square().sum(1).mean().item<double>();
    };
    Tape tape;
    Tensor& parameters = score_net.net().parameters();
    Tensor gradient = torch::empty_like(parameters);
    EXPECT_NEAR(score_net.matching_gradient(x, sigma, e, tape, gradient).item<double>(), loss(), 1e-9);
    for (int64_t i = 0; i < parameters.numel(); i += 97) {
      parameters[i] += 1e-5;
      const double above = loss();
      parameters[i] -= 2e-5;
      const double below = loss();
      parameters[i] += 1e-5;
      ASSERT_NEAR(gradient[i].item<double>(), (above - below) / 2e-5, 1e-4) << kind << " " << i;
    }
  }
}

TEST(ScoreNet, WithoutWeightsIsExactForAGaussianAboutItsCentre) {
  for (const std::string kind : {"convolution", "folded"}) {
    Rng rng(12);
    const ScoreNet score_net(small_score_net(kind, rng), {.data_scale = 0.4, .centre = 0.3});
    const Tensor x = rng.normal({6, 64}, f64), sigma = rng.uniform({6, 1}, f64) + 0.1;
    EXPECT_TRUE(torch::allclose(score_net.forward(x, sigma), -(x - 0.3) / (0.16 + sigma.square()), 1e-12))
        << kind;
  }
}

TEST(ScoreNet, OfImagesSeesTheNoiseLevel) {
  for (const std::string kind : {"convolution", "folded"}) {
    const auto net = small_net(kind, 26);
    const Tensor x = torch::ones({1, 65}, f64);
    Tensor other = x.clone();
    other[0][64] = 0;
    EXPECT_FALSE(torch::allclose(net->forward(x), net->forward(other), 1e-3)) << kind;
  }
}

// A density of images whose score is no linear function.
Tensor bent_score(const Tensor& x) { return torch::tanh(x.roll(1, 1)) - x.pow(3); }

TEST(FisherLoss, FullGradientGoesThroughConvolutionsAndTheTarget) {
  for (const auto& [kind, divergence_form] : std::vector<std::pair<std::string, bool>>{
           {"convolution", false}, {"convolution", true}, {"folded", false}, {"folded", true}}) {
    const ScoreNet score_net(small_net(kind, 13), {.data_scale = 0.5, .centre = 0.2});
    Rng rng(14);
    const Tensor x0 = rng.normal({4, 64}, f64), e = rng.normal({4, 64}, f64),
                 sigma = rng.uniform({4, 1}, f64) + 0.2, way = rng.normal({4, 64}, f64);
    const FisherLoss fisher({.gradient = FisherGradient::full, .divergence_form = divergence_form});
    const auto total = [&](const Tensor& start) {
      Rng probes(15);
      return fisher
          .rows(
              {start + sigma * e, e, sigma}, bent_score,
              [&](const Tensor& x) { return score_net.forward(x, sigma); }, probes)
          .sum();
    };
    const Tensor start = x0.clone().requires_grad_();
    const double slope = (torch::autograd::grad({total(start)}, {start})[0] * way).sum().item<double>();
    const auto at = [&](double shift) { return total((x0 + shift * way).requires_grad_()).item<double>(); };
    EXPECT_NEAR(slope, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-5 * std::abs(slope)) << kind << divergence_form;
    EXPECT_GT(std::abs(slope), 1);
  }
}

// E over fresh noised images of |s - exact|^2 over E |exact|^2.
double score_error(const ScoreNet& score_net, const GaussianImage& target, const Tensor& mean, double sd,
                   double sigma) {
  torch::NoGradGuard no_grad;
  Rng rng(16);
  const Tensor x = (mean + std::hypot(sd, sigma) * rng.normal({500, mean.size(0)}, f64)).to(torch::kFloat);
  const Tensor exact = target.noised_exactly(torch::tensor(sigma, f64))->score(x);
  const Tensor model = score_net.forward(x, torch::full({500, 1}, sigma, x.options()));
  return ((model - exact).square().sum() / exact.square().sum()).item<double>();
}

class ScoreNetOfImages : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Both, ScoreNetOfImages, ::testing::Values("convolution", "folded"));

TEST_P(ScoreNetOfImages, LearnsTheScoresOfEveryLevel) {
  const double sd = 0.2;
  const Tensor mean = ring(8);
  const GaussianImage target(mean, variance_of(sd));
  Rng rng(17);
  ScoreNet score_net(score_net_of(GetParam(), 8, 32, rng, torch::kFloat),
                     {.form = ScoreForm::denoiser, .data_scale = 0.3, .centre = 0.4});
  Adam adam(score_net.net().parameters(), {.learning_rate = 3e-3, .beta2 = 0.99, .clip = 10});
  const auto error = [&](double sigma) { return score_error(score_net, target, mean, sd, sigma); };
  const double narrow = error(0.1), wide = error(1);
  Tape tape;
  const int steps = GetParam() == "folded" ? 800 : 400;  // its updates are several times cheaper
  for (int i = 0; i < steps; ++i) {
    const Tensor sigma = 0.1 * torch::pow(10, rng.uniform({64, 1}, torch::kFloat));
    const Tensor e = rng.normal({64, 64}, torch::kFloat);
    const Tensor x0 = mean.to(torch::kFloat) + sd * rng.normal({64, 64}, torch::kFloat);
    score_net.matching_gradient(x0 + sigma * e, sigma, e, tape, adam.gradient());
    adam.update(score_net.net().parameters(), 0.5 * (1 + std::cos(i * 3.14159 / steps)));
  }
  EXPECT_GT(narrow, 0.3);
  EXPECT_LT(error(0.1), 0.1 * narrow);
  EXPECT_LT(error(1), 0.3 * wide);
}

// A sampler of `call` on a target that is not registered.
struct Bench {
  SamplerRegistry samplers{"sampler"};
  const targets::Target& target;
  Rng root{18};

  explicit Bench(const targets::Target& given) : target(given) { add_samplers(samplers); }

  std::unique_ptr<Sampler> make(const std::string& text, int64_t planned_steps,
                                torch::ScalarType dtype = torch::kFloat) const {
    const Call call = parse_call(text);
    const auto& entry = samplers.at(call.name);
    const Options options(entry.options, call.options, call.name);
    const Rng init = root.split("init");
    return entry.make({.target = target,
                       .options = options,
                       .init = init,
                       .placement = torch::TensorOptions(dtype),
                       .planned_steps = planned_steps});
  }
};

const std::string convolutions =
    ",generator=convolution,channels=4,width=8,depth=1,latent_dim=4,score_net=convolution,score_channels=2,"
    "score_width=8,batch=16";
const std::string folded = ",latent_dim=4,score_net=folded,score_channels=2,score_width=8,batch=16";
const std::string upsampled = ",generator=upsample,channels=12,width=8,depth=1,latent_dim=4,batch=16";
const std::string of_images = ",latent_skip=false,output=sigmoid,initial_scale=0.5,centre=0.5,data_scale=0.3";

TEST(ImageSampler, EveryVariantStepsAndIsDrawnFromAgainAfterSaving) {
  const GaussianImage target(ring(8), variance_of(0.2));
  const Bench bench(target);
  for (const std::string& call : std::vector<std::string>{
           "dft:" + of_images.substr(1), "dft:draw_noise=false" + convolutions,
           "dft:draw_noise=false" + convolutions + of_images,
           "dft:divergence_form=true" + convolutions + of_images,
           "dft-blur:sigma=0.05" + convolutions + of_images,
           "dft-blur:potential=true,activation=tanh" + convolutions,
           "dft-blur:potential=true" + folded + of_images, "dft:divergence_form=true" + folded + of_images,
           "kl:sigma=0.2" + folded + of_images,
           "kl:sigma=0.2" + convolutions + of_images,
           "kl-blur:sigma=0.1,sigma_max=1" + convolutions + of_images,
           "fisher:blur=true,sigma_schedule=log_uniform" + convolutions + of_images,
           "kl:draw_noise=false" + upsampled + of_images, "dft-blur:sigma=0.05" + upsampled + of_images,
           std::string("stein-ksd:generator=convolution,batch=16,latent_dim=4,channels=3"),
           std::string("stein-critic:generator=convolution,batch=16,output=sigmoid")}) {
    const auto sampler = bench.make(call, 10);
    Rng rng(19);
    for (int i = 0; i < 4; ++i) sampler->step(rng);
    Archive archive;
    sampler->save(archive);
    const auto loaded = bench.make(call, 10);
    loaded->load(Archive::parse(archive.serialise(), "memory"));
    Rng first(20), second(20);
    const Tensor draws = sampler->draw(100, first);
    EXPECT_EQ(draws.sizes(), (std::vector<int64_t>{100, 64})) << call;
    EXPECT_TRUE(draws.isfinite().all().item<bool>()) << call;
    EXPECT_TRUE(torch::equal(draws, loaded->draw(100, second))) << call;
    EXPECT_GT(draws.std(0).min().item<double>(), 1e-4) << call << ": draws are all the same";
  }
}

TEST(ImageSampler, UpsampledDrawsAreThoseOfTheirSeed) {
  const GaussianImage target(ring(8), variance_of(0.2));
  const Bench bench(target);
  const auto draws = [&](uint64_t seed) {
    const auto sampler = bench.make("kl:draw_noise=false" + upsampled + of_images, 10);
    Rng rng(seed);
    sampler->step(rng);
    return sampler->draw(50, rng);
  };
  EXPECT_TRUE(torch::equal(draws(25), draws(25)));
  EXPECT_FALSE(torch::equal(draws(25), draws(26)));
}

TEST(ImageSampler, DrawsOfASigmoidAreImages) {
  const GaussianImage target(ring(8), variance_of(0.2));
  const auto sampler = Bench(target).make("kl:draw_noise=false" + convolutions + of_images, 10);
  Rng rng(21);
  sampler->step(rng);
  const Tensor draws = sampler->draw(1000, rng);
  EXPECT_GE(draws.min().item<double>(), 0);
  EXPECT_LE(draws.max().item<double>(), 1);
}

TEST(ImageSampler, RefusesWhatIsNoSquareImage) {
  const GaussianImage plane(torch::zeros({2}, f64), variance_of(1)),
      odd(torch::zeros({36}, f64), variance_of(1));
  EXPECT_THROW(Bench(plane).make("kl:generator=convolution", 10), InputError);
  EXPECT_THROW(Bench(plane).make("dft:score_net=convolution", 10), InputError);
  EXPECT_THROW(Bench(plane).make("dft:score_net=folded", 10), InputError);
  EXPECT_THROW(Bench(odd).make("dft:score_net=folded", 10), InputError);
  EXPECT_THROW(Bench(plane).make("kl:generator=upsample", 10), InputError);
  EXPECT_THROW(Bench(odd).make("kl:generator=convolution", 10), InputError);
  EXPECT_THROW(Bench(odd).make("kl:generator=upsample", 10), InputError);
}

TEST(ImageSampler, RefusesAFoldedScoreNetWithAnotherActivation) {
  const GaussianImage target(ring(8), variance_of(0.2));
  EXPECT_THROW(Bench(target).make("dft:score_net=folded,activation=tanh", 10), InputError);
  EXPECT_NO_THROW(Bench(target).make("dft:score_net=folded", 10));
}

TEST(ImageSampler, OptionsAtTheirDefaultsAreNotRecorded) {
  SamplerRegistry samplers("sampler");
  add_samplers(samplers);
  for (const std::string name : {"dft", "dft-blur", "kl", "kl-blur", "fisher", "stein-ksd", "stein-critic"}) {
    const auto& entry = samplers.at(name);
    const Json recorded = recorded_options(entry.options, Options(entry.options, Json::object(), name));
    for (const std::string option : {"generator", "channels", "latent_skip", "output", "score_net",
                                     "score_channels", "centre", "data_scale"})
      EXPECT_FALSE(recorded.contains(option)) << name << " " << option;
  }
}

TEST(ImageSampler, DefaultsForImagesAreRecordedAndDrawImages) {
  const GaussianImage target(ring(8), variance_of(0.2));
  const Bench bench(target);
  for (const std::string name : {"dft-images", "fisher-images", "kl-images"}) {
    const auto& entry = bench.samplers.at(name);
    const Json recorded = recorded_options(entry.options, Options(entry.options, Json::object(), name));
    for (const std::string option : {"latent_skip", "output", "centre", "data_scale"})
      EXPECT_TRUE(recorded.contains(option)) << name << " " << option;
    const auto sampler = bench.make(name, 10);
    Rng rng(24);
    for (int i = 0; i < 3; ++i) sampler->step(rng);
    const Tensor draws = sampler->draw(1000, rng);
    EXPECT_GE(draws.min().item<double>(), 0) << name;
    EXPECT_LE(draws.max().item<double>(), 1) << name;
  }
}

// How far the mean of the draws is from `mean`, root mean square over the pixels in units of the target's sd,
// after `steps` steps of KL training with convolutions on 28 x 28. The 1,000 draws put an error of 0.03 on
// it.
double distance_of_means(const Tensor& mean, double sign, int64_t steps) {
  const double sd = 0.2;
  const GaussianImage target(mean, variance_of(sd), sign);
  const auto sampler = Bench(target).make(
      "kl:generator=convolution,channels=8,width=32,depth=1,latent_dim=16,latent_skip=false,"
      "initial_scale=0.5,output=sigmoid,score_net=convolution,score_channels=4,score_width=32,"
      "score_form=noise,centre=0.4,data_scale=0.3,batch=32,score_steps=1,sigma=0.1,learning_rate=0.01,"
      "score_learning_rate=0.005,averaging=0.9",
      steps);
  Rng rng(22);
  for (int64_t i = 0; i < steps; ++i) sampler->step(rng);
  const Tensor error = sampler->draw(1000, rng).to(torch::kDouble).mean(0) - mean;
  return error.square().mean().sqrt().item<double>() / sd;
}

TEST(ImageSampler, FindsTheMeanImage) {
  const Tensor mean = ring(28);
  const double start = distance_of_means(mean, 1, 0);
  EXPECT_GT(start, 1.5);
  EXPECT_LT(distance_of_means(mean, 1, 150), 0.35);
  EXPECT_GT(distance_of_means(mean, -1, 30), start) << "a score of the wrong sign";
}

int64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  int64_t kib = 0;
  for (std::string word; status >> word;)
    if (word == "VmRSS:") status >> kib;
  return kib;
}

TEST(ImageSampler, MemoryDoesNotGrow) {
  if (samplerbench::testing::kSanitized) GTEST_SKIP() << "the sanitizer keeps freed memory";
  const GaussianImage target(ring(8), variance_of(0.2));
  const auto sampler = Bench(target).make("dft:score_steps=1" + convolutions + of_images, 1000);
  Rng rng(23);
  const auto walk = [&](int steps) {
    for (int i = 0; i < steps; ++i) sampler->step(rng);
  };
  walk(100);
  const int64_t before = resident_kib();
  if (before == 0) GTEST_SKIP() << "this system does not tell how much memory is resident";
  walk(1000);
  // The feature maps of one step take about 1 MiB: a leak of a hundredth of them would be 10 MiB.
  EXPECT_LT(resident_kib() - before, 8 * 1024);
}

}  // namespace
}  // namespace samplerbench::samplers
