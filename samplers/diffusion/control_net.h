#pragma once

#include <vector>

#include "core/nets/perceptron.h"
#include "samplers/diffusion/path_process.h"

namespace samplerbench::samplers {

struct ControlNetShape {
  int64_t dim = 2;           // D
  int64_t width = 64;        // hidden units a layer
  int64_t depth = 2;         // hidden layers
  int64_t frequencies = 64;  // of time: so many sines and cosines
  double scale = 1;          // of the states: the net sees x / scale
  double guide = 1;          // factor of the guide at the start

  // width, depth, frequencies and guide.
  static OptionTable options();

  // Of a target in D dimensions whose paths have states of that scale.
  static ControlNetShape of(const Options& options, int64_t dim, double scale);
};

// Where a net that sees the sizes of steps too is asked for a control.
struct ControlNode {
  double time = 0;    // t, from 0 at the start of paths to 1 at their ends
  double length = 0;  // of the step from there, in units of t
  PathGuide guide;
};

// What passes over all nodes of paths leave behind.
struct ControlTape {
  Tape shift, guide;             // of the nets of time
  Tensor shifts;                 // [K + 1, width]
  Tensor factors;                // [K + 1, 1]
  std::vector<DenseTape> nodes;  // of the net of states: one a node, or one that all share
  Tensor shift_gradient;         // [K + 1, width]
  Tensor factor_gradient;        // [K + 1, 1]
  Tensor state_gradient;         // [P'], of the weights of the net of states
  Tensor added;                  // [P'], of one node
};

// A time-conditioned drift network for controls of paths, u_k(x) = net(x, t) + n(t) (g_k s + c_k x), with t =
// k / K, s the score of the target at x, and g, c the guide of the process (Zhang and Chen 2022, arXiv
// 2111.15141). Time enters as sines and cosines of f t, f from 0.1 to 100: one net makes of them the biases
// of the first layer of the net of states, another n(t). The length of the step enters both in the same way,
// where the net sees it. Starts as u = guide (g s + c x). All weights are one flat tensor; only with() and
// jet() bring them into an autograd graph: backward() is written out.
class ControlNet {
 public:
  // Sees time alone, at K + 1 nodes of these guides.
  ControlNet(const ControlNetShape& shape, const std::vector<PathGuide>& guides, Rng& rng,
             const torch::TensorOptions& placement);

  // Sees time and the lengths of steps.
  ControlNet(const ControlNetShape& shape, const std::vector<ControlNode>& nodes, Rng& rng,
             const torch::TensorOptions& placement);

  // A net of the same shape whose weights are those in `parameters`, [P], which it shares, in their dtype and
  // in their graph.
  ControlNet with(const Tensor& parameters) const;

  // The same net at other nodes, with the same weights, which it shares. For nets that see lengths of steps.
  ControlNet at(const std::vector<ControlNode>& nodes) const;

  // Begins passes over the nodes of a batch. `each`: whether backward() follows, for which every node has a
  // tape.
  void begin(ControlTape& tape, bool each) const;

  // Writes u at a node into `control`, [N, D], by states and scores there, both [N, D]; the scores are not
  // read where the guide has none. States must stay as they are until backward().
  void forward(int64_t node, const Tensor& x, const Tensor& score, ControlTape& tape, Tensor& control) const;

  // Adds to the tape the gradient in the weights of a loss whose gradient in u at the node is `slope`, [N,
  // D].
  void backward(int64_t node, const Tensor& x, const Tensor& score, const Tensor& slope,
                ControlTape& tape) const;

  // After backward() at the node: adds the gradient of the loss in x and in s through u there, both [N, D].
  void add_input_gradient(int64_t node, const Tensor& slope, const ControlTape& tape, Tensor& in_x,
                          Tensor& in_score) const;

  // Writes what the passes backward found into `gradient`, [P].
  void finish(ControlTape& tape, Tensor& gradient) const;

  // u at a node, [N, D], and its derivatives along `directions` v, [K, N, D] or [K, 1, D] for all states the
  // same, of which the score has the derivatives `score_slopes`, [K, N, D], or is held as it is where these
  // are undefined. Differentiable in all that is in a graph.
  DenseLayers::Jet jet(int64_t node, const Tensor& x, const Tensor& score, const Tensor& directions,
                       const Tensor& score_slopes = {}) const;

  // [P]. Writing to it changes the net.
  Tensor& parameters() { return parameters_; }
  const Tensor& parameters() const { return parameters_; }

 private:
  struct Parts {
    DenseLayers states;
    Perceptron shift, guide;
    Tensor parameters;  // of the three in turn
  };
  // The nets of time take so many `waves`.
  static Parts first_parts(const ControlNetShape& shape, int64_t waves, Rng& rng,
                           const torch::TensorOptions& placement);

  // Takes the nets' shapes, and the weights from `parameters`.
  ControlNet(const ControlNetShape& shape, std::vector<PathGuide> guides, const Tensor& waves,
             const Parts& parts);

  static size_t slot(int64_t node, const ControlTape& tape) {
    return static_cast<size_t>(node) % tape.nodes.size();
  }

  // The layers' matrices and biases among `flat`, [P'], with the first bias, which is no weight of theirs.
  Weights layers_in(const Tensor& flat, const Tensor& first_bias) const;

  // g s + c x at the node; undefined where both are 0.
  Tensor guided(int64_t node, const Tensor& x, const Tensor& score) const;

  int64_t state_size() const { return weights_size(plans_); }

  ControlNetShape shape_;
  std::vector<PathGuide> guides_;
  DenseLayers states_;
  WeightPlans plans_;  // of the net of states, without its first bias
  Tensor parameters_;
  Perceptron shift_, guide_;
  Tensor waves_;  // [K + 1, 2 frequencies], or twice as many with the lengths of steps
};

}  // namespace samplerbench::samplers
