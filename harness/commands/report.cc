#include "harness/report/report.h"

#include <fmt/format.h>

#include "harness/commands/arguments.h"

namespace samplerbench::harness {

int report_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{.usage = "samplerbench report DIR [--out DIR] [--no-figures]",
                .positionals = {{"DIR", "a folder of records, such as out/quick"}},
                .required = 1};
  syntax.flags.add_options()                                                                   //
      ("out", po::value<std::string>(), "folder that takes the report (default: DIR/report)")  //
      ("no-figures", "tables and page only");
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  const std::filesystem::path results = arguments.text("DIR");
  const ReportSummary summary = write_report(
      {.results = results,
       .out = arguments.has("out") ? std::filesystem::path(arguments.text("out")) : results / "report",
       .catalog = catalog,
       .figures = !arguments.has("no-figures")});
  for (const std::string& warning : summary.warnings)
    fmt::print(stderr, "samplerbench: warning: {}\n", warning);
  fmt::print("{} runs\npage: {}\n", summary.runs, summary.page.string());
  return summary.damaged > 0 ? 2 : 0;
}

}  // namespace samplerbench::harness
