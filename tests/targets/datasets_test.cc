#include "targets/bayes/datasets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "targets/bayes/libsvm_text.h"
#include "targets/bayes/synthetic.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using targets::DataFiles;
using targets::Dataset;
using targets::load_dataset;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A file in memory, handed over in pieces that end at every multiple of `piece` and at `cut`.
class MemoryFile : public DataFiles {
 public:
  MemoryFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    if (name != name_) throw InputError(name + " is missing");
    const std::string_view text = text_;
    // Each piece is a copy that is gone after the call, as a buffer would be.
    for (size_t begin = 0, end; begin < text.size(); begin = end) {
      end = std::min(begin + piece, text.size());
      if (begin < cut && cut < end) end = cut;
      const std::string copy(text.substr(begin, end - begin));
      take(copy);
    }
  }
  std::string shown(const std::string& name) const override { return "data/" + name; }

  size_t piece = std::string::npos / 2;
  size_t cut = 0;

 private:
  std::string name_;
  std::string text_;
};

const std::string kSubsetFile = "covertype/covtype_sub.csv.gz";
const std::string kFullFile = "covertype/covtype.data.gz";

Dataset load_csv(const std::string& text, const std::string& label = "y") {
  return load_dataset("a.csv", label, MemoryFile("a.csv", text));
}

Dataset load_svm(const std::string& text) { return load_dataset("a.svm", "", MemoryFile("a.svm", text)); }

Dataset load_full(const std::string& text) {
  return load_dataset("covertype", "", MemoryFile(kFullFile, text));
}

Dataset load_subset(const std::string& text) {
  return load_dataset("covertype-subset", "", MemoryFile(kSubsetFile, text));
}

