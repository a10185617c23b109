#include "samplers/neural/generator.h"

#include <algorithm>

#include "core/error.h"

namespace samplerbench::samplers {

Tensor Generator::latents(int64_t n, Rng& rng) const {
  return rng.normal({n, net_->input_width() - form_.conditions}, net_->parameters().options());
}

void Generator::add_latents(const Tensor& z, Tensor& out) const {
  if (form_.skip == 0) return;
  const int64_t shared = std::min(z.size(1) - form_.conditions, out.size(1));
  if (turn_.defined()) {
    out.add_(z.narrow(1, 0, shared).mm(turn_.narrow(1, 0, shared).t()), form_.skip);
    return;
  }
  out.narrow(1, 0, shared).add_(z.narrow(1, 0, shared), form_.skip);
}

Generator Generator::clone() const {
  Generator copy(net_->copy(), form_);
  if (turn_.defined()) copy.turn_ = turn_.clone();
  return copy;
}

void Generator::map_draws(const Tensor& matrix, const Tensor& shift) {
  if (form_.squashed || !net_->map_outputs(matrix, shift))
    throw InputError(
        "the draws of this generator cannot be mapped: it needs generator=mlp and output=linear");
  turn_ = turn_.defined() ? matrix.mm(turn_) : matrix.clone();
}

Tensor Generator::forward(const Tensor& z, GeneratorTape& tape) const {
  torch::NoGradGuard no_grad;
  Tensor out = net_->forward(z, tape.net).clone();
  add_latents(z, out);
  if (form_.squashed) tape.draws = out.sigmoid_().detach();
  return out;
}

void Generator::backward(const Tensor& draws_gradient, GeneratorTape& tape, Tensor& gradient) const {
  if (!form_.squashed) return net_->backward(draws_gradient, tape.net, gradient);
  torch::NoGradGuard no_grad;
  net_->backward(at::sigmoid_backward(draws_gradient, tape.draws), tape.net, gradient);
}

Tensor Generator::infer(const Tensor& z) const {
  Tensor out = torch::empty({z.size(0), net_->output_width()}, z.options());
  net_->infer(z, out);
  add_latents(z, out);
  if (form_.squashed) out.sigmoid_();
  return out;
}

}  // namespace samplerbench::samplers
