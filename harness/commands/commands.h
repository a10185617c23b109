#pragma once

#include <string>
#include <vector>

namespace samplerbench::harness {

struct Catalog;

using Words = std::vector<std::string>;

// Each takes the words after its own name and returns the exit code. All throw InputError for the caller's
// mistakes.
int list_command(const Words& words, const Catalog& catalog);
int describe_command(const Words& words, const Catalog& catalog);
int run_command(const Words& words, const Catalog& catalog);
int pack_command(const Words& words, const Catalog& catalog);
int report_command(const Words& words, const Catalog& catalog);
int score_command(const Words& words, const Catalog& catalog);
int draw_command(const Words& words, const Catalog& catalog);
int fit_command(const Words& words, const Catalog& catalog);
int data_command(const Words& words, const Catalog& catalog);

}  // namespace samplerbench::harness
