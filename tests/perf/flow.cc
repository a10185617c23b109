#include <benchmark/benchmark.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "core/named.h"
#include "harness/run/context.h"
#include "harness/support/npy.h"
#include "targets/flow/flow_objective.h"

// One training gradient of an energy-based flow of two dense layers with a smooth leaky ReLU between them, by
// each objective, on one thread: the loss and its gradient in all weights, no optimiser. Its matrix
// products and factorisations are timed alone too. `./bench peers gradients` sets the same in PyTorch beside
// them.
//
// Where the environment's SAMPLERBENCH_KEEP_GRADIENTS names a folder, each gradient is computed once more
// before it is timed. The folder gets what another program needs to compute it too, and what it is:
// weights.npy [P], draws.npy [B, D], random.npy (none for ml), loss.npy [] and gradient.npy [P], beside
// context.json.
namespace samplerbench::targets {
namespace {

constexpr double kSigma = 1;  // of dsm
constexpr double kXi = 10;    // of fdssm: so long that float32 holds the differences of energies

// A new flow's weights with noise, which keeps their condition numbers small: [P].
Tensor weights_near_the_start(const FlowNetwork& network) {
  Rng rng(1);
  Tensor flat = network.initial_weights(rng, torch::kFloat);
  const double spread = 0.1 / std::sqrt(static_cast<double>(network.dim()));
  return flat.add_(rng.normal(flat.sizes(), torch::kFloat), spread);
}

// What an objective draws at every step for the draws x, [B, D]: latents of the flow's draws, signs
// [1, B, D], noise or shifts. Undefined where it draws nothing.
Tensor random_numbers(FlowObjective objective, const Tensor& x) {
  Rng rng(3);
  const Tensor normals = rng.normal(x.sizes(), torch::kFloat);
  switch (objective) {
    case FlowObjective::ml:
      return {};
    case FlowObjective::sml:
    case FlowObjective::dsm:
      return normals;
    case FlowObjective::ssm:
      return normals.sign().unsqueeze(0);
    case FlowObjective::fdssm:
      return normals * (kXi / normals.norm(2, 1, true));
  }
  throw std::logic_error("unknown objective");
}

class FlowGradient {
 public:
  FlowGradient(FlowObjective objective, int64_t dim, int64_t batch)
      : objective_(objective),
        network_({.kind = "dense", .dim = dim, .layers = 2}),
        flat_(weights_near_the_start(network_)),
        leaves_(leaves_at(network_.unflatten(flat_))),
        gradient_(torch::zeros_like(flat_)),
        draws_(Rng(2).normal({batch, dim}, torch::kFloat)),
        random_(random_numbers(objective, draws_)) {
    collect_gradient(leaves_, network_.unflatten(gradient_));
  }

  // Computes the gradient, and returns the loss, [].
  Tensor slope() {
    gradient_.zero_();
    const Tensor value = loss();
    torch::autograd::backward({value}, {});
    return value.detach();
  }

  void keep(const std::filesystem::path& folder) {
    const Tensor found = slope();
    harness::write_npy(folder / "weights.npy", flat_);
    harness::write_npy(folder / "draws.npy", draws_);
    if (random_.defined()) harness::write_npy(folder / "random.npy", random_);
    harness::write_npy(folder / "loss.npy", found);
    harness::write_npy(folder / "gradient.npy", gradient_);
    std::ofstream(folder / "context.json") << harness::machine_context().dump() << "\n";
  }

 private:
  Tensor loss() const {
    switch (objective_) {
      case FlowObjective::ml:
        return likelihood_loss(network_, leaves_, draws_);
      case FlowObjective::sml:
        return contrastive_loss(network_, leaves_, draws_, network_.inverse(leaves_).points_at(random_));
      case FlowObjective::ssm:
        return sliced_score_loss(network_, leaves_, draws_, random_);
      case FlowObjective::dsm:
        return denoising_loss(network_, leaves_, draws_, random_, kSigma);
      case FlowObjective::fdssm:
        return finite_difference_loss(network_, leaves_, draws_, random_, kXi);
    }
    throw std::logic_error("unknown objective");
  }

  FlowObjective objective_;
  FlowNetwork network_;
  Tensor flat_;      // [P]
  Weights leaves_;   // in its memory
  Tensor gradient_;  // [P] where the leaves collect it
  Tensor draws_;     // [B, D]
  Tensor random_;
};

// D and B stand in the name.
void gradient(benchmark::State& state, FlowObjective objective) {
  FlowGradient timed(objective, state.range(0), state.range(1));
  if (const char* folder = std::getenv("SAMPLERBENCH_KEEP_GRADIENTS")) timed.keep(folder);
  for (int i = 0; i < 2; ++i) benchmark::DoNotOptimize(timed.slope());
  for (auto _ : state) benchmark::DoNotOptimize(timed.slope());
}

// The products of matrices that a gradient takes, forward and backward.
struct Products {
  int64_t sets;          // of B rows, which go side by side
  int64_t through;       // of the rows with a matrix
  int64_t into_weights;  // of two such sets of rows, which make the gradient in a matrix
};

Products products_of(FlowObjective objective) {
  switch (objective) {
    case FlowObjective::ml:
      return {1, 3, 2};
    case FlowObjective::sml:
      return {2, 3, 2};
    case FlowObjective::ssm:
      return {1, 10, 6};
    case FlowObjective::dsm:
      return {1, 7, 4};
    case FlowObjective::fdssm:
      return {3, 3, 2};
  }
  throw std::logic_error("unknown objective");
}

// Of both matrices: for ml the inverse that is the gradient of log |det|, for sml the flow's inverse at
// `rows`.
void factorise(FlowObjective objective, const Tensor& matrix, const Tensor& rows) {
  if (objective != FlowObjective::ml && objective != FlowObjective::sml) return;
  const Tensor right = objective == FlowObjective::ml ? torch::eye(matrix.size(0), matrix.options()) : rows;
  for (int layer = 0; layer < 2; ++layer) {
    const auto [factors, pivots, fault] = at::linalg_lu_factor_ex(matrix);
    benchmark::DoNotOptimize(at::linalg_lu_solve(factors, pivots, right, /*left=*/false));
  }
}

void products(benchmark::State& state, FlowObjective objective) {
  torch::NoGradGuard no_grad;
  const int64_t dim = state.range(0), batch = state.range(1);
  const Products of = products_of(objective);
  Rng rng(1);
  const Tensor x = rng.normal({of.sets * batch, dim}, torch::kFloat),
               matrix = rng.normal({dim, dim}, torch::kFloat);
  Tensor out = torch::empty_like(x), into = torch::empty_like(matrix);
  for (auto _ : state) {
    for (int64_t i = 0; i < of.through; ++i) at::mm_out(out, x, matrix);
    for (int64_t i = 0; i < of.into_weights; ++i) at::mm_out(into, x.t(), out);
    factorise(objective, matrix, x.narrow(0, 0, batch));
  }
}

const bool kRegistered = [] {
  using Run = void (*)(benchmark::State&, FlowObjective);
  const auto add = [](const std::string& name, Run run, FlowObjective objective) {
    benchmark::RegisterBenchmark(name.c_str(), run, objective)
        ->ArgsProduct({{784, 2048}, {10, 100}})
        ->MeasureProcessCPUTime()
        ->Unit(benchmark::kMillisecond);
  };
  for (const std::string& name : flow_objectives()) {
    const auto objective = named<FlowObjective>("objective", flow_objectives(), name);
    add("gradient/" + name, gradient, objective);
    add("products/" + name, products, objective);
  }
  return true;
}();

}  // namespace
}  // namespace samplerbench::targets
