#include "samplers/sampler.h"

using namespace samplerbench;

// Random-walk Metropolis: one density a step.
class RandomWalk : public samplers::Sampler {
 public:
  explicit RandomWalk(const samplers::SamplerInput& in)
      : target_(in.target), scale_(in.options.real("scale")), x_(in.start(1000)) {}
  Json step(Rng& rng) override {
    if (!value_.defined()) value_ = target_.log_density(x_);
    const Tensor y = x_ + scale_ * rng.normal(x_.sizes(), x_.options()), value = target_.log_density(y);
    const Tensor accept = rng.uniform({x_.size(0)}, x_.options()).log() < value - value_;
    x_ = torch::where(accept.unsqueeze(1), y, x_);
    value_ = torch::where(accept, value, value_);
    return Json::object();
  }
  Tensor draw(int64_t n, Rng& rng) override {
    return x_.index_select(0, rng.integers(x_.size(0), {n}, x_.options()));
  }
  void save(Archive& archive) const override { archive.put("x", x_); }
  void load(const Archive& archive) override { x_ = archive.get("x"); }

 private:
  const targets::Target& target_;
  double scale_;
  Tensor x_, value_;
};
