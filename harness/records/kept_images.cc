#include "harness/records/kept_images.h"

#include "harness/records/kept_files.h"
#include "harness/support/npy.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t most_images = 100;

}  // namespace

KeptImages keep_images(const Tensor& draws, const targets::Images& images,
                       const std::filesystem::path& record) {
  const Tensor some = draws.slice(0, 0, most_images).detach().to(torch::kCPU, torch::kDouble);
  const Tensor grey = images.as_grey(some);
  const Tensor bytes = (grey.nan_to_num(0).clamp(0, 1) * 255).round().to(torch::kByte);
  const std::filesystem::path file = beside(record, kImagesExtension);
  write_npy(file, bytes.reshape({bytes.size(0), images.height, images.width}));
  KeptImages kept;
  static_cast<KeptFile&>(kept) = KeptFile::of(read_input(file));
  kept.file = file.filename().string();
  kept.height = images.height;
  kept.width = images.width;
  kept.n = bytes.size(0);
  return kept;
}

}  // namespace samplerbench::harness
