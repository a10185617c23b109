#include "targets/energy/feature_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/serialization/import.h>

#include <limits>
#include <map>
#include <sstream>

#include "core/error.h"
#include "core/json.h"
#include "targets/energy/digit_strokes.h"
#include "targets/energy/feature_fit.h"
#include "targets/energy/image_data.h"
#include "tests/complaint.h"

namespace samplerbench::testing {
namespace {

using targets::FeatureNetwork;
using targets::FeatureNetworkShape;
using targets::FeatureOutputs;
using targets::ImageFeatures;
using targets::load_features;
using ::testing::AllOf;
using ::testing::HasSubstr;

// One file in memory.
class MemoryFile : public targets::DataFiles {
 public:
  explicit MemoryFile(std::string bytes, bool vouched_for = true)
      : bytes_(std::move(bytes)), vouched_for_(vouched_for) {}

  void read(const std::string&, const std::function<void(std::string_view)>& take) const override {
    const size_t half = bytes_.size() / 2;
    take(std::string_view(bytes_).substr(0, half));
    take(std::string_view(bytes_).substr(half));
  }
  bool is_vouched_for(const std::string&) const override { return vouched_for_; }
  std::string shown(const std::string& name) const override { return "data/" + name; }

 private:
  std::string bytes_;
  bool vouched_for_;
};

const FeatureNetworkShape kSmall{.height = 8, .width = 12, .channels = 3, .features = 5, .classes = 4};
const std::string kName = "models/small.pt";

FeatureNetwork small_network(uint64_t seed = 1) {
  Rng rng(seed);
  FeatureNetwork network(kSmall, rng, torch::kFloat);
  torch::NoGradGuard no_grad;
  network.parameters().add_(rng.normal({network.parameters().numel()}, torch::kFloat), 0.05);
  return network;
}

Tensor images(int64_t n, uint64_t seed = 2) { return Rng(seed).uniform({n, 96}, torch::kDouble); }

ImageFeatures load(const std::string& bytes, int64_t pixels = 0) {
  return load_features(kName, MemoryFile(bytes), pixels);
}

// The layers written out, one image, in float64.
FeatureOutputs by_hand(const Archive& weights, const Tensor& image) {
  const auto part = [&weights](const std::string& name) { return weights.get(name).to(torch::kDouble); };
  const auto convolved = [](const Tensor& x, const Tensor& weight, const Tensor& bias) {
    const int64_t height = x.size(1), width = x.size(2);
    const Tensor padded = torch::constant_pad_nd(x, {1, 1, 1, 1});
    Tensor out = bias.view({-1, 1, 1}).expand({-1, height, width}).clone();
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 3; ++j)
        out += torch::einsum("oc,chw->ohw", {weight.select(3, j).select(2, i),
                                             padded.slice(1, i, i + height).slice(2, j, j + width)});
    return out;
  };
  const auto halved = [](const Tensor& x) {
    return x.view({x.size(0), x.size(1) / 2, 2, x.size(2) / 2, 2}).amax({2, 4});
  };
  Tensor x = image.view({1, kSmall.height, kSmall.width});
  for (const std::string layer : {"convolution_1", "convolution_2"})
    x = halved(convolved(x, part(layer + ".weight"), part(layer + ".bias")).clamp_min(0));
  const Tensor features = (part("dense.weight").mv(x.reshape(-1)) + part("dense.bias")).clamp_min(0);
  return {features, part("output.weight").mv(features) + part("output.bias")};
}

TEST(FeatureNetwork, IsItsLayers) {
  const FeatureNetwork network = small_network();
  const Tensor x = images(3);
  const FeatureOutputs outputs = network.infer(x);
  EXPECT_EQ(outputs.features.scalar_type(), torch::kDouble);
  EXPECT_GT(outputs.features.max().item<double>(), 0);
  for (int64_t i = 0; i < 3; ++i) {
    const FeatureOutputs expected = by_hand(network.archive(), x[i]);
    EXPECT_TRUE(torch::allclose(outputs.features[i], expected.features, 1e-4, 1e-5));
    EXPECT_TRUE(torch::allclose(outputs.logits[i], expected.logits, 1e-4, 1e-5));
  }
}

TEST(FeatureNetwork, TakesRowsInBlocksAndCutsGreyLevels) {
  const FeatureNetwork network = small_network();
  const Tensor x = images(1203);
  const Tensor all = network.infer(x).features;
  EXPECT_EQ(all.size(0), 1203);
  for (const int64_t row : {0, 63, 64, 1202})
    EXPECT_TRUE(torch::allclose(all[row], network.infer(x.narrow(0, row, 1)).features[0], 1e-5, 1e-6));
  const Tensor beyond = 3 * x - 1;
  EXPECT_TRUE(torch::equal(network.infer(beyond).logits, network.infer(beyond.clamp(0, 1)).logits));
}

TEST(FeatureNetwork, ComesBackFromItsFile) {
  const FeatureNetwork network = small_network();
  const std::string bytes = network.archive().serialise();
  const ImageFeatures loaded = load(bytes, 96);
  const Tensor x = images(4);
  EXPECT_TRUE(torch::equal(loaded.features(x), network.infer(x).features));
  EXPECT_TRUE(torch::allclose(loaded.probabilities(x).sum(1), torch::ones({4}, torch::kDouble)));
  EXPECT_TRUE(torch::equal(loaded.probabilities(x).argmax(1), network.infer(x).logits.argmax(1)));
  EXPECT_EQ(loaded.name, "small.pt " + sha256(bytes).substr(0, 12));
}

// What is remembered of the last images must not be taken for that of others.
TEST(FeatureNetwork, ToldOfNewImagesLooksAgain) {
  const FeatureNetwork network = small_network();
  const ImageFeatures loaded = targets::image_features(network, "small");
  Tensor x = images(4);
  const Tensor first = loaded.features(x);
  EXPECT_TRUE(loaded.features(x).is_same(first));
  x.mul_(0.5);
  EXPECT_TRUE(torch::equal(loaded.features(x), network.infer(x).features));
  const Tensor other = images(4, 3);
  EXPECT_TRUE(torch::equal(loaded.features(other), network.infer(other).features));
}

struct Damage {
  std::string name, bytes, says;
};

std::string with_part(const std::string& name, const Tensor& value) {
  Archive archive = small_network().archive();
  archive.put(name, value);
  return archive.serialise();
}

std::vector<Damage> damages() {
  const std::string good = small_network().archive().serialise();
  Archive other;
  other.put("energy", torch::ones({3}));
  return {{"Empty", "", "damaged"},
          {"NoArchive", "no network at all", "damaged"},
          {"Truncated", good.substr(0, good.size() / 2), "damaged"},
          {"OfAnotherKind", other.serialise(), "not a feature network"},
          {"OtherShape", with_part("dense.bias", torch::zeros({6})), "'dense.bias' is [6] and must be [5]"},
          {"OddSize", with_part("image", torch::tensor({8, 13}, torch::kLong)), "multiples of 4"},
          {"NoDimensions", with_part("output.weight", torch::tensor(1.0)), "'output.weight'"},
          {"NotFinite", with_part("output.bias", torch::full({4}, std::numeric_limits<double>::quiet_NaN())),
           "'output.bias' holds a number that is not finite"}};
}

class DamagedNetwork : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedNetwork, IsRefusedByName) {
  EXPECT_THAT(complaint([] { load(GetParam().bytes); }),
              AllOf(HasSubstr("data/" + kName), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(Table, DamagedNetwork, ::testing::ValuesIn(damages()),
                         [](const auto& info) { return info.param.name; });

TEST(FeatureNetwork, RefusesImagesOfAnotherSize) {
  const std::string bytes = small_network().archive().serialise();
  const auto said = AllOf(HasSubstr("data/" + kName), HasSubstr("8 x 12"));
  EXPECT_THAT(complaint([&] { load(bytes, 784); }), said);
  const ImageFeatures loaded = load(bytes);
  EXPECT_THAT(complaint([&] { loaded.features(torch::zeros({2, 784})); }), said);
  EXPECT_NO_THROW(loaded.features(images(2)));
}

std::string script(const std::string& body) {
  torch::jit::Module module("network");
  module.register_parameter("weight", torch::tensor({2.0f}), false);
  module.define("def forward(self, x):\n    " + body + "\n");
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

TEST(ScriptedNetwork, GivesFeaturesAlone) {
  const ImageFeatures loaded = load(script("return x[:, :3] * self.weight"), 96);
  const Tensor x = images(701);
  EXPECT_TRUE(torch::allclose(loaded.features(x), 2 * x.slice(1, 0, 3), 1e-6, 1e-6));
  EXPECT_FALSE(loaded.probabilities);
}

TEST(ScriptedNetwork, GivesLogitsToo) {
  const ImageFeatures loaded = load(script("return x[:, :3], x[:, 3:5] * self.weight"), 96);
  const Tensor x = images(5);
  ASSERT_TRUE(loaded.probabilities);
  EXPECT_TRUE(torch::allclose(loaded.probabilities(x), (2 * x.slice(1, 3, 5)).softmax(1), 1e-5, 1e-6));
}

TEST(ScriptedNetwork, IsRefusedByName) {
  const std::string square = script("return x.view(-1, 1, 28, 28).flatten(1)");
  const std::string rows = script("return x.sum(1)");
  const std::string three = script("return x, x, x");
  const std::string whole = script("return x");
  const auto names_file = HasSubstr("data/" + kName);
  EXPECT_THAT(complaint([&] { load(square, 96); }), AllOf(names_file, HasSubstr("images of 96 pixels")));
  EXPECT_NO_THROW(load(square, 784));
  EXPECT_THAT(complaint([&] { load(rows, 96); }), AllOf(names_file, HasSubstr("one row an image")));
  EXPECT_THAT(complaint([&] { load(three, 96); }), names_file);
  EXPECT_THAT(complaint([&] { load(whole.substr(0, whole.size() - 100), 96); }), names_file);
}

TEST(ScriptedNetwork, NeedsItsHashBeforehand) {
  const MemoryFile unknown(script("return x"), /*vouched_for=*/false);
  EXPECT_THAT(complaint([&] { load_features(kName, unknown, 96); }),
              AllOf(HasSubstr("data/" + kName), HasSubstr("small.json"), HasSubstr("sha256sum")));
  // Networks of the suite's own are checked while they are read.
  const MemoryFile own(small_network().archive().serialise(), /*vouched_for=*/false);
  EXPECT_EQ(complaint([&] { load_features(kName, own, 96); }), "");
}

// A fit of a small classifier to strokes.
class ClassifierFit : public ::testing::Test {
 protected:
  static constexpr int64_t kSteps = 150;

  static std::unique_ptr<targets::ModelFit> make(const Json& options = Json::object()) {
    targets::ModelFitRegistry registry("fit");
    targets::add_image_classifier(registry);
    const auto& entry = registry.at("image-classifier");
    Json given{
        {"data", "strokes"}, {"channels", 6}, {"features", 24}, {"batch", 48}, {"learning_rate", 4e-3}};
    given.update(options);
    const Options resolved(entry.options, given, "image-classifier");
    const Rng init(5);
    return entry.make(
        {.options = resolved, .files = targets::no_data_files(), .init = init, .planned_steps = kSteps});
  }

  static void run(targets::ModelFit& fit, int64_t first, int64_t last) {
    const Rng root(9);
    for (int64_t step = first; step < last; ++step) {
      Rng rng = root.split(static_cast<uint64_t>(step));
      fit.step(rng);
    }
  }
};

TEST_F(ClassifierFit, LearnsStrokes) {
  const auto fit = make();
  EXPECT_LT(fit->evaluate().at("test_accuracy").get<double>(), 40);
  run(*fit, 0, kSteps);
  const double accuracy = fit->evaluate().at("test_accuracy").get<double>();
  EXPECT_GT(accuracy, 90);
  RecordProperty("test_accuracy", std::to_string(accuracy));
  // What is published says the same.
  const FeatureNetwork network(fit->model(), "model");
  const targets::ImageData data = targets::load_images("strokes", targets::no_data_files());
  const Tensor hit = network.infer(targets::as_pixels(data.test)).logits.argmax(1).eq(data.test_labels);
  EXPECT_DOUBLE_EQ(100 * hit.to(torch::kDouble).mean().item<double>(), accuracy);
  EXPECT_EQ(fit->facts().at("parameters").get<int64_t>(), network.parameters().numel());
}

TEST_F(ClassifierFit, GoesOnAsIfNeverStopped) {
  const auto whole = make(), before = make(), after = make();
  run(*whole, 0, 6);
  run(*before, 0, 3);
  Archive kept;
  before->save(kept);
  after->load(Archive::parse(kept.serialise(), "kept"));
  run(*after, 3, 6);
  EXPECT_EQ(whole->model().serialise(), after->model().serialise());
  run(*before, 3, 5);
  EXPECT_NE(whole->model().serialise(), before->model().serialise());
}

TEST_F(ClassifierFit, RefusesWhatAnotherShapeKept) {
  Archive kept;
  make()->save(kept);
  const auto other = make({{"features", 25}});
  EXPECT_THROW(other->load(kept), InputError);
}

TEST_F(ClassifierFit, SaysThatItDiverged) {
  const auto fit = make({{"learning_rate", 1e30}});
  EXPECT_THROW(run(*fit, 0, 10), Diverged);
}

}  // namespace
}  // namespace samplerbench::testing
