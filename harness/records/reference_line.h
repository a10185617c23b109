#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "core/fields.h"
#include "core/usage.h"
#include "harness/records/reference_settings.h"

namespace samplerbench::harness {

// A reference posterior; its draws stand in a file beside the record. Figures of convergence are of the worst
// coordinate. By parallel tempering, and in coordinates of the warm-up, they are of the log density or of a
// parameter where that is worse.
struct ReferenceLine {
  ReferenceBy by = ReferenceBy::nuts;
  ReferenceCoordinates coordinates = ReferenceCoordinates::laplace;  // of NUTS
  int64_t chains = 0;
  int64_t transitions = 0;  // of each chain in the last round
  double rhat = 0;
  double ess_bulk = 0;
  double ess_tail = 0;
  double ess_spread = 0;                     // of squared distances from the mean
  int64_t divergences = 0;                   // trajectories given up in the last round
  double round_trips = 0;                    // a ladder in the last round, of the run with the fewest
  double accept = 0;                         // mean acceptance in the last round
  int64_t newton_steps = 0;                  // to the mode, where one is sought
  Usage usage;                               // all work
  std::vector<double> mean, sd;              // [D]
  std::vector<double> mean_error, sd_error;  // [D] Monte Carlo standard errors
  // The same of the model's P parameters, where it has any: [P].
  std::vector<double> parameter_mean, parameter_sd, parameter_mean_error, parameter_sd_error;
  int64_t draws = 0;
  std::string draws_sha256;

  // The largest Monte Carlo standard error of a mean, in standard deviations.
  double worst_mean_error() const {
    double worst = 0;
    for (size_t i = 0; i < std::min(sd.size(), mean_error.size()); ++i)
      worst = std::max(worst, mean_error[i] / sd[i]);
    return worst;
  }

  static auto fields() {
    using Line = ReferenceLine;
    return std::tuple{rare_field("by", &Line::by),
                      rare_field("coordinates", &Line::coordinates),
                      field("chains", &Line::chains),
                      field("transitions", &Line::transitions),
                      field("rhat", &Line::rhat),
                      field("ess_bulk", &Line::ess_bulk),
                      field("ess_tail", &Line::ess_tail),
                      field("ess_spread", &Line::ess_spread),
                      field("divergences", &Line::divergences),
                      rare_field("round_trips", &Line::round_trips),
                      field_or("accept", &Line::accept),
                      field_or("newton_steps", &Line::newton_steps),
                      field("usage", &Line::usage),
                      field("mean", &Line::mean),
                      field("sd", &Line::sd),
                      field("mean_error", &Line::mean_error),
                      field("sd_error", &Line::sd_error),
                      rare_field("parameter_mean", &Line::parameter_mean),
                      rare_field("parameter_sd", &Line::parameter_sd),
                      rare_field("parameter_mean_error", &Line::parameter_mean_error),
                      rare_field("parameter_sd_error", &Line::parameter_sd_error),
                      field_or("draws", &Line::draws),
                      field_or("draws_sha256", &Line::draws_sha256)};
  }
};

}  // namespace samplerbench::harness
