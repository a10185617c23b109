#pragma once

#include "targets/flow/flow_model.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// A trained flow as a target: log q(x) = -E(x), with the log Z of its determinants and exact draws of its
// inverse. Of a model of images it is the law of what follows the logit, on all of R^D.
Problem flow_problem(const FlowModel& model);

// `ebflow-trained`: the flow of a model file.
void add_trained_ebflow(TargetRegistry& registry);

}  // namespace samplerbench::targets
