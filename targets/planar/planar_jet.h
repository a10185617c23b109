#pragma once

namespace samplerbench::targets {

// A log density at a point of the plane and its derivatives.
struct PlanarJet {
  double value = 0;
  double score[2] = {0, 0};
  double hessian[3] = {0, 0, 0};  // by the first coordinate twice, by both, by the second twice
};

}  // namespace samplerbench::targets
