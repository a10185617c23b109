#pragma once

#include <string>

namespace samplerbench::harness {

// Three significant digits: "0.0123", "12.3", "1.23×10⁻⁷", "nan".
std::string short_number(double value);

// "0.0123 ± 0.0015", or "(1.23 ± 0.15)×10⁻⁷"; the mean alone where the half-width is 0 or not finite.
std::string with_interval(double mean, double half_width);

// A count with thousands separated: "1,280,000".
std::string grouped(double count);

// All digits that a double needs, for files that programs read; "nan", "inf" and "-inf" where it is not
// finite.
std::string exact_number(double value);

}  // namespace samplerbench::harness
