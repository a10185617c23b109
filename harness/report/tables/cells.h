#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/report/analysis/score.h"
#include "harness/report/tables/table.h"

namespace samplerbench::harness::reporting {

// A cell without a value: a dash for people, nothing for programs.
Cell no_cell();

// A number of three significant digits; no_cell() where there is none or it is NaN.
Cell number_cell(std::optional<double> value);

// A whole number with its thousands apart.
Cell count_cell(double count);
Cell count_cell(int64_t count);

// Of a score, `scale` times: its mean with its interval, its mean as a count, the half-width of its interval.
// no_cell() where it has no value; no half-width of one value.
Cell mean_cell(const Score& score, double scale = 1);
Cell mean_count_cell(const Score& score);
Cell half_width_cell(const Score& score, double scale = 1);

// In the note of a cell that ends worse than the starting law.
inline constexpr const char* kWorseThanStart = "worse than its start";

// `text` with the marks of a score: best, tied, at or below the floor, worse than its start.
Cell marked_cell(const std::string& text, const Score& score);

Cell truth_cell(bool value);

// A cell as programs read it: all digits of its number, else its text and note.
std::string exact_text(const Cell& cell);

}  // namespace samplerbench::harness::reporting
