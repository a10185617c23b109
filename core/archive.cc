#include "core/archive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include "core/error.h"

namespace samplerbench {

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

std::string Archive::serialise() const {
  c10::Dict<std::string, Tensor> dictionary;
  for (const auto& [name, value] : tensors_) dictionary.insert(name, value);
  const std::vector<char> bytes = torch::jit::pickle_save(dictionary);
  return {bytes.begin(), bytes.end()};
}

Archive Archive::parse(const std::string& bytes, const std::string& source) {
  Archive archive;
  try {
    const c10::IValue value = torch::jit::pickle_load({bytes.begin(), bytes.end()});
    for (const auto& item : value.toGenericDict())
      archive.put(item.key().toStringRef(), item.value().toTensor());
  } catch (const std::exception&) {
    throw InputError(fmt::format("{}: not a saved sampler, or damaged", source));
  }
  return archive;
}

}  // namespace samplerbench
