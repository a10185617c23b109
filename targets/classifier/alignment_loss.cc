#include "targets/classifier/alignment_loss.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "core/named.h"

namespace samplerbench::targets {
namespace {

constexpr double kLeastSingleSigma = 0.05;  // of an estimate in float32
constexpr int64_t kMostExactDim = 10;       // of the exact trace

std::vector<std::string> regulariser_names() { return {"none", "gradient-norm", "anti-score", "score"}; }
std::vector<std::string> trace_names() { return {"one-sided", "antithetic", "exact"}; }

bool needs_trace(Regulariser regulariser) {
  return regulariser == Regulariser::anti_score || regulariser == Regulariser::score;
}

bool needs_slope(Regulariser regulariser) {
  return regulariser == Regulariser::gradient_norm || regulariser == Regulariser::score;
}

// The logits with what the regulariser needs of the logit of each label; the rest is undefined.
ClassifierNetwork::Curved classifier_at(const ClassifierNetwork& network, const Weights& weights,
                                        const Tensor& x, const Tensor& labels,
                                        const AlignmentSettings& settings, Rng& rng) {
  const bool traced = needs_trace(settings.regulariser);
  if (traced && settings.trace == TraceEstimator::exact) return network.curved(x, labels, weights);
  ClassifierNetwork::Curved found;
  if (needs_slope(settings.regulariser)) {
    const DenseLayers::Trace trace = network.trace(x, weights);
    found.logits = trace.value;
    found.slope = network.slope(network.of_class(labels, x), x, trace, weights);
  } else {
    found.logits = network.logits(x, weights);
  }
  if (!traced) return found;
  const auto logit = [&](const Tensor& points) {
    return at_labels(network.logits(points, weights), labels.repeat({points.size(0) / x.size(0)}));
  };
  found.trace = estimated_trace(logit, x, at_labels(found.logits, labels), settings, rng);
  return found;
}

// The regulariser at each point, [N]; it must not be `none`.
Tensor regulariser_of(const ClassifierNetwork::Curved& found, const AlignmentSettings& settings) {
  if (settings.regulariser == Regulariser::anti_score) return -found.trace.clamp_max(settings.clamp);
  const Tensor half_square = found.slope.square().sum(1) / 2;
  if (settings.regulariser == Regulariser::gradient_norm) return half_square;
  return found.trace + half_square + settings.mu * found.trace.square();
}

}  // namespace

OptionTable alignment_options() {
  const AlignmentSettings fallback;
  return grouped(
      "regulariser",
      {Option::choice("regulariser", "score", regulariser_names(), "what is added to the cross-entropy"),
       Option::real("lambda", fallback.lambda, "its weight").at_least(0).unless("regulariser", "none"),
       Option::choice("trace", "antithetic", trace_names(),
                      "how the trace of the logit's Hessian is found; the paper's way is one-sided")
           .only_if("regulariser", "score", "anti-score"),
       Option::real("sigma", fallback.sigma, "standard deviation of the normals that estimate it")
           .above(0)
           .unless("trace", "exact"),
       Option::integer("samples", fallback.samples, "normals a point").at_least(1).unless("trace", "exact"),
       Option::real("mu", fallback.mu, "weight of the square of the trace")
           .at_least(0)
           .only_if("regulariser", "score"),
       Option::real("clamp", fallback.clamp, "traces above this are not raised further")
           .above(0)
           .only_if("regulariser", "anti-score")});
}

AlignmentSettings alignment_settings(const Options& options) {
  return {.regulariser = named<Regulariser>("regulariser", regulariser_names(), options.text("regulariser")),
          .trace = named<TraceEstimator>("trace", trace_names(), options.text("trace")),
          .lambda = options.real("lambda"),
          .sigma = options.real("sigma"),
          .samples = options.integer("samples"),
          .mu = options.real("mu"),
          .clamp = options.real("clamp")};
}

void require_usable(const AlignmentSettings& settings, int64_t dim, torch::ScalarType dtype) {
  if (!needs_trace(settings.regulariser)) return;
  const bool exact = settings.trace == TraceEstimator::exact;
  if (exact && dim > kMostExactDim)
    throw InputError(fmt::format(
        "option 'trace' = exact: takes at most {} coordinates, and there are {}; antithetic takes any number",
        kMostExactDim, dim));
  if (!exact && dtype == torch::kFloat && settings.sigma < kLeastSingleSigma)
    throw InputError(
        fmt::format("option 'sigma' = {}: must be at least {} in float32, since differences of logits are "
                    "multiplied by 2 / sigma^2",
                    settings.sigma, kLeastSingleSigma));
}

Tensor estimated_trace(const ScalarField& f, const Tensor& x, const Tensor& at_x,
                       const AlignmentSettings& settings, Rng& rng) {
  const Tensor v = settings.sigma * rng.normal({settings.samples, x.size(0), x.size(1)}, x.options());
  const Tensor moved =
      settings.trace == TraceEstimator::antithetic ? torch::cat({x + v, x - v}) : x + v;  // [M, N, D]
  const Tensor mean = f(moved.flatten(0, 1)).view({moved.size(0), x.size(0)}).mean(0);
  return (mean - at_x) * (2 / (settings.sigma * settings.sigma));
}

AlignmentTerms alignment_loss(const ClassifierNetwork& network, const Weights& weights, const Tensor& x,
                              const Tensor& labels, const AlignmentSettings& settings, Rng& rng) {
  const ClassifierNetwork::Curved found = classifier_at(network, weights, x, labels, settings, rng);
  AlignmentTerms terms;
  terms.loss = at::cross_entropy_loss(found.logits, labels);
  terms.cross_entropy = terms.loss.detach();
  terms.hits = found.logits.detach().argmax(1).eq(labels).to(x.scalar_type()).mean();
  if (found.slope.defined()) terms.square = found.slope.detach().square().sum(1).mean();
  if (found.trace.defined()) terms.trace = found.trace.detach().mean();
  if (settings.regulariser != Regulariser::none)
    terms.loss = terms.loss + settings.lambda * regulariser_of(found, settings).mean();
  return terms;
}

}  // namespace samplerbench::targets
