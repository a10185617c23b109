#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "harness/commands/arguments.h"
#include "harness/records/packing.h"
#include "harness/report/report.h"
#include "harness/support/progress.h"

namespace samplerbench::harness {

int pack_command(const Words& words, const Catalog&) {
  Syntax syntax{.usage = "samplerbench pack DIR [--keep] [--publish [--accept-dirty]]",
                .positionals = {{"DIR", "the results folder of one experiment, such as out/quick"}},
                .required = 1};
  syntax.flags.add_options()("keep", "leave the loose records where they are");
  add_publish_flags(
      syntax.flags,
      "first make sure that one commit without uncommitted changes made all records; else pack none");
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  const bool accept_dirty = accepts_dirty(arguments);
  if (arguments.has("publish") && !accept_dirty) require_publishable(arguments.text("DIR"));
  const PackedCount count = pack(arguments.text("DIR"), {.remove_loose = !arguments.has("keep")});
  write_out("{} records packed, {} in all: {}\n", count.added, count.total, count.file.string());
  for (const std::string& left : count.left) say("samplerbench: warning: {}: not packed: damaged", left);
  return count.left.empty() ? 0 : 1;
}

}  // namespace samplerbench::harness
