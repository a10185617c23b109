#pragma once

#include <fmt/format.h>

#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/printable.h"

namespace samplerbench::harness {

struct Catalog;
struct Syntax;

using Words = std::vector<std::string>;

struct CommandEntry {
  const char* name;
  const char* summary;
  Syntax (*syntax)();  // its flags and positional words
  // Takes the words after its name and returns the exit code. Throws InputError for the caller's mistakes.
  int (*carry_out)(const Words& words, const Catalog& catalog);
};

// All commands, in the order of the help.
std::span<const CommandEntry> all_commands();

// The command of that name. Throws InputError with the nearest known one.
const CommandEntry& command_named(const std::string& name);

// The two functions of every command, in the file of its name.
Syntax list_syntax();
int list_command(const Words& words, const Catalog& catalog);
Syntax describe_syntax();
int describe_command(const Words& words, const Catalog& catalog);
Syntax run_syntax();
int run_command(const Words& words, const Catalog& catalog);
Syntax tune_syntax();
int tune_command(const Words& words, const Catalog& catalog);
Syntax slurm_syntax();
int slurm_command(const Words& words, const Catalog& catalog);
Syntax pack_syntax();
int pack_command(const Words& words, const Catalog& catalog);
Syntax report_syntax();
int report_command(const Words& words, const Catalog& catalog);
Syntax compare_syntax();
int compare_command(const Words& words, const Catalog& catalog);
Syntax score_syntax();
int score_command(const Words& words, const Catalog& catalog);
Syntax draw_syntax();
int draw_command(const Words& words, const Catalog& catalog);
Syntax export_syntax();
int export_command(const Words& words, const Catalog& catalog);
Syntax serve_syntax();
int serve_command(const Words& words, const Catalog& catalog);
Syntax fit_syntax();
int fit_command(const Words& words, const Catalog& catalog);
Syntax data_syntax();
int data_command(const Words& words, const Catalog& catalog);
Syntax new_syntax();
int new_command(const Words& words, const Catalog& catalog);
Syntax check_syntax();
int check_command(const Words& words, const Catalog& catalog);
Syntax completion_syntax();
int completion_command(const Words& words, const Catalog& catalog);
Syntax help_syntax();
int help_command(const Words& words, const Catalog& catalog);

// The exit code that `act`() returns; where it throws, that of the exception, which standard error is told
// of.
int code_of(const std::function<int()>& act);

// How commands write their results to standard output. None throws where it cannot be written: the program
// says so at its end and exits with 1.
void write_text(const std::string& text);
int output_error();                     // what the system said where it could not be written so far; else 0
void note_output_error(int error);      // the same of another process of the command; nothing where it is 0
void write_json(const Json& document);  // bytes that are not UTF-8 become U+FFFD

// A value as part of a line: a text as printable() has it, line ends included, and all else as it is.
template <class Value>
decltype(auto) in_line(Value&& value) {
  if constexpr (std::is_same_v<std::remove_cvref_t<Value>, std::string>)
    return printable(value, std::string::npos);
  else
    return std::forward<Value>(value);
}

// Writes a text in the form of fmt::format, which alone ends lines: no terminal acts on what stands in the
// values, such as labels and paths. A value of several lines goes through write_text().
template <class... Values>
void write_out(fmt::format_string<Values...> form, Values&&... values) {
  write_text(fmt::format(fmt::runtime(form), in_line(std::forward<Values>(values))...));
}

}  // namespace samplerbench::harness
