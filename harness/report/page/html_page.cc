#include "harness/report/page/html_page.h"

#include <fmt/format.h>

#include "harness/report/figures/gnuplot.h"
#include "harness/report/page/shown_notes.h"
#include "harness/support/base64.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness::reporting {
namespace {

std::string table_block(const Table& table, ShownNotes& shown) {
  std::string text = to_html(table);
  for (const std::string& note : shown.new_notes(table))
    text += fmt::format("<p class=\"table-note\">{}</p>\n", escape_html(note));
  return text + fmt::format(
                    "<p class=\"files\">Files: <a href=\"tables/{0}.md\">Markdown</a> <a "
                    "href=\"tables/{1}.csv\">CSV</a> <a href=\"tables/{0}.tex\">LaTeX</a></p>\n",
                    escape_html(file_stem(table.name)), escape_html(table.csv_stem()));
}

std::string file_links(const Figure& figure) {
  const std::string stem = escape_html(figure.stem);
  std::string links;
  for (const std::string& format : kPictureFormats)
    links += fmt::format(" <a href=\"figures/{}.{}\">{}</a>", stem, format, format);
  links += fmt::format(" <a href=\"figures/{}.gp\">script</a>", stem);
  for (const auto& [name, content] : figure.data)
    links += fmt::format(" <a href=\"figures/{}\">data</a>", escape_html(name));
  return links;
}

std::string figure_block(const Figure& figure, const std::filesystem::path& folder) {
  if (!figure.drawn)
    return fmt::format("<p class=\"missing\">The figure “{}” was not drawn.</p>\n",
                       escape_html(figure.title));
  return fmt::format(
      "<figure id=\"figure-{0}\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{1}\"><img width=\"{2}\" height=\"{3}\" "
      "alt=\"{1}\" src=\"data:image/svg+xml;base64,{4}\"></div>\n<figcaption><strong>{1}.</strong> {5} <span "
      "class=\"files\">Files:{6}</span></figcaption>\n</figure>\n",
      escape_html(figure.stem), escape_html(figure.title), figure.width, figure.height,
      base64(read_input(folder / "figures" / (figure.stem + ".svg"))), escape_html(figure.caption),
      file_links(figure));
}

std::string highlights_block(const Document& document) {
  std::string text = "<dl class=\"highlights\">\n";
  for (const auto& [name, value] : document.highlights)
    text += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(name), escape_html(value));
  text += "</dl>\n";
  if (document.warnings.empty()) return text;
  text += "<div class=\"warnings\" role=\"note\"><p><strong>To know before reading</strong></p>\n<ul>\n";
  for (const std::string& warning : document.warnings)
    text += fmt::format("<li>{}</li>\n", escape_html(warning));
  return text + "</ul></div>\n";
}

std::string section_block(const Section& section, const std::filesystem::path& folder, ShownNotes& shown) {
  std::string text =
      fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n",
                  section.id, escape_html(section.title));
  for (const Table& table : section.tables) {
    const bool own_title = table.title != section.title;
    text += fmt::format("<div class=\"{}\">\n{}</div>\n", own_title ? "table" : "table untitled",
                        table_block(table, shown));
  }
  for (const Figure& figure : section.figures) text += figure_block(figure, folder);
  if (!section.words.empty()) text += fmt::format("<p>{}</p>\n", escape_html(section.words));
  return text + "</section>\n";
}

std::string navigation(const Document& document) {
  std::string text = "<nav aria-label=\"Sections\">";
  for (const Section& section : document.sections)
    text += fmt::format("<a href=\"#{}\">{}</a>", section.id, escape_html(section.title));
  return text + "</nav>\n";
}

std::string head(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>{} · samplerbench</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>\n{}</style>\n</head>\n",
      title, page_style());
}

}  // namespace

std::string to_page(const Document& document, const std::filesystem::path& folder) {
  const std::string title = escape_html(document.title);
  std::string text =
      head(title) +
      fmt::format("<body>\n<header>\n<p class=\"brand\">samplerbench</p>\n<h1>{}</h1>\n", title);
  if (!document.summary.empty())
    text += fmt::format("<p class=\"lead\">{}</p>\n", escape_html(document.summary));
  text += navigation(document) + "</header>\n<main>\n" + highlights_block(document);
  ShownNotes shown;
  for (const Section& section : document.sections) text += section_block(section, folder, shown);
  return text + fmt::format("</main>\n<script>\n{}</script>\n</body>\n</html>\n", page_script());
}

}  // namespace samplerbench::harness::reporting
