#include "harness/report/page.h"

#include <fmt/format.h>

#include "harness/read_input.h"
#include "harness/report/escape.h"
#include "harness/report/page_assets.h"

namespace samplerbench::harness::reporting {
namespace {

std::string section(const std::string& id, const std::string& title, const std::string& content) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n",
      id, title, content);
}

std::string table_links(const Table& table) {
  const std::string stem = file_stem(table.name);
  return fmt::format(
      "<p class=\"files\">Files: <a href=\"tables/{0}.md\">Markdown</a> <a href=\"tables/{0}.csv\">CSV</a> "
      "<a href=\"tables/{0}.tex\">LaTeX</a></p>\n",
      escape_html(stem));
}

std::string table_block(const Table& table) { return to_html(table) + table_links(table); }

std::string figure_block(const Figure& figure, const std::filesystem::path& folder) {
  if (!figure.drawn)
    return fmt::format("<p class=\"missing\">The figure “{}” was not drawn.</p>\n",
                       escape_html(figure.title));
  const std::string stem = escape_html(figure.stem);
  std::string links;
  for (const std::string& format : figure_formats)
    links += fmt::format(" <a href=\"figures/{}.{}\">{}</a>", stem, format, format);
  links += fmt::format(" <a href=\"figures/{}.gp\">script</a>", stem);
  for (const auto& [name, content] : figure.data)
    links += fmt::format(" <a href=\"figures/{}\">data</a>", escape_html(name));
  return fmt::format(
      "<figure id=\"figure-{0}\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{1}\"><img width=\"{2}\" height=\"{3}\" "
      "alt=\"{1}\" src=\"data:image/svg+xml;base64,{4}\"></div>\n<figcaption><strong>{1}.</strong> {5} <span "
      "class=\"files\">Files:{6}</span>"
      "</figcaption>\n</figure>\n",
      stem, escape_html(figure.title), figure.width, figure.height,
      base64(read_input(folder / "figures" / (figure.stem + ".svg"))), escape_html(figure.caption), links);
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

std::string body(const Document& document, const std::filesystem::path& folder) {
  std::string text = section("ranking", "Ranking", table_block(document.ranking));
  if (!document.claims.rows.empty()) text += section("claims", "Claims", table_block(document.claims));
  if (!document.floor_counts.rows.empty())
    text += section("floor", "Targets at the noise floor", table_block(document.floor_counts));
  std::string metrics = document.rank_test.rows.empty() ? "" : table_block(document.rank_test);
  for (const Table& table : document.metrics) metrics += table_block(table);
  text += section("metrics", "Metrics", metrics);
  std::string figures;
  for (const Figure& figure : document.curves) figures += figure_block(figure, folder);
  if (!figures.empty()) text += section("curves", "Curves", figures);
  figures.clear();
  for (const Figure& figure : document.scatters) figures += figure_block(figure, folder);
  if (!figures.empty()) text += section("draws", "Draws", figures);
  text += section(
      "cost", "Cost",
      table_block(document.cost) + (document.settling.rows.empty() ? "" : table_block(document.settling)));
  text += section(
      "failures", "Failures",
      table_block(document.status) +
          (document.failures.rows.empty() ? "<p>Every run finished.</p>\n" : table_block(document.failures)));
  return text + section("context", "Context",
                        (document.references.rows.empty() ? "" : table_block(document.references)) +
                            table_block(document.context));
}

std::string navigation(const Document& document) {
  std::string text = "<nav aria-label=\"Sections\">";
  const auto link = [&](const char* id, const char* title) {
    text += fmt::format("<a href=\"#{}\">{}</a>", id, title);
  };
  link("ranking", "Ranking");
  if (!document.claims.rows.empty()) link("claims", "Claims");
  if (!document.floor_counts.rows.empty()) link("floor", "At the floor");
  link("metrics", "Metrics");
  if (!document.curves.empty()) link("curves", "Curves");
  if (!document.scatters.empty()) link("draws", "Draws");
  link("cost", "Cost");
  link("failures", "Failures");
  link("context", "Context");
  return text + "</nav>\n";
}

std::string figure_markdown(const Figure& figure) {
  if (!figure.drawn)
    return fmt::format("The figure \"{}\" was not drawn.\n\n", escape_markdown(figure.title));
  return fmt::format("![{0}](figures/{1}.svg)\n\n**{0}.** {2}\n\n", escape_markdown(figure.title),
                     figure.stem, escape_markdown(figure.caption));
}

}  // namespace

std::string to_page(const Document& document, const std::filesystem::path& folder) {
  const std::string title = escape_html(document.title);
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\">\n<title>{} · samplerbench</title>\n<link rel=\"icon\" "
      "href=\"data:,\">\n<style>\n{}</style>\n</head>\n<body>\n<header>\n"
      "<p class=\"brand\">samplerbench</p>\n<h1>{}</h1>\n",
      title, page_style, title);
  if (!document.summary.empty())
    text += fmt::format("<p class=\"lead\">{}</p>\n", escape_html(document.summary));
  text += navigation(document) + "</header>\n<main>\n" + highlights_block(document) + body(document, folder);
  return text + fmt::format("</main>\n<script>\n{}</script>\n</body>\n</html>\n", page_script);
}

std::string to_report(const Document& document) {
  std::string text = fmt::format("# {}\n\n", escape_markdown(document.title));
  if (!document.summary.empty()) text += escape_markdown(document.summary) + "\n\n";
  for (const auto& [name, value] : document.highlights)
    text += fmt::format("- {}: {}\n", escape_markdown(name), escape_markdown(value));
  text += "\n";
  for (const std::string& warning : document.warnings)
    text += fmt::format("> {}\n>\n", escape_markdown(warning));
  text += "\n" + to_markdown(document.ranking) + "\n";
  if (!document.claims.rows.empty()) text += to_markdown(document.claims) + "\n";
  if (!document.floor_counts.rows.empty()) text += to_markdown(document.floor_counts) + "\n";
  text += "## Metrics\n\n";
  if (!document.rank_test.rows.empty()) text += to_markdown(document.rank_test, 3) + "\n";
  for (const Table& table : document.metrics) text += to_markdown(table, 3) + "\n";
  if (!document.curves.empty()) text += "## Curves\n\n";
  for (const Figure& figure : document.curves) text += figure_markdown(figure);
  if (!document.scatters.empty()) text += "## Draws\n\n";
  for (const Figure& figure : document.scatters) text += figure_markdown(figure);
  text += to_markdown(document.cost) + "\n";
  if (!document.settling.rows.empty()) text += to_markdown(document.settling) + "\n";
  text += to_markdown(document.status) + "\n";
  text += document.failures.rows.empty() ? "## Failures\n\nEvery run finished.\n\n"
                                         : to_markdown(document.failures) + "\n";
  if (!document.references.rows.empty()) text += to_markdown(document.references) + "\n";
  return text + to_markdown(document.context);
}

}  // namespace samplerbench::harness::reporting
