#include "harness/reference_settings.h"

namespace samplerbench::harness {

Json to_json(const ReferenceSettings& settings) {
  return {{"draws", settings.draws},
          {"chains", settings.chains},
          {"warmup", settings.warmup},
          {"transitions", settings.transitions},
          {"max_rounds", settings.max_rounds},
          {"rhat", settings.rhat},
          {"ess", settings.ess}};
}

ReferenceSettings reference_settings_from_json(const Json& json) {
  return {.draws = json.at("draws"),
          .chains = json.at("chains"),
          .warmup = json.at("warmup"),
          .transitions = json.at("transitions"),
          .max_rounds = json.at("max_rounds"),
          .rhat = json.at("rhat"),
          .ess = json.at("ess")};
}

}  // namespace samplerbench::harness
