"""Checks that every relative link and image of the Markdown files leads to a file or folder of the repository.

usage: links_test.py [ROOT]      exit status 1 where one does not
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# [text](target) and ![text](target), without those that name a protocol or a place on the same page.
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s#]+)[^)]*\)")
CODE = re.compile(r"^ *```.*?^ *```|^ {4}.*?$|`[^`\n]*`", re.M | re.S)


def targets_of(text):
    return LINK.findall(CODE.sub("", text))


def faults_of(root, pages):
    return [f"{page}: {target} does not exist" for page in pages
            for target in targets_of((root / page).read_text()) if not ((root / page).parent / target).exists()]


def pages_of(root):
    """The tracked and the new Markdown files; in a tree without git, all that there are."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=root,
                            capture_output=True, text=True)
    if listed.returncode == 0:
        return [page for page in listed.stdout.splitlines() if (root / page).exists()]
    return [str(page.relative_to(root)) for page in root.rglob("*.md")]


def check_the_check():
    text = "[a](b.md) ![c](d/e.svg) [f](g.md#h)\n[web](https://x.org/y) [here](#z) `[code](no)`\n\n    [block](no)\n"
    assert targets_of(text) == ["b.md", "d/e.svg", "g.md"], targets_of(text)
    folder, own = pathlib.Path(__file__).parent, pathlib.Path(__file__).name
    assert (folder / own).exists() and not (folder / "no-such-file.md").exists()


def main():
    check_the_check()
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    pages = pages_of(root)
    faults = faults_of(root, pages)
    if "README.md" not in pages:
        faults.append("README.md is not among the pages")
    print("\n".join(faults) or f"the links of {len(pages)} pages lead somewhere")
    return 1 if faults else 0


sys.exit(main())