// The message of the InputError that `load` ends with; empty where it ends with none.
template <class Load>
std::string message_of(const Load& load) {
  try {
    load();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

std::string csv_message(const std::string& text, const std::string& label = "y") {
  return message_of([&] { load_csv(text, label); });
}

std::string svm_message(const std::string& text) {
  return message_of([&] { load_svm(text); });
}

std::string full_message(const std::string& text) {
  return message_of([&] { load_full(text); });
}

std::string subset_message(const std::string& text) {
  return message_of([&] { load_subset(text); });
}

void expect_same(const Dataset& a, const Dataset& b) {
  EXPECT_TRUE(torch::equal(a.features, b.features));
  EXPECT_TRUE(torch::equal(a.labels, b.labels));
  EXPECT_EQ(a.feature_names, b.feature_names);
}

std::vector<float> values(const Tensor& x) {
  const Tensor flat = x.contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

// Rounding to float32 leaves about 1e-7 / sqrt(N) of a mean; constant columns must be zeros.
void expect_z_scored(const Tensor& features) {
  const Tensor x = features.to(torch::kDouble);
  const Tensor sd = x.std(0, false);
  EXPECT_LT(x.mean(0).abs().max().item<double>(), 1e-7);
  EXPECT_TRUE(((sd - 1).abs() < 1e-6).logical_or(sd == 0).all().item<bool>());
  EXPECT_EQ(x.abs().amax(0).masked_select(sd == 0).sum().item<double>(), 0);
}

// A row of Covertype in both layouts.
struct CovertypeRow {
  std::array<int, 10> numbers;
  int area, soil, type;

  std::string compact() const {
    return numerals() + std::to_string(area) + "," + std::to_string(soil) + "," + std::to_string(type) + "\n";
  }
  std::string one_hot() const {
    std::string text = numerals();
    for (int i = 1; i <= 4; ++i) text += i == area ? "1," : "0,";
    for (int i = 1; i <= 40; ++i) text += i == soil ? "1," : "0,";
    return text + std::to_string(type) + "\n";
  }

 private:
  std::string numerals() const {
    std::string text;
    for (const int number : numbers) text += std::to_string(number) + ",";
    return text;
  }
};

// Rows that run through all areas, soils and types.
CovertypeRow covertype_row(int i) {
  return {{1859 + 37 * i % 2000, 7 * i % 361, i % 67, 13 * i % 1398, -173 + 5 * i % 775, 71 * i % 7118,
           i % 255, 3 * i % 255, 11 * i % 255, 101 * i % 7174},
          1 + i % 4,
          1 + i % 40,
          1 + i % 7};
}

const std::string kHeader = "Elevation,Aspect,Slope,H,V,R,H9,Hn,H3,F,Wilderness_Area,Soil_Type,Cover_Type\n";

struct CovertypeTexts {
  std::string compact = kHeader;
  std::string one_hot;
};

CovertypeTexts covertype_texts(int rows) {
  CovertypeTexts texts;
  for (int i = 0; i < rows; ++i) {
    texts.compact += covertype_row(i).compact();
    texts.one_hot += covertype_row(i).one_hot();
  }
  return texts;
}

// `text` with `from` once replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Csv, ZScoresFeaturesAndTellsClasses) {
  const Dataset data = load_csv("a,y,b\n1,no,5\n3,yes,5\n1,no,5\n3,yes,5\n");
  EXPECT_THAT(data.feature_names, ElementsAre("a", "b"));
  EXPECT_EQ(data.features.dtype(), torch::kFloat);
  EXPECT_EQ(data.labels.dtype(), torch::kFloat);
  EXPECT_THAT(values(data.features), ElementsAre(-1, 0, 1, 0, -1, 0, 1, 0));
  EXPECT_THAT(values(data.labels), ElementsAre(-1, 1, -1, 1));
  EXPECT_THAT(data.description, AllOf(HasSubstr("4 rows, 2 features"), HasSubstr("+1 is 'yes'")));
}

TEST(Csv, NumbersAreComparedAsNumbers) {
  // As text '10' comes before '9'; 9.0 is the same class as 9.
  EXPECT_THAT(values(load_csv("a,y\n1,10\n2,9\n3,9.0\n4,+10\n").labels), ElementsAre(1, -1, -1, 1));
  EXPECT_THAT(values(load_csv("a,y\n1,-1\n2,+1\n").labels), ElementsAre(-1, 1));
  EXPECT_THAT(values(load_csv("a,y\n1,b10\n2,b9\n").labels), ElementsAre(-1, 1));
}

TEST(Csv, TakesQuotesBlanksAndOtherLineEndings) {
  const Dataset plain = load_csv("a b,y,c\n1,u,-4e-1\n2,v,5\n4,v,.25\n");
  expect_same(plain, load_csv("\"a b\",\"y\",\"c\"\n1,\"u\",\"-0.4\"\n\"2\",\"v\",5\n4,v,0.25\n"));
  expect_same(plain, load_csv("a b,y,c\r\n1,u,-.4\r\n2,v,5\r\n4,v,.25\r\n"));
  expect_same(plain, load_csv("a b,y,c\n1,u,-.4\n2,v,+5\n4,v,.25"));
  expect_same(plain, load_csv("\xEF\xBB\xBF"
                              "a b,y,c\n1,u,-.4\n2,v,5\n4,v,.25\n\n \r\n\n"));
  expect_same(plain, load_csv(" a b , y , c \n 1 , u , -.4 \n\t2 , \"v\" , 5 \n 4 , v , .25 \n"));
  EXPECT_THAT(load_csv("\"a \"\"b\"\", c\",y\n1,0\n2,1\n").feature_names, ElementsAre("a \"b\", c"));
}

TEST(Csv, KeepsTheDigitsOfLargeNumbersThatDifferLittle) {
  const Dataset data = load_csv("time,y\n1700000001,0\n1700000002,1\n1700000003,1\n");
  const float end = std::sqrt(1.5F);
  EXPECT_NEAR(data.features[0][0].item<float>(), -end, 1e-6);
  EXPECT_NEAR(data.features[1][0].item<float>(), 0, 1e-6);
  EXPECT_NEAR(data.features[2][0].item<float>(), end, 1e-6);
}

// The same numbers in both formats, with a first row far from the others in one column.
TEST(Formats, GiveTheSameFeatures) {
  std::string csv = "t,far,z,y\n", svm;
  for (int i = 0; i < 40; ++i) {
    const std::string t = std::to_string(1700000000 + i * 7 % 50), far = i == 0 ? "-1e9" : std::to_string(i),
                      z = std::to_string(0.37 * i - 3);
    const std::string label = i % 3 == 0 ? "1" : "0";
    csv += t + "," + far + "," + z + "," + label + "\n";
    svm += label + " 1:" + t + " 2:" + far + " 3:" + z + "\n";
  }
  const Dataset a = load_csv(csv), b = load_svm(svm);
  EXPECT_TRUE(torch::equal(a.features, b.features));
  EXPECT_TRUE(torch::equal(a.labels, b.labels));
  expect_z_scored(b.features);
  // The times themselves, in double.
  Tensor times = torch::arange(40, torch::kDouble).mul_(7).remainder_(50);
  times = (times - times.mean()) / times.std(0, false);
  EXPECT_TRUE(torch::allclose(b.features.select(1, 0).to(torch::kDouble), times, 0, 1e-6));
}

TEST(Formats, AColumnThatIsConstantUpToRoundingBecomesZeros) {
  for (const auto& [first, second] : {std::pair{"0.3", "0.30000000000000004"},
                                      {"1e10", "10000000000.000002"},
                                      {"-7.1e-12", "-7.1000000000000005e-12"},
                                      {"5", "5"},
                                      {"0", "-0"}}) {
    const std::string a(first), b(second);
    const Dataset csv = load_csv("a,y\n" + a + ",0\n" + b + ",1\n" + a + ",1\n");
    const Dataset svm = load_svm("0 1:" + a + "\n1 1:" + b + "\n1 1:" + a + "\n");
    EXPECT_EQ(csv.features.abs().max().item<float>(), 0) << a;
    EXPECT_EQ(svm.features.abs().max().item<float>(), 0) << a;
  }
  // What differs by more than rounding is kept.
  EXPECT_GT(load_csv("a,y\n1e10,0\n10000000000.01,1\n").features.abs().max().item<float>(), 0.9F);
  EXPECT_GT(load_svm("0 1:1e-30\n1 1:2e-30\n").features.abs().max().item<float>(), 0.9F);
}

TEST(Csv, RefusesRaggedRows) {
  EXPECT_THAT(csv_message("a,b,y\n1,2,0\n3,4\n5,6,1\n"),
              AllOf(HasSubstr("data/a.csv:3: "), HasSubstr("2 columns"), HasSubstr("3 here")));
  EXPECT_THAT(csv_message("a,b,y\n1,2,0\n3,4,1,9\n"),
              AllOf(HasSubstr("data/a.csv:3: "), HasSubstr("4 columns")));
  // The length is named even where the cells that moved are no numbers either.
  EXPECT_THAT(csv_message("a,b,y\n1,2,u\n3,v\n"), AllOf(HasSubstr("data/a.csv:3: "), HasSubstr("2 columns")));
  EXPECT_THAT(csv_message("a,b,y\n1,2,0\n\n3,4,1\n"),
              AllOf(HasSubstr("data/a.csv:3: "), HasSubstr("blank line")));
}

TEST(Csv, RefusesWhatIsNoFiniteNumber) {
  EXPECT_THAT(
      csv_message("a,b,y\n1,2,0\n3,x7,1\n"),
      AllOf(HasSubstr("data/a.csv:3: "), HasSubstr("column 2 (b)"), HasSubstr("'x7' is not a number")));
  for (const char* cell : {"", "?", "1.2.3", "0x10", "1e", "--1", "+-1", "1,5"})
    EXPECT_THAT(csv_message(std::string("a,y,b\n1,0,2\n3,1,\"") + cell + "\"\n"),
                AllOf(HasSubstr("data/a.csv:3: column 3 (b)"), HasSubstr("is not a number")))
        << cell;
  for (const char* cell : {"nan", "NaN", "inf", "-inf", "Infinity", "1e39", "1e999"})
    EXPECT_THAT(
        csv_message(std::string("a,y\n1,0\n") + cell + ",1\n"),
        AllOf(HasSubstr("data/a.csv:3: column 1 (a)"), HasSubstr(cell), HasSubstr("not a finite number")))
        << cell;
  // Far apart is no fault: z-scores are made in double.
  EXPECT_THAT(values(load_csv("a,y\n-3e38,0\n3e38,1\n").features), ElementsAre(-1, 1));
}

TEST(Csv, RefusesLabelsThatAreNotTwoClasses) {
  EXPECT_THAT(csv_message("a,y\n1,u\n2,u\n"), AllOf(HasSubstr("data/a.csv"), HasSubstr("one class, 'u'")));
  EXPECT_THAT(csv_message("a,y\n1,u\n2,v\n3,v\n4,w\n"),
              AllOf(HasSubstr("data/a.csv:5: column 2 (y): 'w'"), HasSubstr("'u' and 'v'")));
  EXPECT_THAT(csv_message("a,y\n1,u\n2,\n"), HasSubstr("data/a.csv:3: column 2 (y): ''"));
  EXPECT_THAT(csv_message("a,y\n1,0\n2,nan\n"), HasSubstr("data/a.csv:3: column 2 (y): 'nan'"));
}

TEST(Csv, RefusesHeadersThatSayTooLittle) {
  EXPECT_THAT(csv_message("age,outcome\n1,0\n", "outcom"),
              AllOf(HasSubstr("data/a.csv:1: unknown label column 'outcom'"),
                    HasSubstr("did you mean 'outcome'"), HasSubstr("Known: age, outcome")));
  EXPECT_THAT(csv_message("age,outcome\n1,0\n", ""), AllOf(HasSubstr("label"), HasSubstr("age, outcome")));
  EXPECT_THAT(csv_message("a,b,y,b\n1,2,0,3\n"),
              AllOf(HasSubstr("data/a.csv:1: columns 2 and 4"), HasSubstr("'b'")));
  EXPECT_THAT(csv_message(",a,y\n0,1,0\n"), HasSubstr("data/a.csv:1: column 1 has no name"));
  EXPECT_THAT(csv_message("y\n0\n1\n"), HasSubstr("features are needed"));
  EXPECT_THAT(csv_message("a,y\n"), HasSubstr("data/a.csv has no rows"));
  for (const char* text : {"", "\n", "\r\n \n\n"})
    EXPECT_THAT(csv_message(text), HasSubstr("data/a.csv is empty"));
}

// Each name is compared with a table of the others, not with each other.
TEST(Csv, HundredsOfThousandsOfColumnsAreReadAtOnce) {
  std::string text = "y";
  for (int i = 0; i < 400000; ++i) text += ",c" + std::to_string(i);
  EXPECT_THAT(csv_message(text + ",c7\n"), HasSubstr("columns 9 and 400002 are both called 'c7'"));
}

TEST(Csv, RefusesQuotesThatDoNotPair) {
  EXPECT_THAT(csv_message("a,y\n1,\"u\n2,v\n"), AllOf(HasSubstr("data/a.csv:2: "), HasSubstr("not closed")));
  EXPECT_THAT(csv_message("a,y\n1,\"u\"x\n"), AllOf(HasSubstr("data/a.csv:2: 'x'"), HasSubstr("','")));
}

TEST(Csv, MessagesHoldNoRawBytes) {
  const std::string message = csv_message("a,y\n1,0\n\x01\xFF" + std::string(100, 'x') + ",1\n");
  EXPECT_THAT(message, AllOf(HasSubstr("'\\x01\\xffxxx"), HasSubstr("xxx...'")));
  EXPECT_LT(message.size(), 100U);
}

TEST(Csv, RefusesLinesThatNeverEnd) {
  MemoryFile files("a.csv", "a,y\n" + std::string(size_t{20} << 20, '1'));
  files.piece = 1 << 16;
  EXPECT_THAT(message_of([&] { load_dataset("a.csv", "y", files); }),
              AllOf(HasSubstr("data/a.csv:2: "), HasSubstr("16 MiB")));
}

TEST(Libsvm, MakesSparseTextDense) {
  const Dataset data = load_svm("+1 1:1 3:2 # first\n-1 3:2\n\t-1  2:4   3:2\r\n1 1:1 2:4 3:2");
  EXPECT_THAT(values(data.features), ElementsAre(1, -1, 0, -1, -1, 0, -1, 1, 0, 1, 1, 0));
  EXPECT_THAT(values(data.labels), ElementsAre(1, -1, -1, 1));
  EXPECT_THAT(data.feature_names, ElementsAre("feature_1", "feature_2", "feature_3"));
  // A row may be all zeros, and the last features absent from the first rows.
  const Dataset sparse = load_svm("2\n1 4:3\n");
  EXPECT_EQ(sparse.features.sizes(), (std::vector<int64_t>{2, 4}));
  EXPECT_THAT(values(sparse.features), ElementsAre(0, 0, 0, -1, 0, 0, 0, 1));
  EXPECT_THAT(values(sparse.labels), ElementsAre(1, -1));
}

TEST(Libsvm, RefusesWhatIsNotOfTheFormat) {
  const std::string good = "1 1:2\n2 1:3\n";
  EXPECT_EQ(svm_message(good), "");
  EXPECT_THAT(svm_message(good + "1 2\n"), AllOf(HasSubstr("data/a.svm:3: '2'"), HasSubstr("index:value")));
  for (const char* cells : {"0:1", "-1:1", "x:1", "3:1 3:2", "3:1 2:2", "99999999999:1"})
    EXPECT_THAT(svm_message(good + "1 " + cells), AllOf(HasSubstr("data/a.svm:3: "), HasSubstr("index")))
        << cells;
  for (const char* cell : {"1:", "1:x", "1:nan", "1:inf", "1:1e99", "1:2:3"})
    EXPECT_THAT(svm_message(good + "1 " + cell), AllOf(HasSubstr("data/a.svm:3: "), HasSubstr(cell))) << cell;
  EXPECT_THAT(svm_message(good + "a 1:1\n"),
              AllOf(HasSubstr("data/a.svm:3: "), HasSubstr("'a' is not a number")));
  EXPECT_THAT(svm_message(good + "3 1:1\n"),
              AllOf(HasSubstr("data/a.svm:3: "), HasSubstr("'3' is a third class")));
  EXPECT_THAT(svm_message("1 1:2\n1 1:3\n"), HasSubstr("one class"));
  EXPECT_THAT(svm_message("1\n2\n"), HasSubstr("no features"));
  EXPECT_THAT(svm_message(""), HasSubstr("data/a.svm is empty"));
}

TEST(Libsvm, RefusesWhatIsTooLargeToBeDense) {
  // 2^20 features: 256 rows are 1 GiB, 257 are not made.
  std::string rows = "1 1048576:1\n";
  for (int i = 0; i < 256; ++i) rows += "2 1:1\n";
  EXPECT_THAT(svm_message(rows), AllOf(HasSubstr("data/a.svm:257: 257 rows of 1048576 features"),
                                       HasSubstr("268435456 numbers")));
  const MemoryFile small("a.svm", "1 1:1\n2 5:1\n");
  EXPECT_EQ(targets::read_libsvm(small, "a.svm", 10).features.size(1), 5);
  EXPECT_THAT(message_of([&] { targets::read_libsvm(small, "a.svm", 9); }), HasSubstr("9 numbers"));
  EXPECT_THAT(svm_message("1 1048577:1\n2 1:1\n"), HasSubstr("data/a.svm:1: '1048577:1': the index"));
}

TEST(Covertype, BothLayoutsGiveTheSame) {
  const CovertypeTexts texts = covertype_texts(280);
  const Dataset compact = load_subset(texts.compact);
  const Dataset full = load_full(texts.one_hot);
  expect_same(compact, full);
  // Either layout is read under either name, with a header or without.
  expect_same(compact, load_full(texts.compact.substr(kHeader.size())));
  ASSERT_EQ(full.features.sizes(), (std::vector<int64_t>{280, 54}));
  EXPECT_EQ(full.feature_names.size(), 54U);
  // Every soil and area in its own column, each the right number of times.
  EXPECT_TRUE(full.features.slice(1, 10, 14).sum(0).eq(70).all().item<bool>());
  EXPECT_TRUE(full.features.slice(1, 14, 54).sum(0).eq(7).all().item<bool>());
  EXPECT_EQ(full.labels.eq(1).sum().item<int64_t>(), 40);
  EXPECT_EQ(full.labels.eq(-1).sum().item<int64_t>(), 240);
}

TEST(Covertype, ScalesByTheWholeSetsRange) {
  // The first row of the full set, scaled by hand; then one with the greatest of every number.
  const CovertypeRow first{{2596, 51, 3, 258, 0, 510, 221, 232, 148, 6279}, 1, 29, 5};
  const CovertypeRow pine{{3858, 360, 66, 1397, 601, 7117, 254, 254, 254, 7173}, 2, 40, 2};
  const Dataset data = load_full(first.one_hot() + pine.one_hot());
  const std::vector<double> expected = {0.368684,  0.141667, 0.0454545, 0.184681, 0.223514,
                                        0.0716594, 0.870079, 0.913386,  0.582677, 0.875366};
  for (int64_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(data.features[0][i].item<double>(), expected[i], 5.1e-7) << i;
    EXPECT_EQ(data.features[1][i].item<float>(), 1) << i;
  }
  EXPECT_EQ(data.features[0][10].item<float>(), 1);
  EXPECT_EQ(data.features[0][14 + 28].item<float>(), 1);
  EXPECT_EQ(data.features[0].slice(0, 10).sum().item<float>(), 2);
  EXPECT_THAT(values(data.labels), ElementsAre(-1, 1));
}

TEST(Covertype, RefusesWhatIsNotOfEitherLayout) {
  const std::string compact = covertype_row(0).compact(), one_hot = covertype_row(0).one_hot();
  const CovertypeRow row = covertype_row(1);
  EXPECT_THAT(
      full_message(one_hot + with(row.one_hot(), ",2\n", ",8\n")),
      AllOf(HasSubstr("data/covertype/covtype.data.gz:2: column 55 (Cover_Type): '8'"), HasSubstr("1 to 7")));
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), ",2\n", ",0\n")), HasSubstr("'0'"));
  EXPECT_THAT(subset_message(kHeader + compact + with(row.compact(), ",2,2,2\n", ",2,2,8\n")),
              AllOf(HasSubstr("covtype_sub.csv.gz:3: column 13"), HasSubstr("'8'")));
  EXPECT_THAT(subset_message(compact + with(row.compact(), ",2,2,2\n", ",5,2,2\n")),
              AllOf(HasSubstr(":2: column 11 (Wilderness_Area): '5'"), HasSubstr("1 to 4")));
  EXPECT_THAT(subset_message(compact + with(row.compact(), ",2,2,2\n", ",2,41,2\n")),
              AllOf(HasSubstr(":2: column 12 (Soil_Type): '41'"), HasSubstr("1 to 40")));
  // Area 2, soil 2: blocks without a one, with two, and with another number.
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), ",0,1,0,0,0,1,", ",0,0,0,0,0,1,")),
              AllOf(HasSubstr(":2: 0 of the 4 columns of Wilderness_Area"), HasSubstr("exactly one")));
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), ",0,1,0,0,0,1,", ",0,1,0,0,1,1,")),
              HasSubstr(":2: 2 of the 40 columns of Soil_Type"));
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), ",0,1,0,0,0,1,", ",0,2,0,0,0,1,")),
              AllOf(HasSubstr(":2: column 12 (Wilderness_Area_2): '2'"), HasSubstr("0 to 1")));
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), "1896,", "18x96,")),
              AllOf(HasSubstr(":2: column 1 (Elevation): '18x96' is not a number")));
  EXPECT_THAT(full_message(with(one_hot, "1859,", "18x59,")), HasSubstr(":1: column 1 (Elevation): '18x59'"));
  EXPECT_THAT(full_message(one_hot + with(row.one_hot(), "1896,", "nan,")), HasSubstr("not a finite number"));
  EXPECT_THAT(full_message(one_hot + row.one_hot() + "1,2,3\n"),
              AllOf(HasSubstr(":3: "), HasSubstr("3 columns")));
  EXPECT_THAT(full_message(one_hot + row.compact()), AllOf(HasSubstr(":2: "), HasSubstr("13 columns")));
  EXPECT_THAT(full_message("1,2,3\n"), AllOf(HasSubstr(":1: 3 columns"), HasSubstr("55"), HasSubstr("13")));
  EXPECT_THAT(full_message(one_hot), HasSubstr("one class"));
  EXPECT_THAT(full_message(row.one_hot()), HasSubstr("one class, '2'"));
  EXPECT_THAT(full_message(""), HasSubstr("is empty"));
  EXPECT_THAT(subset_message(kHeader), HasSubstr("no rows"));
}

