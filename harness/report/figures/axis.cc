#include "harness/report/figures/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace samplerbench::harness::reporting {
namespace {

constexpr int kMostLabels = 5;
constexpr double kMargin = 0.05;     // of the axis, on each side
constexpr double kShortRatio = 4;    // from which of its ends on a positive axis is logarithmic
constexpr double kLeastRoom = 1e-3;  // of the values, beside them on a linear axis of positive ones

std::string power_label(double sign, int e) {
  if (e == 0) return sign < 0 ? "−1" : "1";
  if (e == 1) return sign < 0 ? "−10" : "10";
  return fmt::format("{}10^{{{}{}}}", sign < 0 ? "−" : "", e < 0 ? "−" : "", std::abs(e));
}

// A list of tics for `set xtics (...)`.
class Tics {
 public:
  explicit Tics(const Axis& axis) : axis_(axis) {}

  void major(double value, const std::string& label) { add(value, label, 0); }
  void minor(double value) { add(value, "", 1); }
  std::string text() const { return "(" + text_ + ")"; }

 private:
  void add(double value, const std::string& label, int level) {
    if (value < axis_.low || value > axis_.high) return;
    text_ += fmt::format("{}'{}' {:.8g} {}", text_.empty() ? "" : ", ", label, axis_.position(value), level);
  }

  const Axis& axis_;
  std::string text_;
};

int floor_log(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }
int ceil_log(double value) { return static_cast<int>(std::ceil(std::log10(value) - 1e-9)); }

// Powers of ten where three are in sight, else 1, 2, 5 in plain digits.
std::string logarithmic_tics(const Axis& axis) {
  Tics tics(axis);
  const int first = ceil_log(axis.low);
  const int last = floor_log(axis.high);
  const bool powers = last - first >= 2 || axis.low < 1e-4 || axis.high > 1e5;
  const int stride = (last - first) / kMostLabels + 1;
  const int spare = ((last - first) % stride) / 2;
  for (int e = first - 1; e <= last; ++e) {
    const double unit = std::pow(10.0, e);
    const bool labelled = !powers || (e >= first && (e - first - spare) % stride == 0);
    if (labelled)
      tics.major(unit, powers ? power_label(1, e) : fmt::format("{:g}", unit));
    else
      tics.minor(unit);
    for (int digit = 2; digit <= 9 && stride <= 2; ++digit) {
      if (!powers && (digit == 2 || digit == 5))
        tics.major(digit * unit, fmt::format("{:g}", digit * unit));
      else
        tics.minor(digit * unit);
    }
  }
  return tics.text();
}

std::string symmetric_tics(const Axis& axis) {
  Tics tics(axis);
  const int first = ceil_log(axis.knee);
  const int last = std::max(first, floor_log(std::max(std::abs(axis.low), std::abs(axis.high))));
  const int stride = (last - first) / (kMostLabels - 1) + 1;
  tics.major(0, "0");
  for (int e = first; e <= last; ++e) {
    for (const double sign : {-1.0, 1.0}) {
      const double value = sign * std::pow(10.0, e);
      // Next to 0 there is room for one label alone.
      if ((last - e) % stride == 0 && std::abs(value) >= 2 * axis.knee)
        tics.major(value, power_label(sign, e));
      else
        tics.minor(value);
    }
  }
  return tics.text();
}

Axis linear_axis(double low, double high, double least) {
  const double room = std::max(kMargin * (high - low), least);
  return {.scale = Scale::linear, .low = low - room, .high = high + room};
}

}  // namespace

double Axis::position(double value) const {
  return scale == Scale::symmetric ? std::asinh(value / knee) / std::numbers::ln10 : value;
}

std::string Axis::expression(const std::string& value) const {
  return scale == Scale::symmetric ? fmt::format("(asinh({}/{:.6g})/log(10))", value, knee)
                                   : fmt::format("({})", value);
}

std::string Axis::clipped(const std::string& value) const {
  return fmt::format("({0}<{1:.8g}?{1:.8g}:{0}>{2:.8g}?{2:.8g}:{0})", value, low, high);
}

std::string Axis::commands(const std::string& name) const {
  std::string text = scale == Scale::logarithmic ? fmt::format("set logscale {}\n", name)
                                                 : fmt::format("unset logscale {}\n", name);
  text += fmt::format("set {}range [{:.8g}:{:.8g}]\n", name, position(low), position(high));
  if (scale == Scale::linear) return text + fmt::format("set {0}tics autofreq\n", name);
  return text + fmt::format("set {}tics {}\n", name,
                            scale == Scale::logarithmic ? logarithmic_tics(*this) : symmetric_tics(*this));
}

Axis make_axis(const std::vector<double>& values, double knee) {
  if (values.empty()) return {.scale = Scale::linear};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  Axis axis{.low = *least, .high = *most};
  if (axis.low > 0) {
    if (axis.high < kShortRatio * axis.low) return linear_axis(axis.low, axis.high, kLeastRoom * axis.high);
    const double room = std::pow(axis.high / axis.low, kMargin);
    return {.low = axis.low / room, .high = axis.high * room};
  }
  const double largest = std::max(std::abs(axis.low), std::abs(axis.high));
  // Nearly all of it is within the knee.
  if (largest > 0 && largest <= 3 * knee) return linear_axis(axis.low, axis.high, 0);
  axis.scale = Scale::symmetric;
  axis.knee = knee > 0 ? knee : std::max({std::abs(axis.low), std::abs(axis.high), 1e-300}) / 100;
  const double bottom = axis.position(axis.low);
  const double top = axis.position(axis.high);
  const double room = kMargin * std::max(top - bottom, 0.5);
  axis.low = axis.knee * std::sinh((bottom - room) * std::numbers::ln10);
  axis.high = axis.knee * std::sinh((top + room) * std::numbers::ln10);
  return axis;
}

}  // namespace samplerbench::harness::reporting
