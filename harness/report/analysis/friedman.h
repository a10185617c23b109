#pragma once

#include <vector>

namespace samplerbench::harness::reporting {

// Whether methods differ over data sets, by their ranks on each (Friedman 1937; Demsar 2006, JMLR 7).
struct FriedmanTest {
  std::vector<double> mean_ranks;  // of each method; 1 is best
  double statistic = 0;            // Friedman's chi-squared, corrected for ties
  double p = 1;                    // of Iman and Davenport's F of it
  double critical_difference =
      0;  // mean ranks further apart differ at the 5 % level (Nemenyi); 0 for one method
};

// `ranks`: one row a data set, ranks 1 .. k of the k methods in each, ties at their mean. At least two of
// both.
FriedmanTest friedman_test(const std::vector<std::vector<double>>& ranks);

// P(range of k independent standard normals <= q).
double normal_range_cdf(double q, int k);

// The q of which normal_range_cdf is 1 - alpha.
double normal_range_quantile(double alpha, int k);

}  // namespace samplerbench::harness::reporting
