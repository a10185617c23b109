#pragma once

#include "samplers/learners/rival.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

struct ErmChoiceSettings {
  enum class Instance { first, second };

  Instance instance = Instance::first;
  int64_t samples = 1000;   // m, at least 2
  double time = 0.1;        // t of the forward process, above 0
  bool random_ties = true;  // false: a tie goes to the true score, the control that is biased
  int64_t trials = 1000;    // a step
  double delta = 0.01;      // in (0, 1)
  double distance = 100;    // S of the second instance
  int64_t points = 5000;    // of each part of the law, at which errors are measured
};

// How many samples a score needs, for a class of two scores: empirical risk minimisation by equation (4) of
// Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745. A trial takes m exact draws x_i and one noise z_i
// from N(0, sigma_t^2 I) each, and chooses the score f, that of the target at time t or that of a rival, with
// the less
//   (1/m) sum_i |f(e^-t x_i + z_i) + z_i / sigma_t^2|^2
// The rival of the first instance is the mirror image of the target (lemma 4.1), that of the second shifts
// most of the mass away (lemma 4.2, corrected). Where no draw tells the two apart the losses are equal to the
// last bit, and the choice is a coin. If the target is `rare-mode` with far modes, the choice is wrong with
// probability (1 - eta)^m / 2.
//
// A step takes samples x trials draws, in blocks of 2^18, or of one trial where that has more, which bounds
// the memory. On the line a million draws take a quarter of a CPU second: 5.0 s for 200 trials of 100,000
// draws in results/sample-complexity-1.
//
// A choice is made from draws and noise alone, but the class is given, the true score in it: the target must
// know its noised score in closed form. So it may ask for all that is known, and is never ranked.
class ErmChoice : public Sampler {
 public:
  // Throws InputError where the target has no exact draws or no noised score in closed form, and as the rival
  // does.
  ErmChoice(const SamplerInput& input, const ErmChoiceSettings& settings);

  // `trials` independent trials. Returns
  //   wrong           share that chose the rival
  //   tied            share whose losses were equal
  //   l2_error        mean over trials of sigma_t (E |f - s_t|^2)^(1/2) under q_t, by strata
  //   quantile_error  mean over trials of sigma_t times the (1 - delta)-quantile of |f - s_t| under q_t
  // and where it is known
  //   rare_seen       share with a draw that tells the scores apart
  //   closed_form     (1 - eta)^m / 2, eta the probability of such a draw
  Json step(Rng& rng) override;

  // Of the law whose score the last trial chose. Before the first step: of either, by a coin for each draw.
  Tensor draw(int64_t n, Rng& rng) override;

  // The score of that law, and of its noised draws at time t. None before the first step.
  LawScore law_score() const override;
  std::optional<ScoreModel> score_model() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // One entry a trial, [T] bool.
  struct Trials {
    Tensor wrong;
    Tensor tied;
    Tensor rare;  // undefined where it is not known
  };
  Trials try_out(int64_t trials, Rng& rng) const;

  // The two scores at the time of the choice: [N, D] -> [N, D].
  Tensor true_score(const Tensor& x) const { return law_->score(x); }
  Tensor rival_score(const Tensor& x) const { return rival_->score(at_time(), x); }

  // What it costs to choose the rival, both times sigma_t.
  struct Errors {
    double l2;
    double quantile;
  };
  Errors errors_of_rival(Rng& rng) const;

 private:
  enum class Choice { none, truth, rival };

  LawAtTime at_time() const { return {*law_, settings_.time}; }
  Trials block(int64_t trials, Rng& rng) const;
  Tensor chosen_draws(int64_t n, Rng& rng) const;  // [n, D] float64
  Tensor chosen_score(const LawAtTime& truth, const Tensor& x) const;

  const targets::Target& target_;
  targets::Reference reference_;
  ErmChoiceSettings settings_;
  torch::TensorOptions placement_;
  std::unique_ptr<targets::Target> law_;  // q_t
  std::unique_ptr<Rival> rival_;
  double noise_;  // sigma_t
  Rng errors_rng_;
  std::optional<Errors> errors_;  // of the rival, from the first step on
  Choice choice_ = Choice::none;  // of the last trial
};

void add_erm_choice(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
