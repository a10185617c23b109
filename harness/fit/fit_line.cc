#include "harness/fit/fit_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/support/clock.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

constexpr double kPause_s = 0.5;  // between two renewals of the line

}  // namespace

FitLine::FitLine(std::string name, int64_t steps)
    : name_(std::move(name)), steps_(steps), terminal_(isatty(STDERR_FILENO) == 1) {}

FitLine::~FitLine() { close(); }

void FitLine::show(int64_t step, double loss, double left_s) {
  if (!terminal_ || steady_seconds() - shown_ < kPause_s) return;
  shown_ = steady_seconds();
  fmt::print(stderr, "\r\033[K{} {}/{}, loss {:.4g}   {} left", name_, step, steps_, loss, in_words(left_s));
  std::fflush(stderr);
  open_ = true;
}

void FitLine::evaluated(const FitEvaluation& evaluation, double left_s) {
  close();
  std::string figures;
  for (const auto& [name, value] : evaluation.figures) figures += fmt::format(", {} {:.4g}", name, value);
  fmt::print(stderr, "{} {}/{}, loss {:.4g}{}, {:.0f} s{}\n", name_, evaluation.step, steps_, evaluation.loss,
             figures, evaluation.wall_s, left_s > 0 ? ", " + in_words(left_s) + " left" : "");
}

void FitLine::close() {
  if (open_) fmt::print(stderr, "\r\033[K");
  open_ = false;
}

}  // namespace samplerbench::harness
