#pragma once

#include <optional>
#include <vector>

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Normal laws N(mean, T T') side by side, with T = A^1/2 (I + Q (L - I) Q'): A diagonal, Q of K orthonormal
// columns, L lower triangular. A draw and its density take D K operations each. float64 on the CPU.
struct PathNormals {
  Tensor mean;   // [C, D]
  Tensor scale;  // [C, D] the diagonal of A^1/2
  Tensor axes;   // [C, D, K] Q
  Tensor lower;  // [C, K, K] L

  // C times N(0, scale^2 I).
  static PathNormals isotropic(int64_t count, int64_t dim, int64_t rank, double scale);

  int64_t count() const { return mean.size(0); }

  // The laws of these indices: [R] int64.
  PathNormals rows(const Tensor& indices) const;

  // One of them alone.
  PathNormals one(int64_t law) const;

  // mean + T z of each law: [C, M, D] -> [C, M, D].
  Tensor points_at(const Tensor& z) const;

  // The log density of each law at its points_at(z): [C, M, D] -> [C, M].
  Tensor log_density_at(const Tensor& z) const;

  // The z of one law at which points lie, T^-1 (x - mean): [N, D] -> [N, D].
  Tensor coordinates_of(int64_t law, const Tensor& x) const;

  // The log density of every law at the same points: [N, D] -> [C, N].
  Tensor log_density(const Tensor& x) const;

  // The score of the mixture of all laws in equal shares: [N, D] -> [N, D].
  Tensor mixture_score(const Tensor& x) const;

  // log det T: [C].
  Tensor log_determinants() const;
};

// What the last steps of paths tell of the curvature of a log density: an estimate H of minus the inverse of
// its Hessian, by the recursion of BFGS over J pairs of a step and a change of slope from a diagonal matrix A
// on. One path a row. float64 on the CPU.
struct PathCurvature {
  Tensor diagonal;  // [C, D] A
  Tensor steps;     // [C, J, D] d, the oldest first; 0 where there is none yet
  Tensor changes;   // [C, J, D] y, with <d, y> = 1

  // A = 1 and no pairs.
  static PathCurvature none(int64_t count, int64_t dim, int64_t pairs);

  PathCurvature rows(const Tensor& indices) const;

  // Takes in a step d and y, the score before it less the score after it, of every path: both [C, D]. Leaves
  // out those without <d, y> > 1e-12 |d| |y|, and the oldest pair where there are J. A becomes A' with
  // 1 / A' = a / (b A) + y^2 / b - a d^2 / (b c A^2), a = sum A y^2, b = <d, y>, c = sum d^2 / A: the
  // diagonal of the Hessian's own BFGS update, first scaled by a / b (Gilbert and Lemarechal 1989).
  void add(const Tensor& step, const Tensor& change);

  // N(x + H s(x), H) at points x with scores s(x), both [C, D]: H = A + B G B', B = [A Y, S],
  // G = [[0, -R^-1], [-R^-T, R^-T (Y' A Y + diag(S' Y)) R^-1]], R the upper triangle of S' Y (Byrd, Nocedal
  // and Schnabel 1994). The mean is NaN where rounding leaves no positive definite H.
  PathNormals normals(const Tensor& x, const Tensor& score) const;
};

// Log weights whose largest are replaced by the quantiles of a generalised Pareto law.
struct SmoothedWeights {
  Tensor log_weights;  // [N]
  double shape;        // of that law: above 0.7 the weights are not to be trusted; NaN where none was fitted
};

// Pareto-smoothed importance weights (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25): the law is
// fitted to the min(N / 5, 3 sqrt N) largest by Zhang and Stephens (2009), Technometrics 51, and no weight
// exceeds the largest as it was. log_weights: [N] float64 on the CPU, none NaN and not all -infinity. They
// stay as they are where those largest are fewer than 5 or equal, or the fit fails.
SmoothedWeights pareto_smoothed(const Tensor& log_weights);

class PathLineSearch;