// Every place where a file can be cut in two, and every length of pieces.
void expect_cuts_are_not_seen(const std::string& data, const std::string& label, const std::string& name,
                              const std::string& text) {
  MemoryFile files(name, text);
  const Dataset whole = load_dataset(data, label, files);
  for (files.cut = 1; files.cut < text.size(); ++files.cut)
    expect_same(whole, load_dataset(data, label, files));
  for (files.piece = 1; files.piece < 20; ++files.piece) expect_same(whole, load_dataset(data, label, files));
}

TEST(Pieces, CutsAreNotSeen) {
  expect_cuts_are_not_seen("a.csv", "y", "a.csv",
                           "\xEF\xBB\xBF"
                           "a,y,\"b,\"\"c\"\r\n1.25,no,-3e2\r\n2,\"yes\",7\r\n\r\n");
  expect_cuts_are_not_seen("a.svm", "", "a.svm", "+1 1:1.5 3:2 # c\n-1 2:4\r\n1 3:7");
  const CovertypeTexts texts = covertype_texts(3);
  expect_cuts_are_not_seen("covertype", "", kFullFile, texts.one_hot);
  expect_cuts_are_not_seen("covertype-subset", "", kSubsetFile, texts.compact);
}

TEST(Pieces, LineNumbersSurviveCuts) {
  const std::string text = "a,y\n1,0\n2,1\nx,1\n";
  MemoryFile files("a.csv", text);
  for (files.cut = 0; files.cut < text.size(); ++files.cut)
    EXPECT_EQ(message_of([&] { load_dataset("a.csv", "y", files); }),
              "data/a.csv:4: column 1 (a): 'x' is not a number");
}

