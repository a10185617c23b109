#include <fmt/format.h>

#include "metrics/entries.h"
#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// Whether another classifier, which the sampler has never seen, tells the class that a point was made for.
class GanTest : public Metric {
 public:
  explicit GanTest(const Options& options)
      : images_(options.integer("images")), by_ascent_(options.text("by") == "ascent") {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_probabilities(evidence)) return reason;
    if (const auto reason = needs_class_model(evidence)) return reason;
    if (!source(evidence)) return "needs a sampler whose classifier draws by class";
    return std::nullopt;
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    const int64_t classes = evidence.problem.reference.images->classes;
    const Tensor labels = torch::arange(images_, torch::kLong).remainder(classes);
    const Tensor points = source(evidence)(labels, rng);
    require_finite(points, by_ascent_ ? "ends of ascents" : "draws by class");
    return 100 * class_accuracy(class_probabilities(evidence, points), labels);
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return fmt::format(
        "percentage of {} {}, as many of each class, that the target's feature network gives the class that "
        "they were made for, grey levels cut to [0, 1]",
        images_,
        by_ascent_ ? "ends of gradient ascents of the class's logit without noise (mode seeking, no draws of "
                     "a law)"
                   : "draws by the sampler's density of the class (Langevin chains with noise)");
  }

  bool has_floor() const override { return false; }

 private:
  const std::function<Tensor(const Tensor&, Rng&)>& source(const Evidence& evidence) const {
    return by_ascent_ ? evidence.class_model->ascents : evidence.class_model->draws;
  }

  int64_t images_;
  bool by_ascent_;
};

}  // namespace

void add_gan_test(MetricRegistry& registry) {
  registry.add(
      {.name = "gan_test",
       .summary = "how often another classifier tells the class of images made by the sampler's own one",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128, by ascent; draws with noise: a choice of "
                   "this suite",
       .facts = {"GAN-test", "%"},
       .options = {Option::choice("by", "draws", {"draws", "ascent"},
                                  "draws of each class, or points of gradient ascent without noise"),
                   Option::integer("images", 1000, "made in all").at_least(1).at_most(100000)},
       .make = [](const MetricInput& input) { return std::make_unique<GanTest>(input.options); }});
}

}  // namespace samplerbench::metrics
