#include "samplers/neural/image_score_net.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kLevelWidth = 32;  // hidden units that the noise level is turned into

// The weights of the layers in the order in which evaluate() takes them.
class Layers {
 public:
  void dense(int64_t in, int64_t out) {
    add({in, out}, WeightPlan::Start::normal, in);
    add({out});
  }
  // The bias that a dense layer makes of the noise level.
  void level(int64_t maps) { dense(kLevelWidth, maps); }
  void learned_maps(int64_t maps, int64_t side) { add({maps, side, side}); }
  void convolution(int64_t in, int64_t out) { add({out, in, 3, 3}, WeightPlan::Start::normal, in * 9); }
  // A convolution that is added to what it sees.
  void with_convolution(int64_t maps) {
    convolution(maps, maps);
    add({maps});
  }
  // A transposed convolution to twice the side.
  void up(int64_t maps) {
    add({2 * maps, maps, 4, 4}, WeightPlan::Start::normal, 2 * maps * 4);
    level(maps);
    with_convolution(maps);
  }
  void add(std::vector<int64_t> shape, WeightPlan::Start start = WeightPlan::Start::zero,
           int64_t fan_in = 1) {
    plans_.push_back({std::move(shape), start, fan_in});
  }

  const WeightPlans& plans() const { return plans_; }

 private:
  WeightPlans plans_;
};

}  // namespace

ConvolutionNetwork::Plan ImageScoreNet::plan(const ImageScoreNetShape& shape) {
  const int64_t pixels = shape.side * shape.side, c = shape.channels;
  const int64_t corner = shape.side / 4, smallest = 4 * c * corner * corner;
  Layers layers;
  layers.add({1, kLevelWidth}, WeightPlan::Start::normal, 1);
  layers.add({kLevelWidth}, WeightPlan::Start::uniform, 1);
  layers.convolution(1, c);
  layers.level(c);
  layers.learned_maps(c, shape.side);
  layers.with_convolution(c);
  layers.convolution(c, 2 * c);
  layers.level(2 * c);
  layers.with_convolution(2 * c);
  layers.convolution(2 * c, 4 * c);
  layers.level(4 * c);
  layers.learned_maps(4 * c, corner);
  layers.with_convolution(4 * c);
  layers.dense(smallest, shape.width);
  layers.dense(shape.width, smallest);
  layers.with_convolution(4 * c);
  layers.up(2 * c);
  layers.up(c);
  layers.add({c, 1, 3, 3}, WeightPlan::Start::zero, c * 9);
  layers.add({1});
  return {.input_width = pixels + 1, .output_width = pixels, .weights = layers.plans()};
}

Tensor ImageScoreNet::evaluate(const Tensor& x, const Weights& weights) const {
  const int64_t n = x.size(0), side = shape_.side, pixels = side * side;
  auto next = weights.begin();
  const auto take = [&next]() -> const Tensor& { return *next++; };
  const auto active = [this](const Tensor& y) { return activated(activation_, y); };
  const auto dense = [&](const Tensor& y) {
    const Tensor &weight = take(), &bias = take();
    return at::addmm(bias, y, weight);
  };
  const Tensor of_level = active(dense(x.narrow(1, pixels, 1)));
  const auto level = [&] { return dense(of_level).unsqueeze(2).unsqueeze(3); };
  const auto convolution = [&](const Tensor& y, int64_t stride) {
    const Tensor maps = at::conv2d(y, take(), {}, stride, /*padding=*/1);
    return maps + level();
  };
  const auto with_convolution = [&](const Tensor& y) {
    const Tensor &weight = take(), &bias = take();
    return y + active(at::conv2d(y, weight, bias, /*stride=*/1, /*padding=*/1));
  };
  const auto up = [&](const Tensor& y, const Tensor& passed) {
    const Tensor enlarged = at::conv_transpose2d(y, take(), {}, /*stride=*/2, /*padding=*/1);
    return with_convolution(active(enlarged + passed + level()));
  };

  const Tensor image = x.narrow(1, 0, pixels).reshape({n, 1, side, side});
  Tensor whole = convolution(image, 1);
  whole = with_convolution(active(whole + take()));
  Tensor half = with_convolution(active(convolution(whole, 2)));
  Tensor quarter = convolution(half, 2);
  quarter = with_convolution(active(quarter + take()));
  const Tensor hidden = active(dense(quarter.flatten(1)));
  quarter = with_convolution(quarter + dense(hidden).view_as(quarter));
  half = up(quarter, half);
  whole = up(half, whole);
  const Tensor &weight = take(), &bias = take();
  // To a single map: see ImageGenerator.
  return at::conv_transpose2d(whole, weight, bias, /*stride=*/1, /*padding=*/1).flatten(1);
}

}  // namespace samplerbench::samplers
