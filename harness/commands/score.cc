#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "harness/commands/arguments.h"
#include "harness/plan/data_files.h"
#include "harness/run/judge.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/support/npy.h"
#include "harness/support/progress.h"
#include "harness/support/version.h"

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
  say("samplerbench: judging {} of {} draws (--max-draws)", limit, draws.size(0));
  return draws.index_select(0, rng.permutation(draws.size(0)).slice(0, 0, limit));
}

// Metrics that are left out where none is named. Those of pairs of draws, and c2st, which fits classifiers,
// take more than seconds for the noise floor of 4,000 draws.
constexpr std::array<std::string_view, 8> kLeftOut{
    "c2st",      "energy_distance", "kid",               "ksd_imq_u",
    "ksd_rbf_u", "ksd_rbf_v",       "nearest_neighbour", "sliced_wasserstein"};

bool is_left_out(const std::string& name) {
  return std::find(kLeftOut.begin(), kLeftOut.end(), name) != kLeftOut.end();
}

// The metrics to judge by, and the names of those that are left out, since none was named.
struct Metrics {
  std::vector<Choice> chosen;
  std::vector<std::string> left_out;
};

Metrics metrics_from(const Arguments& arguments, const Catalog& catalog) {
  Metrics metrics;
  if (arguments.has("metric")) {
    for (const std::string& text : arguments.values["metric"].as<std::vector<std::string>>())
      metrics.chosen.push_back(choose(catalog.metrics, parse_call(text), "--metric " + text));
    return metrics;
  }
  for (const std::string& name : catalog.metrics.names()) {
    if (is_left_out(name))
      metrics.left_out.push_back(name);
    else
      metrics.chosen.push_back(choose(catalog.metrics, parse_call(name), ""));
  }
  return metrics;
}

// {"value": 0.1, "floor": 0.04, "floor_q95": 0.06, "direction": "lower", "convention": "..."}; a skipped
// metric has "skipped" instead of a value. "floor_refused" says where the floor is of fewer replications than
// were asked for.
Json result_of(const std::string& label, const Outcome& outcome, const FloorLine& floors,
               const Convention& convention) {
  Json result = outcome.value ? Json{{"value", json_of(outcome)}} : json_of(outcome);
  if (const auto floor = floors.metrics.find(label); outcome.value && floor != floors.metrics.end()) {
    result["floor"] = number_to_json(floor->second.mean);
    result["floor_q95"] = number_to_json(floor->second.q95);
  }
  if (const auto refused = floors.refused.find(label); refused != floors.refused.end())
    result["floor_refused"] = json_of(refused->second);
  result["direction"] = convention.better;
  result["convention"] = convention.text;
  return result;
}

std::string shown(const Json& result, const char* member) {
  return result.contains(member) ? fmt::format("{:.4g}", number_from_json(result.at(member))) : "";
}

void print(const Json& document) {
  write_out("{} draws judged against {}\n\n", document["n"].dump(), document["target"].get<std::string>());
  write_out("{:<20} {:>11} {:>11} {:>11}  {}\n", "metric", "value", "floor", "floor q95", "convention");
  for (const auto& [label, result] : document["metrics"].items()) {
    const std::string remark = result.contains("skipped") ? "skipped: " + result["skipped"].get<std::string>()
                               : result.contains("error") ? "error: " + result["error"].get<std::string>()
                                                          : result["convention"].get<std::string>();
    write_out("{:<20} {:>11} {:>11} {:>11}  {}\n", label, shown(result, "value"), shown(result, "floor"),
              shown(result, "floor_q95"), remark);
    if (const auto refused = result.find("floor_refused"); refused != result.end())
      write_out("{:<20} {} of {} floor replications refused: {}\n", "", (*refused)["count"].dump(),
                document["replications"].dump(), (*refused)["reason"].get<std::string>());
  }
}

// The whole numbers among the flags.
struct Numbers {
  int64_t seed, replications, max_draws, threads;  // replications: 0 where none are given
};

Numbers numbers_from(const Arguments& arguments) {
  return {
      .seed = whole_number(arguments, "seed", 0, INT64_MAX),
      .replications = arguments.has("replications") ? whole_number(arguments, "replications", 2, 100000) : 0,
      .max_draws = whole_number(arguments, "max-draws", 2, INT64_MAX),
      .threads = thread_count(arguments)};
}

