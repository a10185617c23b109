#include <cmath>
#include <numbers>
#include <string>

#include "core/error.h"
#include "targets/planar/entries.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

struct Lattice {
  int64_t side = 8;
  double mass = -4;
  double coupling = 6.008;
};

Lattice lattice_of(const Options& options) {
  return {.side = options.integer("side"),
          .mass = options.real("mass"),
          .coupling = options.real("coupling")};
}

// log q(x) = sum_i x_i (n_i - (4 + m) x_i - c x_i^3), where n_i is the sum over the four neighbours of site
// i of a periodic lattice, row by row.
class Phi4 : public PointwiseTarget<Phi4> {
 public:
  explicit Phi4(const Lattice& lattice) : lattice_(lattice) {}

  int64_t dim() const override { return lattice_.side * lattice_.side; }

  Tensor log_density(const Tensor& x) const override { return value_from(x, neighbours(x), x.square()); }

  Tensor score(const Tensor& x) const override { return score_from(x, neighbours(x), x.square()); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor around = neighbours(x), square = x.square();
    return {value_from(x, around, square), score_from(x, around, square)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const int64_t side = lattice_.side;
    const T quadratic = static_cast<T>(4 + lattice_.mass), quartic = static_cast<T>(lattice_.coupling);
    T value = 0;
    for (int64_t row = 0; row < side; ++row) {
      const T* here = x + row * side;
      const T* above = x + (row == 0 ? side - 1 : row - 1) * side;
      const T* below = x + (row + 1 == side ? 0 : row + 1) * side;
      for (int64_t k = 0; k < side; ++k) {
        const T left = here[k == 0 ? side - 1 : k - 1], right = here[k + 1 == side ? 0 : k + 1];
        const T around = above[k] + below[k] + left + right, own = here[k], square = own * own;
        value += own * (around - own * (quadratic + quartic * square));
        score[row * side + k] = 2 * (around - own * (quadratic + 2 * quartic * square));
      }
    }
    return value;
  }

 private:
  // n: [N, D] -> [N, D].
  Tensor neighbours(const Tensor& x) const {
    const Tensor grid = x.reshape({x.size(0), lattice_.side, lattice_.side});
    return (grid.roll(1, 1) + grid.roll(-1, 1) + grid.roll(1, 2) + grid.roll(-1, 2)).reshape_as(x);
  }

  Tensor value_from(const Tensor& x, const Tensor& around, const Tensor& square) const {
    return (x * (around - x * (square * lattice_.coupling + (4 + lattice_.mass)))).sum(1);
  }

  Tensor score_from(const Tensor& x, const Tensor& around, const Tensor& square) const {
    return (around - x * (square * (2 * lattice_.coupling) + (4 + lattice_.mass))) * 2;
  }

  Lattice lattice_;
};

// Of the free field, c = 0: a normal law whose precision has the eigenvalues 2 (m + 4 - 2 cos p - 2 cos p'),
// p and p' multiples of 2 pi / L.
double free_log_z(const Lattice& lattice) {
  double sum = 0;
  const auto wave = [&](int64_t k) {
    return 2 * std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(lattice.side));
  };
  for (int64_t i = 0; i < lattice.side; ++i)
    for (int64_t j = 0; j < lattice.side; ++j)
      sum += std::log(std::numbers::pi / (lattice.mass + 4 - wave(i) - wave(j))) / 2;
  return sum;
}

// [N, D] -> [N, 1].
Tensor absolute_magnetisation(const Tensor& x) { return x.to(torch::kDouble).mean(1).abs().unsqueeze(1); }

// What is known of a field beside its sites.
Parameters observables(int64_t sites) {
  Parameters parameters{
      .coordinates = {}, .names = {"absolute magnetisation"}, .values = absolute_magnetisation};
  for (int64_t i = 1; i <= sites; ++i) parameters.coordinates.push_back("x." + std::to_string(i));
  return parameters;
}

// 0 where the magnetisation, the mean over the sites, is above 0, 1 where it is not, -1 where it is not
// finite: [N, D] -> [N] int64.
Tensor sign_of_magnetisation(const Tensor& x) {
  const Tensor magnetisation = x.mean(1), place = (magnetisation <= 0).to(torch::kLong);
  return torch::where(magnetisation.isfinite(), place, torch::full_like(place, -1));
}

void check_phi4(const Options& options) {
  const Lattice lattice = lattice_of(options);
  if (lattice.coupling == 0 && lattice.mass <= 0)
    throw InputError("where 'coupling' is 0 the density has an integral for a 'mass' above 0 alone");
}

Problem make_phi4(const ProblemInput& input) {
  const Lattice lattice = lattice_of(input.options);
  Problem problem{.target = std::make_unique<Phi4>(lattice)};
  if (lattice.coupling == 0) problem.reference.log_z = free_log_z(lattice);
  problem.reference.modes = Modes{torch::full({2}, 0.5, torch::kDouble), sign_of_magnetisation};
  problem.reference.parameters = observables(problem.target->dim());
  problem.reference.source = "the symmetry of the density; without coupling, closed form";
  return problem;
}

Definition define_phi4(const Options& options) {
  const Lattice lattice = lattice_of(options);
  return {.density = "log q(x) = sum over i of x_i (n_i - (4 + m) x_i - c x_i^3), n_i the sum of x over the "
                     "four neighbours of site i of a periodic L x L lattice, row by row",
          .constants = {{"L", lattice.side}, {"m", lattice.mass}, {"c", lattice.coupling}},
          .modes = "two where m < 0, all x_i at sqrt(-m / (2 c)) or at minus that, else one, at 0; draws "
                   "count by the sign of the magnetisation, the mean of x"};
}

}  // namespace

void add_phi4(TargetRegistry& registry) {
  registry.add(
      {.name = "phi4",
       .summary = "phi^4 field theory on a periodic square lattice: two signs of the magnetisation",
       .citation = "Albergo, Kanwar and Shanahan (2019), Phys. Rev. D 100, arXiv 1904.12072",
       .facts = {ExactDraws::unknown, define_phi4},
       .options = {Option::integer("side", 8, "L, of the lattice of L^2 sites").at_least(3).at_most(64),
                   Option::real("mass", -4, "m, the squared mass").at_least(-1000).at_most(1000),
                   Option::real("coupling", 6.008,
                                "c; at m = -4 the correlation length is about L / 4 for 6.975, 6.008, 5.550, "
                                "5.276 and 5.113 with L = 6, 8, 10, 12 and 14")
                       .at_least(0)
                       .at_most(1000)},
       .make = make_phi4,
       .check = check_phi4});
}

}  // namespace samplerbench::targets
