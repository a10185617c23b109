#include <fmt/format.h>

#include "core/error.h"
#include "harness/commands/arguments.h"
#include "harness/records/packing.h"
#include "harness/report/report.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {

Syntax pack_syntax() {
  Syntax syntax{.usage = "samplerbench pack DIR [--keep] [--publish [--no-figures] [--accept-dirty]]",
                .positionals = {{"DIR", "the results folder of one experiment, such as out/quick"}},
                .required = 1};
  syntax.flags.add_options()                              //
      ("keep", "leave the loose records where they are")  //
      ("no-figures", "publish for a report without figures: leave out the points and images of all runs");
  add_publish_flags(syntax.flags,
                    "first make sure that one commit without uncommitted changes made all records, else pack "
                    "none; and leave out, of records packed before too, the points and images of runs that no "
                    "figure of a report shows, and the draws of reference posteriors");
  return syntax;
}

int pack_command(const Words& words, const Catalog&) {
  const Arguments arguments = parse_arguments(words, pack_syntax());
  if (arguments.help) return 0;
  const bool accept_dirty = accepts_dirty(arguments), no_figures = arguments.has("no-figures");
  if (no_figures && !arguments.has("publish"))
    throw InputError("--no-figures: it concerns what is published; add --publish, or leave it out");
  const std::string folder = arguments.text("DIR");
  PackOptions options{.remove_loose = !arguments.has("keep")};
  if (arguments.has("publish")) {
    if (!accept_dirty) require_publishable(folder);
    options.unshown = unshown_runs(folder, !no_figures);
  }
  const PackedCount count = pack(folder, options);
  write_out("{} records packed, {} in all: {}\n", count.added, count.total, count.file.string());
  for (const std::string& left : count.left) say("samplerbench: warning: {}: not packed: damaged", left);
  return count.left.empty() ? 0 : 1;
}

}  // namespace samplerbench::harness
