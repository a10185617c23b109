#include "harness/spec/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/spec/selection.h"
#include "harness/spec/sharing.h"

namespace samplerbench::harness {
namespace {

bool contains(const std::vector<std::string>& labels, const std::string& label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// Adds the names of the options with numbers that the labelled choices have, and the values of `option`.
void collect_options(const std::vector<Choice>& choices, const std::vector<std::string>& labels,
                     const std::string& option, std::set<std::string>& known, std::set<double>& values) {
  for (const Choice& choice : choices) {
    if (!contains(labels, choice.label)) continue;
    for (const auto& [name, value] : choice.options.items()) {
      if (!value.is_number()) continue;
      known.insert(name);
      if (name == option) values.insert(value.get<double>());
    }
  }
}

// The option of a sweep, which must be a number and differ among the samplers of the figure or, where none of
// them has it, among its targets.
std::string read_swept_option(TomlTable& entry, const FigureChoice& figure,
                              const std::vector<Choice>& samplers, const std::vector<Choice>& targets) {
  const std::string option = entry.text("option");
  std::set<std::string> known;
  std::set<double> values;
  collect_options(samplers, figure.samplers, option, known, values);
  if (!known.contains(option)) collect_options(targets, figure.targets, option, known, values);
  if (!known.contains(option))
    throw InputError(entry.at("option") + ": " +
                     unknown_name("option with a number", option, {known.begin(), known.end()}));
  if (values.size() < 2)
    entry.fail("option",
               fmt::format("= \"{}\": it has one value in all samplers or targets of the figure", option));
  return option;
}

// Samplers that are lines across, at their last values, instead of curves.
void read_lines(TomlTable& entry, FigureChoice& figure, const std::vector<Choice>& samplers) {
  figure.lines = read_selection(entry, "lines", samplers);
  std::erase_if(figure.samplers, [&](const std::string& sampler) { return contains(figure.lines, sampler); });
  if (figure.samplers.empty()) entry.fail("lines", "leaves no sampler to draw as a curve");
}

// The labels that the figure names. One that names none shows all samplers; the starting law, which has no
// curve and no cost, only among the ranks, and what was trained elsewhere not as a curve.
std::vector<std::string> read_samplers_of(TomlTable& entry, FigureKind kind, const Experiment& experiment) {
  const std::vector<Choice> samplers(experiment.samplers.begin(), experiment.samplers.end());
  const std::vector<std::string> labels = read_selection(entry, "samplers", samplers);
  if (entry.has("samplers") || kind == FigureKind::ranks) return labels;
  std::vector<std::string> working = labels;
  for (const SamplerChoice& sampler : experiment.samplers)
    if (sampler.draws == samplers::DrawsAre::start ||
        (kind == FigureKind::curves && sampler.trained_elsewhere()))
      std::erase(working, sampler.label);
  return working.empty() ? labels : working;
}

FigureChoice read_figure(TomlTable& entry, const Experiment& experiment) {
  const std::vector<Choice> samplers(experiment.samplers.begin(), experiment.samplers.end());
  FigureChoice figure{.kind = entry.word_or("kind", FigureKind::curves), .title = entry.text_or("title", "")};
  figure.samplers = read_samplers_of(entry, figure.kind, experiment);
  figure.targets = read_selection(entry, "targets", experiment.targets);
  const bool is_of_metrics = figure.kind != FigureKind::draws && figure.kind != FigureKind::images &&
                             figure.kind != FigureKind::draws_wanted;
  if (is_of_metrics && entry.has("metrics"))
    figure.metrics = read_selection(entry, "metrics", experiment.metrics);
  if (figure.kind == FigureKind::sweep)
    figure.option = read_swept_option(entry, figure, samplers, experiment.targets);
  if (figure.kind == FigureKind::curves && entry.has("lines")) read_lines(entry, figure, samplers);
  entry.refuse_the_rest();
  return figure;
}

}  // namespace

std::vector<FigureChoice> read_figures(TomlTable& spec, const Experiment& experiment) {
  std::vector<FigureChoice> figures;
  if (!spec.has("figures")) return figures;
  for (TomlTable& entry : shared_entries(spec, "figures")) figures.push_back(read_figure(entry, experiment));
  return figures;
}

}  // namespace samplerbench::harness
