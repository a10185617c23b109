#include "harness/report/tables/cells.h"

#include <cmath>

#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr const char* kDash = "—";

}  // namespace

Cell no_cell() { return {kDash}; }

Cell number_cell(std::optional<double> value) {
  if (!value || std::isnan(*value)) return no_cell();
  return {.text = short_number(*value), .order = *value};
}

Cell count_cell(double count) { return {.text = grouped(count), .order = count}; }

Cell count_cell(int64_t count) { return count_cell(static_cast<double>(count)); }

Cell mean_cell(const Score& score, double scale) {
  if (score.estimate.count == 0) return no_cell();
  const double mean = score.estimate.mean * scale;
  return {.text = with_interval(mean, score.estimate.half_width * scale), .order = mean};
}

Cell mean_count_cell(const Score& score) {
  return score.estimate.count == 0 ? no_cell() : count_cell(score.estimate.mean);
}

Cell half_width_cell(const Score& score, double scale) {
  return score.estimate.count < 2 ? no_cell() : number_cell(score.estimate.half_width * scale);
}

Cell marked_cell(const std::string& text, const Score& score) {
  Cell cell{.text = text,
            .note = failure_words(score),
            .best = score.best,
            .tied = score.tied,
            .at_floor = score.at_floor,
            .below_floor = score.below_floor};
  if (score.estimate.count > 0) cell.order = score.estimate.mean;
  if (score.worse_than_start)
    cell.note = kWorseThanStart + (cell.note.empty() ? std::string() : "; " + cell.note);
  return cell;
}

Cell truth_cell(bool value) { return {value ? "true" : "false"}; }

std::string exact_text(const Cell& cell) {
  if (cell.text == kDash) return "";
  if (cell.order) return exact_number(*cell.order);
  return cell.text + (cell.text.empty() || cell.note.empty() ? "" : "; ") + cell.note;
}

}  // namespace samplerbench::harness::reporting
