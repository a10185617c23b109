#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/report/tables/table.h"
#include "harness/support/escape.h"

// Tables for an A4 article with margins of 2.5 cm, without a box that is too wide: columns that do not fit
// wrap, and those beyond the page stand in a further part of the table, with its first columns again. TeX's
// fonts are not known here, so widths are estimates on the safe side.
namespace samplerbench::harness::reporting {
namespace {

constexpr double kPageWidth = 448;     // of 455 pt: 16 cm
constexpr double kBetween = 8;         // of two columns: 2 \tabcolsep
constexpr double kSmall = 0.92;        // size of \small to 10 pt, with its wider letters
constexpr double kFootnote = 0.87;     // of \footnotesize
constexpr double kBold = 1.16;         // width of bold letters to medium ones
constexpr double kMostWords = 150;     // pt that a wrapped column of words asks for
constexpr double kMostNumber = 76;     // of numbers
constexpr double kMostKey = 100;       // of a column that every part repeats
constexpr size_t kMostPiece = 12;      // letters that stay on one line
constexpr size_t kMostFloatRows = 40;  // of a table that stays on one page

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Width of a letter of Computer Modern Roman at 10 pt, at least.
double letter_width(char c) {
  static const std::string narrow = "iljtfI.,:;'!|()[]- ";
  static const std::string wide = "mwMW%@&+=<>#~^";
  if (is_continuation(c)) return 0;
  if (static_cast<unsigned char>(c) >= 0x80) return 8.5;
  if (narrow.find(c) != std::string::npos) return 4;
  if (wide.find(c) != std::string::npos) return 10.3;
  return c >= 'A' && c <= 'Z' ? 7.7 : 5.6;
}

double width_of(const std::string& text) {
  double width = 0;
  for (const char c : text) width += letter_width(c);
  return width;
}

// The text with letters that LaTeX lacks as their codes, "U+65E5", whose width counts.
std::string printable_letters(const std::string& text) {
  std::string result, letter;
  for (size_t i = 0; i < text.size(); ++i) {
    letter += text[i];
    if (i + 1 < text.size() && is_continuation(text[i + 1])) continue;
    const std::string escaped = escape_latex(letter);
    result += escaped.starts_with("U+") ? escaped : letter;
    letter.clear();
  }
  return result;
}

// The pieces of a text within which no line ends: words, and parts of long ones.
std::vector<std::string> pieces_of(const std::string& raw) {
  const std::string text = printable_letters(raw);
  static const std::string enders = "_/:=,;.-+";
  std::vector<std::string> pieces{""};
  size_t letters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_continuation(c) && letters >= kMostPiece) {
      pieces.emplace_back();
      letters = 0;
    }
    pieces.back() += c;
    letters += !is_continuation(c);
    const bool ends = c == ' ' || (letters > 3 && enders.find(c) != std::string::npos);
    if (ends && i + 1 < text.size()) {
      pieces.emplace_back();
      letters = 0;
    }
  }
  return pieces;
}

// The text with places at which a line may end.
std::string breakable(const std::string& text) {
  std::string result;
  for (const std::string& piece : pieces_of(text)) {
    if (!result.empty() && result.back() != ' ') result += "\\hspace{0pt}";
    result += escape_latex(piece);
  }
  return result;
}

std::string shown_text(const Cell& cell) {
  return cell.text + (cell.note.empty() || cell.text.empty() ? "" : "; ") + cell.note;
}

std::string wrapped(const std::string& text, const std::string& open, bool wrap) {
  return wrap && !text.empty() ? open + text + "}" : text;
}

std::string latex_cell(const Cell& cell) {
  std::string text = breakable(cell.text);
  text = wrapped(text, "\\textbf{\\boldmath ", cell.best);
  text = wrapped(text, "\\textit{", cell.tied);
  if (cell.at_floor) text += "$^{\\dagger}$";
  if (cell.below_floor) text += "$^{\\ddagger}$";
  if (!cell.note.empty()) text += (text.empty() ? "" : "; ") + breakable(cell.note);
  return text;
}

// How wide a column is on one line, and how wide it must be when its lines end between pieces.
struct Measure {
  double natural = 0;
  double least = 0;

  void add(const std::string& text, double factor) {
    natural = std::max(natural, factor * width_of(printable_letters(text)));
    for (const std::string& piece : pieces_of(text)) least = std::max(least, factor * width_of(piece));
  }
};

Measure measure_of(const Table& table, size_t column) {
  Measure measure;
  measure.add(table.columns[column].title, 1);
  for (const auto& row : table.rows) {
    if (column >= row.size()) continue;
    const Cell& cell = row[column];
    const std::string marks = cell.at_floor || cell.below_floor ? "†" : "";
    measure.add(shown_text(cell) + marks, cell.best ? kBold : 1);
  }
  return measure;
}

// A part of a table: some of its columns, with their widths in pt; none where lines are not to end within
// cells.
struct Part {
  std::vector<size_t> columns;
  std::vector<double> widths;

  double width() const {
    return std::accumulate(widths.begin(), widths.end(), kBetween * static_cast<double>(columns.size()));
  }
};

// Leading columns that say what a row is about.
size_t key_columns(const Table& table) {
  size_t keys = 0;
  while (keys < std::min<size_t>(2, table.columns.size()) && !table.columns[keys].number &&
         (keys == 0 || table.columns[keys].title == "sampler"))
    ++keys;
  return std::max<size_t>(1, keys);
}

