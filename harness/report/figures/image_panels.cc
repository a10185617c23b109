#include "harness/report/figures/image_panels.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/tensor.h"
#include "harness/support/npy.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr int64_t kTiles = 10;   // a row and a column of a sheet
constexpr int64_t kTileGap = 2;  // in pixels of the images
constexpr uint8_t kWhite = 255;

// Height or width of a sheet of images of that height or width.
int64_t sheet_side(int64_t side) { return kTiles * (side + kTileGap) - kTileGap; }

// images: [n, height, width] uint8.
Sheet sheet_of(const Tensor& images) {
  const int64_t height = images.size(1), width = images.size(2);
  Tensor sheet = torch::full({sheet_side(height), sheet_side(width)}, kWhite, torch::kByte);
  for (int64_t i = 0; i < std::min(images.size(0), kTiles * kTiles); ++i) {
    const int64_t y = i / kTiles * (height + kTileGap), x = i % kTiles * (width + kTileGap);
    sheet.slice(0, y, y + height).slice(1, x, x + width).copy_(images[i]);
  }
  const auto* bytes = reinterpret_cast<const char*>(sheet.data_ptr<uint8_t>());
  return {sheet.size(0), sheet.size(1), std::string(bytes, static_cast<size_t>(sheet.numel()))};
}

ImagePanel kept_panel(const std::string& head, const RunImages& kept, std::vector<std::string>& warnings) {
  try {
    const std::string bytes = kept.bytes.empty() ? read_input(kept.file) : kept.bytes;
    if (const std::string fault = kept.kept.fault_of(bytes); !fault.empty())
      throw InputError(fmt::format("{} {}", kept.file.string(), fault));
    const Tensor images = parse_npy_bytes(bytes, kept.file);
    if (images.dim() != 3 || images.numel() == 0 || images.size(1) != kept.height ||
        images.size(2) != kept.width)
      throw InputError(
          fmt::format("{}: not images of {} x {} pixels", kept.file.string(), kept.height, kept.width));
    return {head, sheet_of(images)};
  } catch (const InputError& error) {
    warnings.push_back(fmt::format("the images of {} are not shown: {}", head, error.what()));
    return {head, {}, "not readable"};
  }
}

// The images of the first seed that has some, or why there are none.
ImagePanel sampler_panel(const Grid& grid, const std::string& target, const SamplerChoice& sampler,
                         std::vector<std::string>& warnings) {
  if (const Run* run = grid.run_with_images(target, sampler.label))
    return kept_panel(sampler.heading(), *run->images, warnings);
  return {sampler.heading(), {}, grid.word_without_draws(target, sampler.label, "no images kept")};
}

}  // namespace

std::vector<ImagePanel> image_panels(const Grid& grid, const std::string& target,
                                     const std::vector<std::string>& samplers,
                                     std::vector<std::string>& warnings) {
  std::vector<ImagePanel> panels;
  const auto floor = grid.results().floors.find(target);
  if (floor != grid.results().floors.end() && floor->second.images && !floor->second.images->left_out)
    panels.push_back(kept_panel("images of the data", *floor->second.images, warnings));
  for (const SamplerChoice& sampler : grid.experiment().samplers)
    if (std::find(samplers.begin(), samplers.end(), sampler.label) != samplers.end())
      panels.push_back(sampler_panel(grid, target, sampler, warnings));
  const auto first = std::find_if(panels.begin(), panels.end(),
                                  [](const ImagePanel& panel) { return !panel.sheet.bytes.empty(); });
  if (first == panels.end()) return {};
  const int64_t height = first->sheet.height, width = first->sheet.width;
  for (ImagePanel& panel : panels)
    if (!panel.sheet.bytes.empty() && (panel.sheet.height != height || panel.sheet.width != width))
      panel = {panel.head, {}, "of another size"};
  return panels;
}

}  // namespace samplerbench::harness::reporting
