#pragma once

#include <functional>
#include <vector>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The fractions of pixels that are replaced: 25 from 0.01 to 1, each by the same factor above the one before.
std::vector<double> perturbed_fractions();

// The accuracy of `logits`, [N, D] -> [N, C], on test images of which a fraction of the pixels, those of
// least `relevance` [N, D], has the grey level 0.5: a number for each fraction, [F] float64.
Tensor perturbation_curve(const targets::TestPoints& test, const Tensor& relevance,
                          const std::vector<double>& fractions,
                          const std::function<Tensor(const Tensor&)>& logits);

// The mean of a curve over the logarithm of its abscissae, which grow by one factor: the trapezoidal rule.
double mean_over_logarithm(const Tensor& values);

// pixel_perturbation: accuracy of the sampler's classifier where the pixels of small gradients are removed.
void add_pixel_perturbation(MetricRegistry& registry);

}  // namespace samplerbench::metrics
