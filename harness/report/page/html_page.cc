#include "harness/report/page/html_page.h"

#include <fmt/format.h>

#include "core/json.h"
#include "harness/report/figures/light_svg.h"
#include "harness/report/page/claims_matrix.h"
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
  for (const std::string& ending : figure.pictures)
    links += fmt::format(" <a href=\"figures/{}{}\">{}</a>", stem, ending, ending.substr(1));
  links += fmt::format(" <a href=\"figures/{}.gp\">script</a>", stem);
  for (const auto& [name, content] : figure.data)
    links += fmt::format(" <a href=\"figures/{}\">data</a>", escape_html(name));
  return links;
}

// The pictures of a page, as far as they fit into it.
struct Pictures {
  std::filesystem::path folder;
  size_t left = 0;  // bytes

  // The content of an element's src; empty where it does not fit.
  std::string source_of(const Figure& figure) {
    const std::string text = base64(light_svg(read_input(folder / (figure.stem + ".svg"))));
    if (text.size() > left) return "";
    left -= text.size();
    return "data:image/svg+xml;base64," + text;
  }
};

std::string figure_block(const Figure& figure, Pictures& pictures) {
  const std::string title = escape_html(figure.title);
  if (!figure.drawn) return fmt::format("<p class=\"missing\">The figure “{}” was not drawn.</p>\n", title);
  const std::string source = pictures.source_of(figure);
  if (source.empty())
    return fmt::format(
        "<p class=\"missing\"><strong>{}.</strong> {} The picture is too large for this page. <span "
        "class=\"files\">Files:{}</span></p>\n",
        title, escape_html(figure.caption), file_links(figure));
  return fmt::format(
      "<figure id=\"figure-{0}\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{1}\"><img width=\"{2}\" height=\"{3}\" "
      "alt=\"{1}\" src=\"{4}\"></div>\n<figcaption><strong>{1}.</strong> {5} <span "
      "class=\"files\">Files:{6}</span></figcaption>\n</figure>\n",
      escape_html(figure.stem), title, figure.width, figure.height, source, escape_html(figure.caption),
      file_links(figure));
}

// "6 targets", with what is wrong among the runs last.
std::string highlights_block(const Document& document) {
  std::string text = "<p class=\"highlights\">";
  for (const auto& [name, value] : document.highlights)
    text += fmt::format("<span><strong>{}</strong> {}</span> ", escape_html(value), escape_html(name));
  if (!document.warnings.empty())
    text += fmt::format(
        "<a class=\"warned\" href=\"#warnings\">⚠ {} to know before reading</a>",
        document.warnings.size() == 1 ? "1 thing" : fmt::format("{} things", document.warnings.size()));
  return text + "</p>\n";
}

std::string warnings_block(const Document& document) {
  if (document.warnings.empty()) return "";
  std::string text =
      "<div class=\"warnings\" id=\"warnings\" role=\"note\"><p><strong>To know before "
      "reading</strong></p>\n<ul>\n";
  for (const std::string& warning : document.warnings)
    text += fmt::format("<li>{}</li>\n", escape_html(warning));
  return text + "</ul></div>\n";
}

std::string folded(const std::string& summary, const std::string& content) {
  return fmt::format("<details class=\"folded\"><summary>{}</summary>\n{}</details>\n", escape_html(summary),
                     content);
}

std::string tables_block(const Section& section, const std::map<std::string, std::string>& names,
                         ShownNotes& shown) {
  std::string text;
  for (const Table& table : section.tables) {
    const bool own_title = table.title != section.title && !table.folded;
    const std::string block = fmt::format("<div class=\"{}\">\n{}</div>\n",
                                          own_title ? "table" : "table untitled", table_block(table, shown));
    if (table.name == "claims")
      text += claims_matrix(table, names) + folded("Every claim with its numbers", block);
    else
      text += table.folded ? folded(table.title, block) : block;
  }
  return text;
}

// A picture of what the first screen draws is there for papers.
std::string figures_block(const Section& section, Pictures& pictures) {
  std::string text;
  for (const Figure& figure : section.figures) text += figure_block(figure, pictures);
  return section.id == "solved" ? folded("The same as a picture, with its files", text) : text;
}

std::string section_block(const Section& section, const std::map<std::string, std::string>& names,
                          Pictures& pictures, ShownNotes& shown) {
  std::string text =
      fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n",
                  section.id, escape_html(section.title));
  text += tables_block(section, names, shown);
  text += figures_block(section, pictures);
  if (!section.words.empty()) text += fmt::format("<p>{}</p>\n", escape_html(section.words));
  return text + "</section>\n";
}

// What the page's script fills: the curves that a reader chooses.
constexpr const char* kExplore =
    "<section id=\"explore\" aria-labelledby=\"explore-title\" hidden></section>\n";

// Verdicts first, then curves, then tables.
std::string sections_block(const Document& document, Pictures& pictures) {
  std::string claims, others;
  ShownNotes shown;
  for (const Section& section : document.sections)
    (section.id == "claims" ? claims : others) += section_block(section, document.names, pictures, shown);
  return claims + kExplore + others;
}

std::string navigation(const Document& document) {
  std::string claims, others = "<a href=\"#explore\">Explore</a>";
  for (const Section& section : document.sections)
    (section.id == "claims" ? claims : others) +=
        fmt::format("<a href=\"#{}\">{}</a>", section.id, escape_html(section.title));
  return "<nav aria-label=\"Sections\">" + claims + others + "</nav>\n";
}

// The source of an inline script or style as a Content-Security-Policy names it.
std::string source_hash(const std::string& content) {
  const std::string digits = sha256(content);
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return "'sha256-" + base64(bytes) + "'";
}

std::string policy(const std::string& style, const std::vector<std::string>& scripts) {
  std::string text = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src " +
                     source_hash(style) + "; script-src";
  for (const std::string& script : scripts) text += " " + source_hash(script);
  return text;
}

std::string head(const std::string& title) {
  const std::string style = "\n" + page_style();
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>{} · samplerbench</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>{}</style>\n</head>\n",
      policy(style, {plotting_library(), page_script()}), title, style);
}

// All in front of the sections.
std::string page_begin(const Document& document) {
  const std::string title = escape_html(document.title);
  std::string text =
      head(title) +
      fmt::format("<body>\n<header>\n<p class=\"brand\">samplerbench</p>\n<h1>{}</h1>\n", title);
  if (!document.summary.empty())
    text += fmt::format("<p class=\"lead\">{}</p>\n", escape_html(document.summary));
  text += highlights_block(document) + "</header>\n<main>\n";
  text +=
      "<section id=\"front\" aria-labelledby=\"front-title\" hidden></section>\n<noscript><p>The answer and "
      "the "
      "curves are drawn by the page's script, which is turned off here; all numbers stand in the tables "
      "below.</p></noscript>\n";
  return text + warnings_block(document) + navigation(document);
}

}  // namespace

std::string to_page(const Document& document, const std::string& data, const std::filesystem::path& folder) {
  const std::string begin = page_begin(document);
  const std::string end = fmt::format(
      "</main>\n<script type=\"application/json\" id=\"page-data\">{}</script>\n<script>{}</script>\n"
      "<script>{}</script>\n</body>\n</html>\n",
      data, plotting_library(), page_script());
  Pictures none{folder / "figures", 0};
  const size_t size = begin.size() + sections_block(document, none).size() + end.size();
  Pictures pictures{folder / "figures", size < kPageLimit ? kPageLimit - size : 0};
  return begin + sections_block(document, pictures) + end;
}

}  // namespace samplerbench::harness::reporting
