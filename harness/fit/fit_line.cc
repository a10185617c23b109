#include "harness/fit/fit_line.h"

#include <fmt/format.h>

namespace samplerbench::harness {

FitLine::FitLine(std::string name, int64_t steps) : name_(std::move(name)), steps_(steps) {}

void FitLine::show(int64_t step, double loss, double left_s) {
  line_.show(fmt::format("{} {}/{}, loss {:.4g}   {} left", name_, step, steps_, loss, in_words(left_s)));
}

void FitLine::evaluated(const FitEvaluation& evaluation, double left_s) {
  line_.clear();
  std::string figures;
  for (const auto& [name, value] : evaluation.figures) figures += fmt::format(", {} {:.4g}", name, value);
  say("{} {}/{}, loss {:.4g}{}, {:.0f} s{}", name_, evaluation.step, steps_, evaluation.loss, figures,
      evaluation.wall_s, left_s > 0 ? ", " + in_words(left_s) + " left" : "");
}

}  // namespace samplerbench::harness
