#include "targets/bayes/logistic_terms.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/kernels.h"

namespace samplerbench::targets {
namespace {

template <class T>
std::vector<T> normals(int64_t count, double scale, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal(0, scale);
  std::vector<T> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(static_cast<T>(normal(generator)));
  return values;
}

// log sigmoid(m).
long double term(long double m) { return std::min(m, 0.0L) - std::log1p(std::exp(-std::abs(m))); }

// sigmoid(-m).
long double slope(long double m) { return 1 / (1 + std::exp(m)); }

// Whether sum and slopes of the logits are those of the formula, up to a factor of the exact sum.
template <class T>
bool are_terms(const std::vector<T>& logits, double factor = 1) {
  std::vector<T> slopes = logits;
  const double sum = logistic_terms(slopes.data(), static_cast<int64_t>(slopes.size()));
  long double exact = 0;
  bool close = true;
  for (size_t i = 0; i < logits.size(); ++i) {
    exact += term(logits[i]);
    close = close && testing::is_close(slopes[i], slope(logits[i]), 4);
  }
  const double tolerance = 4 * std::numeric_limits<T>::epsilon() * static_cast<double>(std::abs(exact));
  return close && std::abs(sum - factor * static_cast<double>(exact)) <= tolerance + 1e-300;
}

template <class T>
void check_terms() {
  for (const int64_t count : testing::vector_counts())
    for (const double scale : {1e-3, 1.0, 30.0, 1e6})
      EXPECT_TRUE(are_terms(normals<T>(count, scale, 1))) << count << " logits of size " << scale;
  const T infinity = std::numeric_limits<T>::infinity(), largest = std::numeric_limits<T>::max();
  for (const T m : {T(0), T(-0.0), infinity, largest, T(-1e30)}) EXPECT_TRUE(are_terms<T>({m, 1, -1})) << m;
}

TEST(LogisticTerms, AreThoseOfTheFormulaAtEveryLengthAndMagnitude) {
  testing::on_every_instruction_set([] {
    check_terms<float>();
    check_terms<double>();
  });
}

TEST(LogisticTerms, NegativeControlASumThatIsAMillionthOffFails) {
  EXPECT_FALSE(are_terms(normals<double>(1000, 1, 1), 1 + 1e-6));
  EXPECT_FALSE(are_terms(normals<float>(1000, 1, 1), 1 + 1e-5));
}

// Wherever it stands, NaN reaches the sum and its own slope, and no other.
template <class T>
void check_nan() {
  for (const size_t place : {0, 7, 40, 66}) {
    std::vector<T> logits = normals<T>(67, 1, 2);
    logits[place] = std::numeric_limits<T>::quiet_NaN();
    EXPECT_TRUE(std::isnan(logistic_terms(logits.data(), 67)));
    for (size_t i = 0; i < logits.size(); ++i) EXPECT_EQ(std::isnan(logits[i]), i == place);
  }
  T lowest = -std::numeric_limits<T>::infinity();
  EXPECT_EQ(logistic_terms(&lowest, 1), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(lowest, 1);
}

TEST(LogisticTerms, NaNStaysNaN) {
  testing::on_every_instruction_set([] {
    check_nan<float>();
    check_nan<double>();
  });
}

template <class T>
void check_likelihood(int64_t count, int64_t dim) {
  const std::vector<T> rows = normals<T>(count * dim, 1, 3), weights = normals<T>(dim, 0.5, 4);
  std::vector<T> score(static_cast<size_t>(dim), T(0.25));  // to which the gradient is added
  const double value = logistic_likelihood(rows.data(), count, dim, weights.data(), score.data());
  std::vector<long double> exact(static_cast<size_t>(dim), 0.25L), size(exact);
  long double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const T* row = rows.data() + i * dim;
    long double m = 0;
    for (int64_t k = 0; k < dim; ++k) m += static_cast<long double>(row[k]) * weights[static_cast<size_t>(k)];
    sum += term(m);
    for (int64_t k = 0; k < dim; ++k) {
      exact[static_cast<size_t>(k)] += slope(m) * row[k];
      size[static_cast<size_t>(k)] += std::abs(slope(m) * row[k]);
    }
  }
  const double units = 8 + static_cast<double>(dim);
  EXPECT_TRUE(testing::is_close(static_cast<T>(value), sum, units)) << count << " x " << dim;
  for (size_t k = 0; k < score.size(); ++k)
    EXPECT_TRUE(testing::is_close(score[k], exact[k], units, size[k])) << count << " x " << dim << ", " << k;
}

TEST(LogisticLikelihood, IsThatOfTheFormulaInEveryShape) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : {0, 1, 5, 127, 128, 129, 300})
      for (const int64_t dim : {1, 2, 7, 8, 9, 16, 25, 55}) {
        check_likelihood<float>(count, dim);
        check_likelihood<double>(count, dim);
      }
  });
}

}  // namespace
}  // namespace samplerbench::targets
