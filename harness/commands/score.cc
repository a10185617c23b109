#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <iostream>

#include "harness/commands/arguments.h"
#include "harness/run/judge.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/support/npy.h"

namespace samplerbench::harness {
namespace {

// Draws of shape [n, D], or chains of shape [chains, states, D]. Throws InputError where they do not fit the
// target.
Tensor read_draws(const std::string& file, int64_t dim) {
  const Tensor draws = read_npy(file);
  if ((draws.dim() != 2 && draws.dim() != 3) || draws.size(-1) != dim)
    throw InputError(
        fmt::format("{}: its shape is ({}), and this target needs (n, {}), or (chains, states, {})", file,
                    fmt::join(draws.sizes(), ", "), dim, dim));
  if (draws.numel() / dim < 2) throw InputError(fmt::format("{}: at least 2 draws are needed", file));
  const int64_t bad = draws.reshape({-1, dim}).isfinite().all(1).logical_not().sum().item<int64_t>();
  if (bad > 0)
    throw InputError(fmt::format("{}: {} of {} draws are not finite", file, bad, draws.numel() / dim));
  return draws;
}

// At most `limit` rows of `draws`, chosen at random without replacement; all of them, in order, where they
// are fewer.
Tensor at_most(const Tensor& draws, int64_t limit, Rng rng) {
  if (draws.size(0) <= limit) return draws;
  fmt::print(stderr, "samplerbench: judging {} of {} draws (--max-draws)\n", limit, draws.size(0));
  return draws.index_select(0, rng.permutation(draws.size(0)).slice(0, 0, limit));
}

std::vector<Choice> metrics_from(const Arguments& arguments, const Catalog& catalog) {
  std::vector<Choice> choices;
  if (!arguments.has("metric")) {
    for (const std::string& name : catalog.metrics.names())
      choices.push_back(choose(catalog.metrics, {name}, ""));
    return choices;
  }
  for (const std::string& text : arguments.values["metric"].as<std::vector<std::string>>())
    choices.push_back(choose(catalog.metrics, parse_call(text), "--metric " + text));
  return choices;
}

// {"value": 0.1, "floor": 0.04, "floor_q95": 0.06}; a skipped metric has "skipped" instead.
Json result_of(const Outcome& outcome, const FloorValue* floor) {
  if (!outcome.value) return json_of(outcome);
  Json result{{"value", json_of(outcome)}};
  if (floor != nullptr) {
    result["floor"] = number_to_json(floor->mean);
    result["floor_q95"] = number_to_json(floor->q95);
  }
  return result;
}

std::string shown(const Json& result, const char* member) {
  return result.contains(member) ? fmt::format("{:.4g}", number_from_json(result.at(member))) : "";
}

void print(const Json& document, const std::map<std::string, Convention>& conventions) {
  fmt::print("{} draws judged against {}\n\n", document["n"].dump(), document["target"].get<std::string>());
  fmt::print("{:<20} {:>11} {:>11} {:>11}  {}\n", "metric", "value", "floor", "floor q95", "convention");
  for (const auto& [label, result] : document["metrics"].items()) {
    const std::string remark = result.contains("skipped") ? "skipped: " + result["skipped"].get<std::string>()
                               : result.contains("error") ? "error: " + result["error"].get<std::string>()
                                                          : conventions.at(label).text;
    fmt::print("{:<20} {:>11} {:>11} {:>11}  {}\n", label, shown(result, "value"), shown(result, "floor"),
               shown(result, "floor_q95"), remark);
  }
}

Syntax score_syntax() {
  Syntax syntax{
      .usage = "samplerbench score DRAWS.npy --target NAME [options]",
      .positionals = {{"DRAWS", "a .npy file of float32 or float64 of shape (n, D) or (chains, states, D)"}},
      .required = 1};
  syntax.flags.add_options()  //
      ("target", po::value<std::string>()->required(),
       "the target, such as donut or gaussian:correlation=0")  //
      ("metric", po::value<std::vector<std::string>>()->composing(),
       "a metric; may be repeated (default: all)")  //
      ("seed", po::value<std::string>()->default_value("0"),
       "seed of reference draws, projections and the split of data")  //
      ("replications", po::value<std::string>()->default_value("100"),
       "exact draw sets for the noise floor")  //
      ("max-draws", po::value<std::string>()->default_value("4000"),
       "judge a random choice of at most this many: pairwise metrics take time in the square of it")  //
      ("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  return syntax;
}

// What the metrics say of the draws `given`, as --json prints it.
Json judged(const Tensor& given, const targets::Problem& problem, const std::vector<Measure>& measures,
            const Arguments& arguments, const Rng& rng) {
  const Tensor draws = given.reshape({-1, problem.target->dim()});
  const int64_t limit = whole_number(arguments, "max-draws", 2, INT64_MAX);
  metrics::Evidence evidence{.problem = problem, .draws = at_most(draws, limit, rng.split("choice"))};
  if (given.dim() == 3) evidence.chains = given;
  const int64_t n = evidence.draws.size(0);
  Rng reference = rng.split("reference");
  if (problem.reference.exact_draws) evidence.reference = problem.reference.exact_draws(n, reference);
  const auto outcomes = judge(measures, evidence, rng.split("evaluate"));
  const auto floors = noise_floor(measures, problem, n, whole_number(arguments, "replications", 2, 100000),
                                  rng.split("floor"));
  Json document{{"n", n}, {"metrics", Json::object()}};
  for (const auto& [label, outcome] : outcomes) {
    const auto floor = floors.find(label);
    document["metrics"][label] = result_of(outcome, floor == floors.end() ? nullptr : &floor->second);
  }
  return document;
}

}  // namespace

int score_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, score_syntax());
  if (arguments.help) return 0;
  if (!arguments.has("target")) throw InputError("--target is missing; usage: " + score_syntax().usage);
  const Choice target = choose(catalog.targets, parse_call(arguments.text("target")), "--target");
  const auto seed = static_cast<uint64_t>(whole_number(arguments, "seed", 0, INT64_MAX));
  whole_number(arguments, "replications", 2, 100000);  // refused before the target is made
  const targets::Problem problem =
      catalog.problem(target.name, target.options, "--target", data_folder(arguments, catalog), seed);
  const std::vector<Measure> measures = make_measures(metrics_from(arguments, catalog), catalog);
  const Tensor given = read_draws(arguments.text("DRAWS"), problem.target->dim());
  Json document = judged(given, problem, measures, arguments, Rng(seed));
  document["target"] = target.label;
  if (arguments.has("json"))
    std::cout << document.dump(2) << "\n";
  else
    print(document, conventions(measures));
  return 0;
}

}  // namespace samplerbench::harness
