#pragma once

#include "harness/run/foreign_program.h"
#include "samplers/sampler.h"

namespace samplerbench::harness {

// A user's program as a sampler. It begins anew within the first step or draw of each such object, so that
// what it does to begin is on the clock; one program serves several of these, one after the other.
class ForeignSampler : public samplers::Sampler {
 public:
  // `program` and what `source` refers to must outlive it. `spent`: the share of the budget that is spent.
  ForeignSampler(ForeignProgram& program, ProgramSource source, std::function<double()> spent)
      : program_(program), source_(std::move(source)), spent_(std::move(spent)) {}

  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;
  std::optional<Tensor> chains() const override { return program_.chains(); }

  // Throw InputError: what a program knows stays with it.
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  void begin(const Rng& rng);

  ForeignProgram& program_;
  ProgramSource source_;
  std::function<double()> spent_;
  bool has_begun_ = false;
};

}  // namespace samplerbench::harness
