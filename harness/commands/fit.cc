#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/fit/fit.h"
#include "harness/spec/catalog.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

void print(const FitSpec& spec, const FitOutcome& outcome) {
  if (outcome.end == FitEnd::interrupted)
    write_out("{}: interrupted: the same command goes on where this one stopped\n", spec.name);
  if (outcome.end == FitEnd::diverged) say("samplerbench: {}: diverged: {}", spec.name, outcome.reason);
  if (outcome.record.is_null()) return;
  write_out("{}: {}{}\n", spec.name, outcome.weights.string(),
            outcome.end == FitEnd::found ? " is there already; --fresh makes it anew" : "");
  for (const auto& [name, value] : outcome.record.at("figures").items())
    write_out("  {:<22} {:.4g}\n", name, number_from_json(value));
}

}  // namespace

Syntax fit_syntax() {
  Syntax syntax{.usage = "samplerbench fit SPEC|NAME [options]",
                .positionals = {{"SPEC", "a TOML file, or the name of a built-in fit"}},
                .required = 1};
  syntax.flags.add_options()  //
      ("models", po::value<std::string>(),
       "folder that takes the model (default: models in the data folder)")                 //
      ("steps", po::value<std::string>(), "so many steps instead of the spec's")           //
      ("threads", po::value<std::string>()->default_value("1"), "threads to train with")   //
      ("device", po::value<std::string>()->default_value("cpu"), "cpu or cuda")            //
      ("fresh", "begin anew, and replace a model that is there when the new one is done")  //
      ("json", "the model's record as one JSON document on standard output");
  add_data_flag(syntax.flags);
  syntax.offers["SPEC"] = {.names = {Names::fits}, .files = true};
  syntax.offers["device"] = {.words = {"cpu", "cuda"}};
  return syntax;
}

int fit_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, fit_syntax());
  if (arguments.help) return 0;
  const DataFolder data = data_folder(arguments, catalog);
  FitPlan plan{.spec = load_fit_spec(arguments.text("SPEC"), catalog),
               .models = arguments.has("models") ? std::filesystem::path(arguments.text("models"))
                                                 : data.folder() / "models",
               .placement = placement_from(arguments),
               .fresh = arguments.has("fresh")};
  if (arguments.has("steps")) plan.spec.steps = whole_number(arguments, "steps", 1, 1000000000);
  note_data_files(plan.spec, catalog, data);
  make_named_folder("models", plan.models);
  const FitOutcome outcome = carry_out_fit(plan, catalog, data);
  if (arguments.has("json"))
    write_json(outcome.record);
  else
    print(plan.spec, outcome);
  return outcome.record.is_null() ? 1 : 0;
}

}  // namespace samplerbench::harness
