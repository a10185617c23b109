#include "core/nets/image_denoiser.h"

#include "core/nets/activation.h"
#include "core/nets/fused_silu.h"

namespace samplerbench {
namespace {

// The layers of an image denoiser in the order of their weights.
enum DenoiserLayer : size_t {
  kEntry,    // folded image to the maps of half the size
  kDown,     // these, folded, to the maps of a quarter
  kDeep,     // added to the maps of a quarter
  kSqueeze,  // these to few maps
  kGather,   // few maps to the bottleneck, dense
  kSpread,   // and back, dense
  kWiden,    // few maps to the maps of a quarter
  kUp,       // these to the maps of half the size, before they are unfolded
  kRefine,   // added to the maps of half the size
  kExit      // these to the image, before it is unfolded
};

const Tensor& kernel_of(const Weights& weights, DenoiserLayer layer) { return weights[2 * layer]; }
const Tensor& offset_of(const Weights& weights, DenoiserLayer layer) { return weights[2 * layer + 1]; }

// Each square of 2 x 2 numbers of a map becomes a number of four maps: [N, M, H, W] -> [N, 4 M, H/2, W/2].
Tensor folded(const Tensor& maps) {
  const int64_t n = maps.size(0), m = maps.size(1), h = maps.size(2) / 2, w = maps.size(3) / 2;
  return maps.reshape({n, m, h, 2, w, 2}).permute({0, 1, 3, 5, 2, 4}).reshape({n, 4 * m, h, w});
}

// The inverse, which is the transpose too: [N, 4 M, H, W] -> [N, M, 2 H, 2 W].
Tensor unfolded(const Tensor& maps) {
  const int64_t n = maps.size(0), m = maps.size(1) / 4, h = maps.size(2), w = maps.size(3);
  return maps.reshape({n, m, 2, 2, h, w}).permute({0, 1, 4, 2, 5, 3}).reshape({n, m, 2 * h, 2 * w});
}

// A convolution of stride 1 that keeps the size: kernel [out, in, k, k], k odd.
Tensor convolved(const Tensor& maps, const Tensor& kernel) {
  const int64_t padding = kernel.size(2) / 2;
  return at::conv2d(maps, kernel, {}, /*stride=*/1, padding);
}

// The same with an offset [out] for each map.
Tensor convolved(const Tensor& maps, const Tensor& kernel, const Tensor& offset) {
  const int64_t padding = kernel.size(2) / 2;
  return at::conv2d(maps, kernel, offset, /*stride=*/1, padding);
}

// The transpose of that without one: the kernel is turned by half a turn, its input and output exchanged.
Tensor convolved_back(const Tensor& maps, const Tensor& kernel) {
  return convolved(maps, kernel.transpose(0, 1).flip({2, 3}));
}

Tensor with_offset(const Tensor& maps, const Tensor& offset) {
  return offset.defined() ? maps + offset : maps;
}

// slope * silu'(x), outside any graph.
Tensor silu_pulled_back(const Tensor& slope, const Tensor& x) {
  if (!fits_fused_silu(x)) return at::silu_backward(slope, x);
  Tensor result = slope.clone(at::MemoryFormat::Contiguous);
  chain_silu(x, result);
  return result;
}

}  // namespace

WeightPlans ImageDenoiser::plans() const {
  const int64_t c = shape_.channels, b = shape_.bottleneck;
  const int64_t smallest = squeezed() * (shape_.height / 4) * (shape_.width / 4);
  WeightPlans plans;
  const auto layer = [&plans](std::vector<int64_t> kernel, std::vector<int64_t> offset, int64_t fan_in) {
    plans.push_back({std::move(kernel), WeightPlan::Start::uniform, fan_in});
    plans.push_back({std::move(offset), WeightPlan::Start::uniform, fan_in});
  };
  const auto convolution = [&layer](int64_t in, int64_t out, int64_t side) {
    layer({out, in, side, side}, {out}, in * side * side);
  };
  const auto dense = [&layer](int64_t in, int64_t out) { layer({in, out}, {out}, in); };
  convolution(4, c, 3);
  convolution(4 * c, 2 * c, 1);
  convolution(2 * c, 2 * c, 3);
  convolution(2 * c, squeezed(), 1);
  dense(smallest, b);
  dense(b, smallest);
  convolution(squeezed(), 2 * c, 1);
  convolution(2 * c, 4 * c, 1);
  convolution(c, c, 3);
  layer({4, c, 3, 3}, {4, shape_.height / 2, shape_.width / 2}, 9 * c);
  plans.back().start = WeightPlan::Start::zero;
  return plans;
}

Tensor ImageDenoiser::evaluate(const Tensor& x, const Weights& weights, const Offsets& offsets,
                               const Activate& activate) const {
  const int64_t n = x.size(0), height = shape_.height, width = shape_.width;
  const auto convolution = [&weights](const Tensor& maps, DenoiserLayer layer) {
    return convolved(maps, kernel_of(weights, layer), offset_of(weights, layer));
  };
  const auto dense = [&weights](const Tensor& rows, DenoiserLayer layer) {
    return at::addmm(offset_of(weights, layer), rows, kernel_of(weights, layer));
  };
  Tensor half = convolution(folded(x.reshape({n, 1, height, width})), kEntry);
  half = activate(with_offset(half, offsets.half));
  Tensor quarter = activate(with_offset(convolution(folded(half), kDown), offsets.quarter));
  quarter = quarter + activate(convolution(quarter, kDeep));
  Tensor rows = activate(convolution(quarter, kSqueeze)).flatten(1);
  rows = activate(dense(rows, kGather));
  rows = activate(dense(rows, kSpread));
  const Tensor spread = rows.view({n, squeezed(), height / 4, width / 4});
  quarter = activate(quarter + convolution(spread, kWiden));
  half = activate(half + unfolded(convolution(quarter, kUp)));
  half = half + activate(convolution(half, kRefine));
  const Tensor image = convolved(half, kernel_of(weights, kExit)) + offset_of(weights, kExit);
  return unfolded(image).flatten(1);
}

Tensor ImageDenoiser::forward(const Tensor& x, const Weights& weights, const Offsets& offsets) const {
  return evaluate(x, weights, offsets, [](const Tensor& y) { return at::silu(y); });
}

ImageDenoiser::Trace ImageDenoiser::trace(const Tensor& x, const Weights& weights) const {
  Trace trace{.has_slopes = torch::GradMode::is_enabled()};
  trace.value = evaluate(x, weights, {}, [&trace](const Tensor& y) -> Tensor {
    if (!trace.has_slopes) {
      trace.kept.push_back(y);
      return at::silu(y);
    }
    auto [value, slope] = activated_with_slope(Activation::silu, y);
    trace.kept.push_back(std::move(slope));
    return value;
  });
  return trace;
}

// Line by line the transpose of evaluate(), from its end to its beginning.
Tensor ImageDenoiser::pulled_back(const Tensor& v, const Trace& trace, const Weights& weights) const {
  const int64_t n = v.size(0), height = shape_.height, width = shape_.width;
  size_t next = trace.kept.size();
  const auto chained = [&trace, &next](const Tensor& slope) {
    const Tensor& kept = trace.kept[--next];
    return trace.has_slopes ? slope * kept : silu_pulled_back(slope, kept);
  };
  const auto convolution = [&weights](const Tensor& maps, DenoiserLayer layer) {
    return convolved_back(maps, kernel_of(weights, layer));
  };
  const auto dense = [&weights](const Tensor& rows, DenoiserLayer layer) {
    return rows.mm(kernel_of(weights, layer).t());
  };
  Tensor half = convolution(folded(v.reshape({n, 1, height, width})), kExit);
  half = half + convolution(chained(half), kRefine);
  half = chained(half);
  Tensor quarter = chained(convolution(folded(half), kUp));
  Tensor rows = chained(convolution(quarter, kWiden).flatten(1));
  rows = chained(dense(rows, kSpread));
  rows = dense(rows, kGather);
  const Tensor squeezed_maps = chained(rows.view({n, squeezed(), height / 4, width / 4}));
  quarter = quarter + convolution(squeezed_maps, kSqueeze);
  quarter = quarter + convolution(chained(quarter), kDeep);
  quarter = chained(quarter);
  half = half + unfolded(convolution(quarter, kDown));
  return unfolded(convolution(chained(half), kEntry)).flatten(1);
}

}  // namespace samplerbench
