#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/budget.h"
#include "core/fields.h"
#include "harness/records/choice.h"
#include "harness/records/job_kind.h"
#include "harness/records/reference_settings.h"

namespace samplerbench::harness {

// Everything that decides the outcome of one job, and the labels for readers: the member "job" of a record.
// Its SHA-256 without the labels is the job's key, so a member that came later is left out where it says what
// was done before there was a choice.
struct Work {
  int schema = 1;
  JobKind kind = JobKind::run;
  Choice target;
  int threads = 1;
  std::optional<uint64_t> seed;  // none: of a noise floor on exact draws
  // Of runs and noise floors.
  std::optional<int64_t> draws;
  std::vector<Choice> metrics;
  std::optional<std::string> reference;  // key of the reference posterior that it is judged on
  // Of noise floors.
  std::optional<int64_t> replications;
  // Of runs.
  std::optional<Choice> sampler;
  std::optional<Budget> budget;
  int64_t minibatch = 0;
  bool control_variates = false;
  std::optional<int64_t> checkpoints;
  double checkpoint_ratio = 2;
  std::optional<double> start_scale;
  std::optional<std::string> dtype;
  std::optional<std::string> device;
  // Of reference posteriors.
  std::optional<ReferenceSettings> settings;
  std::optional<ReferenceRevisions> revisions;

  // "donut / hmc / seed 2"
  std::string title() const;
  std::string sampler_label() const;

  // Whether it is judged on a reference posterior, whose key it then names.
  bool needs_reference() const { return kind != JobKind::reference && reference.has_value(); }

  static auto fields() {
    return std::tuple{field_or("schema", &Work::schema),
                      field_or("kind", &Work::kind),
                      field("target", &Work::target),
                      field_or("threads", &Work::threads),
                      rare_field("seed", &Work::seed),
                      rare_field("draws", &Work::draws),
                      rare_field("metrics", &Work::metrics),
                      rare_field("reference", &Work::reference),
                      rare_field("replications", &Work::replications),
                      rare_field("sampler", &Work::sampler),
                      rare_field("budget", &Work::budget),
                      rare_field("minibatch", &Work::minibatch),
                      rare_field("control_variates", &Work::control_variates),
                      rare_field("checkpoints", &Work::checkpoints),
                      rare_field("checkpoint_ratio", &Work::checkpoint_ratio),
                      rare_field("start_scale", &Work::start_scale),
                      rare_field("dtype", &Work::dtype),
                      rare_field("device", &Work::device),
                      rare_field("settings", &Work::settings),
                      rare_field("revisions", &Work::revisions)};
  }
};

// SHA-256 of the work without its labels.
std::string key_of(const Work& work);

}  // namespace samplerbench::harness
