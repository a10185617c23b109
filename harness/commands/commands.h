#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace samplerbench::harness {

struct Catalog;

using Words = std::vector<std::string>;

// Each takes the words after its own name and returns the exit code. All throw InputError for the caller's
// mistakes.
int list_command(const Words& words, const Catalog& catalog);
int describe_command(const Words& words, const Catalog& catalog);
int run_command(const Words& words, const Catalog& catalog);
int tune_command(const Words& words, const Catalog& catalog);
int pack_command(const Words& words, const Catalog& catalog);
int report_command(const Words& words, const Catalog& catalog);
int compare_command(const Words& words, const Catalog& catalog);
int score_command(const Words& words, const Catalog& catalog);
int draw_command(const Words& words, const Catalog& catalog);
int export_command(const Words& words, const Catalog& catalog);
int serve_command(const Words& words, const Catalog& catalog);
int fit_command(const Words& words, const Catalog& catalog);
int data_command(const Words& words, const Catalog& catalog);

// How commands write their results to standard output. None throws where it cannot be written: the program
// says so at its end and exits with 1.
void write_text(const std::string& text);
int output_error();                     // what the system said where it could not be written so far; else 0
void write_json(const Json& document);  // bytes that are not UTF-8 become U+FFFD
template <class... Values>
void write_out(fmt::format_string<Values...> form, Values&&... values) {
  write_text(fmt::format(form, std::forward<Values>(values)...));
}

}  // namespace samplerbench::harness
