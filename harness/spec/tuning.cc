#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/options.h"
#include "core/printable.h"
#include "core/suggest.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choices.h"
#include "harness/spec/choose.h"
#include "harness/spec/experiment.h"
#include "harness/spec/selection.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kTrials = 12;
constexpr int64_t kSearchSeed = 1000;
constexpr int64_t kMostSearchSeed = 1000000;
constexpr size_t kLongestTuned = 4 << 20;  // bytes of a file of settings
constexpr int kMostRedraws = 1000;         // of settings that an earlier trial has

// ---- Reading

const Option& option_of(const OptionTable& table, const std::string& name, const std::string& owner) {
  std::vector<std::string> names;
  for (const Option& option : table) {
    if (option.name == name) return option;
    names.push_back(option.name);
  }
  throw InputError(owner + ": " + unknown_name("option", name, names));
}

bool takes_numbers(const Option& option) { return option.fallback.is_number(); }

// { among = [...] }
SearchRange read_list_of_values(TomlTable& table, const Option& option) {
  SearchRange range{.among = Json::array()};
  const Json values = table.member("among");
  if (!values.is_array() || values.size() < 2)
    table.fail("among", fmt::format("= {}: needs a list of at least two values", values.dump()));
  for (const Json& value : values) range.among.push_back(option.checked(value, table.at("among")));
  return range;
}

// { from = 1, to = 10, log = true }
SearchRange read_interval(TomlTable& table, const Option& option) {
  if (!takes_numbers(option))
    table.fail("", fmt::format("'among' is missing: {} takes {}, and a range from ... to is one of numbers",
                               option.name, option.accepts()));
  SearchRange range{.from = option.checked(table.member("from"), table.at("from")),
                    .to = option.checked(table.member("to"), table.at("to")),
                    .log = table.checked_or_default(Option::flag("log", false, ""))};
  const double from = range.from.get<double>(), to = range.to.get<double>();
  if (!(from < to)) table.fail("to", fmt::format("= {:g}: must be above from = {:g}", to, from));
  if (range.log && from <= 0)
    table.fail("log", fmt::format("= true: a logarithmic range is above 0, and from = {:g}", from));
  return range;
}

// ---- Drawing settings

// With three digits, so that a spec can quote it.
double three_digits(double value) { return std::stod(fmt::format("{:.2e}", value)); }

Json random_value(const SearchRange& range, Rng& rng) {
  const double u = rng.uniform();
  if (!range.among.empty())
    return range.among[static_cast<size_t>(u * static_cast<double>(range.among.size()))];
  const double from = range.from.get<double>(), to = range.to.get<double>();
  const double log_value = std::exp(std::log(from) + u * (std::log(to) - std::log(from)));
  if (range.from.is_number_integer())
    return range.log ? std::llround(log_value)
                     : range.from.get<int64_t>() + static_cast<int64_t>(std::floor(u * (to - from + 1)));
  return std::clamp(three_digits(range.log ? log_value : from + u * (to - from)), from, to);
}

Json random_options(const SamplerChoice& sampler, Rng& rng) {
  Json options = sampler.options;
  for (const auto& [name, range] : sampler.tune) options[name] = random_value(range, rng);
  return options;
}

// The sampler with these options in place of its own.
SamplerChoice with_options(SamplerChoice sampler, const Json& options, const Catalog& catalog) {
  const auto& entry = catalog.samplers.at(sampler.name);
  const auto choice = [&](const Json& values) {
    return choice_of(entry, Options::resolved(entry.options, values, sampler.label));
  };
  // What follows the options in the text: how the sampler sees the target.
  std::string more = sampler.settings.substr(choice(sampler.options).settings.size());
  if (more.starts_with(',')) more.erase(0, 1);
  static_cast<Choice&>(sampler) = choice(options);
  sampler.settings += (sampler.settings.empty() || more.empty() ? "" : ",") + more;
  return sampler;
}

// The search of one sampler.
class Trials {
 public:
  Trials(const SamplerChoice& sampler, const TuneChoice& tune, const Catalog& catalog)
      : sampler_(sampler), tune_(tune), catalog_(catalog), stream_(Rng(tune.seed).split(sampler.label)) {}

  std::vector<SamplerChoice> all() {
    std::vector<SamplerChoice> trials{trial(sampler_, 0)};
    taken_.insert(sampler_.options.dump());
    for (int64_t number = 1; number < tune_.trials; ++number)
      trials.push_back(trial(with_options(sampler_, other_options(number), catalog_), number));
    for (size_t number = 1; number < trials.size(); ++number) trials[number].tune.clear();
    return trials;
  }

 private:
  SamplerChoice trial(SamplerChoice sampler, int64_t number) const {
    sampler.label = trial_label(sampler_.label, number);
    sampler.entrant = sampler_.label;
    sampler.trials = 0;
    sampler.display = {};
    if (tune_.budget) sampler.budget = *tune_.budget;
    return sampler;
  }

  // Settings that no trial before this one has.
  Json other_options(int64_t number) {
    Rng rng = stream_.split(static_cast<uint64_t>(number));
    for (int draw = 0; draw < kMostRedraws; ++draw) {
      const Json options = random_options(sampler_, rng);
      if (taken_.insert(options.dump()).second) return options;
    }
    throw InputError(fmt::format(
        "tune: the ranges of {} hold fewer than {} settings, and every sampler gets as many trials; widen "
        "them or ask for fewer trials",
        sampler_.label, tune_.trials));
  }

  const SamplerChoice& sampler_;
  const TuneChoice& tune_;
  const Catalog& catalog_;
  Rng stream_;
  std::set<std::string> taken_;
};

