#include "targets/energy/image_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/rng.h"
#include "targets/energy/digit_strokes.h"
#include "targets/energy/idx_file.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using targets::DataFiles;
using targets::digit_strokes;
using targets::ImageData;
using targets::load_images;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Files in memory, handed over in pieces.
class MemoryFiles : public DataFiles {
 public:
  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    const auto found = contents.find(name);
    if (found == contents.end()) throw InputError(shown(name) + ": no such file");
    for (size_t at = 0; at < found->second.size(); at += piece) {
      const std::string copy = found->second.substr(at, piece);  // gone after the call, as a buffer would be
      take(copy);
    }
  }
  std::string shown(const std::string& name) const override { return "data/" + name; }

  std::map<std::string, std::string> contents;
  size_t piece = 7;
};

const std::string kImages = "mnist/train-images-idx3-ubyte.gz", kLabels = "mnist/train-labels-idx1-ubyte.gz";
const std::string kTestImages = "mnist/t10k-images-idx3-ubyte.gz",
                  kTestLabels = "mnist/t10k-labels-idx1-ubyte.gz";

std::string big_endian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string idx(const std::vector<uint32_t>& sizes, const std::string& bytes) {
  std::string file = big_endian(0x0800 + static_cast<uint32_t>(sizes.size()));
  for (const uint32_t size : sizes) file += big_endian(size);
  return file + bytes;
}

// `count` bytes that differ: 0, 3, 6, ...
std::string ramp(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(3 * i));
  return bytes;
}

