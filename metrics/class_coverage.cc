#include "metrics/entries.h"

#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ClassCoverage : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    return needs_probabilities(evidence);
  }

 protected:
  // How many draws each class gets: [C] int64.
  static Tensor counts(const Evidence& evidence) {
    require_finite(evidence.draws, "draws");
    const Tensor p = class_probabilities(evidence, evidence.draws);
    return torch::bincount(p.argmax(1), {}, p.size(1));
  }
};

class Classes : public ClassCoverage {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    const Tensor found = counts(evidence);
    return static_cast<double>((found * (10 * found.size(0)) >= found.sum()).sum().item<int64_t>());
  }
  Better better() const override { return Better::higher; }
  std::string convention() const override {
    return "number of the C classes that get at least 1/(10 C) of the draws, each counted for the likeliest "
           "class by the target's feature network, grey levels cut to [0, 1]";
  }
};

class TotalVariation : public ClassCoverage {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    const Tensor found = counts(evidence);
    const Tensor share = found.to(torch::kDouble) / static_cast<double>(evidence.draws.size(0));
    return 0.5 * (share - 1.0 / static_cast<double>(found.size(0))).abs().sum().item<double>();
  }
  std::string convention() const override {
    return "total variation between uniform and the shares of draws that the classes get, each counted for "
           "the likeliest class by the target's feature network, grey levels cut to [0, 1]; the data's own "
           "classes need not be uniform";
  }
};

std::unique_ptr<Metric> make_class_coverage(const MetricInput& input) {
  if (input.options.text("over") == "classes") return std::make_unique<Classes>();
  return std::make_unique<TotalVariation>();
}

}  // namespace

void add_class_coverage(MetricRegistry& registry) {
  registry.add(
      {.name = "class_coverage",
       .summary = "how many classes of images the draws show, and how evenly",
       .citation = "a choice of this suite",
       .facts = {"Class coverage"},
       .options = {Option::choice("over", "classes", {"classes", "total_variation"},
                                  "count the classes, or the distance of their shares from uniform")},
       .make = make_class_coverage});
}

}  // namespace samplerbench::metrics