// The full set's number of rows, handed over in pieces without ever being held as a whole.
class FullSizedFiles : public DataFiles {
 public:
  static constexpr int64_t kRows = 581012;

  FullSizedFiles() {
    for (int i = 0; i < kBlock; ++i) block_ += covertype_row(i).one_hot();
    for (int i = 0; i < kRows % kBlock; ++i) rest_ += covertype_row(i).one_hot();
  }
  void read(const std::string&, const std::function<void(std::string_view)>& take) const override {
    for (int64_t i = 0; i < kRows / kBlock; ++i) take(block_);
    take(rest_);
  }

 private:
  static constexpr int kBlock = 2800;
  std::string block_;
  std::string rest_;
};

int64_t peak_memory_in_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
  return 0;
}

// Starts the peak anew at what is held now; whether it could.
bool reset_peak_memory() {
  std::ofstream command("/proc/self/clear_refs");
  return static_cast<bool>(command << 5 << std::flush);
}

TEST(Covertype, FullSizeFitsIn600MiB) {
  const FullSizedFiles files;
  const bool measured = reset_peak_memory();
  const int64_t before = peak_memory_in_kib();
  const Dataset data = load_dataset("covertype", "", files);
  const int64_t grown = peak_memory_in_kib() - before;
  EXPECT_EQ(data.features.sizes(), (std::vector<int64_t>{FullSizedFiles::kRows, 54}));
  EXPECT_TRUE(data.features.slice(1, 10, 14).sum(1).eq(1).all().item<bool>());
  EXPECT_TRUE(data.features.slice(1, 14, 54).sum(1).eq(1).all().item<bool>());
  EXPECT_TRUE(torch::equal(data.features.slice(0, 0, 2800), data.features.slice(0, 2800, 5600)));
  EXPECT_EQ(data.labels.eq(1).sum().item<int64_t>(),
            207 * 400 + (FullSizedFiles::kRows - 207 * 2800 + 5) / 7);
  if (!measured) GTEST_SKIP() << "the peak of memory cannot be measured here";
  // Of 600 MiB in all, LibTorch itself takes about 200.
  EXPECT_LT(grown, 400 * 1024);
  EXPECT_GE(grown, 120 * 1024);  // else nothing was measured
}

