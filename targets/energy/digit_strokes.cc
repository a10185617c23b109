#include "targets/energy/digit_strokes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <tuple>
#include <vector>

#include "core/rng.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kSide = 28;
constexpr int64_t kDigits = 10;
constexpr double kHalfHeight = 9;  // pixels, of a digit of scale 1
constexpr uint64_t kGlyphSeed = 1;

// In a digit's own frame: x to the right and y down, both in [-1, 1].
struct Point {
  double x, y;
};
using Stroke = std::vector<Point>;
using Glyph = std::vector<Stroke>;

// Part of an ellipse between two angles in degrees; 0 is right, 90 is down.
Stroke arc(Point centre, Point radii, double from, double to) {
  constexpr double kDegree = std::numbers::pi / 180;
  const auto pieces = static_cast<int64_t>(std::ceil(std::abs(to - from) / 24));
  Stroke stroke;
  for (int64_t i = 0; i <= pieces; ++i) {
    const double angle =
        kDegree * (from + (to - from) * static_cast<double>(i) / static_cast<double>(pieces));
    stroke.push_back({centre.x + radii.x * std::cos(angle), centre.y + radii.y * std::sin(angle)});
  }
  return stroke;
}

Stroke joined(Stroke stroke, const Stroke& more) {
  stroke.insert(stroke.end(), more.begin(), more.end());
  return stroke;
}

std::array<Glyph, kDigits> make_glyphs() {
  return {{
      {arc({0, 0}, {0.62, 0.95}, 0, 360)},
      {{{-0.3, -0.6}, {0.05, -0.95}, {0.05, 0.95}}},
      {joined(arc({0, -0.45}, {0.6, 0.5}, -170, 35), {{-0.6, 0.95}, {0.65, 0.95}})},
      {joined(arc({-0.05, -0.47}, {0.55, 0.48}, -160, 90), arc({-0.05, 0.47}, {0.62, 0.48}, -90, 160))},
      {{{0.3, 0.95}, {0.3, -0.95}, {-0.65, 0.35}, {0.65, 0.35}}},
      {joined({{0.55, -0.95}, {-0.45, -0.95}, {-0.5, -0.1}}, arc({0, 0.35}, {0.6, 0.6}, -140, 150))},
      {{{0.45, -0.95}, {-0.2, -0.55}, {-0.52, 0.2}}, arc({0, 0.42}, {0.55, 0.53}, 0, 360)},
      {{{-0.6, -0.95}, {0.6, -0.95}, {-0.1, 0.95}}},
      {arc({0, -0.47}, {0.45, 0.46}, 0, 360), arc({0, 0.47}, {0.55, 0.48}, 0, 360)},
      {arc({0, -0.43}, {0.52, 0.5}, 0, 360), {{0.52, -0.43}, {0.35, 0.95}}},
  }};
}

// Where the pen is, in pixels, and how it draws.
struct Hand {
  double xx, xy, yx, yy;  // the linear map, pixels a unit
  double x, y;            // the centre, in pixels from the corner of the image
  double pen;             // half the width of a line, pixels

  Point operator()(Point p) const { return {x + xx * p.x + xy * p.y, y + yx * p.x + yy * p.y}; }
};

constexpr int64_t kNumbers = 7;  // uniforms that a hand is made from

Hand make_hand(const double* uniform) {
  const auto between = [](double u, double low, double high) { return low + u * (high - low); };
  const double height = kHalfHeight * between(uniform[0], 0.8, 1.1);
  const double width = kHalfHeight * between(uniform[1], 0.7, 1.1);
  const double angle = between(uniform[2], -0.26, 0.26);  // radians
  const double shear = between(uniform[3], -0.25, 0.25);
  const double c = std::cos(angle), s = std::sin(angle);
  return {.xx = c * width,
          .xy = (c * shear - s) * height,
          .yx = s * width,
          .yy = (s * shear + c) * height,
          .x = kSide / 2.0 + between(uniform[4], -1.5, 1.5),
          .y = kSide / 2.0 + between(uniform[5], -1.5, 1.5),
          .pen = between(uniform[6], 0.8, 1.6)};
}

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / std::max(dx * dx + dy * dy, 1e-12);
  const double t = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// Darkens the pixels near a segment: full within the pen, none a pixel further, and the greater of this and
// what is there. `image`: [28 * 28] of coverage in [0, 1].
void draw_segment(Point a, Point b, double pen, std::array<double, kSide * kSide>& image) {
  const double reach = pen + 0.5;
  const auto first = [reach](double u, double v) {
    return std::max<int64_t>(0, static_cast<int64_t>(std::floor(std::min(u, v) - reach)));
  };
  const auto last = [reach](double u, double v) {
    return std::min<int64_t>(kSide - 1, static_cast<int64_t>(std::floor(std::max(u, v) + reach)));
  };
  for (int64_t row = first(a.y, b.y); row <= last(a.y, b.y); ++row)
    for (int64_t column = first(a.x, b.x); column <= last(a.x, b.x); ++column) {
      const Point pixel{static_cast<double>(column) + 0.5, static_cast<double>(row) + 0.5};
      const double cover = std::clamp(reach - distance_to_segment(pixel, a, b), 0.0, 1.0);
      double& there = image[row * kSide + column];
      there = std::max(there, cover);
    }
}

void draw(const Glyph& glyph, const Hand& hand, uint8_t* out) {
  std::array<double, kSide * kSide> image{};
  for (const Stroke& stroke : glyph)
    for (size_t i = 1; i < stroke.size(); ++i)
      draw_segment(hand(stroke[i - 1]), hand(stroke[i]), hand.pen, image);
  std::transform(image.begin(), image.end(), out,
                 [](double cover) { return static_cast<uint8_t>(std::lround(255 * cover)); });
}

// n images [n, 784] uint8 and their labels [n] int64.
std::pair<Tensor, Tensor> draw_set(int64_t n, const Rng& rng) {
  static const std::array<Glyph, kDigits> glyphs = make_glyphs();
  const Tensor labels = rng.split("labels").permutation(n).remainder(kDigits);
  const Tensor uniforms = rng.split("hands").uniform({n, kNumbers}, torch::kDouble);
  const Tensor images = torch::empty({n, kSide * kSide}, torch::kByte);
  for (int64_t i = 0; i < n; ++i)
    draw(glyphs[labels.data_ptr<int64_t>()[i]], make_hand(uniforms.data_ptr<double>() + i * kNumbers),
         images.data_ptr<uint8_t>() + i * kSide * kSide);
  return {images, labels};
}

}  // namespace

ImageData digit_strokes(int64_t training, int64_t test) {
  const Rng root = Rng(kGlyphSeed).split("digit strokes");
  ImageData data{.height = kSide, .width = kSide, .classes = kDigits, .name = "strokes"};
  std::tie(data.training, data.training_labels) = draw_set(training, root.split("training"));
  std::tie(data.test, data.test_labels) = draw_set(test, root.split("test"));
  return data;
}

}  // namespace samplerbench::targets