// What the metrics say of the draws `given`, as --json prints it.
Json judged(const Tensor& given, const targets::Problem& problem, const std::vector<Measure>& measures,
            const Numbers& numbers) {
  const Rng rng(static_cast<uint64_t>(numbers.seed));
  const Tensor draws = given.reshape({-1, problem.target->dim()});
  metrics::Evidence evidence{.problem = problem,
                             .draws = at_most(draws, numbers.max_draws, rng.split("choice"))};
  if (given.dim() == 3) evidence.chains = given;
  const int64_t n = evidence.draws.size(0);
  Rng reference = rng.split("reference");
  if (problem.reference.exact_draws) evidence.reference = problem.reference.exact_draws(n, reference);
  StatusLine line;
  line.show(fmt::format("judging {} draws by {} metrics", n, measures.size()));
  const auto outcomes = judge(measures, evidence, rng.split("evaluate"));
  const auto floors = noise_floor(
      measures, problem, n, numbers.replications, rng.split("floor"),
      [&](int64_t replication, const std::string& label) {
        line.show(fmt::format("noise floor {}/{}: {}", replication + 1, numbers.replications, label));
      });
  Json document{{"n", n}, {"metrics", Json::object()}};
  const auto said = conventions(measures);
  for (const auto& [label, outcome] : outcomes)
    document["metrics"][label] = result_of(label, outcome, floors, said.at(label));
  return document;
}

// 1 where a metric failed, and where none has a value.
int exit_code(const Json& metrics) {
  bool any = false;
  for (const auto& [label, result] : metrics.items()) {
    if (result.contains("error")) return 1;
    any = any || result.contains("value");
  }
  return any ? 0 : 1;
}

}  // namespace

Syntax score_syntax() {
  Syntax syntax{
      .usage = "samplerbench score DRAWS.npy --target NAME [options]",
      .positionals = {{"DRAWS", "a .npy file of float32 or float64 of shape (n, D) or (chains, states, D)"}},
      .required = 1};
  syntax.flags.add_options()  //
      ("target", po::value<std::string>()->required(),
       "the target, such as donut or gaussian:correlation=0")  //
      ("metric", po::value<std::vector<std::string>>()->composing(),
       "a metric; may be repeated (default: all that take seconds)")  //
      ("seed", po::value<std::string>()->default_value("0"),
       "seed of reference draws, projections and the split of data")  //
      ("replications", po::value<std::string>(),
       "exact draw sets for the noise floor (default: 100; 40 above 16 dimensions, where pairs cost more)")  //
      ("max-draws", po::value<std::string>()->default_value("4000"),
       "judge a random choice of at most this many: pairwise metrics take time in the square of it")  //
      ("threads", po::value<std::string>()->default_value("1"), "threads to judge with")              //
      ("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  syntax.offers["target"] = {.names = {Names::targets}};
  syntax.offers["metric"] = {.names = {Names::metrics}};
  return syntax;
}

int score_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, score_syntax());
  if (arguments.help) return 0;
  if (!arguments.has("target")) throw InputError("--target is missing; usage: " + score_syntax().usage);
  const Choice target = choose(catalog.targets, parse_call(arguments.text("target")), "--target");
  Numbers numbers = numbers_from(arguments);
  at::set_num_threads(static_cast<int>(numbers.threads));
  const Metrics metrics = metrics_from(arguments, catalog);
  const targets::Problem problem =
      made_target(target, "--target " + target.name, catalog, data_folder(arguments, catalog),
                  static_cast<uint64_t>(numbers.seed));
  if (numbers.replications == 0)
    numbers.replications = problem.target->dim() > 16 ? kFewestReplications : 100;
  const std::vector<Measure> measures = make_measures(metrics.chosen, catalog);
  const Tensor given = read_draws(arguments.text("DRAWS"), problem.target->dim());
  if (!metrics.left_out.empty())
    say("samplerbench: left out, since they take long: {}; --metric NAME judges by one",
        fmt::join(metrics.left_out, ", "));
  Json document = judged(given, problem, measures, numbers);
  document.update({{"target", target.label},
                   {"seed", numbers.seed},
                   {"replications", numbers.replications},
                   {"left_out", metrics.left_out},
                   {"version", version},
                   {"commit", git_commit}});
  if (arguments.has("json"))
    write_json(document);
  else
    print(document);
  return exit_code(document["metrics"]);
}

}  // namespace samplerbench::harness