TEST(Synthetic, IsAlwaysTheSameAndSaysWhatItIs) {
  const Dataset data = load_dataset("synthetic", "", targets::no_data_files());
  expect_same(data, load_dataset("synthetic", "", targets::no_data_files()));
  EXPECT_EQ(data.features.sizes(), (std::vector<int64_t>{1000, 8}));
  EXPECT_EQ(data.features.dtype(), torch::kFloat);
  EXPECT_THAT(data.description, HasSubstr("synthetic"));
  for (const std::string& name : data.feature_names) EXPECT_THAT(name, HasSubstr("synthetic"));
  EXPECT_TRUE(data.labels.abs().eq(1).all().item<bool>());
  expect_z_scored(data.features);
  // Correlated as said: 0.6 between neighbours, in standard errors of a correlation, (1 - r^2) / sqrt(N).
  const Tensor neighbours = (data.features.slice(1, 0, 7) * data.features.slice(1, 1, 8)).mean(0);
  const double bound = z_bound(kFalseAlarm, 7) * (1 - 0.36) / std::sqrt(1000.0);
  EXPECT_LT((neighbours - 0.6).abs().max().item<double>(), bound);
}

// The score test of `weights` (eight and the constant's): with s = sum (label in {0, 1} - P(1 | x)) (x, 1)
// and its covariance I = sum P (1 - P) (x, 1) (x, 1)', the statistic s' I^-1 s is chi-squared with nine
// degrees of freedom at the weights that made the labels. Returns the p value.
double score_test_p(const Dataset& data, const Tensor& weights) {
  const Tensor x = torch::cat({data.features, torch::ones({data.features.size(0), 1})}, 1).to(torch::kDouble);
  const Tensor p = torch::sigmoid(x.mv(weights));
  const Tensor score = x.t().mv((data.labels > 0).to(torch::kDouble) - p);
  const Tensor information = x.t().mm(x * (p * (1 - p)).unsqueeze(1));
  const double statistic = score.dot(information.inverse().mv(score)).item<double>();
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(9), statistic));
}