// Gives what is left of the page to the columns that want more.
void widen(Part& part, const std::vector<Measure>& measures) {
  for (size_t i = 0; i < part.columns.size(); ++i) {
    const double wanted = kFootnote * measures[part.columns[i]].natural - part.widths[i];
    part.widths[i] += std::clamp(kPageWidth - part.width(), 0.0, std::max(0.0, wanted));
  }
}

// Parts that fit the page at \footnotesize.
std::vector<Part> wrapped_parts(const Table& table, const std::vector<Measure>& measures) {
  const size_t keys = key_columns(table);
  std::vector<double> widths;
  for (size_t column = 0; column < table.columns.size(); ++column) {
    const double most = column < keys ? kMostKey : table.columns[column].number ? kMostNumber : kMostWords;
    widths.push_back(
        std::max(kFootnote * measures[column].least, std::min(kFootnote * measures[column].natural, most)));
  }
  Part head;
  for (size_t column = 0; column < std::min(keys, table.columns.size()); ++column) {
    head.columns.push_back(column);
    head.widths.push_back(widths[column]);
  }
  std::vector<Part> parts{head};
  for (size_t column = head.columns.size(); column < table.columns.size(); ++column) {
    const bool full = parts.back().width() + widths[column] + kBetween > kPageWidth;
    if (full && parts.back().columns.size() > head.columns.size()) parts.push_back(head);
    parts.back().columns.push_back(column);
    parts.back().widths.push_back(widths[column]);
  }
  for (Part& part : parts) widen(part, measures);
  return parts;
}

// "lrr", or "p{30.0pt}..." with ragged lines.
std::string column_types(const Table& table, const Part& part) {
  std::string types;
  for (size_t i = 0; i < part.columns.size(); ++i) {
    const bool number = table.columns[part.columns[i]].number;
    types += part.widths.empty() ? (number ? "r" : "l")
                                 : fmt::format(">{{\\{}\\arraybackslash\\hspace{{0pt}}}}p{{{:.1f}pt}}",
                                               number ? "raggedleft" : "raggedright", part.widths[i]);
  }
  return types;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string text = "    ";
  for (size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : " & ") + cells[i];
  // A star after the end of a row would belong to that end.
  if (text.starts_with("    *")) text.insert(4, "{}");
  return text + " \\\\\n";
}

std::string head_of(const Table& table, const Part& part) {
  std::vector<std::string> titles;
  for (const size_t column : part.columns) titles.push_back(breakable(table.columns[column].title));
  return "    \\toprule\n" + row_of(titles) + "    \\midrule\n";
}

std::string body_of(const Table& table, const Part& part) {
  std::string text;
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const size_t column : part.columns)
      cells.push_back(column < row.size() ? latex_cell(row[column]) : "");
    text += row_of(cells);
  }
  return text;
}

std::string caption_of(const Table& table, size_t part, size_t parts) {
  return breakable(table.title) + (parts > 1 ? fmt::format(" ({} of {})", part + 1, parts) : "");
}

std::string label_of(const Table& table, size_t part) {
  return part == 0 ? fmt::format("\\label{{tab:{}}}", file_stem(table.name)) : "";
}

std::string notes_of(const Table& table) {
  std::string text;
  for (const std::string& note : table.notes)
    text += fmt::format("  \\par\\smallskip{{\\footnotesize\\raggedright {}\\par}}\n", breakable(note));
  return text;
}

// On one page, in one part.
std::string float_of(const Table& table, const Part& part, const char* size) {
  return fmt::format(
      "\\begin{{table}}[tbp]\n  \\centering{}\\setlength{{\\tabcolsep}}{{4pt}}\n  \\caption{{{}}}\n  {}\n"
      "  \\begin{{tabular}}{{{}}}\n{}{}    \\bottomrule\n  \\end{{tabular}}\n{}\\end{{table}}\n",
      size, caption_of(table, 0, 1), label_of(table, 0), column_types(table, part), head_of(table, part),
      body_of(table, part), notes_of(table));
}

// Over several pages.
std::string long_table(const Table& table, const Part& part, size_t index, size_t parts) {
  const std::string head = head_of(table, part);
  return fmt::format(
      "\\begin{{longtable}}{{{0}}}\n    \\caption{{{1}}}{2}\\\\\n{3}    \\endfirsthead\n{3}    \\endhead\n"
      "    \\bottomrule\n    \\endfoot\n{4}\\end{{longtable}}\n",
      column_types(table, part), caption_of(table, index, parts), label_of(table, index), head,
      body_of(table, part));
}

}  // namespace

std::string to_latex(const Table& table) {
  const std::string needs = "% needs \\usepackage{booktabs,longtable,tabularx}\n";
  std::vector<Measure> measures;
  Part whole;
  double natural = 0;
  for (size_t column = 0; column < table.columns.size(); ++column) {
    measures.push_back(measure_of(table, column));
    natural += measures.back().natural;
    whole.columns.push_back(column);
  }
  const double between = kBetween * static_cast<double>(table.columns.size());
  const bool is_short = table.rows.size() <= kMostFloatRows;
  if (is_short && kSmall * natural + between <= kPageWidth) return needs + float_of(table, whole, "\\small");
  if (is_short && kFootnote * natural + between <= kPageWidth)
    return needs + float_of(table, whole, "\\footnotesize");
  const std::vector<Part> parts = wrapped_parts(table, measures);
  std::string text = needs + "\\begingroup\\footnotesize\\setlength{\\tabcolsep}{4pt}\n";
  for (size_t i = 0; i < parts.size(); ++i) text += long_table(table, parts[i], i, parts.size());
  return text + notes_of(table) + "\\par\\endgroup\n";
}

}  // namespace samplerbench::harness::reporting
