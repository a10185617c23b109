#include "targets/flow/ebflow.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/placed.h"
#include "targets/pointwise_target.h"
#include "targets/random_rotation.h"

namespace samplerbench::targets {
namespace {

class EbFlow : public PointwiseTarget<EbFlow> {
 public:
  explicit EbFlow(const FlowWeights& weights) : dim_(weights.dim()), slope_(weights.slope) {
    for (size_t l = 0; l < weights.matrices.size(); ++l)
      layers_.push_back(
          std::make_unique<Layer>(weights.matrices[l].contiguous(), weights.biases[l].contiguous()));
  }

  int64_t dim() const override { return dim_; }

  Tensor log_density(const Tensor& x) const override { return value_of(forward(x)); }

  Tensor score(const Tensor& x) const override { return score_of(forward(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Pass pass = forward(x);
    return {value_of(pass), score_of(pass)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const size_t depth = layers_.size(), dim = static_cast<size_t>(dim_);
    thread_local std::vector<T> h, gradient;  // kept between calls
    h.resize(depth * dim);
    gradient.resize(dim);
    for (size_t l = 0; l < depth; ++l) write_layer(l, x, h);
    T value = static_cast<T>(constant());
    for (size_t i = 0; i < dim; ++i) {
      const T u = h[(depth - 1) * dim + i];
      value -= u * u / 2;
      gradient[i] = -u;
    }
    for (size_t l = depth; l-- > 0;) {
      const T* w = layers_[l]->matrix.like(options<T>()).template data_ptr<T>();
      std::fill(score, score + dim, T(0));
      for (size_t i = 0; i < dim; ++i)
        for (size_t j = 0; j < dim; ++j) score[j] += w[i * dim + j] * gradient[i];
      if (l == 0) break;
      for (size_t j = 0; j < dim; ++j) {
        const T gate = sigmoid(h[(l - 1) * dim + j]);
        const T first = static_cast<T>(slope_) + static_cast<T>(1 - slope_) * gate;
        value += std::log(first);
        gradient[j] = score[j] * first + static_cast<T>(1 - slope_) * gate * (1 - gate) / first;
      }
    }
    return value;
  }

 private:
  struct Layer {
    Layer(const Tensor& w, const Tensor& b) : matrix(w), transposed(w.t().contiguous()), bias(b) {}
    PlacedTensor matrix, transposed;  // [D, D]
    PlacedTensor bias;                // [D]
  };

  template <class T>
  static torch::TensorOptions options() {
    return torch::TensorOptions(c10::CppTypeToScalarType<T>::value);
  }
  template <class T>
  static T sigmoid(T h) {
    return 1 / (1 + std::exp(-h));
  }

  // Writes h of layer l, whose input is f of the one before or x itself.
  template <class T>
  void write_layer(size_t l, const T* x, std::vector<T>& h) const {
    const size_t dim = static_cast<size_t>(dim_);
    const T* w = layers_[l]->matrix.like(options<T>()).template data_ptr<T>();
    const T* b = layers_[l]->bias.like(options<T>()).template data_ptr<T>();
    thread_local std::vector<T> z;
    z.resize(dim);
    for (size_t j = 0; j < dim; ++j) z[j] = l == 0 ? x[j] : activated(h[(l - 1) * dim + j]);
    for (size_t i = 0; i < dim; ++i) {
      T sum = b[i];
      for (size_t j = 0; j < dim; ++j) sum += w[i * dim + j] * z[j];
      h[l * dim + i] = sum;
    }
  }

  template <class T>
  T activated(T h) const {
    const T softplus = std::max(h, T(0)) + std::log1p(std::exp(-std::abs(h)));
    return static_cast<T>(slope_) * h + static_cast<T>(1 - slope_) * softplus;
  }

  double constant() const { return -0.5 * static_cast<double>(dim_) * std::log(2 * std::numbers::pi); }

  // What values and scores are made of, [N, D] each.
  struct Pass {
    Tensor u;                    // h of the last layer
    std::vector<Tensor> gates;   // sigmoid(h) of every other layer
    std::vector<Tensor> slopes;  // f'(h) of every other layer
  };

  Pass forward(const Tensor& x) const {
    Pass pass;
    for (size_t l = 0; l < layers_.size(); ++l) {
      const Tensor z = l == 0 ? x : smooth_leaky_relu(pass.u, slope_);
      pass.u = torch::addmm(layers_[l]->bias.like(x), z, layers_[l]->transposed.like(x));
      if (l + 1 == layers_.size()) break;
      pass.gates.push_back(torch::sigmoid(pass.u));
      pass.slopes.push_back(slope_ + (1 - slope_) * pass.gates.back());
    }
    return pass;
  }

  Tensor value_of(const Pass& pass) const {
    Tensor value = pass.u.square().sum(1) * -0.5 + constant();
    for (const Tensor& slope : pass.slopes) value = value + slope.log().sum(1);
    return value;
  }

  Tensor score_of(const Pass& pass) const {
    Tensor gradient = -pass.u;
    for (size_t l = layers_.size(); l-- > 0;) {
      gradient = gradient.mm(layers_[l]->matrix.like(gradient));
      if (l == 0) break;
      const Tensor &gate = pass.gates[l - 1], &slope = pass.slopes[l - 1];
      gradient = gradient * slope + (1 - slope_) * gate * (1 - gate) / slope;
    }
    return gradient;
  }

  int64_t dim_;
  double slope_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

// The inverses of the matrices, transposed.
std::vector<Tensor> inverted(const std::vector<Tensor>& matrices) {
  std::vector<Tensor> inverses;
  for (const Tensor& matrix : matrices) inverses.push_back(at::linalg_inv(matrix).t().contiguous());
  return inverses;
}

// x at u, [N, D].
Tensor inverse(const FlowWeights& weights, const std::vector<Tensor>& inverses, Tensor u) {
  for (size_t l = inverses.size(); l-- > 0;) {
    u = (u - weights.biases[l]).mm(inverses[l]);
    if (l > 0) u = inverse_smooth_leaky_relu(u, weights.slope);
  }
  return u;
}

FlowWeights flow_of(const Options& options) {
  return random_flow(options.integer("dim"), options.integer("layers"),
                     static_cast<uint64_t>(options.integer("seed")));
}

Definition define_ebflow(const Options& options) {
  const FlowWeights flow = flow_of(options);
  Json matrices = Json::array(), biases = Json::array();
  for (size_t l = 0; l < flow.matrices.size(); ++l) {
    matrices.push_back(numbers_of(flow.matrices[l]));
    biases.push_back(numbers_of(flow.biases[l]));
  }
  return {.density =
              "log q(x) = -|h_L|^2 / 2 - (D / 2) log(2 pi) + sum over l < L and coordinates of log f'(h_l) "
              "with h_l = W_l "
              "z_(l-1) + b_l, z_0 = x, z_l = f(h_l), f(h) = a h + (1 - a) log(1 + e^h)",
          .constants = {{"D", flow.dim()}, {"a", flow.slope}, {"W", matrices}, {"b", biases}},
          .modes = "not stated"};
}

}  // namespace

FlowWeights random_flow(int64_t dim, int64_t layers, uint64_t seed) {
  Rng rng(seed);
  FlowWeights flow;
  for (int64_t l = 0; l < layers; ++l) {
    const Tensor rotation = random_rotation(dim, rng);
    flow.matrices.push_back((rotation * (rng.uniform({dim}, torch::kDouble) - 0.5).exp()).contiguous());
    flow.biases.push_back(0.5 * rng.normal({dim}, torch::kDouble));
  }
  return flow;
}

std::unique_ptr<const Target> ebflow_density(const FlowWeights& weights) {
  return std::make_unique<EbFlow>(weights);
}

Problem ebflow(const FlowWeights& weights) {
  Problem problem{.target = ebflow_density(weights)};
  double log_determinant = 0;
  for (const Tensor& matrix : weights.matrices)
    log_determinant += std::get<1>(at::linalg_slogdet(matrix)).item<double>();
  problem.reference.log_z = -log_determinant;
  problem.reference.exact_draws = [weights, inverses = inverted(weights.matrices)](int64_t n, Rng& rng) {
    return inverse(weights, inverses, rng.normal({n, weights.dim()}, torch::kDouble));
  };
  problem.reference.source = "the flow's own inverse and determinants";
  return problem;
}

void add_ebflow(TargetRegistry& registry) {
  registry.add(
      {.name = "ebflow-random",
       .summary =
           "energy-based flow of dense layers with random weights: exact draws and log Z in any dimension",
       .citation = "Chao et al. 2023, arXiv 2305.15267; the weights are a choice of this suite",
       .facts = {ExactDraws::known, define_ebflow},
       .options = {Option::integer("dim", 10, "coordinates D").at_least(2).at_most(4096),
                   Option::integer("layers", 3, "dense layers L").at_least(1).at_most(20),
                   Option::integer("seed", 0, "of the weights").at_least(0)},
       .make = [](const ProblemInput& input) { return ebflow(flow_of(input.options)); }});
}

}  // namespace samplerbench::targets
