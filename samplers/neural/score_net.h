#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/archive.h"
#include "core/nets/network.h"

namespace samplerbench::samplers {

// What the net inside a score network predicts; s(x, sigma) = skip * x + out * net(in * x, log sigma) with
//   noise     s = -net / sigma
//   denoiser  s = (D - x) / sigma^2, D as in Karras et al. 2022 (arXiv 2206.00364), table 1
//   score     the denoiser's skip and out = 1 / sqrt(sigma^2 + floor^2), bounded as sigma goes to 0
enum class ScoreForm { noise, denoiser, score };

ScoreForm score_form_named(const std::string& name);
std::vector<std::string> score_form_names();

// Which moments of x0 a score network assumes.
enum class ScoreMoments {
  fixed,      // `centre` and `data_scale`
  running,    // the mean and deviation of each coordinate of the draws, from those two on
  covariance  // the mean and all covariances of the draws, likewise
};

// How a score network turns the output of its net into a score.
struct ScoreNetForm {
  ScoreForm form = ScoreForm::denoiser;
  double data_scale = 1;   // standard deviation of x0 that the preconditioning assumes
  double floor = 0.25;     // of the score form
  bool potential = false;  // the gradient of a function
  double centre = 0;       // x - centre takes the place of x, in every coordinate
  ScoreMoments moments = ScoreMoments::fixed;
};

// A noise-conditional model of the score of x = x0 + sigma e. Where the net is zero, the denoiser and score
// forms are exact for x0 ~ N(centre, data_scale^2 I). With `running` moments they are exact for independent
// normal coordinates of any mean and deviation, and with `covariance` for any normal law: skip, in and out
// are then symmetric matrices, functions of the covariance. Draws that spread far beyond data_scale are what
// they help: there -x / data_scale^2 is far from any score, the net sees inputs of size |x| / data_scale, and
// a generator that follows the difference of scores runs away. As a `potential`, the gradient in u = in * x
// of <u, net(u, log sigma)> takes the place of the net, so that the model is the gradient of a function, as
// scores are (Salimans and Ho 2021, "Should EBMs model the energy or the score?").
//
// Where each x has a condition c, the net takes it after log sigma, and the model is that of the score of x
// given c. The moments are those of x at all conditions.
class ScoreNet {
 public:
  ScoreNet(std::unique_ptr<Network> net, const ScoreNetForm& form);

  // Moves the running moments, where there are any, by 1/20 towards those of the draws x0, [N, D]. Throws
  // Diverged where a covariance is no longer finite.
  void follow(const Tensor& x0);

  // s(x, sigma): [N, D], [N, 1] -> [N, D]. Differentiable in x to any order; the weights are constants.
  // `conditions`: [N, C], undefined where the net takes none.
  Tensor forward(const Tensor& x, const Tensor& sigma, const Tensor& conditions = {}) const;

  // Denoising score matching at x = x0 + sigma e: writes the gradient of mean_n |sigma s(x) + e|^2 in the
  // weights into `gradient`, [P], and returns the loss, [].
  Tensor matching_gradient(const Tensor& x, const Tensor& sigma, const Tensor& e, Tape& tape,
                           Tensor& gradient, const Tensor& conditions = {}) const;

  // The running moments; nothing where there are none. load_moments() throws InputError where they are
  // missing.
  void save_moments(Archive& archive) const;
  void load_moments(const Archive& archive);

  Network& net() { return *net_; }
  const Network& net() const { return *net_; }

 private:
  // Factors of the coordinates of points, or, with all covariances, of their coordinates along its axes.
  struct Scales {
    Tensor skip, out, in;  // [N, 1], or [N, D] with moments of the draws
  };
  Scales scales(const Tensor& sigma) const;
  template <class Number>
  Scales scales_at(const Tensor& sigma, const Number& data_scale) const;
  Tensor centred(const Tensor& x) const;
  Tensor scaled(const Tensor& rows, const Tensor& factors) const;  // [N, D] -> [N, D]
  void find_axes();
  bool follows() const { return form_.moments != ScoreMoments::fixed; }
  // Of these two `x` is centred.
  Tensor net_input(const Tensor& x, const Tensor& sigma, const Scales& scales,
                   const Tensor& conditions) const;
  Tensor potential_slope(const Network& net, const Tensor& x, const Tensor& sigma, const Scales& scales,
                         const Tensor& conditions) const;
  Tensor potential_matching(const Tensor& x, const Tensor& sigma, const Tensor& e, Tensor& gradient,
                            const Tensor& conditions) const;

  std::unique_ptr<Network> net_;
  ScoreNetForm form_;
  // Of x0, where they follow the draws.
  Tensor mean_;           // [1, D]
  Tensor variance_;       // [1, D], of each coordinate, or along each axis
  Tensor covariance_;     // [D, D] float64, where there are axes
  Tensor axes_;           // [D, D], its eigenvectors in columns
  int64_t followed_ = 0;  // batches since the axes were found
};

}  // namespace samplerbench::samplers
