#include "samplers/neural/stein_ksd.h"

#include "samplers/tempering.h"

namespace samplerbench::samplers {
namespace {

// With r^2 the squared distances: k, the a of grad_y k = a (x - y) = -grad_x k, and tr grad_x grad_y k.
struct Radial {
  Tensor value, slope, trace;  // [N, N]
};

Radial radial(SteinKernel kernel, const Tensor& squared_distance, double length, double dim) {
  const double inverse_square = 1 / (length * length);
  const Tensor scaled = squared_distance * inverse_square;
  if (kernel == SteinKernel::rbf) {
    const Tensor value = (scaled * -0.5).exp(), slope = value * inverse_square;
    return {value, slope, slope * (dim - scaled)};
  }
  const Tensor value = (1 + scaled).rsqrt(), square = value.square();
  const Tensor slope = value * square * inverse_square;
  return {value, slope, slope * (dim - 3 + 3 * square)};
}

// m_ii + m_jj - m_ij - m_ji: [N, N] -> [N, N].
Tensor polarised(const Tensor& products) {
  const Tensor diagonal = products.diagonal();
  return diagonal.unsqueeze(0) + diagonal.unsqueeze(1) - products - products.t();
}

class SteinKsd : public GeneratorSampler {
 public:
  explicit SteinKsd(const SamplerInput& input)
      : GeneratorSampler(input),
        target_(input.target),
        kernel_(input.options.text("kernel") == "rbf" ? SteinKernel::rbf : SteinKernel::imq),
        length_(input.options.real("bandwidth")),
        statistic_(input.options.text("statistic") == "u" ? SteinStatistic::u : SteinStatistic::v),
        halves_(input.options.flag("halves")),
        tempering_(input.options) {}

 protected:
  Tensor loss(const Tensor& x0, Rng&) override {
    const Tensor score = this->score(x0);
    return kernel_stein_discrepancy(x0, score, halves_ ? this->score(x0) : score, kernel_, length_,
                                    statistic_);
  }

 private:
  // Of the target as it is tempered now.
  Tensor score(const Tensor& x) const { return tempering_.tempered(target_.score(x), schedule().progress()); }

  const targets::Target& target_;
  SteinKernel kernel_;
  double length_;
  SteinStatistic statistic_;
  bool halves_;
  Tempering tempering_;
};

OptionTable ksd_options() {
  const OptionTable own = grouped(
      "kernel Stein discrepancy",
      {Option::choice("statistic", "v", {"v", "u"}, "over all pairs (v) or over i != j (u)"),
       Option::choice("kernel", "imq", {"rbf", "imq"}, "exp(-r^2/(2 l^2)) or (1 + r^2/l^2)^(-1/2)"),
       Option::real("bandwidth", 1.0, "length l of the kernel").above(0),
       Option::flag("halves", false, "two minibatches a point, for an unbiased square").added_later()});
  return generator_options(joined({Tempering::options(), own}), {{"batch", 256}});
}

}  // namespace

Tensor kernel_stein_discrepancy(const Tensor& x, const Tensor& score, const Tensor& other_score,
                                SteinKernel kernel, double length, SteinStatistic statistic) {
  // Only differences of points count; small numbers in float64 leave their products exact enough.
  const Tensor points = (x - x.detach().mean(0, true)).to(torch::kDouble), s = score.to(torch::kDouble),
               other = other_score.to(torch::kDouble), mean = (s + other) / 2;
  const auto [value, slope, trace] =
      radial(kernel, polarised(points.mm(points.t())).clamp_min(0), length, static_cast<double>(x.size(1)));
  const Tensor pairs = s.mm(other.t()) * value + polarised(mean.mm(points.t())) * slope + trace;
  const double n = static_cast<double>(x.size(0));
  if (statistic == SteinStatistic::v) return pairs.sum() / (n * n);
  return (pairs.sum() - pairs.diagonal().sum()) / (n * (n - 1));
}

void add_stein_ksd(SamplerRegistry& registry) {
  registry.add({.name = "stein-ksd",
                .summary = "a generator that minimises the kernel Stein discrepancy of its draws",
                .citation = "Hu et al., arXiv 1810.03545",
                .facts = {"Stein KSD", DrawsAre::trained},
                .options = ksd_options(),
                .make = [](const SamplerInput& input) { return std::make_unique<SteinKsd>(input); }});
}

}  // namespace samplerbench::samplers
