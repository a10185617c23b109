#include "metrics/neighbour_balls.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>

#include "metrics/image_features.h"
#include "metrics/pairwise.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kRowsAtOnce = 512;

// Calls visit(first, distances [B, M]) for blocks of rows of x.
template <class Visit>
void for_blocks(const Tensor& x, const Tensor& y, const Visit& visit) {
  for (int64_t first = 0; first < x.size(0); first += kRowsAtOnce)
    visit(first, squared_distances(x.narrow(0, first, std::min(kRowsAtOnce, x.size(0) - first)), y));
}

double share(const Tensor& flags) { return flags.to(torch::kDouble).mean().item<double>(); }

NeighbourBalls balls_of(const Tensor& real, const Tensor& real_radii, const Tensor& fake, int64_t k) {
  const Tensor fake_radii = squared_ball_radii(fake, k);
  Tensor covered = torch::zeros({real.size(0)}, torch::kBool), recalled = torch::zeros_like(covered);
  Tensor holding = torch::empty({fake.size(0)}, torch::kLong);  // balls of real points that hold each fake
  for_blocks(fake, real, [&](int64_t first, const Tensor& distances) {
    const Tensor held = distances < real_radii;
    holding.narrow(0, first, distances.size(0)).copy_(held.sum(1));
    covered.logical_or_(held.any(0));
    recalled.logical_or_((distances < fake_radii.narrow(0, first, distances.size(0)).unsqueeze(1)).any(0));
  });
  return {.precision = share(holding > 0),
          .recall = share(recalled),
          .density = share(holding) / static_cast<double>(k),
          .coverage = share(covered)};
}

// What the balls say of the draws that were judged last. The four metrics ask for the same, each for a part of
// it, and all draws for the radii of the same test images.
class LastBalls {
 public:
  NeighbourBalls of(const Evidence& evidence, int64_t k) {
    torch::NoGradGuard no_grad;
    const std::lock_guard lock(mutex_);
    const Tensor& real = test_.of(evidence);
    if (problem_ != &evidence.problem || !real_.is_same(real) || k_ != k) {
      draws_.reset();
      problem_ = &evidence.problem;
      radii_ = squared_ball_radii(real, k);
      real_ = real;
      k_ = k;
    }
    if (!draws_.is_same(evidence.draws) || version_ != evidence.draws._version()) {
      draws_.reset();
      balls_ = balls_of(real, radii_, draw_features(evidence), k);
      draws_ = evidence.draws;
      version_ = evidence.draws._version();
    }
    return balls_;
  }

 private:
  std::mutex mutex_;
  TestFeatures test_;
  const targets::Problem* problem_ = nullptr;  // that the rest is of, as are these
  Tensor real_, draws_;
  int64_t k_ = 0;
  uint32_t version_ = 0;  // of the draws, which counts what was written into them
  Tensor radii_;          // of the test images
  NeighbourBalls balls_{};
};

class ImageBalls : public Metric {
 public:
  using Part = double NeighbourBalls::*;

  ImageBalls(const Options& options, Part part, std::string what, std::shared_ptr<LastBalls> last)
      : k_(options.integer("neighbours")), part_(part), what_(std::move(what)), last_(std::move(last)) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_features(evidence)) return reason;
    if (evidence.problem.reference.images->test.size(0) <= k_)
      return fmt::format("needs at least {} test images", k_ + 1);
    return needs_draws(evidence, k_ + 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    return last_->of(evidence, k_).*part_;
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return fmt::format(
        "{}; of features of all draws and test images by the target's feature network, grey levels cut to "
        "[0, 1]; a ball reaches to the nearest other point number {} of its set, without its surface; "
        "float64",
        what_, k_);
  }

 private:
  int64_t k_;
  Part part_;
  std::string what_;
  std::shared_ptr<LastBalls> last_;
};

}  // namespace

Tensor squared_ball_radii(const Tensor& x, int64_t k) {
  torch::NoGradGuard no_grad;
  const Tensor radii = torch::empty({x.size(0)}, x.options());
  for_blocks(x, x, [&](int64_t first, Tensor distances) {
    // No point is its own neighbour.
    distances.diagonal(first).fill_(std::numeric_limits<double>::infinity());
    radii.narrow(0, first, distances.size(0)).copy_(std::get<0>(distances.kthvalue(k, 1)));
  });
  return radii;
}

NeighbourBalls neighbour_balls(const Tensor& real, const Tensor& fake, int64_t k) {
  torch::NoGradGuard no_grad;
  return balls_of(real, squared_ball_radii(real, k), fake, k);
}

void add_neighbour_balls(MetricRegistry& registry) {
  const auto last = std::make_shared<LastBalls>();
  const auto add = [&](const char* name, const char* display, ImageBalls::Part part, const std::string& what,
                       const char* citation) {
    registry.add(
        {.name = name,
         .summary = what,
         .citation = citation,
         .facts = {display},
         .options = {Option::integer("neighbours", 5, "k, whose distance is a ball's radius").at_least(1)},
         .make = [part, what, last](const MetricInput& input) {
           return std::make_unique<ImageBalls>(input.options, part, what, last);
         }});
  };
  const char* const balls = "Kynkaanniemi et al. 2019, arXiv 1904.06991";
  const char* const densities = "Naeem et al. 2020, arXiv 2002.09797";
  add("image_precision", "Precision", &NeighbourBalls::precision, "share of draws in a ball of a test image",
      balls);
  add("image_recall", "Recall", &NeighbourBalls::recall, "share of test images in a ball of a draw", balls);
  add("image_density", "Density", &NeighbourBalls::density,
      "balls of test images that hold a draw, over the number of neighbours", densities);
  add("image_coverage", "Coverage", &NeighbourBalls::coverage, "share of test images' balls that hold a draw",
      densities);
}

}  // namespace samplerbench::metrics
