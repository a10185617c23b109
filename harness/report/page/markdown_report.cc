#include "harness/report/page/markdown_report.h"

#include <fmt/format.h>

#include "harness/report/page/claims_matrix.h"
#include "harness/report/page/shown_notes.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

std::string heading(int level, const std::string& title) {
  return fmt::format("{} {}\n\n", std::string(static_cast<size_t>(level), '#'), escape_markdown(title));
}

std::string figure_markdown(const Figure& figure) {
  if (!figure.drawn)
    return fmt::format("The figure \"{}\" was not drawn.\n\n", escape_markdown(figure.title));
  return fmt::format("![{0}](figures/{1}.{2})\n\n**{0}.** {3}\n\n", escape_markdown(figure.title),
                     figure.stem, figure.best_format(), escape_markdown(figure.caption));
}

// What a reader opens: GitHub and GitLab show the first line alone.
std::string folded_markdown(const std::string& summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", summary, content);
}

std::string table_markdown(const Table& table, ShownNotes& shown) {
  std::string text = markdown_rows(table) + "\n";
  for (const std::string& note : shown.new_notes(table)) text += escape_markdown(note) + "\n\n";
  return text;
}

std::string section_markdown(const Section& section, const std::map<std::string, std::string>& names,
                             ShownNotes& shown) {
  std::string text = heading(2, section.title);
  for (const Table& table : section.tables) {
    if (table.title != section.title) text += heading(3, table.title);
    if (table.name == "claims") text += claims_matrix_markdown(table, names) + "\n";
    const std::string content = table_markdown(table, shown);
    text += table.folded ? folded_markdown("The numbers", content) : content;
  }
  for (const Figure& figure : section.figures) text += figure_markdown(figure);
  if (!section.words.empty()) text += escape_markdown(section.words) + "\n\n";
  return text;
}

}  // namespace

std::string to_report(const Document& document) {
  std::string text = heading(1, document.title);
  if (!document.summary.empty()) text += escape_markdown(document.summary) + "\n\n";
  for (const auto& [name, value] : document.highlights)
    text += fmt::format("- {}: {}\n", escape_markdown(name), escape_markdown(value));
  text += "\n";
  for (const std::string& warning : document.warnings)
    text += fmt::format("> {}\n>\n", escape_markdown(warning));
  if (!document.warnings.empty()) text += "\n";
  ShownNotes shown;
  for (const Section& section : document.sections) text += section_markdown(section, document.names, shown);
  text.pop_back();
  return text;
}

}  // namespace samplerbench::harness::reporting
