#pragma once

#include <array>
#include <vector>

#include "core/nets/perceptron.h"

namespace samplerbench::samplers {

struct AffineFlowShape {
  int64_t dim = 2;     // D, at least 2
  int64_t layers = 8;  // couplings
  int64_t width = 64;  // hidden units a layer of each coupling's net
  int64_t depth = 2;   // hidden layers of each coupling's net
  double bound = 2;    // of the part of a log scale that depends on the other half
  double scale = 1;    // standard deviation of the law that an untrained flow has
};

// What a pass forward leaves behind for the passes backward.
struct AffineFlowTape {
  struct Coupling {
    Tape net;
    Tensor input;    // [N, k] the changed half before the change
    Tensor squash;   // [N, k] tanh within the log scale
    Tensor stretch;  // [N, k] exp of the log scale
  };
  std::vector<Coupling> couplings;
  Tensor z;        // [N, D]
  Tensor x;        // [N, D]
  Tensor log_det;  // [N], log |det dx/dz|
};

// x = scale * T_L(... T_1(z)), an invertible map of R^D made of affine couplings (RealNVP: Dinh,
// Sohl-Dickstein and Bengio 2017, arXiv 1605.08803). A coupling leaves one half of the coordinates, a, as it
// is and changes the other, b, into exp(s(a)) b + t(a), where s(a) = c + bound * tanh(r(a) / bound), r and t
// are the outputs of one net and c is a learned log scale a coordinate. The halves are the first D / 2
// coordinates (rounded down) and the rest; couplings change the rest and the first in turn. With z ~ N(0, I)
// the law of x has an exact density. All weights are one flat tensor; no autograd graph reaches them:
// backward() is written out.
class AffineFlow {
 public:
  // Starts as N(0, scale^2 I).
  AffineFlow(const AffineFlowShape& shape, Rng& rng, const torch::TensorOptions& placement);

  // A flow of the same shape whose weights are those in `parameters`, [P], which it shares.
  AffineFlow with(const Tensor& parameters) const;

  // n latents: [n, D].
  Tensor latents(int64_t n, Rng& rng) const;

  // z -> x: [N, D] -> [N, D], outside any graph.
  Tensor forward(const Tensor& z) const;

  // The same with all that the passes backward need; x and log_det are the tape's.
  void forward(const Tensor& z, AffineFlowTape& tape) const;

  // x -> z: [N, D] -> [N, D], outside any graph. Adds log |det dz/dx| to `log_det`, [N].
  Tensor inverse(const Tensor& x, Tensor& log_det) const;

  // The same with all that the passes backward need, as forward() leaves it; z and log_det are the tape's.
  void inverse(const Tensor& x, AffineFlowTape& tape) const;

  // Log density of the law of x, normalised: [N, D] -> [N], outside any graph.
  Tensor log_density(const Tensor& x) const;

  // The gradient of that log density in x, at the tape's x: [N, D].
  Tensor score(AffineFlowTape& tape) const;

  // Writes into `gradient`, [P], the gradient in the weights of the loss whose gradient in the tape's x is
  // `x_gradient`, [N, D], and in its log_det is `log_det_gradient`, [N].
  void backward(const Tensor& x_gradient, const Tensor& log_det_gradient, AffineFlowTape& tape,
                Tensor& gradient) const;

  // The gradient of the same loss in the tape's latents, [N, D], without that in the weights.
  Tensor latent_gradient(const Tensor& x_gradient, const Tensor& log_det_gradient,
                         AffineFlowTape& tape) const;

  // Writes into `gradient`, [P], the gradient in the weights of the sum over points of -share log p(x), with
  // p the law of x, at the tape's x, which stay where they are; shares: [N].
  void likelihood_backward(const Tensor& shares, AffineFlowTape& tape, Tensor& gradient) const;

  // [P]. Writing to it changes the flow.
  Tensor& parameters() { return parameters_; }
  const Tensor& parameters() const { return parameters_; }

 private:
  using Halves = std::array<Tensor, 2>;

  struct Coupling {
    Perceptron net;    // [N, D - k] -> [N, 2k]: r and t
    Tensor log_scale;  // [k], c
    int64_t begin;     // where its weights begin in the flat tensor: the net's, then c
    size_t changed;    // which half it changes
  };

  // Takes the nets' shapes, not their weights.
  AffineFlow(const AffineFlowShape& shape, const std::vector<Perceptron>& nets, Tensor parameters);

  // What a coupling does to the half it changes: exp(log_scale) b + shift, both [N, k].
  struct Change {
    Tensor log_scale;
    Tensor shift;
  };

  Halves split(const Tensor& x) const;

  // What a coupling does by the half that it leaves, `left` [N, D - k]: keeps all but the input, and adds to
  // `log_det`. Returns the shift, [N, k], valid until the tape's next use.
  Tensor record(const Coupling& coupling, const Tensor& left, AffineFlowTape::Coupling& kept,
                Tensor& log_det) const;

  // From the gradient of a loss in a coupling's log scale, [N, k], which is overwritten, and in its shift,
  // [N, k], to that in the half that it leaves, [N, D - k]. Writes that in its weights into `gradient`, [P],
  // unless it is null.
  Tensor through_net(const Coupling& coupling, Tensor& in_log_scale, const Tensor& in_shift,
                     AffineFlowTape::Coupling& kept, Tensor* gradient) const;

  // backward() to the latents, and to the weights unless `gradient` is null.
  Tensor back_to_latents(const Tensor& x_gradient, const Tensor& log_det_gradient, AffineFlowTape& tape,
                         Tensor* gradient) const;

  // likelihood_backward() unless `gradient` is null. Returns the score of each row times its share: [N, D].
  Tensor back_to_points(const Tensor& shares, AffineFlowTape& tape, Tensor* gradient) const;

  // By the half that it leaves, [N, D - k], outside any graph and without a tape.
  Change change(const Coupling& coupling, const Tensor& left) const;

  AffineFlowShape shape_;
  Tensor parameters_;
  std::vector<Coupling> couplings_;
};

// log N(z; 0, I): [N, D] -> [N].
Tensor standard_normal_log_density(const Tensor& z);

}  // namespace samplerbench::samplers
