#include "harness/report/report.h"

#include <fmt/format.h>

#include <sstream>

#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

// The words of --format, which commas part; none where it is not given.
std::vector<std::string> formats_from(const Arguments& arguments) {
  std::vector<std::string> formats;
  if (!arguments.has("format")) return formats;
  std::istringstream words(arguments.text("format"));
  for (std::string word; std::getline(words, word, ',');) {
    if (word != "svg" && word != "png" && word != "pdf")
      throw InputError(fmt::format("--format {}: svg, png and pdf are valid, parted by commas",
                                   printable(arguments.text("format"))));
    formats.push_back(word);
  }
  for (const char* other : {"publish", "no-figures"})
    if (arguments.has(other)) throw InputError(fmt::format("--format: --{} leaves no choice of it", other));
  return formats;
}

ReportInput input_from(const Arguments& arguments, const Catalog& catalog) {
  const std::filesystem::path results = arguments.text("DIR");
  ReportInput input{.results = results,
                    .out = results / "report",
                    .catalog = catalog,
                    .figures = !arguments.has("no-figures"),
                    .ci = ci_files(arguments),
                    .formats = formats_from(arguments)};
  if (arguments.has("out")) input.out = arguments.text("out");
  const bool accept_dirty = accepts_dirty(arguments);
  if (arguments.has("publish")) {
    input.form = ReportForm::published;
    input.accept_dirty = accept_dirty;
    if (!arguments.has("out")) input.out = results;
  }
  return input;
}

}  // namespace

Syntax report_syntax() {
  Syntax syntax{.usage = "samplerbench report DIR [options]",
                .positionals = {{"DIR", "a folder of records, such as out/quick"}},
                .required = 1,
                .offers = {{"format", {.words = {"svg", "png", "pdf"}}}}};
  syntax.flags.add_options()                                                                   //
      ("out", po::value<std::string>(), "folder that takes the report (default: DIR/report)")  //
      ("format", po::value<std::string>(),
       "of the figures: svg, png, pdf, parted by commas (default: all at the size of a screen); pdf named "
       "here "
       "draws them at the column (8.4 cm) and page width (17 cm) of a paper too")  //
      ("no-figures", "tables and page only");
  add_publish_flags(
      syntax.flags,
      "the light form, into DIR itself: report.md and the figures that it shows");
  add_claims_flag(syntax.flags);
  add_ci_flags(syntax.flags);
  return syntax;
}

int report_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, report_syntax());
  if (arguments.help) return 0;
  const ReportSummary summary = write_report(input_from(arguments, catalog));
  for (const std::string& warning : summary.warnings) say("samplerbench: warning: {}", warning);
  write_out("{} runs\npage: {}\n", summary.runs, summary.page.string());
  const bool broken = breaks_claims(arguments, summary.broken_claims);
  return summary.damaged > 0 ? 2 : broken ? 1 : 0;
}

}  // namespace samplerbench::harness
