#include "harness/report/page/claims_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

using Fields = std::map<std::string, std::string>;

// One sentence with its lines: by target the place in the table of claims.
struct Sentence {
  Fields first;  // the fields of its first line
  std::map<std::string, size_t> lines;
};

std::vector<Fields> claim_lines(const Table& claims) {
  std::vector<Fields> lines;
  for (size_t row = 1; row < claims.data.size(); ++row) {
    lines.emplace_back();
    for (size_t i = 0; i < claims.data[row].size(); ++i)
      lines.back()[claims.data[0][i]] = claims.data[row][i];
  }
  return lines;
}

bool same_sentence(const Fields& a, const Fields& b) {
  static const std::vector<std::string> names{"text",  "source", "metric",    "left",
                                              "right", "factor", "direction", "slope"};
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return a.at(name) == b.at(name); });
}

std::vector<Sentence> sentences(const std::vector<Fields>& lines) {
  std::vector<Sentence> found;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string& target = lines[i].at("target");
    auto known = std::find_if(found.begin(), found.end(), [&](const Sentence& sentence) {
      return same_sentence(sentence.first, lines[i]) && !sentence.lines.contains(target);
    });
    if (known == found.end()) known = found.insert(found.end(), Sentence{lines[i], {}});
    known->lines[target] = i;
  }
  return found;
}

std::vector<std::string> targets_of(const std::vector<Fields>& lines) {
  std::vector<std::string> targets;
  for (const Fields& line : lines)
    if (std::find(targets.begin(), targets.end(), line.at("target")) == targets.end())
      targets.push_back(line.at("target"));
  return targets;
}

// "✓"; in parentheses what does not stand when all claims are taken together.
std::string mark_of(const Fields& line) {
  const std::string& verdict = line.at("verdict");
  if (verdict == "undecided") return "?";
  const char* mark = verdict == "reproduced" ? "✓" : "✗";
  return line.at("verdict_by_holm") == verdict ? mark : fmt::format("({})", mark);
}

std::string verdict_html(const Fields& line, size_t place) {
  const std::string& verdict = line.at("verdict");
  const bool stands = line.at("verdict_by_holm") == verdict;
  const bool decided = verdict != "undecided";
  const std::string mark = mark_of(line);
  return fmt::format(
      "<td data-cell=\"{}\" class=\"{}\"><span aria-hidden=\"true\">{}</span><span "
      "class=\"visually-hidden\">{}</span></td>",
      place,
      !decided                  ? "undecided"
      : verdict == "reproduced" ? "reproduced"
                                : "not-reproduced",
      mark, escape_html(decided && !stands ? verdict + ", not by Holm" : verdict));
}

std::string name_of(const std::map<std::string, std::string>& names, const std::string& label) {
  const auto found = names.find(label);
  return found == names.end() ? label : found->second;
}

std::string text_of(const Fields& claim) {
  return claim.at("text").empty() ? claim.at("id") : claim.at("text");
}

// "KSD (IMQ) ↓: DFT < 2 × the floor", "CPU seconds a step, slope against dim, A to B: DSM < 2.3".
std::string relation_of(const Fields& claim, const std::map<std::string, std::string>& names) {
  const bool floor = claim.at("right") == "floor";
  const std::string slope = claim.at("slope").empty() ? "" : ", " + claim.at("slope");
  return fmt::format("{}{}: {} {} {}{}", name_of(names, claim.at("metric")), slope,
                     name_of(names, claim.at("left")), claim.at("direction") == "lower" ? "<" : ">",
                     claim.at("factor") == "1" ? "" : claim.at("factor") + " × ",
                     floor ? "the floor" : name_of(names, claim.at("right")));
}

std::string sentence_html(const Sentence& sentence, const std::vector<Fields>& lines,
                          const std::vector<std::string>& targets,
                          const std::map<std::string, std::string>& names) {
  const Fields& first = sentence.first;
  std::string row = fmt::format("<tr><th scope=\"row\">{}<span class=\"note\">{}{}</span></th>",
                                escape_html(text_of(first)), escape_html(relation_of(first, names)),
                                first.at("source").empty() ? "" : " · " + escape_html(first.at("source")));
  for (const std::string& target : targets) {
    const auto line = sentence.lines.find(target);
    row += line == sentence.lines.end() ? "<td class=\"none\"></td>"
                                        : verdict_html(lines[line->second], line->second);
  }
  return row + "</tr>\n";
}

}  // namespace

std::string claims_matrix(const Table& claims, const std::map<std::string, std::string>& names) {
  const std::vector<Fields> lines = claim_lines(claims);
  if (lines.empty()) return "";
  const std::vector<std::string> targets = targets_of(lines);
  std::string text =
      "<div class=\"scroll\"><table class=\"matrix verdicts\" id=\"claims-matrix\" role=\"grid\" "
      "aria-label=\"Verdicts of the claims by target\">\n<thead><tr><th scope=\"col\">claim</th>";
  for (const std::string& target : targets)
    text += fmt::format("<th scope=\"col\"><span>{}</span></th>", escape_html(target));
  text += "</tr></thead>\n<tbody>\n";
  for (const Sentence& sentence : sentences(lines)) text += sentence_html(sentence, lines, targets, names);
  return text +
         "</tbody></table></div>\n<p class=\"scale\"><span class=\"reproduced\">✓ reproduced</span><span "
         "class=\"not-reproduced\">✗ not reproduced</span><span class=\"undecided\">? undecided</span> In "
         "parentheses: by itself, but not when all claims are taken together (Holm).</p>\n<div "
         "id=\"claims-detail\" class=\"detail\" aria-live=\"polite\">Choose a cell for its numbers.</div>\n";
}

std::string claims_matrix_markdown(const Table& claims, const std::map<std::string, std::string>& names) {
  const std::vector<Fields> lines = claim_lines(claims);
  if (lines.empty()) return "";
  Table matrix;
  matrix.columns = {{"claim"}, {"checked as"}};
  const std::vector<std::string> targets = targets_of(lines);
  for (const std::string& target : targets) matrix.columns.push_back({target});
  for (const Sentence& sentence : sentences(lines)) {
    std::vector<Cell> row{{text_of(sentence.first)}, {relation_of(sentence.first, names)}};
    for (const std::string& target : targets) {
      const auto line = sentence.lines.find(target);
      row.push_back({line == sentence.lines.end() ? "" : mark_of(lines[line->second])});
    }
    matrix.rows.push_back(std::move(row));
  }
  return markdown_rows(matrix) +
         "\n✓ reproduced, ✗ not reproduced, ? undecided. In parentheses: by itself, but not when all claims "
         "are taken together (Holm).\n";
}

}  // namespace samplerbench::harness::reporting