// Multi-path Pathfinder (Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23): L-BFGS climbs the log density
// from `paths` starting points in one batch. At each point of a path stands the normal law of PathCurvature,
// and a path chooses the one of highest ELBO, the mean of log q - log N over `elbo_draws` draws of its own. A
// step is one iteration of every path that still moves. It takes a log density and a score for each trial of
// a line search, mostly one a path, and `elbo_draws` log densities a path; the first step takes a log density
// and a score of every start besides. A path ends where the mean of its law is nearer than 1e-4 standard
// deviations, after `iterations`, where a line search finds nothing, or where it has no law.
//
// Draws are of the normal laws chosen so far, each path's with equal probability; of the starting law before
// there are any. With `resample` the step in which the last path ends takes `pool` draws of every law, and
// from then on draws come from that pool, with replacement, by the Pareto-smoothed weights q / N of each
// draw's own law: a mode that more paths came to weighs more. Those draws have no density; without `resample`
// there is one, the mixture's. The mean of q / N over the pool estimates Z without bias, but of each law it
// sees no more than the modes to which that law gives draws. Once all paths have ended, steps gain nothing
// and take one score each.
class Pathfinder : public Sampler {
 public:
  explicit Pathfinder(const SamplerInput& input);

  // Diagnostics: `moving`, the paths that go on; `elbo`, the highest; with a pool `log_z`, its estimate,
  // `log_z_standard_error`, and `pareto_shape`, that of SmoothedWeights; once all paths have ended `score`,
  // the length of a score where one did. Throws InputError where no starting point has a finite log density
  // and score, Diverged where all paths ended without a normal law of finite ELBO.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;
  LogDensity log_density() const override;
  LawScore law_score() const override;
  std::optional<LogZ> log_z() const override { return log_z_; }
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // log q - log N of each law at its points_at(z): [C, M, D] -> [C, M].
  virtual Tensor log_weights(const PathNormals& normals, const Tensor& z) const;

 private:
  // The paths that go on.
  struct Moving {
    Tensor path;             // [C] int64
    Tensor x, value, score;  // [C, D], [C], [C, D] where they are
    Tensor direction;        // [C, D] H s
    PathCurvature curvature;

    int64_t count() const { return path.size(0); }
    Moving rows(const Tensor& indices) const;
  };

  void begin();
  void advance(Rng& rng);
  void finish(Rng& rng);
  Json rest() const;
  Json diagnostics() const;

  // The paths after a line search along their directions, without those that found nothing.
  Moving after_line_search() const;
  std::vector<PathLineSearch> line_searches() const;

  // Tries the next share of the direction of these paths. Those that take it move in `next`; returns the
  // others.
  std::vector<int64_t> tried(const std::vector<int64_t>& open, std::vector<PathLineSearch>& lines,
                             Moving& next) const;

  PathNormals usable_normals();
  void offer(const PathNormals& normals, const Tensor& elbos);
  Tensor elbo(const PathNormals& normals, Rng& rng) const;
  void make_pool(Rng& rng);
  Tensor mixture_draws(int64_t n, Rng& rng) const;
  Tensor resampled_draws(int64_t n, Rng& rng) const;

  // In float64 where the sampler is placed; the results are on the CPU.
  targets::ValueAndScore evaluate(const Tensor& x) const;

  const targets::Target& target_;
  torch::TensorOptions placement_;
  int64_t pairs_, iterations_, elbo_draws_, pool_size_;
  double slope_left_;
  bool resample_;
  Tensor start_;  // [paths, D]; undefined after the first step
  Moving moving_;
  int64_t iteration_ = 0;
  Tensor latest_;       // [1, D] where a path was last
  PathNormals best_;    // of every path
  Tensor best_elbo_;    // [paths], -infinity where there is none
  PathNormals chosen_;  // those with an ELBO, or the starting law
  Tensor pool_;         // [P, D]; undefined without one
  Tensor weights_;      // [P], the largest is 1
  double pareto_shape_ = 0;
  std::optional<LogZ> log_z_;
};

void add_pathfinder(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
