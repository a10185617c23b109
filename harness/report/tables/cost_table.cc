#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/costs.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

using samplers::DrawsAre;

Cell quality_cell(const SamplerCost& cost) {
  const Estimate& own = cost.quality.estimate;
  return marked_cell(own.count > 0 ? short_number(own.mean) : "", cost.quality);
}

// Rounded up; "never" for infinity.
Cell break_even_cell(std::optional<double> count) {
  if (!count) return no_cell();
  if (std::isinf(*count)) return {.text = "never", .order = *count};
  return {.text = grouped(std::ceil(*count)), .order = *count};
}

// An upper bound where some run of the yardstick was never as good.
Cell conditions_cell(const SamplerCost& cost, std::optional<double> count) {
  Cell cell = break_even_cell(count);
  if (count && std::isfinite(*count) && !cost.fresh_run->always_there) cell.text = "≤ " + cell.text;
  return cell;
}

// A lower bound where some run was never as good.
Cell fresh_run_cell(const SamplerCost& cost, double FreshRun::*spent) {
  if (!cost.fresh_run) return no_cell();
  Cell cell = number_cell((*cost.fresh_run).*spent);
  if (!cost.fresh_run->always_there) cell.text = "≥ " + cell.text;
  return cell;
}

// A number that rests on what its author declares of training elsewhere bears the sampler's mark.
Cell with_mark(const SamplerCost& cost, Cell cell) {
  if (cost.sampler->trained_elsewhere() && cell.order) cell.text += cost.sampler->mark();
  return cell;
}

// A number of training that is measured here.
Cell if_measured(const SamplerCost& cost, Cell cell) {
  return cost.sampler->trained_elsewhere() ? no_cell() : std::move(cell);
}

Cell break_even_draws_cell(const SamplerCost& cost) {
  if (cost.is_yardstick() && cost.yardstick->counts()) return {"yardstick"};
  if (cost.sampler->draws == DrawsAre::chains) return {"chains"};
  if (cost.sampler->draws == DrawsAre::particles) return {"fixed set"};
  if (cost.sampler->draws == DrawsAre::fresh) return {"no training"};
  if (cost.sampler->draws == DrawsAre::start) return {"no work"};
  if (!cost.yardstick->sampler.empty() && !cost.yardstick->counts()) return {"no converged yardstick"};
  if (cost.yardstick->timed_apart) return {"several machines"};
  if (cost.sampler->trained_elsewhere() && cost.train_cpu_s.estimate.count == 0) return {"not declared"};
  return with_mark(cost, break_even_cell(cost.break_even));
}

Cell memory_cell(const SamplerCost& cost) {
  return cost.memory_mib.estimate.mean > 0 ? mean_count_cell(cost.memory_mib) : no_cell();
}

// Of a sampler within this program they are not measured.
Cell target_seconds_cell(const SamplerCost& cost) {
  return cost.sampler->program && !cost.sampler->self_counted() ? mean_cell(cost.target_s) : no_cell();
}

// Whether draws are compared one by one: the spec names a yardstick, or some sampler works when it draws.
bool compares_draws(const Experiment& experiment) {
  return experiment.cost ||
         std::any_of(experiment.samplers.begin(), experiment.samplers.end(), [](const SamplerChoice& s) {
           return s.draws == DrawsAre::fresh || s.draws == DrawsAre::guided;
         });
}

// Whether any method spent some of it.
bool any_spent(const Costs& costs, Score SamplerCost::*spent) {
  return std::any_of(costs.all().begin(), costs.all().end(),
                     [spent](const SamplerCost& cost) { return (cost.*spent).estimate.mean > 0; });
}

bool any_trained_elsewhere(const Experiment& experiment) {
  return std::any_of(experiment.samplers.begin(), experiment.samplers.end(),
                     [](const SamplerChoice& sampler) { return sampler.trained_elsewhere(); });
}

// Whether what a row says of training is measured here or by its author's word.
Cell training_cell(const SamplerCost& cost) {
  return {cost.sampler->trained_elsewhere() ? "declared" : "measured"};
}

// Whether any method learns a family of targets and is compared with the yardstick.
bool any_amortised(const Costs& costs) {
  return std::any_of(costs.all().begin(), costs.all().end(),
                     [](const SamplerCost& cost) { return cost.fresh_run.has_value(); });
}

