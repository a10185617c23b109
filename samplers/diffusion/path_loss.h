#pragma once

#include "samplers/diffusion/control_net.h"
#include "samplers/diffusion/paths.h"

namespace samplerbench::samplers {

// What a control is trained by, from the log weights of paths that are made with it.
//   kl            mean(-log w), the Kullback-Leibler divergence from the paths forward to those back, less
//                 log Z, differentiated through the paths; through the target's scores on their way too, or
//                 with these held as they are, as published code does. Scores at the ends are cut as on the
//                 way, so that where the cap bites the gradient is not that of the loss
//   log_variance  the variance of log w over the paths held as they are (Nuesken and Richter 2021, arXiv
//                 2005.05409; Richter and Berner 2024, arXiv 2307.01198), which needs no derivative of a
//                 score
enum class PathObjective { kl, log_variance };

struct PathLoss {
  PathObjective objective = PathObjective::kl;
  bool through_scores = false;

  // The options loss and through_scores.
  static OptionTable options();
  explicit PathLoss(const Options& options);
  PathLoss(PathObjective objective, bool through_scores)
      : objective(objective), through_scores(through_scores) {}

  // What paths must keep for gradient().
  PathRecordSettings kept() const;

  // The loss over the paths whose log weights, [N], are `usable`, [N] bool: [].
  Tensor value(const Tensor& log_weights, const Tensor& usable) const;

  // Writes into `gradient`, [P], that of the loss over the paths of `record` that are `usable`. They were
  // made by `net` with this tape.
  void gradient(const Paths& paths, const ControlNet& net, PathRecord& record, const Tensor& usable,
                ControlTape& tape, Tensor& gradient) const;
};

}  // namespace samplerbench::samplers
