#include "samplers/diffusion/path_loss.h"

#include "core/named.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kPathObjectives{"kl", "log_variance"};

// Of the rows that are `usable`: how many, and the mean of their log weights; both [].
struct UsableRows {
  Tensor count, mean, log_weights;  // the last [N], 0 in other rows

  UsableRows(const Tensor& all, const Tensor& usable)
      : count(usable.sum().to(all.scalar_type())),
        log_weights(torch::where(usable, all, torch::zeros_like(all))) {
    mean = log_weights.sum() / count;
  }

  // Their distance from the mean, and 0 in other rows: [N].
  Tensor centred(const Tensor& usable) const {
    return torch::where(usable, log_weights - mean, torch::zeros_like(log_weights));
  }
};

// The gradient of the loss in what a path passes at one node: [N, D] each, undefined where it is 0.
struct NodeSlopes {
  Tensor control, state, score;
};

void add_slope(Tensor& sum, const Tensor& part, double factor) {
  if (factor == 0) return;
  if (sum.defined())
    sum.add_(part, factor);
  else
    sum = part * factor;
}

// The two passes back over the nodes of paths, from the last to the first. `rows` [N, 1] is the gradient of
// the loss in the log weights.
class PathDescent {
 public:
  PathDescent(const Paths& paths, const ControlNet& net, PathRecord& record, const Tensor& rows,
              ControlTape& tape)
      : paths_(paths), net_(net), record_(record), rows_(rows), tape_(tape) {}

  // With the states held as they are: log w depends on a control through the mean of F before it and of B
  // after it.
  void over_held_paths() {
    for (int64_t node = last(); node >= 0; --node) {
      NodeSlopes slopes;
      if (node < last()) {
        const PathKernel& forward = paths_.process().step(node).forward;
        add_slope(slopes.control, rows_ * record_.forward_noise(node), -forward.control / forward.sd);
      }
      if (node > 0) {
        const PathKernel& backward = paths_.process().step(node - 1).backward;
        if (backward.control != 0)
          add_slope(slopes.control, rows_ * record_.backward_noise(node - 1),
                    -backward.control / backward.sd);
      }
      descend(node, slopes.control);
    }
  }

  // Through the states, by the adjoint of the loop; the normals of F are held.
  void through_paths() {
    Tensor next = end_slope();  // of the node after
    for (int64_t node = last(); node >= 0; --node) {
      NodeSlopes slopes = slopes_at(node, next);
      descend(node, slopes.control);
      if (node > 0) next = state_slope(node, slopes);
    }
  }

 private:
  int64_t last() const { return paths_.process().count(); }

  void descend(int64_t node, const Tensor& slope) {
    if (slope.defined()) net_.backward(node, record_.x(node), record_.score(node), slope, tape_);
  }

  // Of log q at the ends of paths, where rows count.
  Tensor end_slope() const {
    return torch::where(rows_ != 0, rows_ * record_.end_score, torch::zeros_like(record_.end_score));
  }

  // What the steps to the node and from it say, where `next` is the gradient in the state after it, or in the
  // last state itself.
  NodeSlopes slopes_at(int64_t node, const Tensor& next) {
    NodeSlopes slopes;
    if (node == last()) slopes.state = next;
    if (node < last()) {
      const auto& [forward, backward] = paths_.process().step(node);
      add_slope(slopes.state, next, forward.keep);
      add_slope(slopes.control, next, forward.control);
      add_slope(slopes.score, next, forward.score);
      if (backward.sd > 0) {
        const Tensor in_noise = noise_slope(node);
        add_slope(slopes.state, in_noise, (backward.keep * forward.keep - 1) / backward.sd);
        add_slope(slopes.control, in_noise, backward.keep * forward.control / backward.sd);
        add_slope(slopes.score, in_noise, backward.keep * forward.score / backward.sd);
      }
    }
    if (node > 0 && paths_.process().step(node - 1).backward.sd > 0) {
      const PathKernel& backward = paths_.process().step(node - 1).backward;
      const Tensor in_noise = noise_slope(node - 1);
      add_slope(slopes.control, in_noise, backward.control / backward.sd);
      add_slope(slopes.score, in_noise, backward.score / backward.sd);
    }
    return slopes;
  }

  // In the normals of B of a step, of which log w has -|.|^2 / 2.
  Tensor noise_slope(int64_t k) { return (rows_ * record_.backward_noise(k)).neg_(); }

  // In the state of the node, after descend(): with what goes through its control and its score.
  Tensor state_slope(int64_t node, NodeSlopes& slopes) {
    Tensor in_score = slopes.score.defined() ? slopes.score : torch::zeros_like(slopes.state);
    if (slopes.control.defined())
      net_.add_input_gradient(node, slopes.control, tape_, slopes.state, in_score);
    if (record_.settings().score_graph && paths_.process().needs_score(node))
      add_through_score(record_.graph(node), in_score, slopes.state);
    return slopes.state;
  }

  void add_through_score(const PathRecord::ScoreGraph& graph, const Tensor& slope, Tensor& in_state) const {
    const Tensor moving = through_cut(slope, graph.score, paths_.score_cap());
    const Tensor through = pulled_through(graph.score, graph.point, moving);
    if (through.defined()) in_state.add_(through);
  }

  const Paths& paths_;
  const ControlNet& net_;
  PathRecord& record_;
  Tensor rows_;
  ControlTape& tape_;
};

}  // namespace

OptionTable PathLoss::options() {
  return grouped(
      "loss",
      {Option::choice("loss", "kl", kPathObjectives,
                      "the divergence of the paths' two directions, or the variance of their log weights"),
       Option::flag("through_scores", false,
                    "differentiate the target's scores on the paths too, a Hessian-vector product each")
           .only_if("loss", "kl")});
}

PathLoss::PathLoss(const Options& options)
    : objective(named<PathObjective>("loss", kPathObjectives, options.text("loss"))),
      through_scores(options.flag("through_scores")) {}

PathRecordSettings PathLoss::kept() const {
  const bool kl = objective == PathObjective::kl;
  return {.whole = true, .end_score = kl, .score_graph = kl && through_scores};
}

Tensor PathLoss::value(const Tensor& log_weights, const Tensor& usable) const {
  const UsableRows rows(log_weights, usable);
  if (objective == PathObjective::kl) return -rows.mean;
  return rows.centred(usable).square().sum() / (rows.count - 1);
}

void PathLoss::gradient(const Paths& paths, const ControlNet& net, PathRecord& record, const Tensor& usable,
                        ControlTape& tape, Tensor& gradient) const {
  torch::NoGradGuard no_grad;
  const UsableRows rows(record.log_weights, usable);
  const bool kl = objective == PathObjective::kl;
  const Tensor slopes = kl ? usable.to(rows.count.scalar_type()).neg_() / rows.count
                           : rows.centred(usable) * (2 / (rows.count - 1));
  PathDescent descent(paths, net, record, slopes.unsqueeze(1), tape);
  if (kl)
    descent.through_paths();
  else
    descent.over_held_paths();
  net.finish(tape, gradient);
}

}  // namespace samplerbench::samplers
