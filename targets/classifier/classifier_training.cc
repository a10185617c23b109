#include "targets/classifier/classifier_training.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"

namespace samplerbench::targets {

ClassifierTraining::ClassifierTraining(const ClassifierShape& shape, const AlignmentSettings& settings,
                                       const AdamSettings& adam, Tensor weights)
    : network_(shape),
      settings_(settings),
      weights_(std::move(weights)),
      adam_(weights_, adam),
      leaves_(leaves_at(network_.unflatten(weights_))) {
  require_usable(settings_, shape.dim, weights_.scalar_type());
}

Json ClassifierTraining::update(const LabelledDraws& batch, double rate, Rng& rng) {
  AlignmentTerms terms;
  {
    torch::AutoGradMode enabled(true);
    terms = alignment_loss(network_, leaves_, batch.points, batch.labels, settings_, rng);
    flatten_into(adam_.gradient(), torch::autograd::grad({terms.loss}, leaves_));
  }
  std::vector<std::string> names{"loss", "cross_entropy", "accuracy", "gradient"};
  std::vector<Tensor> values{terms.loss.detach(), terms.cross_entropy, 100 * terms.hits,
                             adam_.update(weights_, rate)};
  if (terms.square.defined()) {
    names.emplace_back("logit_gradient");
    values.push_back(terms.square);
  }
  if (terms.trace.defined()) {
    names.emplace_back("trace");
    values.push_back(terms.trace);
  }
  const Tensor read = torch::stack(values).to(torch::kCPU, torch::kDouble);
  Json figures = Json::object();
  for (size_t i = 0; i < names.size(); ++i) {
    const double value = read.data_ptr<double>()[i];
    if (!std::isfinite(value))
      throw Diverged(fmt::format("after {} updates: {} is {}", adam_.updates(), names[i], value));
    figures[names[i]] = value;
  }
  return figures;
}

void ClassifierTraining::save(Archive& archive) const {
  archive.put("weights", weights_);
  adam_.save(archive);
}

void ClassifierTraining::load(const Archive& archive) {
  archive.restore("weights", weights_);
  adam_.load(archive);
}

}  // namespace samplerbench::targets
