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

// Of a module that fails, the message begins with a trace and ends with a line that says what is wrong. Other
// messages begin with the cause, after an empty line where it stands in the module's source.
std::string torchscript_cause(const std::exception& error) {
  constexpr size_t kMostOfCause = 300;  // bytes
  const std::string text = error.what();
  size_t begin = text.rfind("RuntimeError: ");
  if (begin == std::string::npos) begin = text.find_first_not_of("\n ");
  if (begin == std::string::npos) return "it says nothing of the cause";
  return printable(text.substr(begin, text.find('\n', begin) - begin), kMostOfCause);
}

}  // namespace samplerbench::targets
