#include "harness/data/published.h"

#include <algorithm>
#include <stdexcept>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench::harness {
namespace {

const std::string kUci = "https://archive.ics.uci.edu/ml/machine-learning-databases/";

PublishedSet uci_set(const std::string& name, const std::string& summary, const std::string& citation,
                     PublishedFile file, const std::string& address) {
  file.mirrors = {kUci + address};
  return {.name = name,
          .summary = summary,
          .licence = "CC BY 4.0",
          .citation = citation + ", UCI Machine Learning Repository",
          .files = {std::move(file)}};
}

PublishedFile mnist_file(const std::string& name, const std::string& sha256, int64_t bytes) {
  return {.path = "mnist/" + name,
          .sha256 = sha256,
          .bytes = bytes,
          .mirrors = {"https://storage.googleapis.com/cvdf-datasets/mnist/" + name,
                      "https://ossci-datasets.s3.amazonaws.com/mnist/" + name}};
}

void add_covertype(PublishedData& data) {
  data.add(uci_set("covertype", "forest cover types: 581,012 rows, 54 columns, class 1..7",
                   "J. A. Blackard, Covertype, 1998",
                   {.path = "covertype/covtype.data.gz",
                    .sha256 = "614360d0257557dd1792834a85a1cdebfadc3c4f30b011d56afee7ffb5b15771"},
                   "covtype/covtype.data.gz"));
  data.add({.name = "covertype-subset",
            .summary = "a random 109,786 distinct rows of covertype in 13 compact columns",
            .licence = "CC BY 4.0",
            .citation = "J. A. Blackard, Covertype, 1998, UCI Machine Learning Repository",
            .files = {{.path = "covertype/covtype_sub.csv.gz",
                       .sha256 = "bc5a5b1314352e383ca98ab401d282fe873eca092d141cadb82000a312ec4eec",
                       .bytes = 1934158}},
            .elsewhere = "not published for download; `covertype`, the full set, is"});
}

void add_logistic(PublishedData& data) {
  data.add(uci_set("german", "German credit: 1,000 rows, 24 numbers, class 1 or 2",
                   "H. Hofmann, Statlog (German Credit Data), 1994",
                   {.path = "logistic/german.data-numeric",
                    .sha256 = "2752b044394958ab6dd193a0b56ca0f0b3a2d8bc7cb8c008e35a5e84bbec02f8",
                    .bytes = 102000},
                   "statlog/german/german.data-numeric"));
  data.add(uci_set("ionosphere", "radar returns: 351 rows, 34 numbers, class g or b",
                   "V. Sigillito et al., Ionosphere, 1989",
                   {.path = "logistic/ionosphere.data",
                    .sha256 = "46d52186b84e20be52918adb93e8fb9926b34795ff7504c24350ae0616a04bbd",
                    .bytes = 76467},
                   "ionosphere/ionosphere.data"));
  data.add(uci_set("sonar", "sonar returns of mines and rocks: 208 rows, 60 numbers, class M or R",
                   "T. Sejnowski and R. Gorman, Connectionist Bench (Sonar, Mines vs. Rocks), 1988",
                   {.path = "logistic/sonar.all-data",
                    .sha256 = "e90434cdbf00fcf93ffa911fe447ae25606979658e60f1d32e155c3b5240234d",
                    .bytes = 87776},
                   "undocumented/connectionist-bench/sonar/sonar.all-data"));
  data.add(uci_set("wdbc", "breast cancer, Wisconsin: 569 rows, 30 numbers, class M or B",
                   "W. Wolberg et al., Breast Cancer Wisconsin (Diagnostic), 1993",
                   {.path = "logistic/wdbc.data",
                    .sha256 = "d606af411f3e5be8a317a5a8b652b425aaf0ff38ca683d5327ffff94c3695f4a",
                    .bytes = 124103},
                   "breast-cancer-wisconsin/wdbc.data"));
}

void add_german_truth(PublishedData& data) {
  data.add({.name = "german-truth",
            .summary = "posterior means and sds of logistic regression on german",
            .licence = "Apache-2.0",
            .citation = "TensorFlow Probability, Inference Gym",
            .files = {{.path = "inference_gym/german_credit_numeric_logistic_regression.json",
                       .sha256 = "8907f4430b8c9655db34084de0492e5955caccea36e19270079e1f82b4399f95",
                       .bytes = 1881}},
            .elsewhere = "not published for download; its numbers are those of Inference Gym's "
                         "GermanCreditNumericLogisticRegression"});
}

void add_mnist(PublishedData& data) {
  data.add({.name = "mnist",
            .summary = "handwritten digits: 60,000 + 10,000 images of 28 x 28",
            .licence = "CC BY-SA 3.0",
            .citation = "Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits",
            .files = {mnist_file("train-images-idx3-ubyte.gz",
                                 "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9912422),
                      mnist_file("train-labels-idx1-ubyte.gz",
                                 "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28881),
                      mnist_file("t10k-images-idx3-ubyte.gz",
                                 "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1648877),
                      mnist_file("t10k-labels-idx1-ubyte.gz",
                                 "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4542)}});
}

}  // namespace

void PublishedData::add(PublishedSet set) {
  for (const PublishedFile& one : set.files)
    if (file(one.path) != nullptr) throw std::logic_error("data file '" + one.path + "' is listed twice");
  const std::string name = set.name;
  if (!sets_.emplace(name, std::move(set)).second)
    throw std::logic_error("data set '" + name + "' is listed twice");
}

const PublishedSet& PublishedData::at(const std::string& name) const {
  const auto found = sets_.find(name);
  if (found != sets_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, set] : sets_) names.push_back(known);
  throw InputError(unknown_name("data set", name, names));
}

const PublishedSet* PublishedData::set_of(const std::string& path) const {
  for (const auto& [name, set] : sets_)
    for (const PublishedFile& one : set.files)
      if (one.path == path) return &set;
  return nullptr;
}

const PublishedFile* PublishedData::file(const std::string& path) const {
  for (const auto& [name, set] : sets_)
    for (const PublishedFile& one : set.files)
      if (one.path == path) return &one;
  return nullptr;
}

PublishedData published_data() {
  PublishedData data;
  add_covertype(data);
  add_logistic(data);
  add_german_truth(data);
  add_mnist(data);
  return data;
}

}  // namespace samplerbench::harness
