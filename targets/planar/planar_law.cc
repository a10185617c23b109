#include "targets/planar/planar_law.h"

#include <c10/util/intrusive_ptr.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>

#include <cmath>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/error.h"
#include "targets/graph.h"

namespace samplerbench::targets {
namespace {

using SharedLaw = std::shared_ptr<const PlanarLaw>;
using torch::autograd::variable_list;

constexpr double kFarthestPoint = 1e150;  // its square is finite

// Beyond kFarthestPoint the density is 0 and the score points to the origin. NaN stays NaN.
PlanarJet jet_at(const PlanarLaw& law, int64_t row, double x1, double x2, int order) {
  if (std::abs(x1) < kFarthestPoint && std::abs(x2) < kFarthestPoint) return law.jet(row, x1, x2, order);
  const bool is_nan = std::isnan(x1) || std::isnan(x2);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {.value = is_nan ? std::numeric_limits<double>::quiet_NaN() : -kInfinity, .score = {-x1, -x2}};
}

// Writes value [n], score [n, 2] and hessian [n, 3] of x [n, 2]. Null pointers are left out.
template <class T>
void write_jets(const PlanarLaw& law, int64_t n, const T* x, T* value, T* score, T* hessian) {
  const int64_t rows = law.added().numel();
  if (rows != 1 && rows != n)
    throw InputError(fmt::format("this blur has a sigma for each of {} points, not {}", rows, n));
  const int order = hessian ? 2 : score ? 1 : 0;
  for (int64_t i = 0; i < n; ++i) {
    const PlanarJet jet = jet_at(law, i, x[2 * i], x[2 * i + 1], order);
    if (value) value[i] = static_cast<T>(jet.value);
    if (score)
      for (int k = 0; k < 2; ++k) score[2 * i + k] = static_cast<T>(jet.score[k]);
    if (hessian)
      for (int k = 0; k < 3; ++k) hessian[3 * i + k] = static_cast<T>(jet.hessian[k]);
  }
}

struct PlanarJets {
  Tensor value;    // [N]
  Tensor score;    // [N, 2] from the first order on
  Tensor hessian;  // [N, 3] from the second on
};

// Jets of the rows of x, detached.
PlanarJets jets_of(const PlanarLaw& law, const Tensor& x, int order) {
  const Tensor points = x.detach().contiguous();
  const int64_t n = points.size(0);
  PlanarJets jets{.value = torch::empty({n}, points.options())};
  if (order > 0) jets.score = torch::empty({n, 2}, points.options());
  if (order > 1) jets.hessian = torch::empty({n, 3}, points.options());
  const auto write = [&](auto zero) {
    using T = decltype(zero);
    write_jets<T>(law, n, points.data_ptr<T>(), jets.value.data_ptr<T>(),
                  order > 0 ? jets.score.data_ptr<T>() : nullptr,
                  order > 1 ? jets.hessian.data_ptr<T>() : nullptr);
  };
  points.scalar_type() == torch::kFloat ? write(float()) : write(double());
  return jets;
}

// What holds a node of the graph: a std::shared_ptr in LibTorch 1.13, c10's intrusive pointer in 2.13.
using HeldNode = decltype(torch::autograd::Edge::function);

// A node of that type. LibTorch's own deleter, which the shared pointer needs, frees deep graphs without
// recursion.
template <class NodeType, class... Arguments>
HeldNode make_node(Arguments&&... arguments) {
  if constexpr (std::is_base_of_v<c10::intrusive_ptr_target, NodeType>)
    return c10::make_intrusive<NodeType>(std::forward<Arguments>(arguments)...);
  else
    return std::shared_ptr<NodeType>(new NodeType(std::forward<Arguments>(arguments)...),
                                     [](auto* node) { deleteNode(node); });
}

// Makes `result` a function of x in the graph, whose gradient `node` gives.
void put_in_graph(Tensor& result, const Tensor& x, HeldNode node) {
  node->set_next_edges(torch::autograd::collect_next_edges(x));
  torch::autograd::create_gradient_edge(result, std::move(node));
}

// The graph keeps the law alive: a blurred target may be gone before the graph is used.
class ScoreNode : public torch::autograd::Node {
 public:
  ScoreNode(SharedLaw law, const Tensor& x, Tensor hessian)
      : law_(std::move(law)), x_(x, /*is_output=*/false), hessian_(std::move(hessian)) {}

