#include "metrics/fid.h"

#include <fmt/format.h>

#include <limits>

#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// The symmetric root of a covariance; eigenvalues that are rounding alone count as 0.
Tensor symmetric_root(const Tensor& covariance) {
  const auto [values, vectors] = at::linalg_eigh(covariance);
  const double rounding = std::numeric_limits<double>::epsilon() * static_cast<double>(values.size(0));
  const Tensor kept = torch::where(values > rounding * values.max(), values, torch::zeros_like(values));
  return torch::mm(vectors * kept.sqrt(), vectors.t());
}

// Of the features of the draws and of the test images.
class FeatureMetric : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_features(evidence)) return reason;
    const Tensor& test = test_.of(evidence);
    const int64_t features = test.size(1), draws = evidence.draws.size(0);
    if (draws <= features) return too_few("draws", draws, features);
    if (test.size(0) <= features) return too_few("test images", test.size(0), features);
    return std::nullopt;
  }

 protected:
  const Tensor& test_features(const Evidence& evidence) const { return test_.of(evidence); }

 private:
  static std::string too_few(const char* what, int64_t count, int64_t features) {
    return fmt::format("needs more than {} {}: with {} the covariance of {} features is rank-deficient",
                       features, what, count, features);
  }

  TestFeatures test_;
};

class FrechetDistance : public FeatureMetric {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    return squared_frechet_distance(feature_moments(draw_features(evidence)),
                                    feature_moments(test_features(evidence)));
  }

  std::string convention() const override {
    return "|m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2), not its root, of the means and "
           "covariances (over n - 1, of any rank) of the draws' and the test images' features by the "
           "target's "
           "feature network, grey levels cut to [0, 1], float64; to be compared only within one network and "
           "one number of draws";
  }
};

class CovarianceRank : public FeatureMetric {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    return static_cast<double>(covariance_rank(feature_moments(draw_features(evidence)).covariance));
  }

  Better better() const override { return Better::neither; }

  std::string convention() const override {
    return "rank of the covariance that FID takes of the draws' features by the target's feature network: "
           "eigenvalues above 1e-10 of the largest; features that are 0 for all images count for none";
  }
};

std::unique_ptr<Metric> make_fid(const MetricInput& input) {
  if (input.options.text("part") == "rank") return std::make_unique<CovarianceRank>();
  return std::make_unique<FrechetDistance>();
}

}  // namespace

FeatureMoments feature_moments(const Tensor& features) {
  const Tensor mean = features.mean(0);
  const Tensor centred = features - mean;
  return {mean, torch::mm(centred.t(), centred) / static_cast<double>(features.size(0) - 1)};
}

double squared_frechet_distance(const FeatureMoments& a, const FeatureMoments& b) {
  for (const FeatureMoments& moments : {a, b}) {
    require_finite(moments.mean, "means of features");
    require_finite(moments.covariance, "rows of the features' covariance");
  }
  // The eigenvalues' roots of S1^1/2 S2 S1^1/2 are the singular values of S1^1/2 S2^1/2, which rounding
  // disturbs far less where they are small.
  const Tensor product = torch::mm(symmetric_root(a.covariance), symmetric_root(b.covariance));
  const Tensor distance = (a.mean - b.mean).square().sum() + a.covariance.trace() + b.covariance.trace() -
                          2 * at::linalg_svdvals(product).sum();
  return distance.item<double>();
}

int64_t covariance_rank(const Tensor& covariance) {
  require_finite(covariance, "rows of the features' covariance");
  const Tensor values = at::linalg_eigvalsh(covariance);
  const double largest = values.max().item<double>();
  return largest > 0 ? (values > 1e-10 * largest).sum().item<int64_t>() : 0;
}

void add_fid(MetricRegistry& registry) {
  registry.add(
      {.name = "fid",
       .summary = "Frechet distance between features of the draws and of test images",
       .citation = "Heusel et al. 2017, arXiv 1706.08500; Dowson and Landau 1982, "
                   "doi 10.1016/0047-259X(82)90077-X",
       .facts = {"FID"},
       .options = {Option::choice("part", "distance", {"distance", "rank"},
                                  "the distance, or the rank of the draws' covariance that it is made from")},
       .make = make_fid});
}

}  // namespace samplerbench::metrics
