#include "samplers/particle/svgd.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "samplers/even_choice.h"

namespace samplerbench::samplers {
namespace {

constexpr double kMomentum = 0.9;
constexpr double kFudge = 1e-6;
constexpr double kLeastBandwidth = 1e-12;  // particles that all coincide stay put, and finite

}  // namespace

Svgd::Svgd(const targets::Target& target, const Tensor& start, double step_size)
    : target_(target), step_size_(step_size), particles_(start.detach().clone()) {
  const int64_t n = particles_.size(0);
  const int64_t dim = particles_.size(1);
  const auto options = particles_.options();
  left_ = torch::ones({n, dim + 2}, options);
  right_ = torch::ones({n, dim + 2}, options);
  kernel_ = torch::ones({n, n}, options);
  columns_ = torch::ones({n, 2 * dim + 1}, options);
  sums_ = torch::empty({n, 2 * dim + 1}, options);
}

Json Svgd::step(Rng&) {
  torch::NoGradGuard no_grad;
  const double bandwidth = update_kernel();
  update_direction(bandwidth);
  move();
  if (!std::isfinite(particles_.sum().item<double>())) throw Diverged("a particle left the finite numbers");
  return {{"bandwidth", bandwidth}};
}

// Squared distances as one product, [x, |x|^2, 1] [-2 y, 1, |y|^2]', of centred particles: small numbers lose
// less.
double Svgd::update_kernel() {
  const int64_t n = particles_.size(0);
  const int64_t dim = particles_.size(1);
  if (n == 1) return 1;
  const Tensor centred = particles_ - particles_.mean(0);
  const Tensor squares = centred.square().sum(1);
  left_.narrow(1, 0, dim).copy_(centred);
  left_.select(1, dim).copy_(squares);
  right_.narrow(1, 0, dim).copy_(centred).mul_(-2);
  right_.select(1, dim + 1).copy_(squares);
  torch::mm_out(kernel_, left_, right_.t());
  const double bandwidth = std::max(median_(kernel_) / std::log(static_cast<double>(n) + 1), kLeastBandwidth);
  kernel_.mul_(-1 / bandwidth).exp_();
  return bandwidth;
}

// sum_j grad_{x_j} k(x_j, x_i) = (2 / h) (x_i sum_j k_ij - sum_j k_ij x_j): one product gives every sum.
void Svgd::update_direction(double bandwidth) {
  const int64_t dim = particles_.size(1);
  const auto n = static_cast<double>(particles_.size(0));
  columns_.narrow(1, 0, dim).copy_(target_.score(particles_));
  columns_.narrow(1, dim, dim).copy_(particles_);
  torch::mm_out(sums_, kernel_, columns_);
  direction_ = particles_ * sums_.narrow(1, 2 * dim, 1);
  direction_.sub_(sums_.narrow(1, dim, dim)).mul_(2 / bandwidth).add_(sums_.narrow(1, 0, dim)).div_(n);
}

void Svgd::move() {
  if (mean_square_.defined())
    mean_square_.mul_(kMomentum).addcmul_(direction_, direction_, 1 - kMomentum);
  else
    mean_square_ = direction_.square();
  particles_.addcdiv_(direction_, mean_square_.sqrt().add_(kFudge), step_size_);
}

Tensor Svgd::draw(int64_t n, Rng& rng) {
  return particles_.index_select(0, even_choice(n, particles_.size(0), rng).to(particles_.device()));
}

void Svgd::save(Archive& archive) const { archive.put("particles", particles_); }

void Svgd::load(const Archive& archive) {
  const Tensor saved = archive.get("particles");
  if (saved.dim() != 2 || saved.size(0) < 1 || saved.size(1) != particles_.size(1))
    throw InputError("the saved particles are not of this sampler and target");
  particles_ = saved.to(particles_.options());
}

void add_svgd(SamplerRegistry& registry) {
  registry.add(
      {.name = "svgd",
       .summary = "Stein variational gradient descent with the median bandwidth",
       .citation = "Liu and Wang (2016), arXiv 1608.04471",
       .facts = {"SVGD", DrawsAre::particles},
       .options =
           {Option::integer("particles", 200, "particles, all in one batch").at_least(1).at_most(10000),
            Option::real("step_size", 0.02, "AdaGrad's step size").above(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<Svgd>(input.target, input.start(input.options.integer("particles")),
                                       input.options.real("step_size"));
       }});
}

}  // namespace samplerbench::samplers