TEST(Synthetic, LabelsComeFromTheKnownWeights) {
  const Dataset data = load_dataset("synthetic", "", targets::no_data_files());
  Tensor weights = torch::empty({9}, torch::kDouble);
  for (int64_t i = 0; i < 8; ++i) weights[i] = targets::kSyntheticWeights[i];
  weights[8] = targets::kSyntheticBias;
  EXPECT_GT(score_test_p(data, weights), kFalseAlarm);
  // Weights that are not the true ones are told apart.
  EXPECT_LT(score_test_p(data, weights * 0.5), kFalseAlarm);
  EXPECT_LT(score_test_p(data, weights.flip(0)), kFalseAlarm);
}

TEST(Datasets, NamesAndFiles) {
  EXPECT_THAT(targets::dataset_names(), ElementsAre("covertype", "covertype-subset", "german", "ionosphere",
                                                    "sonar", "synthetic", "wdbc"));
  EXPECT_THAT(targets::dataset_files("synthetic"), IsEmpty());
  EXPECT_THAT(targets::dataset_files("covertype"), ElementsAre(kFullFile));
  EXPECT_THAT(targets::dataset_files("covertype-subset"), ElementsAre(kSubsetFile));
  EXPECT_THAT(targets::dataset_files("german"), ElementsAre("logistic/german.data-numeric"));
  for (const char* file : {"../x/my.csv", "my.CSV.gz", "my.svm", "my.libsvm.gz"})
    EXPECT_THAT(targets::dataset_files(file), ElementsAre(file));
}

