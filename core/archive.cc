#include "core/archive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/error.h"
#include "core/json.h"
#include "core/safetensors.h"

namespace samplerbench {
namespace {

// The models of results/models. LibTorch's reader of pickles does not check what it reads, so no other is
// given to it.
constexpr std::array<std::string_view, 5> kPublishedPickles{
    "6f39b2a2c57b9ea622097a2a3174c3a3df3c678c9800f884ca87850e0382721b",
    "b3699955dfbff795be361291e9f4fa2e2f889a8369c18d3e35bcba8ee948baab",
    "d898b4c30a1ea8277294ee444618c6c1c7c8c368f765c8236e4b5579e70702cf",
    "ff8c37d5328fa6f16ee6354838a13b658dac7ebbe65a9e6beae84a7627fb2aeb",
    "d7154d9956ba5360be2a80cf05bc29e1d5f108b6486d0ae5d75743c3dfd29c8e"};

bool is_pickle(const std::string& bytes) { return bytes.starts_with("PK\x03\x04"); }

std::map<std::string, Tensor> read_published_pickle(const std::string& bytes) {
  if (std::find(kPublishedPickles.begin(), kPublishedPickles.end(), sha256(bytes)) == kPublishedPickles.end())
    throw InputError("it is a pickle, which cannot be read safely; a safetensors file is needed");
  std::map<std::string, Tensor> tensors;
  const c10::IValue value = torch::jit::pickle_load({bytes.begin(), bytes.end()});
  for (const auto& item : value.toGenericDict()) tensors[item.key().toStringRef()] = item.value().toTensor();
  return tensors;
}

}  // namespace

void Archive::put(const std::string& name, const Tensor& value) {
  tensors_[name] = value.detach().to(torch::kCPU).clone(at::MemoryFormat::Contiguous);
}

Tensor Archive::get(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw InputError(fmt::format("the saved sampler holds no tensor '{}'", name));
  return found->second;
}

void Archive::restore(const std::string& name, Tensor& into) const {
  torch::NoGradGuard no_grad;
  const Tensor kept = get(name);
  if (kept.sizes() != into.sizes())
    throw InputError(fmt::format("the saved '{}' has shape [{}], and [{}] is needed", name,
                                 fmt::join(kept.sizes(), ", "), fmt::join(into.sizes(), ", ")));
  into.copy_(kept);
}

std::string Archive::serialise() const { return to_safetensors(tensors_); }

Archive Archive::parse(const std::string& bytes, const std::string& source) {
  Archive archive;
  try {
    archive.tensors_ = is_pickle(bytes) ? read_published_pickle(bytes) : from_safetensors(bytes);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: not a saved sampler or model, or damaged: {}", source, error.what()));
  }
  return archive;
}

}  // namespace samplerbench