// Three images of 2 x 4 and two.
MemoryFiles small_set() {
  MemoryFiles files;
  files.contents = {{kImages, idx({3, 2, 4}, ramp(24))},
                    {kLabels, idx({3}, {'\x05', '\x00', '\x09'})},
                    {kTestImages, idx({2, 2, 4}, ramp(16))},
                    {kTestLabels, idx({2}, {'\x01', '\x02'})}};
  return files;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(ImageData, ReadsIdxFiles) {
  MemoryFiles files = small_set();
  for (const size_t piece : {1, 5, 1000}) {
    files.piece = piece;
    const ImageData data = load_images("mnist", files);
    EXPECT_EQ(data.height, 2);
    EXPECT_EQ(data.width, 4);
    EXPECT_EQ(data.classes, 10);
    EXPECT_EQ(data.name, "mnist");
    EXPECT_TRUE(torch::equal(data.training, (3 * torch::arange(24)).to(torch::kByte).view({3, 8})));
    EXPECT_TRUE(torch::equal(data.test, (3 * torch::arange(16)).to(torch::kByte).view({2, 8})));
    EXPECT_TRUE(torch::equal(data.training_labels, torch::tensor({5, 0, 9}, torch::kLong)));
    EXPECT_TRUE(torch::equal(data.test_labels, torch::tensor({1, 2}, torch::kLong)));
  }
}

// A file that is put in the place of a good one, and what the message says beside its name.
struct Damage {
  std::string name, file, contents, says;
};

class DamagedIdx : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedIdx, IsRefusedByName) {
  const Damage& damage = GetParam();
  MemoryFiles files = small_set();
  files.contents[damage.file] = damage.contents;
  for (const size_t piece : {1, 5, 1000}) {
    files.piece = piece;
    EXPECT_THAT(message_of([&] { load_images("mnist", files); }),
                AllOf(HasSubstr("data/" + damage.file), HasSubstr(damage.says)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, DamagedIdx,
    ::testing::Values(
        Damage{"Empty", kImages, "", "is truncated: 0 bytes, and its header alone has 16"},
        Damage{"PartOfMagic", kImages, "ab", "is truncated: 2 bytes"},
        Damage{"OtherMagic", kImages, "PK\x03\x04" + ramp(40), "its magic number is 0x504b0304"},
        Damage{"Floats", kImages, big_endian(0x0d03) + ramp(40),
               "0x00000d03, and that of an idx file of unsigned bytes in 3 dimensions is 0x00000803"},
        Damage{"LabelsForImages", kImages, idx({3}, ramp(3)), "0x00000801"},
        Damage{"ImagesForLabels", kLabels, idx({3, 2, 4}, ramp(24)), "in 1 dimension is 0x00000801"},
        Damage{"PartOfHeader", kImages, idx({3, 2, 4}, "").substr(0, 13), "is truncated: 13 bytes"},
        Damage{"NoRows", kImages, idx({3, 0, 4}, ""), "its size in dimension 2 is 0"},
        Damage{"Absurd", kImages, idx({4000000000U, 4000000000U, 4000000000U}, ramp(9)), "says more than"},
        Damage{"Truncated", kImages, idx({3, 2, 4}, ramp(23)),
               "is truncated: its header says 24 bytes (3 x 2 x 4), and 23 follow"},
        Damage{"Trailing", kImages, idx({3, 2, 4}, ramp(26)), "2 bytes too many follow the 24"},
        Damage{"NoDigit", kLabels, idx({3}, {'\x05', '\x0c', '\x09'}),
               "label 1 (from 0) is 12; labels are 0 to 9"},
        Damage{"FewerLabels", kLabels, idx({2}, {'\x05', '\x00'}), "holds 3 images and data/" + kLabels},
        Damage{"MoreLabels", kTestLabels, idx({3}, ramp(3)), "holds 2 images"},
        Damage{"OtherSize", kTestImages, idx({2, 4, 2}, ramp(16)), "holds images of 2 x 4 and"}),
    [](const auto& info) { return info.param.name; });

TEST(ImageData, NamesWhatIsMissing) {
  MemoryFiles files = small_set();
  files.contents.erase(kTestLabels);
  EXPECT_THAT(message_of([&] { load_images("mnist", files); }), HasSubstr(kTestLabels));
}

TEST(ImageData, SuggestsAName) {
  for (const auto& refused : {message_of([] { load_images("mnits", MemoryFiles()); }),
                              message_of([] { targets::image_files("mnits"); })})
    EXPECT_THAT(refused, AllOf(HasSubstr("'mnits'"), HasSubstr("mnist"), HasSubstr("strokes")));
}

TEST(ImageData, NamesTheFilesThatItReads) {
  EXPECT_TRUE(targets::image_files("strokes").empty());
  MemoryFiles files = small_set();
  MemoryFiles named;
  for (const std::string& name : targets::image_files("mnist"))
    named.contents[name] = files.contents.at(name);
  EXPECT_NO_THROW(load_images("mnist", named));
}

TEST(ImageData, PixelsAreShares) {
  const Tensor pixels = targets::as_pixels(torch::tensor({{0, 51, 255}}, torch::kByte));
  EXPECT_EQ(pixels.scalar_type(), torch::kFloat);
  EXPECT_TRUE(torch::allclose(pixels, torch::tensor({{0.0f, 0.2f, 1.0f}})));
  EXPECT_LE(pixels.max().item<float>(), 1.0f);
  const Tensor levels = torch::tensor({{255.0f}});
  targets::as_pixels(levels);
  EXPECT_EQ(levels.item<float>(), 255.0f) << "what came in was changed";
}

TEST(Strokes, AreTheSameEveryTime) {
  const ImageData a = digit_strokes(60, 40), b = digit_strokes(60, 40);
  EXPECT_TRUE(torch::equal(a.training, b.training));
  EXPECT_TRUE(torch::equal(a.test_labels, b.test_labels));
  const Tensor both = torch::cat({a.training, a.test});
  EXPECT_EQ(std::get<0>(torch::unique_dim(both, 0)).size(0), 100) << "an image stands twice";
}

TEST(Strokes, AreImagesOfTenEqualClasses) {
  const ImageData data = digit_strokes(1000, 503);
  EXPECT_EQ(data.height * data.width, 784);
  EXPECT_EQ(data.training.sizes(), at::IntArrayRef({1000, 784}));
  EXPECT_EQ(data.test.sizes(), at::IntArrayRef({503, 784}));
  EXPECT_EQ(data.training.scalar_type(), torch::kByte);
  EXPECT_TRUE((torch::bincount(data.training_labels) == 100).all().item<bool>());
  const Tensor test_counts = torch::bincount(data.test_labels, {}, 10);
  EXPECT_LE((test_counts.max() - test_counts.min()).item<int64_t>(), 1);
  // Ink everywhere, but mostly paper; lines that reach full black; margins.
  const Tensor pixels = targets::as_pixels(data.training);
  EXPECT_GT(pixels.mean(1).min().item<double>(), 0.02);
  EXPECT_LT(pixels.mean(1).max().item<double>(), 0.5);
  EXPECT_TRUE((data.training.amax(1) == 255).all().item<bool>());
  EXPECT_LT(pixels.view({1000, 28, 28}).select(1, 0).mean().item<double>(), 0.01);
}

// The share of test images whose nearest mean of a class is that of their own.
double centroid_accuracy(const ImageData& data, const Tensor& training_labels) {
  const Tensor x = targets::as_pixels(data.training);
  const Tensor of_class = at::one_hot(training_labels, 10).to(torch::kFloat);
  const Tensor centroids = torch::mm(of_class.t(), x) / of_class.sum(0).unsqueeze(1);
  const Tensor guess = torch::cdist(targets::as_pixels(data.test), centroids).argmin(1);
  return guess.eq(data.test_labels).to(torch::kDouble).mean().item<double>();
}

TEST(Strokes, ClassesDiffer) {
  const ImageData data = digit_strokes(2000, 1000);
  EXPECT_GT(centroid_accuracy(data, data.training_labels), 0.6);
  // With labels at random a guess is right one time in ten: each class has a tenth of the test images.
  Rng rng(3);
  const Tensor shuffled = data.training_labels.index_select(0, rng.permutation(2000));
  EXPECT_LT(centroid_accuracy(data, shuffled), 0.1 + z_bound() * std::sqrt(0.1 * 0.9 / 1000) * 2);
}

}  // namespace
}  // namespace samplerbench::testing
