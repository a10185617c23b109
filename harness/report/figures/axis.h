#pragma once

#include <string>
#include <vector>

namespace samplerbench::harness::reporting {

enum class Scale {
  linear,
  logarithmic,
  symmetric,  // asinh(value / knee) / ln 10: linear within the knee, logarithmic beyond it, on both sides of
              // 0
};

// One axis of a panel: its scale, range and tics.
struct Axis {
  Scale scale = Scale::logarithmic;
  double low = 0;  // in data units
  double high = 1;
  double knee = 1;  // of the symmetric scale

  // Where gnuplot is to put a value: itself, or its asinh on the symmetric scale.
  double position(double value) const;

  // A gnuplot expression of `value`, an expression too, that does the same.
  std::string expression(const std::string& value) const;

  // A gnuplot expression of `value` that is kept within the range: a logarithm has no place for 0.
  std::string clipped(const std::string& value) const;

  // gnuplot commands that set range, scale and tics of the axis `name` ("x" or "y").
  std::string commands(const std::string& name) const;
};

// An axis that holds `values` with a margin: where all are positive linear over less than a factor of 4, else
// logarithmic; where they are not, linear where all lie about within the given knee, else symmetric with it.
Axis make_axis(const std::vector<double>& values, double knee);

}  // namespace samplerbench::harness::reporting
