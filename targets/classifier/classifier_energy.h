#pragma once

#include <memory>
#include <optional>

#include "targets/classifier/classifier_model.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// The density that a classifier implies: log q(x) = f_k(x) of the class k = `chosen`, or that of all points,
// log sum_i exp f_i(x), where none is chosen. The score is in closed form. Throws InputError for a class that
// the classifier does not have.
std::unique_ptr<Target> classifier_energy(ClassifierModel model, std::optional<int64_t> chosen);

// classifier-energy
void add_classifier_energy(TargetRegistry& registry);

}  // namespace samplerbench::targets
