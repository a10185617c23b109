#include "harness/report/tables/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/support/escape.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

std::string wrapped(const std::string& text, const std::string& open, const std::string& close, bool wrap) {
  return wrap && !text.empty() ? open + text + close : text;
}

std::string markdown_cell(const Cell& cell) {
  std::string text = escape_markdown(cell.text);
  text = wrapped(text, "**", "**", cell.best);
  text = wrapped(text, "*", "*", cell.tied);
  if (cell.at_floor) text += " †";
  if (cell.below_floor) text += " ‡";
  if (!cell.note.empty()) text += (text.empty() ? "" : "; ") + escape_markdown(cell.note);
  return text;
}

std::string html_cell(const Cell& cell, const Column& column, bool is_head) {
  std::string text = escape_html(cell.text);
  text = wrapped(text, "<strong>", "</strong>", cell.best);
  text = wrapped(text, "<em>", "</em>", cell.tied);
  if (cell.at_floor) text += "<abbr title=\"at the noise floor\">†</abbr>";
  if (cell.below_floor) text += "<abbr title=\"below the noise floor\">‡</abbr>";
  if (!cell.note.empty())
    text += fmt::format("<span class=\"{}\">{}</span>", cell.text.empty() ? "word" : "note",
                        escape_html(cell.note));
  const std::string order = cell.order ? fmt::format(" data-order=\"{}\"", exact_number(*cell.order)) : "";
  const std::string kind = column.number ? " class=\"number\"" : "";
  if (is_head) return fmt::format("<th scope=\"row\"{}{}>{}</th>", kind, order, text);
  return fmt::format("<td{}{}>{}</td>", kind, order, text);
}

}  // namespace

std::string markdown_rows(const Table& table) {
  std::string text = "|";
  for (const Column& column : table.columns) text += fmt::format(" {} |", escape_markdown(column.title));
  text += "\n|";
  for (const Column& column : table.columns) text += column.number ? " ---: |" : " :--- |";
  for (const auto& row : table.rows) {
    text += "\n|";
    for (const Cell& cell : row) text += fmt::format(" {} |", markdown_cell(cell));
  }
  return text + "\n";
}

std::string to_markdown(const Table& table) {
  std::string text = fmt::format("## {}\n\n{}", escape_markdown(table.title), markdown_rows(table));
  for (const std::string& note : table.notes) text += fmt::format("\n{}\n", escape_markdown(note));
  return text;
}

std::string to_csv(const Table& table, bool header) {
  std::string text;
  for (size_t i = header ? 0 : 1; i < table.data.size(); ++i) {
    std::vector<std::string> fields = table.data[i];
    for (std::string& field : fields) field = escape_csv(field);
    text += fmt::format("{}\n", fmt::join(fields, ","));
  }
  return text;
}

std::string to_html(const Table& table) {
  std::string text = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n<table class=\"sortable\" "
      "id=\"table-{1}\">\n<caption>{0}</caption>\n<thead><tr>",
      escape_html(table.title), escape_html(table.name));
  for (const Column& column : table.columns)
    text += fmt::format("<th scope=\"col\"{}><button type=\"button\">{}</button></th>",
                        column.number ? " class=\"number\"" : "", escape_html(column.title));
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) text += html_cell(row[i], table.columns[i], i == 0);
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n</div>\n";
}

}  // namespace samplerbench::harness::reporting
