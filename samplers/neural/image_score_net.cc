#include "samplers/neural/image_score_net.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t level_width = 32;  // hidden units that the noise level is turned into

}  // namespace

// The order is that in which evaluate() takes them.
ConvolutionNetwork::Plan ImageScoreNet::plan(const ImageScoreNetShape& shape) {
  const int64_t side = shape.side, corner = side / 4, c = shape.channels;
  Plan plan{.input_width = side * side + 1, .output_width = side * side};
  const auto add = [&plan](std::vector<int64_t> sizes, Start start = Start::zero, int64_t fan_in = 1) {
    plan.weights.push_back({std::move(sizes), start, fan_in});
  };
  const auto convolution = [&](int64_t in, int64_t out) { add({out, in, 3, 3}, Start::normal, in * 9); };
  const auto level = [&](int64_t maps) {
    add({level_width, maps}, Start::normal, level_width);
    add({maps});
  };
  const auto added = [&](int64_t maps) {
    convolution(maps, maps);
    add({maps});
  };
  const auto up = [&](int64_t maps) {
    add({2 * maps, maps, 4, 4}, Start::normal, 2 * maps * 4);
    level(maps);
    added(maps);
  };
  add({1, level_width}, Start::normal, 1);
  add({level_width}, Start::uniform, 1);
  convolution(1, c);
  level(c);
  add({c, side, side});
  added(c);
  convolution(c, 2 * c);
  level(2 * c);
  added(2 * c);
  convolution(2 * c, 4 * c);
  level(4 * c);
  add({4 * c, corner, corner});
  added(4 * c);
  const int64_t smallest = 4 * c * corner * corner;
  add({smallest, shape.width}, Start::normal, smallest);
  add({shape.width});
  add({shape.width, smallest}, Start::normal, shape.width);
  add({smallest});
  added(4 * c);
  up(2 * c);
  up(c);
  add({c, 1, 3, 3}, Start::zero, c * 9);
  add({1});
  return plan;
}

Tensor ImageScoreNet::evaluate(const Tensor& x, const std::vector<Tensor>& weights) const {
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
