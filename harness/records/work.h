#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/budget.h"
#include "core/fields.h"
#include "harness/records/choice.h"
#include "harness/records/job_kind.h"
#include "harness/records/reference_settings.h"

namespace samplerbench::harness {

// A value that copies share, since a plan of many jobs would hold it many times. It may be empty.
template <class Type>
class Shared {
 public:
  Shared() = default;
  Shared(Type value) : value_(std::make_shared<const Type>(std::move(value))) {}

  explicit operator bool() const { return value_ != nullptr; }
  const Type& operator*() const {
    static const Type none{};
    return value_ ? *value_ : none;
  }
  const Type* operator->() const { return &**this; }
  bool operator==(const Shared& other) const { return value_ == other.value_; }

  Json json() const { return value_ ? json_of(*value_) : Json(); }
  static Shared from(const Json& json) {
    return json.is_null() ? Shared() : Shared(from_json_of<Type>(json));
  }

 private:
  std::shared_ptr<const Type> value_;
};

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
  Shared<std::vector<Choice>> metrics;
  std::optional<std::string> reference;  // key of the reference posterior that it is judged on
  // Of noise floors.
  std::optional<int64_t> replications;
  // Of runs.
  Shared<Choice> sampler;
  std::optional<Budget> budget;
  int64_t minibatch = 0;
  bool control_variates = false;
  bool second_order = false;
  Coordinates coordinates = Coordinates::own;
  std::optional<MapFiles> map_files;
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

  // Whether the clocks of this run, wall and CPU, tell if other work disturbed it. They do not on several
  // threads, whose CPU seconds add up, on an accelerator, nor where the sampler is another process, which
  // takes turns with this one.
  bool has_plain_clocks() const {
    return threads == 1 && device.value_or("cpu") == "cpu" && !sampler->program;
  }

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
                      rare_field("second_order", &Work::second_order),
                      rare_field("coordinates", &Work::coordinates),
                      rare_field("map_files", &Work::map_files),
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

// What of a key is the same for many jobs: its target, sampler and metrics as they enter it. Made once, it
// saves most of the time that a key takes.
struct KeyTexts {
  std::string target, metrics;
  std::string sampler = {};  // empty where there is none
};

// The text of a target or a sampler, and of a list of metrics.
std::string key_text(const Choice& choice);
std::string key_text(const std::vector<Choice>& choices);

// The key of `work`, whose target, sampler and metrics are those of `texts`; its own are not looked at.
std::string key_of(const Work& work, const KeyTexts& texts);

}  // namespace samplerbench::harness
