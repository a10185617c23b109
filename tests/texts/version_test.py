"""Holds the version that `samplerbench --version` prints to the one of CHANGELOG.md and of CITATION.cff.

usage: version_test.py SAMPLERBENCH      exit status 1 where they differ
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def faults_of(printed, changelog, citation):
    """What does not hold of the line that the program prints and of the two texts."""
    match = re.fullmatch(r"samplerbench (\d+\.\d+\.\d+) \(([0-9a-f]{7,40}(-dirty)?|unknown)\)\n", printed)
    if not match:
        return [f"--version prints {printed!r}, not 'samplerbench VERSION (COMMIT)'"]
    newest = re.search(r"^## \[(.+?)\]", changelog, re.M)
    cited = re.search(r"^version: (\S+)$", citation, re.M)
    faults = []
    if not newest or newest[1] != match[1]:
        faults.append(f"CHANGELOG.md: the newest version is not {match[1]}")
    if not cited or cited[1] != match[1]:
        faults.append(f"CITATION.cff: the version is not {match[1]}")
    return faults


def check_the_check():
    good = ("samplerbench 1.2.3 (0123456789ab-dirty)\n", "## [1.2.3] - unreleased\n## [1.2.2]\n", "version: 1.2.3\n")
    assert not faults_of(*good)
    for place, wrong in enumerate(("samplerbench 1.2.3\n", "## [1.2.2]\n## [1.2.3]\n", "version: 1.2.30\n")):
        assert faults_of(*good[:place], wrong, *good[place + 1:]), wrong


def main():
    check_the_check()
    printed = subprocess.run([sys.argv[1], "--version"], check=True, capture_output=True, text=True).stdout
    faults = faults_of(printed, (ROOT / "CHANGELOG.md").read_text(), (ROOT / "CITATION.cff").read_text())
    print("\n".join(faults) or printed.strip())
    return 1 if faults else 0


sys.exit(main())
