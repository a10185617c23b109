#include "harness/support/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace samplerbench::harness {
namespace {

constexpr int kSmallestPlain = -3;  // decimal exponents that are written without a power of ten
constexpr int kLargestPlain = 4;

int exponent(double value) {
  return value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
}

bool is_plain(int e) { return e >= kSmallestPlain && e <= kLargestPlain; }

// value / 10^e, also where that power is below all doubles.
double over_power(double value, int e) {
  constexpr int kSafe = 300;
  return e < -kSafe ? value * 1e300 / std::pow(10.0, e + kSafe) : value / std::pow(10.0, e);
}

std::string power_of_ten(int e) {
  static constexpr std::array<std::string_view, 10> kDigits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = e < 0 ? "×10⁻" : "×10";
  for (const char c : std::to_string(std::abs(e))) text += kDigits[static_cast<size_t>(c - '0')];
  return text;
}

}  // namespace

std::string exact_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return fmt::format("{}", value);
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return exact_number(value);
  const int e = exponent(value);
  if (!is_plain(e)) return fmt::format("{:.2f}", over_power(value, e)) + power_of_ten(e);
  return fmt::format("{:.{}f}", value, std::clamp(2 - e, 0, 5));
}

std::string with_interval(double mean, double half_width) {
  if (!std::isfinite(mean) || !std::isfinite(half_width) || half_width == 0) return short_number(mean);
  const int e = exponent(std::max(std::abs(mean), half_width));
  const int shift = is_plain(e) ? 0 : e;
  const int wanted = 1 - exponent(half_width) + shift;  // two digits of the half-width, at most four in all
  const int decimals = std::clamp(wanted, 0, std::max(0, 3 - (e - shift)));
  const std::string spread =
      std::round(over_power(half_width, shift) * std::pow(10.0, decimals)) > 0 || shift != 0
          ? fmt::format("{:.{}f}", over_power(half_width, shift), decimals)
          : short_number(half_width);
  const std::string text = fmt::format("{:.{}f} ± {}", over_power(mean, shift), decimals, spread);
  return shift == 0 ? text : "(" + text + ")" + power_of_ten(shift);
}

std::string grouped(double count) {
  if (!std::isfinite(count)) return exact_number(count);
  std::string text = fmt::format("{:.0f}", count);
  const int start = text.front() == '-' ? 1 : 0;
  for (int i = static_cast<int>(text.size()) - 3; i > start; i -= 3) text.insert(static_cast<size_t>(i), ",");
  return text;
}

}  // namespace samplerbench::harness