std::string summary_of(const Experiment& experiment) {
  const TuneChoice& tune = *experiment.tune;
  return fmt::format(
      "The search for the settings of {}: {} trials of every sampler that declares ranges, by random search "
      "on "
      "seed {}, which no comparison uses. Trial 0 has the sampler's own settings. Chosen by {}.",
      experiment.name, tune.trials, tune.seed, tune.metric);
}

}  // namespace

std::string trial_label(const std::string& sampler, int64_t trial) {
  return fmt::format("{} trial {}", sampler, trial);
}

std::map<std::string, SearchRange> read_ranges(TomlTable& entry, const Choice& choice, const Json& given,
                                               const Catalog& catalog) {
  std::map<std::string, SearchRange> ranges;
  if (!entry.has("tune")) return ranges;
  const OptionTable& options = catalog.samplers.at(choice.name).options;
  TomlTable all = entry.table("tune");
  Json at_once = given;
  for (const std::string& name : all.names()) {
    TomlTable table = all.table(name);
    const Option& option = option_of(options, name, all.at(name));
    all.has(name);
    const SearchRange range =
        table.has("among") ? read_list_of_values(table, option) : read_interval(table, option);
    table.refuse_the_rest();
    at_once[name] = range.among.empty() ? range.from : range.among.front();
    ranges.emplace(name, range);
  }
  if (ranges.empty()) entry.fail("tune", "= {}: at least one option with a range is needed");
  Options(options, at_once, fmt::format("{}: sampler {}", entry.at("tune"), choice.name));
  return ranges;
}

Tuned read_tuned(TomlTable& spec) {
  Tuned tuned;
  if (!spec.has("tuned")) return tuned;
  const std::filesystem::path file = std::filesystem::path(spec.source()).parent_path() / spec.text("tuned");
  std::string text;
  try {
    text = read_input(file, "", kLongestTuned + 1);
  } catch (const InputError& error) {
    spec.fail("tuned", fmt::format("= \"{}\": {}", printable(spec.text("tuned")), error.what()));
  }
  if (text.size() > kLongestTuned)
    spec.fail("tuned", fmt::format("= \"{}\": settings have at most {} bytes", printable(spec.text("tuned")),
                                   kLongestTuned));
  TomlTable table(text, file.string());
  const auto seed = Option::integer("seed", kSearchSeed, "").at_least(0).at_most(kMostSearchSeed);
  tuned.seed = static_cast<uint64_t>(seed.checked(table.member("seed"), table.at("seed")).get<int64_t>());
  for (const char* told : {"experiment", "metric"}) table.has(told);
  for (TomlTable& entry : table.entries("samplers")) {
    const std::string label = entry.text("label");
    const auto trials = Option::integer("trials", 1, "").at_least(1);
    const TunedSampler sampler{
        .trials = trials.checked(entry.member("trials"), entry.at("trials")).get<int64_t>(),
        .options = entry.table("options").all(),
        .at = entry.at("label")};
    entry.has("trial");
    entry.refuse_the_rest();
    if (!tuned.samplers.emplace(label, sampler).second)
      entry.fail("label", fmt::format("= \"{}\": stands there twice", printable(label)));
  }
  table.refuse_the_rest();
  return tuned;
}

std::optional<TuneChoice> read_tune(TomlTable& spec, const Experiment& experiment) {
  TomlTable table = spec.table("tune");
  const auto seed = Option::integer("seed", kSearchSeed, "").at_least(0).at_most(kMostSearchSeed);
  TuneChoice tune{
      .trials = table.checked_or_default(Option::integer("trials", kTrials, "").at_least(2).at_most(10000)),
      .seed = static_cast<uint64_t>(table.checked_or_default(seed).get<int64_t>()),
      .metric = experiment.metrics.front().label,
      .targets = read_labels(table, "targets", experiment.targets)};
  if (table.has("metric")) tune.metric = read_label(table, "metric", experiment.metrics);
  if (table.has("budget")) tune.budget = budget_from_json(table.member("budget"), table.at("budget"));
  table.refuse_the_rest();
  const auto is_searched = [](const SamplerChoice& sampler) { return !sampler.tune.empty(); };
  if (std::none_of(experiment.samplers.begin(), experiment.samplers.end(), is_searched)) return std::nullopt;
  return tune;
}

void require_seeds_apart(const Experiment& experiment, const std::string& owner) {
  for (const uint64_t seed : experiment.seeds)
    if (experiment.tuning_seeds.contains(seed))
      throw InputError(fmt::format(
          "{}: seed {} is one that settings are searched on, and a comparison needs others", owner, seed));
}

Experiment trials_of(const Experiment& experiment, const Catalog& catalog) {
  if (!experiment.tune)
    throw InputError(fmt::format(
        "{}: no sampler declares what to search, such as tune = {{ step_size = {{ from = 0.001, to = 0.3, "
        "log = true }} }}",
        experiment.name));
  const TuneChoice& tune = *experiment.tune;
  Experiment trials = experiment;
  trials.name += "-tune";
  trials.summary = summary_of(experiment);
  trials.seeds = {tune.seed};
  trials.keep = Keep::none;
  trials.checkpoints = 1;  // at the end, by which they are judged
  trials.tuning_seeds.clear();
  trials.claims.clear();
  trials.figures.clear();
  trials.settle.reset();
  trials.cost.reset();
  std::erase_if(trials.targets, [&](const Choice& target) {
    return std::find(tune.targets.begin(), tune.targets.end(), target.label) == tune.targets.end();
  });
  trials.samplers.clear();
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (sampler.draws == samplers::DrawsAre::start) trials.samplers.push_back(sampler);
    if (sampler.tune.empty()) continue;
    for (SamplerChoice& trial : Trials(sampler, tune, catalog).all())
      trials.samplers.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace samplerbench::harness