 private:
  variable_list apply(variable_list&& gradients) override {
    const Tensor x = x_.unpack(), along = gradients[0];
    if (!along.defined()) return {Tensor()};
    if (torch::GradMode::is_enabled()) return {product_by_tensors(x, along)};
    // (h11, h12) g1 + (h12, h22) g2.
    return {torch::addcmul(hessian_.slice(1, 0, 2) * along.narrow(1, 0, 1), hessian_.slice(1, 1, 3),
                           along.narrow(1, 1, 1))};
  }

  void release_variables() override {
    x_.reset_data();
    hessian_.reset();
  }

  // Where the product is to be differentiated in turn.
  Tensor product_by_tensors(const Tensor& x, const Tensor& along) const {
    const Tensor value = law_->log_density(x.to(torch::kDouble)).sum();
    const Tensor score = torch::autograd::grad({value}, {x}, {}, true, true)[0];
    return torch::autograd::grad({score}, {x}, {along}, true, true)[0];
  }

  SharedLaw law_;
  torch::autograd::SavedVariable x_;
  Tensor hessian_;
};

Tensor score_by_jets(const SharedLaw& law, const Tensor& x) {
  if (!is_in_graph(x)) return jets_of(*law, x, 1).score;
  PlanarJets jets = jets_of(*law, x, 2);
  put_in_graph(jets.score, x, make_node<ScoreNode>(law, x, jets.hessian));
  return jets.score;
}

class DensityNode : public torch::autograd::Node {
 public:
  DensityNode(SharedLaw law, const Tensor& x, Tensor score)
      : law_(std::move(law)), x_(x, /*is_output=*/false), score_(std::move(score)) {}

 private:
  variable_list apply(variable_list&& gradients) override {
    const Tensor x = x_.unpack(), along = gradients[0];
    if (!along.defined()) return {Tensor()};
    return {along.unsqueeze(1) * (torch::GradMode::is_enabled() ? score_by_jets(law_, x) : score_)};
  }

  void release_variables() override {
    x_.reset_data();
    score_.reset();
  }

  SharedLaw law_;
  torch::autograd::SavedVariable x_;
  Tensor score_;
};

Tensor log_density_by_jets(const SharedLaw& law, const Tensor& x) {
  if (!is_in_graph(x)) return jets_of(*law, x, 0).value;
  PlanarJets jets = jets_of(*law, x, 1);
  put_in_graph(jets.value, x, make_node<DensityNode>(law, x, jets.score));
  return jets.value;
}

class PlanarTarget : public Target {
 public:
  explicit PlanarTarget(SharedLaw law) : law_(std::move(law)) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return has_plain_numbers(x) ? log_density_by_jets(law_, x)
                       : law_->log_density(x.to(torch::kDouble)).to(x.scalar_type());
  }

  Tensor score(const Tensor& x) const override {
    return has_plain_numbers(x) ? score_by_jets(law_, x) : Target::score(x);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    if (!has_plain_numbers(x)) return Target::value_and_score(x);
    PlanarJets jets = jets_of(*law_, x, 1);
    return {std::move(jets.value), std::move(jets.score)};
  }

  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    write_jets<float>(*law_, n, x, value, score, nullptr);
  }
  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    write_jets<double>(*law_, n, x, value, score, nullptr);
  }
  bool evaluates_plainly() const override { return true; }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    if (sigma.dim() > 1) throw InputError("a blur's sigma is a scalar or one number a row");
    const Tensor variance = sigma.detach().to(torch::kCPU, torch::kDouble).square().reshape({-1});
    return planar_target(law_->with(law_->added() + variance));
  }

 private:
  SharedLaw law_;
};

}  // namespace

std::unique_ptr<Target> planar_target(std::shared_ptr<const PlanarLaw> law) {
  return std::make_unique<PlanarTarget>(std::move(law));
}

}  // namespace samplerbench::targets