TEST(Datasets, RefusesUnknownNames) {
  const auto message = message_of([] { load_dataset("germn", "", targets::no_data_files()); });
  EXPECT_THAT(message, AllOf(HasSubstr("unknown data 'germn'; did you mean 'german'?"),
                             HasSubstr("synthetic"), HasSubstr(".csv")));
  EXPECT_EQ(message_of([] { targets::dataset_files("germn"); }), message);
  EXPECT_THAT(message_of([] { load_dataset("file.parquet", "", targets::no_data_files()); }),
              AllOf(HasSubstr("'file.parquet'"), HasSubstr(".libsvm")));
  EXPECT_THAT(message_of([] { load_dataset("german", "y", targets::no_data_files()); }),
              HasSubstr("label 'y'"));
  EXPECT_THAT(message_of([] { load_dataset("a.svm", "y", targets::no_data_files()); }),
              HasSubstr("label 'y'"));
}

TEST(Datasets, RefusesClassesThatANamedSetDoesNotHave) {
  std::string row;
  for (int i = 0; i < 60; ++i) row += "0.5,";
  const MemoryFile files("logistic/sonar.all-data", row + "M\n" + row + "R\n" + row + "Q\n");
  EXPECT_THAT(
      message_of([&] { load_dataset("sonar", "", files); }),
      AllOf(HasSubstr("data/logistic/sonar.all-data:3: column 61 (class): 'Q'"), HasSubstr("'R' and 'M'")));
}

