#include "samplers/variational/affine_flow.h"

#include <cmath>
#include <numbers>

namespace samplerbench::samplers {
namespace {

size_t changed_half(size_t coupling) { return coupling % 2 ? 0 : 1; }

int64_t half_width(const AffineFlowShape& shape, size_t half) {
  return half == 0 ? shape.dim / 2 : shape.dim - shape.dim / 2;
}

std::vector<Perceptron> make_nets(const AffineFlowShape& shape, Rng& rng,
                                  const torch::TensorOptions& placement) {
  std::vector<Perceptron> nets;
  for (size_t i = 0; i < static_cast<size_t>(shape.layers); ++i) {
    const int64_t in = half_width(shape, 1 - changed_half(i)), out = 2 * half_width(shape, changed_half(i));
    nets.emplace_back(dense_widths(in, shape.width, shape.depth, out), Activation::silu, rng, placement);
  }
  return nets;
}

// The weights of each net, each followed by the log scales of its coupling, which start at 0.
Tensor flat_parameters(const std::vector<Perceptron>& nets) {
  std::vector<Tensor> parts;
  for (const Perceptron& net : nets) {
    parts.push_back(net.parameters());
    parts.push_back(torch::zeros({net.output_width() / 2}, net.parameters().options()));
  }
  return torch::cat(parts);
}

}  // namespace

AffineFlow::AffineFlow(const AffineFlowShape& shape, Rng& rng, const torch::TensorOptions& placement)
    : shape_(shape) {
  const std::vector<Perceptron> nets = make_nets(shape, rng, placement);
  *this = AffineFlow(shape, nets, flat_parameters(nets));
}

AffineFlow::AffineFlow(const AffineFlowShape& shape, const std::vector<Perceptron>& nets, Tensor parameters)
    : shape_(shape), parameters_(std::move(parameters)) {
  int64_t begin = 0;
  for (size_t i = 0; i < nets.size(); ++i) {
    const int64_t weights = nets[i].parameters().numel(), k = nets[i].output_width() / 2;
    couplings_.push_back({nets[i].over(parameters_.narrow(0, begin, weights)),
                          parameters_.narrow(0, begin + weights, k), begin, changed_half(i)});
    begin += weights + k;
  }
}

AffineFlow AffineFlow::with(const Tensor& parameters) const {
  std::vector<Perceptron> nets;
  for (const Coupling& coupling : couplings_) nets.push_back(coupling.net);
  return {shape_, nets, parameters};
}

AffineFlow::Halves AffineFlow::split(const Tensor& x) const {
  const int64_t first = half_width(shape_, 0);
  return {x.narrow(1, 0, first).contiguous(), x.narrow(1, first, shape_.dim - first).contiguous()};
}

AffineFlow::Change AffineFlow::change(const Coupling& coupling, const Tensor& left) const {
  const int64_t k = coupling.log_scale.size(0);
  Tensor out = torch::empty({left.size(0), 2 * k}, left.options());
  coupling.net.infer(left, out);
  return {out.narrow(1, 0, k).div(shape_.bound).tanh_().mul_(shape_.bound).add_(coupling.log_scale),
          out.narrow(1, k, k)};
}

Tensor AffineFlow::latents(int64_t n, Rng& rng) const {
  return rng.normal({n, shape_.dim}, parameters_.options());
}

Tensor AffineFlow::forward(const Tensor& z) const {
  torch::NoGradGuard no_grad;
  Halves half = split(z);
  for (const Coupling& coupling : couplings_) {
    Tensor& b = half[coupling.changed];
    const auto [log_scale, shift] = change(coupling, half[1 - coupling.changed]);
    b = torch::addcmul(shift, b, log_scale.exp());
  }
  return torch::cat({half[0], half[1]}, 1).mul_(shape_.scale);
}

Tensor AffineFlow::record(const Coupling& coupling, const Tensor& left, AffineFlowTape::Coupling& kept,
                          Tensor& log_det) const {
  const int64_t k = coupling.log_scale.size(0);
  const Tensor& out = coupling.net.forward(left, kept.net);
  kept.squash = out.narrow(1, 0, k).div(shape_.bound).tanh_();
  const Tensor s = torch::add(coupling.log_scale, kept.squash, shape_.bound);
  log_det.add_(s.sum(1));
  kept.stretch = s.exp();
  return out.narrow(1, k, k);
}

void AffineFlow::forward(const Tensor& z, AffineFlowTape& tape) const {
  torch::NoGradGuard no_grad;
  tape.couplings.resize(couplings_.size());
  tape.z = z;
  tape.log_det =
      torch::full({z.size(0)}, static_cast<double>(shape_.dim) * std::log(shape_.scale), z.options());
  Halves half = split(z);
  for (size_t i = 0; i < couplings_.size(); ++i) {
    const Coupling& coupling = couplings_[i];
    AffineFlowTape::Coupling& kept = tape.couplings[i];
    kept.input = half[coupling.changed];
    const Tensor shift = record(coupling, half[1 - coupling.changed], kept, tape.log_det);
    half[coupling.changed] = torch::addcmul(shift, kept.input, kept.stretch);
  }
  tape.x = torch::cat({half[0], half[1]}, 1).mul_(shape_.scale);
}

Tensor AffineFlow::inverse(const Tensor& x, Tensor& log_det) const {
  torch::NoGradGuard no_grad;
  Halves half = split(x / shape_.scale);
  log_det.sub_(static_cast<double>(shape_.dim) * std::log(shape_.scale));
  for (size_t i = couplings_.size(); i-- > 0;) {
    const Coupling& coupling = couplings_[i];
    Tensor& b = half[coupling.changed];
    const auto [log_scale, shift] = change(coupling, half[1 - coupling.changed]);
    b = (b - shift).mul_(log_scale.neg().exp_());
    log_det.sub_(log_scale.sum(1));
  }
  return torch::cat({half[0], half[1]}, 1);
}

void AffineFlow::inverse(const Tensor& x, AffineFlowTape& tape) const {
  torch::NoGradGuard no_grad;
  tape.couplings.resize(couplings_.size());
  tape.x = x;
  tape.log_det =
      torch::full({x.size(0)}, static_cast<double>(shape_.dim) * std::log(shape_.scale), x.options());
  Halves half = split(x / shape_.scale);
  for (size_t i = couplings_.size(); i-- > 0;) {
    const Coupling& coupling = couplings_[i];
    AffineFlowTape::Coupling& kept = tape.couplings[i];
    const Tensor shift = record(coupling, half[1 - coupling.changed], kept, tape.log_det);
    kept.input = (half[coupling.changed] - shift).div_(kept.stretch);
    half[coupling.changed] = kept.input;
  }
  tape.z = torch::cat({half[0], half[1]}, 1);
}

Tensor AffineFlow::log_density(const Tensor& x) const {
  Tensor log_det = torch::zeros({x.size(0)}, x.options());
  const Tensor z = inverse(x, log_det);
  return standard_normal_log_density(z).add_(log_det);
}

Tensor AffineFlow::score(AffineFlowTape& tape) const {
  return back_to_points(torch::ones_like(tape.log_det), tape, /*gradient=*/nullptr);
}

void AffineFlow::likelihood_backward(const Tensor& shares, AffineFlowTape& tape, Tensor& gradient) const {
  back_to_points(shares, tape, &gradient);
}

void AffineFlow::backward(const Tensor& x_gradient, const Tensor& log_det_gradient, AffineFlowTape& tape,
                          Tensor& gradient) const {
  back_to_latents(x_gradient, log_det_gradient, tape, &gradient);
}

Tensor AffineFlow::latent_gradient(const Tensor& x_gradient, const Tensor& log_det_gradient,
                                   AffineFlowTape& tape) const {
  return back_to_latents(x_gradient, log_det_gradient, tape, /*gradient=*/nullptr);
}

Tensor AffineFlow::through_net(const Coupling& coupling, Tensor& in_log_scale, const Tensor& in_shift,
                               AffineFlowTape::Coupling& kept, Tensor* gradient) const {
  const int64_t weights = coupling.net.parameters().numel();
  if (gradient) gradient->narrow(0, coupling.begin + weights, in_shift.size(1)).copy_(in_log_scale.sum(0));
  const Tensor in_squash = in_log_scale.mul_(1 - kept.squash.square());
  const Tensor in_output = torch::cat({in_squash, in_shift}, 1);
  if (!gradient) return coupling.net.backward_to_input(in_output, kept.net);
  Tensor of_net = gradient->narrow(0, coupling.begin, weights);
  coupling.net.backward(in_output, kept.net, of_net);
  return coupling.net.input_gradient(kept.net);
}

// Forward through the couplings, as the law changes (Vaitl et al. 2022, arXiv 2207.08219): with g the score
// before a coupling, after it the changed half has g_b / exp(s), and the other g_a less what s and t(a) move.
// These are the gradients of -log p in s and t(a) for points x that stay where they are.
Tensor AffineFlow::back_to_points(const Tensor& shares, AffineFlowTape& tape, Tensor* gradient) const {
  torch::NoGradGuard no_grad;
  const Tensor share = shares.unsqueeze(1);
  Halves half = split(-tape.z * share);
  for (size_t i = 0; i < couplings_.size(); ++i) {
    const Coupling& coupling = couplings_[i];
    AffineFlowTape::Coupling& kept = tape.couplings[i];
    Tensor& g = half[coupling.changed];
    Tensor in_shift = g / kept.stretch;
    Tensor in_log_scale = torch::mul(g, kept.input).add_(share);
    half[1 - coupling.changed].sub_(through_net(coupling, in_log_scale, in_shift, kept, gradient));
    g = std::move(in_shift);
  }
  return torch::cat({half[0], half[1]}, 1).div_(shape_.scale);
}

Tensor AffineFlow::back_to_latents(const Tensor& x_gradient, const Tensor& log_det_gradient,
                                   AffineFlowTape& tape, Tensor* gradient) const {
  torch::NoGradGuard no_grad;
  Halves half = split(x_gradient * shape_.scale);
  for (size_t i = couplings_.size(); i-- > 0;) {
    const Coupling& coupling = couplings_[i];
    AffineFlowTape::Coupling& kept = tape.couplings[i];
    Tensor& g = half[coupling.changed];
    Tensor before = g * kept.stretch;
    Tensor in_log_scale = torch::mul(before, kept.input).add_(log_det_gradient.unsqueeze(1));
    half[1 - coupling.changed].add_(through_net(coupling, in_log_scale, g, kept, gradient));
    g = std::move(before);
  }
  return torch::cat({half[0], half[1]}, 1);
}

Tensor standard_normal_log_density(const Tensor& z) {
  return z.square().sum(1).mul_(-0.5).sub_(0.5 * std::log(2 * std::numbers::pi) *
                                           static_cast<double>(z.size(1)));
}

}  // namespace samplerbench::samplers
