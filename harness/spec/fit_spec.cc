#include "harness/spec/fit_spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/spec/spec_text.h"
#include "harness/spec/toml_table.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kEvaluations = 20;  // of a fit whose spec does not say

Choice read_fit(TomlTable& root, const Catalog& catalog) {
  const std::string name = root.text("fit");
  if (!catalog.fits.contains(name))
    throw InputError(root.at("fit") + ": " + unknown_name(catalog.fits.kind(), name, catalog.fits.names()));
  return choose(catalog.fits, name, root.table("options").all(),
                root.at(root.has("options") ? "options" : "fit"));
}

}  // namespace

FitSpec parse_fit_spec(const std::string& text, const std::string& source, const Catalog& catalog) {
  TomlTable root(text, source);
  FitSpec spec{.name = root.plain_name("name", "file"), .summary = root.text_or("summary", "")};
  spec.fit = read_fit(root, catalog);
  root.member("steps");
  spec.steps = root.checked_or_default(Option::integer("steps", 1, "").at_least(1).at_most(1e9));
  const int64_t seed = root.checked_or_default(Option::integer("seed", 0, "").at_least(0).at_most(1e6));
  spec.seed = static_cast<uint64_t>(seed);
  spec.evaluate_every = root.checked_or_default(
      Option::integer("evaluate_every", std::max<int64_t>(1, spec.steps / kEvaluations), "").at_least(1));
  spec.checkpoint_s = root.checked_or_default(Option::real("checkpoint_s", 60, "").at_least(0));
  root.refuse_the_rest();
  return spec;
}

FitSpec load_fit_spec(const std::string& path_or_name, const Catalog& catalog) {
  const SpecText spec = find_spec("fit", builtin_fits(), path_or_name);
  return parse_fit_spec(spec.text, spec.source, catalog);
}

void note_data_files(FitSpec& spec, const Catalog& catalog, const DataFolder& files) {
  const Choice& fit = spec.fit;
  for (const std::string& name : files_named_by(catalog.fits.at(fit.name), fit.options, "fit " + fit.name))
    spec.fit.files[name] = files.sha256(name);
}

Json to_json(const FitSpec& spec) {
  Json fit = json_of(spec.fit);
  fit.erase("label");
  fit.erase("settings");
  return {{"name", spec.name},   {"summary", spec.summary}, {"fit", fit},
          {"steps", spec.steps}, {"seed", spec.seed},       {"evaluate_every", spec.evaluate_every}};
}

std::string key_of(const FitSpec& spec) {
  const Json json = to_json(spec);
  return sha256(canonical({{"fit", json.at("fit")}, {"steps", spec.steps}, {"seed", spec.seed}}));
}

}  // namespace samplerbench::harness