// The data folder, where there is one: files are read as they are.
class FolderFiles : public DataFiles {
 public:
  static std::string folder() {
    const char* given = std::getenv("SAMPLERBENCH_DATA");
    return given ? given : SAMPLERBENCH_SOURCE "/../shared/data";
  }
  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override {
    std::ifstream file(folder() + "/" + name, std::ios::binary);
    if (!file) throw InputError(name + " is missing");
    std::ostringstream text;
    text << file.rdbuf();
    take(text.str());
  }
  bool has(const std::string& name) const { return std::filesystem::exists(folder() + "/" + name); }
};

// Facts from `awk` on the files.
struct Facts {
  std::string name;
  int64_t rows, features, positive;
  std::string first_feature;
};

class RealData : public ::testing::TestWithParam<Facts> {};

TEST_P(RealData, HasTheRowsAndClassesOfItsFile) {
  const Facts& facts = GetParam();
  const FolderFiles files;
  if (!files.has(targets::dataset_files(facts.name).at(0))) GTEST_SKIP() << "no " << facts.name << " here";
  const Dataset data = load_dataset(facts.name, "", files);
  EXPECT_EQ(data.features.sizes(), (std::vector<int64_t>{facts.rows, facts.features}));
  EXPECT_EQ(data.labels.eq(1).sum().item<int64_t>(), facts.positive);
  EXPECT_EQ(data.labels.eq(-1).sum().item<int64_t>(), facts.rows - facts.positive);
  EXPECT_EQ(static_cast<int64_t>(data.feature_names.size()), facts.features);
  EXPECT_EQ(data.feature_names.at(0), facts.first_feature);
  EXPECT_THAT(data.description, AllOf(HasSubstr(facts.name), Not(HasSubstr("synthetic"))));
  expect_z_scored(data.features);
}

INSTANTIATE_TEST_SUITE_P(Files, RealData,
                         ::testing::Values(Facts{"german", 1000, 24, 300, "attribute_1"},
                                           Facts{"ionosphere", 351, 34, 225, "attribute_1"},
                                           Facts{"sonar", 208, 60, 111, "band_1"},
                                           Facts{"wdbc", 569, 30, 212, "radius_mean"}),
                         [](const auto& info) { return info.param.name; });

// The second column of the ionosphere's is 0 in all rows.
TEST(RealFiles, AColumnOfOneValueBecomesZeros) {
  const FolderFiles files;
  if (!files.has("logistic/ionosphere.data")) GTEST_SKIP() << "no ionosphere here";
  const Dataset data = load_dataset("ionosphere", "", files);
  EXPECT_TRUE(data.features.select(1, 1).eq(0).all().item<bool>());
  EXPECT_GT(data.features.select(1, 0).abs().max().item<double>(), 0);
}

// By awk: the first two columns have the means 2.577 and 20.903, the population sds 1.257009 and 12.052784;
// the first row has 1 and 6.
TEST(RealFiles, GermanIsScaledByItsOwnMoments) {
  const FolderFiles files;
  if (!files.has("logistic/german.data-numeric")) GTEST_SKIP() << "no german here";
  const Dataset data = load_dataset("german", "", files);
  EXPECT_NEAR(data.features[0][0].item<double>(), -1.254565649, 1e-6);
  EXPECT_NEAR(data.features[0][1].item<double>(), -1.236477860, 1e-6);
}

}  // namespace
}  // namespace samplerbench::testing
