#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/call.h"
#include "harness/commands/arguments.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/read_input.h"
#include "targets/foreign/exported_target.h"
#include "targets/targets.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "samplerbench-bridgestan.so";

// The library without a target: beside the installed program, in the folder of installation, or as built.
fs::path library_without_target() {
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  const fs::path prefix = program.parent_path().parent_path();
  const fs::path places[] = {prefix / SAMPLERBENCH_LIBRARIES, SAMPLERBENCH_INSTALLED_LIBRARIES,
                             SAMPLERBENCH_BUILT_LIBRARIES};
  for (const fs::path& place : places)
    if (fs::is_regular_file(place / kLibrary, unknown)) return place / kLibrary;
  throw std::runtime_error(fmt::format("{} is not where this program was installed or built", kLibrary));
}

// The bytes of the library with `text` in its room.
std::string library_with(const std::string& text) {
  const fs::path file = library_without_target();
  std::string bytes = read_input(file);
  const auto room = std::make_unique<targets::ExportRoom>(targets::empty_export_room());
  const size_t at = bytes.find(std::string_view(reinterpret_cast<const char*>(room.get()), sizeof(*room)));
  if (at == std::string::npos)
    throw std::runtime_error(fmt::format("{} has no room for a target", file.string()));
  if (text.size() >= sizeof(room->text))
    throw InputError(fmt::format("the options of the target take {} bytes, and {} are the most", text.size(),
                                 sizeof(room->text) - 1));
  return bytes.replace(at + offsetof(targets::ExportRoom, text), text.size(), text);
}

// Throws InputError where a file is there already, such as the caller's spec.
void require_free(const std::string& out) {
  if (std::filesystem::is_regular_file(out))
    throw InputError(fmt::format("--bridgestan {}: this file exists; remove it or choose another name", out));
}

// Throws InputError for a target that a library by itself cannot make.
void require_exportable(const Choice& target, const Catalog& catalog) {
  targets::TargetRegistry suite("target");
  targets::add_targets(suite);
  if (!suite.contains(target.name))
    throw InputError(
        fmt::format("{}: is a target of this program alone, and an exported library has those of the suite",
                    target.label));
  const std::vector<std::string> files = catalog.files(target.name, target.options, "TARGET");
  if (!files.empty())
    throw InputError(fmt::format("{}: reads {}, and an exported library holds no data", target.label,
                                 fmt::join(files, ", ")));
  catalog.problem(target.name, target.options, "TARGET");
}

}  // namespace

Syntax export_syntax() {
  Syntax syntax{.usage = "samplerbench export TARGET --bridgestan FILE.so",
                .positionals = {{"TARGET", "the target, such as donut or gaussian:correlation=0.95"}},
                .required = 1,
                .offers = {{"TARGET", {.names = {Names::targets}}}}};
  syntax.flags.add_options()  //
      ("bridgestan", po::value<std::string>(),
       "shared object to write, with all functions of BridgeStan's C ABI, whose clients open it");
  return syntax;
}

int export_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, export_syntax());
  if (arguments.help) return 0;
  if (!arguments.has("bridgestan"))
    throw InputError("--bridgestan is missing; usage: " + export_syntax().usage);
  const Choice target = choose(catalog.targets, parse_call(arguments.text("TARGET")), "TARGET");
  require_exportable(target, catalog);
  const std::string out = arguments.text("bridgestan");
  require_free(out);
  const Json text{{"name", target.name}, {"options", target.options}, {"label", target.label}};
  const std::string library = library_with(canonical(text));
  try {
    write_atomically(out, library);
  } catch (const CannotWrite& error) {
    refuse_output("bridgestan", out, error);
  }
  if (is_standard_output(out))
    say("{} in {}", target.label, out);
  else
    write_out("{} in {}\n", target.label, out);
  return 0;
}

}  // namespace samplerbench::harness
