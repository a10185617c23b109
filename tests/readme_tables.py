"""Holds the tables of README.md and CONTRIBUTING.md to the files of results/ that they show.

Between `<!-- table: PATH -->` and `<!-- end -->` stand exactly the table rows (lines that begin with '|') of PATH.

usage: readme_tables.py [--write]      without --write, exit status 1 where a table differs
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- table: (\S+) -->\n)(.*?)(<!-- end -->)", re.S)


def rows(path):
    return "".join(line + "\n" for line in (ROOT / path).read_text().splitlines() if line.startswith("|"))


def main():
    write = sys.argv[1:] == ["--write"]
    faults, blocks = [], 0
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        text = page.read_text()
        blocks += len(BLOCK.findall(text))
        fresh = BLOCK.sub(lambda match: match[1] + "\n" + rows(match[2]) + "\n" + match[4], text)
        if fresh != text and write:
            page.write_text(fresh)
        elif fresh != text:
            faults.append(f"{page.name}: a table is not that of its file; run tests/readme_tables.py --write")
        for target in re.findall(r"\]\((?!https?:|#)([^)\s#]+)\)", text):
            if not (ROOT / target).exists():
                faults.append(f"{page.name}: {target} does not exist")
    if blocks == 0:
        faults.append("no table found")
    print("\n".join(faults) or f"{blocks} tables agree with their files")
    return 1 if faults and not write else 0


sys.exit(main())
