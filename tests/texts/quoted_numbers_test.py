"""Holds the numbers that README.md and results/README.md quote to the published files.

- Between `<!-- table: FILE.md NAME, N rows -->` and `<!-- end -->` stands a table whose heads are heads of the table
  below the heading NAME in FILE.md, and whose rows are its first N.
- A table whose last columns are `answer` and `report` quotes reports. What ';' separates in an answer is a clause; all
  numbers of a clause stand in one line of the report that the row links to.

usage: quoted_numbers_test.py [ROOT]      exit status 1 where a number is not there
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = ("README.md", "results/README.md")
QUOTED_TABLE = re.compile(r"<!-- table: (\S+) (\S+), (\d+) rows -->\n(.*?)<!-- end -->", re.S)
# 1,250 or 0.0337 or -2.6×10⁻⁴; not the 200 of hmc-200.
NUMBER = re.compile(r"(?<![\w.-])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?!\w)")


def cells(line):
    """The cells of a table's row, without emphasis and code marks."""
    return [cell.strip().strip("*`") for cell in line.strip().strip("|").split("|")]


def rows_of(text):
    return [cells(line) for line in text.splitlines() if line.startswith("|")]


def table_faults(block, count, columns):
    """How the rows of a Markdown table differ from the first `count` of `columns`, a list of dictionaries."""
    head, _, *rows = rows_of(block)
    unknown = [name for name in head if name not in columns[0]]
    if unknown:
        return [f"no such column: {name}" for name in unknown]
    expected = [[row[name] for name in head] for row in columns[:count]]
    return [] if rows == expected else [f"the rows are not {expected}"]


def numbers_of(text):
    return NUMBER.findall(re.sub(r"`[^`]*`", "", text))


def answer_faults(answer, report):
    """The clauses of an answer whose numbers do not stand in one line of the report."""
    lines = [set(NUMBER.findall(line.replace("\\", ""))) for line in report.splitlines()]
    return [f"no line has all numbers of: {clause.strip()}" for clause in answer.split(";")
            if not any(set(numbers_of(clause)) <= line for line in lines)]


def answers_of(page):
    """(answer, linked report) of every row of every table of a page that quotes reports."""
    found = []
    for table in re.split(r"\n\s*\n", page):
        lines = [line for line in table.splitlines() if line.startswith("|")]
        if not lines or cells(lines[0])[-2:] != ["answer", "report"]:
            continue
        for line in lines[2:]:
            *_, answer, link = line.strip().strip("|").split("|")
            found.append((answer, re.search(r"\]\(([^)]+)\)", link)[1]))
    return found


def table_named(name, text):
    """The lines of the first table below that heading, without marks of bold text."""
    return re.search(rf"^#+ {re.escape(name)}\n.*?((?:^\|[^\n]*\n)+)", text, re.S | re.M)[1].replace("**", "")


def check_the_check():
    assert table_named("b", "# a\n| x |\n\n## b\nwords\n| y |\n| **2** |\n\n| z |\n") == "| y |\n| 2 |\n"
    columns = [{"place": "1", "sampler": "a", "rank": "1.5"}, {"place": "2", "sampler": "b", "rank": "2.5"}]
    block = "| sampler | rank |\n| :-- | --: |\n| a | 1.5 |\n"
    assert not table_faults(block, 1, columns)
    assert table_faults(block.replace("1.5", "1.6"), 1, columns) and table_faults(block, 2, columns)
    assert table_faults(block.replace("rank", "mean rank"), 1, columns)
    report = "| hmc-200 | 0.12 ± 0.03 | \\[-2.6×10⁻⁴, 1,250\\] |\n| nuts | 0.5 |\n"
    assert not answer_faults("`hmc-9` has 0.12 ± 0.03 [-2.6×10⁻⁴, 1,250]; nuts 0.5; words", report)
    for wrong in ("0.13", "0.1", "0.12 beside 0.5", "2.6×10⁻⁴", "-2.6×10⁻³", "1", "250", "200"):
        assert answer_faults(wrong, report), wrong


def page_faults(root, name):
    page = (root / name).read_text()
    faults = []
    for path, name_of_table, count, block in QUOTED_TABLE.findall(page):
        head, _, *lines = rows_of(table_named(name_of_table, (root / path).read_text()))
        rows = [dict(zip(head, line)) for line in lines]
        faults += [f"{path}: {fault}" for fault in table_faults(block, int(count), rows)]
    answers = answers_of(page)
    reports = [((root / name).parent / link).read_text() for _, link in answers]
    for (answer, link), report in zip(answers, reports):
        faults += [f"{link}: {fault}" for fault in answer_faults(answer, report)]
    # A check that every report would pass is none: no answer fits all reports.
    for answer, link in answers:
        if numbers_of(answer) and not any(answer_faults(answer, report) for report in reports):
            faults.append(f"{link}: every report has the numbers of this answer: {answer}")
    return [f"{name}: {fault}" for fault in faults], len(answers)


def main():
    check_the_check()
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    faults, answers = [], 0
    for name in PAGES:
        found, count = page_faults(root, name)
        faults += found
        answers += count
        if count == 0:
            faults.append(f"{name}: no answer found")
    if not QUOTED_TABLE.search((root / "README.md").read_text()):
        faults.append("README.md: no quoted table found")
    print("\n".join(faults) or f"{answers} answers agree with their reports")
    return 1 if faults else 0


sys.exit(main())
