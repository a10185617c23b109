#include "targets/foreign/torchscript_file.h"

#include <fmt/format.h>

#include <filesystem>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::targets {

bool is_torchscript(const std::string& bytes) { return bytes.find("constants.pkl") != std::string::npos; }

void require_vouched_for(const std::string& name, const DataFiles& files) {
  if (files.is_vouched_for(name)) return;
  const std::filesystem::path source(files.shown(name));
  throw InputError(fmt::format(
      "{}: LibTorch reads a TorchScript module without checking it, so its SHA-256 must be known: write "
      "{{\"sha256\": \"...\"}}, what `sha256sum` says where the module was saved, into {} and name the "
      "module .pt",
      source.string(), std::filesystem::path(source).replace_extension(".json").string()));
}

std::string torchscript_cause(const std::exception& error) {
  constexpr size_t kMostOfCause = 300;  // bytes
  const std::string cause = brief(error);
  return cause.empty() ? "it says nothing of the cause" : printable(cause, kMostOfCause);
}

}  // namespace samplerbench::targets
