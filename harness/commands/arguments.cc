#include "harness/spec/catalog.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/commands/arguments.h"

namespace samplerbench::harness {
namespace {

std::vector<std::string> flag_names(const po::options_description& flags) {
  std::vector<std::string> names;
  for (const auto& flag : flags.options()) names.push_back("--" + flag->long_name());
  return names;
}

void print_help(const Syntax& syntax, const po::options_description& flags) {
  std::cout << "usage: " << syntax.usage << "\n\n";
  for (const auto& [name, help] : syntax.positionals) fmt::print("  {:<10} {}\n", name, help);
  std::cout << (syntax.positionals.empty() ? "" : "\n") << flags;
}

}  // namespace

Arguments parse_arguments(const Words& words, const Syntax& syntax) {
  po::options_description visible = syntax.flags;
  visible.add_options()("help,h", "show this help");
  po::options_description all = visible;
  po::positional_options_description positions;
  for (const auto& [name, help] : syntax.positionals) {
    const bool repeats = syntax.repeats && name == syntax.positionals.back().first;
    if (repeats)
      all.add_options()(name.c_str(), po::value<Words>());
    else
      all.add_options()(name.c_str(), po::value<std::string>());
    positions.add(name.c_str(), repeats ? -1 : 1);
  }
  Arguments arguments;
  try {
    po::store(po::command_line_parser(words)
                  .options(all)
                  .positional(positions)
                  .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                  .run(),
              arguments.values);
  } catch (const po::unknown_option& error) {
    throw InputError(unknown_name("flag", error.get_option_name(), flag_names(visible)));
  } catch (const po::too_many_positional_options_error&) {
    throw InputError("too many words; usage: " + syntax.usage);
  } catch (const po::error& error) {
    throw InputError(fmt::format("{}; usage: {}", error.what(), syntax.usage));
  }
  if (arguments.has("help")) {
    print_help(syntax, visible);
    arguments.help = true;
    return arguments;
  }
  for (size_t i = 0; i < syntax.required; ++i)
    if (!arguments.has(syntax.positionals[i].first))
      throw InputError(fmt::format("{} is missing; usage: {}", syntax.positionals[i].first, syntax.usage));
  return arguments;
}

int64_t whole_number(const Arguments& arguments, const std::string& flag, int64_t minimum, int64_t maximum) {
  const std::string text = arguments.text(flag);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < minimum || value > maximum)
    throw InputError(
        fmt::format("--{} {}: a whole number from {} to {} is needed", flag, text, minimum, maximum));
  return value;
}

void add_data_flag(po::options_description& flags) {
  flags.add_options()("data", po::value<std::string>(),
                      "folder of data files (default: SAMPLERBENCH_DATA, else ~/.local/share/samplerbench)");
}

Placement placement_from(const Arguments& arguments) {
  const int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  Placement placement{.device = arguments.text("device"),
                      .threads = static_cast<int>(whole_number(arguments, "threads", 1, 4 * cores))};
  if (placement.device != "cpu" && placement.device != "cuda")
    throw InputError(fmt::format("--device {}: cpu or cuda is needed", placement.device));
  if (placement.device == "cuda" && !at::hasCUDA())
    throw InputError("--device cuda: this LibTorch finds no CUDA device; --device cpu works everywhere");
  return placement;
}

DataFolder data_folder(const Arguments& arguments, const Catalog& catalog) {
  return {catalog.data,
          arguments.has("data") ? std::filesystem::path(arguments.text("data")) : default_data_folder()};
}

}  // namespace samplerbench::harness