std::vector<ColumnOf<SamplerCost>> columns(const Experiment& experiment, const Costs& costs) {
  const std::string metric = experiment.metrics.empty() ? "" : experiment.metrics.front().label;
  const std::string passes = any_spent(costs, &SamplerCost::data_passes) ? "passes over the data" : "";
  const std::string exact = any_spent(costs, &SamplerCost::exact_draws) ? "exact draws learnt from" : "";
  const std::string failed = any_spent(costs, &SamplerCost::failed) ? "failed evaluations" : "";
  const std::string target = any_spent(costs, &SamplerCost::target_s) ? "train s in the target" : "";
  const std::string speed_up = compares_draws(experiment) ? "speed-up of a draw" : "";
  const bool amortised = any_amortised(costs);
  const auto if_amortised = [amortised](const char* name) { return std::string(amortised ? name : ""); };
  const std::string training = any_trained_elsewhere(experiment) ? "training" : "";
  using Row = SamplerCost;
  return {
      {"target", false, "target", [](const Row& r) { return Cell{r.target}; }},
      {"sampler", false, "", [](const Row& r) { return Cell{r.sampler->heading()}; }},
      {"", false, "sampler", [](const Row& r) { return Cell{r.sampler->label}; }},
      {metric, true, "", quality_cell},
      {"", false, training, training_cell},
      {"train s", true, "train_s", [](const Row& r) { return if_measured(r, mean_cell(r.train_s)); }},
      {"", true, "train_s_half_width",
       [](const Row& r) { return if_measured(r, half_width_cell(r.train_s)); }},
      {target, true, target.empty() ? "" : "train_target_s", target_seconds_cell},
      {"train CPU s", true, "train_cpu_s",
       [](const Row& r) { return with_mark(r, mean_cell(r.train_cpu_s)); }},
      {"s per 1,000 draws", true, "s_per_1000_draws", [](const Row& r) { return mean_cell(r.draw_s, 1000); }},
      {"CPU s per 1,000 draws", true, "cpu_s_per_1000_draws",
       [](const Row& r) { return mean_cell(r.draw_cpu_s, 1000); }},
      {"train gradients", true, "train_gradients",
       [](const Row& r) { return with_mark(r, mean_count_cell(r.gradients)); }},
      {"train densities", true, "train_densities",
       [](const Row& r) { return if_measured(r, mean_count_cell(r.densities)); }},
      {passes, true, "train_data_passes",
       [](const Row& r) { return if_measured(r, mean_count_cell(r.data_passes)); }},
      {exact, true, exact.empty() ? "" : "train_exact_draws",
       [](const Row& r) { return if_measured(r, mean_count_cell(r.exact_draws)); }},
      {failed, true, failed.empty() ? "" : "train_failed",
       [](const Row& r) { return if_measured(r, mean_count_cell(r.failed)); }},
      {"gradients to draw", true, "draw_gradients",
       [](const Row& r) { return mean_count_cell(r.draw_gradients); }},
      {"peak MiB", true, "peak_mib", memory_cell},
      {speed_up, true, "speed_up", [](const Row& r) { return number_cell(r.speed_up); }},
      {if_amortised("CPU s of a fresh run"), true, if_amortised("fresh_run_cpu_s"),
       [](const Row& r) { return fresh_run_cell(r, &FreshRun::cpu_s); }},
      {if_amortised("gradients of a fresh run"), true, if_amortised("fresh_run_gradients"),
       [](const Row& r) { return fresh_run_cell(r, &FreshRun::gradients); }},
      {if_amortised("break-even conditions by gradients"), true,
       if_amortised("break_even_conditions_by_gradients"),
       [](const Row& r) { return conditions_cell(r, r.break_even_conditions_by_gradients); }},
      {if_amortised("break-even conditions"), true, if_amortised("break_even_conditions"),
       [](const Row& r) { return conditions_cell(r, r.break_even_conditions); }},
      {"break-even draws", true, "break_even_draws", break_even_draws_cell},
      {"", false, "yardstick", [](const Row& r) { return Cell{r.yardstick->sampler}; }},
      {"", false, "note", [](const Row& r) { return Cell{failure_words(r.train_s)}; }},
  };
}

// "nuts at 0.0012 s (not converged: R-hat 1.43)"
std::string yardstick_words(const Yardstick& yardstick) {
  std::string words = yardstick.sampler;
  if (std::isfinite(yardstick.seconds)) words += fmt::format(" at {} s", short_number(yardstick.seconds));
  return yardstick.unconverged.empty() ? words
                                       : fmt::format("{} (not converged: {})", words, yardstick.unconverged);
}

// "donut: nuts at 0.0012 s; ..."
std::string yardstick_words(const Experiment& experiment, const Costs& costs) {
  std::string words;
  for (size_t i = 0; i < costs.yardsticks().size(); ++i) {
    const Yardstick& yardstick = costs.yardsticks()[i];
    if (!yardstick.sampler.empty())
      words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", experiment.targets[i].label,
                           yardstick_words(yardstick));
  }
  return words;
}

