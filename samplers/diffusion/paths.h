#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "core/rng.h"
#include "samplers/diffusion/path_process.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// Writes the control of paths at a node into `control` [N, D], by their states x and the scores of the target
// there, cut as Paths cuts them; both [N, D]. The scores are not to be read where PathProcess::needs_score()
// says no: they are undefined, or those of an earlier node.
using Control = std::function<void(int64_t node, const Tensor& x, const Tensor& score, Tensor& control)>;

// What is kept of paths while they are made.
struct PathRecordSettings {
  bool whole = false;        // all nodes, and not the last two alone
  bool end_score = false;    // the score at the last node too
  bool score_graph = false;  // what is needed to go back through the scores
};

// N paths, or the latest part of them.
class PathRecord {
 public:
  PathRecord(const PathProcess& process, int64_t n, int64_t dim, const torch::TensorOptions& placement,
             const PathRecordSettings& settings);

  const PathRecordSettings& settings() const { return settings_; }

  // A score in its graph, where it was asked for: point and score are [N, D].
  struct ScoreGraph {
    Tensor point;
    Tensor score;
  };

  // Of a node: [N, D].
  Tensor& x(int64_t node) { return of_node(x_, node); }
  Tensor& score(int64_t node) { return of_node(score_, node); }
  Tensor& control(int64_t node) { return of_node(control_, node); }
  ScoreGraph& graph(int64_t node) { return of_node(graph_, node); }

  // Of the step from node k on: the standard normals [N, D] that F and B need to make it.
  Tensor& forward_noise(int64_t k) { return of_step(forward_noise_, k); }
  Tensor& backward_noise(int64_t k) { return of_step(backward_noise_, k); }

  Tensor log_weights;  // [N]
  Tensor end_score;    // [N, D], cut; where it was asked for

 private:
  template <class T>
  T& of_node(std::vector<T>& all, int64_t node) {
    return all[static_cast<size_t>(node) % all.size()];
  }
  template <class T>
  T& of_step(std::vector<T>& all, int64_t k) {
    return all[static_cast<size_t>(k) % all.size()];
  }

  PathRecordSettings settings_;
  std::vector<Tensor> x_, score_, control_;
  std::vector<ScoreGraph> graph_;
  std::vector<Tensor> forward_noise_, backward_noise_;
};

// Scores [N, D] as controls see them: cut to `cap` in each coordinate, 0 for no cut, and 0 where they are not
// a number. Detached.
Tensor cut_scores(const Tensor& scores, double cap);

// `slopes` in scores [N, D], or of them, [..., N, D], with 0 where cut_scores() does not let these move.
Tensor through_cut(const Tensor& slopes, const Tensor& scores, double cap);

// The gradient in `points`, [N, D], of a sum of `scores` times `slopes`, [N, D] both, where the scores are in
// the points' graph, which stays; undefined where they do not depend on them. The Jacobian of a score is
// symmetric, so that this is its product with the slopes.
Tensor pulled_through(const Tensor& scores, const Tensor& points, const Tensor& slopes);

// Calls act(first, n) for parts of `count` paths, of so few that their memory is bounded.
template <class Act>
void for_parts(int64_t count, const Act& act) {
  constexpr int64_t kPathsAtOnce = 4096;
  for (int64_t first = 0; first < count; first += kPathsAtOnce)
    act(first, std::min(kPathsAtOnce, count - first));
}

// The loop of all path samplers: paths of a process from its start to draws of a target and back, with their
// weights. Scores are cut to `score_cap` in each coordinate, and are 0 where they are not a number: weights
// are right for every function in their place.
class Paths {
 public:
  // `target` must outlive the paths. score_cap: 0 for no cut.
  Paths(const targets::Target& target, PathProcess process, double score_cap);

  const PathProcess& process() const { return process_; }
  double score_cap() const { return score_cap_; }

  // Paths forward, whose ends are x(K) of the record.
  void run(const Control& control, Rng& rng, PathRecord& record) const;

  // Paths back from `points` [N, D]: the log weights [N].
  Tensor run_back(const Tensor& points, const Control& control, Rng& rng) const;

 private:
  void visit(int64_t node, const Control& control, PathRecord& record) const;
  void advance(int64_t k, Rng& rng, PathRecord& record) const;
  void retreat(int64_t k, Rng& rng, PathRecord& record) const;
  void find_forward_noise(int64_t k, PathRecord& record) const;
  void find_backward_noise(int64_t k, PathRecord& record) const;
  void weigh(int64_t k, PathRecord& record) const;
  void weigh_start(PathRecord& record) const;

  const targets::Target& target_;
  PathProcess process_;
  double score_cap_;
  double constant_;  // of log w, a coordinate
};

}  // namespace samplerbench::samplers
