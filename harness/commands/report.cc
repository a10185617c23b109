#include "harness/report/report.h"

#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {
namespace {

ReportInput input_from(const Arguments& arguments, const Catalog& catalog) {
  const std::filesystem::path results = arguments.text("DIR");
  ReportInput input{.results = results,
                    .out = results / "report",
                    .catalog = catalog,
                    .figures = !arguments.has("no-figures")};
  if (arguments.has("out")) input.out = arguments.text("out");
  if (arguments.has("publish")) {
    input.form = ReportForm::published;
    if (!arguments.has("out")) input.out = results;
  }
  return input;
}

}  // namespace

int report_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{.usage = "samplerbench report DIR [--out DIR] [--publish] [--no-figures]",
                .positionals = {{"DIR", "a folder of records, such as out/quick"}},
                .required = 1};
  syntax.flags.add_options()                                                                   //
      ("out", po::value<std::string>(), "folder that takes the report (default: DIR/report)")  //
      ("publish",
       "the light form, into DIR itself: report.md, its tables as CSV and the figures that it shows")  //
      ("no-figures", "tables and page only");
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  const ReportSummary summary = write_report(input_from(arguments, catalog));
  for (const std::string& warning : summary.warnings) say("samplerbench: warning: {}", warning);
  write_out("{} runs\npage: {}\n", summary.runs, summary.page.string());
  return summary.damaged > 0 ? 2 : 0;
}

}  // namespace samplerbench::harness