// What an effective draw of the yardsticks is.
std::string effective_draw_words(const Costs& costs) {
  const auto all = [&](bool Yardstick::*fact) {
    return std::all_of(
        costs.yardsticks().begin(), costs.yardsticks().end(),
        [fact](const Yardstick& yardstick) { return yardstick.sampler.empty() || yardstick.*fact; });
  };
  if (all(&Yardstick::measured)) return "its effective draws (bulk ESS)";
  if (all(&Yardstick::independent)) return "its draws, each of a chain of its own";
  return "its draws (bulk ESS was not measured)";
}

std::vector<std::string> notes(const Experiment& experiment, const Costs& costs) {
  std::vector<std::string> notes{
      fmt::format("Means over the finished runs of {}, ± the half-width of the 95 % Student t interval. "
                  "Gradients: scores and Hessian-vector products, per point. Clock: steady, around step and "
                  "draw alone.",
                  seeds_words(experiment))};
  const std::string yardsticks = yardstick_words(experiment, costs);
  if (!yardsticks.empty())
    notes.push_back(fmt::format(
        "Break-even, in CPU seconds at the last checkpoint: the number of draws from which training and "
        "drawing is "
        "cheaper than {}, train seconds / (MCMC's seconds a draw − own seconds a draw); MCMC's seconds a "
        "draw are its "
        "step and draw seconds over {}; the ESS is of a thinned history, a lower bound of the chains' own, "
        "so MCMC "
        "looks dearer than it is. {} Break-even counts draws, not their quality: read it with the metric "
        "beside it. A "
        "fixed set of particles gives no fresh draws. Yardsticks: {} an effective draw.",
        !experiment.cost ? fmt::format("the best MCMC of that target (by {})",
                                       metric_display(experiment, experiment.metrics.front().label))
                         : experiment.yardstick() + ", which the spec names",
        effective_draw_words(costs),
        experiment.cost
            ? "The spec's yardstick is compared with as it is, converged or not."
            : fmt::format("A yardstick has converged where R-hat, if it is measured, is below {} for every "
                          "seed, and its mean, if the floor is known, at most {} times the noise floor.",
                          kConvergedRhat, kConvergedFloors),
        yardsticks));
  if (any_amortised(costs))
    notes.push_back(fmt::format(
        "Break-even conditions: of a method that learns q(x | c) for every condition c, the number of "
        "conditions from which one training and {0} draws at each take fewer CPU seconds, or gradients, than a "
        "fresh run of the yardstick at each: train seconds / (seconds of a fresh run − own seconds of {0} "
        "draws). A fresh run goes to the first checkpoint whose {1} is at least as good as this method's at "
        "this condition, with the {0} draws there. The numbers are proportional to the length of the training, "
        "which the budget sets. ≤ and ≥: some run of the yardstick was never as good, and counts with all "
        "that it spent.",
        grouped(static_cast<double>(experiment.draws)),
        metric_display(experiment, experiment.metrics.front().label)));
  if (!yardsticks.empty() && compares_draws(experiment))
    notes.push_back(
        "Speed-up of a draw: the yardstick's CPU seconds a draw over the sampler's own, of sets of the same "
        "size; "
        "training is left out, which break-even weighs.");
  if (any_spent(costs, &SamplerCost::failed))
    notes.push_back(
        "Failed evaluations: points in training at which the target's own code gave no finite score. The log "
        "density counts as -inf there and the score as 0.");
  if (any_trained_elsewhere(experiment))
    notes.push_back(
        "A number with ¶ rests on CPU seconds of training, of a machine that is not known, or on evaluations "
        "of the target, log densities and scores together, that the sampler's author declares.");
  if (any_spent(costs, &SamplerCost::target_s))
    notes.push_back(
        "Train s in the target: of the train seconds of a sampler that is a program of its own, those within "
        "the target; the others hold the program's work and the pipe to it.");
  for (const std::string& note : oracle_notes(experiment)) notes.push_back(note);
  for (const std::string& note : setting_notes(experiment)) notes.push_back(note);
  return notes;
}

}  // namespace

Table cost_table(const Grid& grid) {
  const Costs costs(grid);
  Table table{.name = "cost", .title = "Cost"};
  fill(table, columns(grid.experiment(), costs), costs.all());
  table.notes = notes(grid.experiment(), costs);
  if (const MachineMix mix = machine_mix(grid.results()); mix.mixed)
    table.notes.insert(
        table.notes.begin(),
        mix.words + ": seconds of different runs do not compare, and no break-even is counted.");
  return table;
}

}  // namespace samplerbench::harness::reporting
