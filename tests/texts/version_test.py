"""Holds the version that `samplerbench --version` prints to those of CHANGELOG.md, CITATION.cff and the Python package.

usage: version_test.py SAMPLERBENCH      exit status 1 where they differ
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def faults_of(printed, changelog, citation, package):
    """What does not hold of the line that the program prints and of the three texts."""
    match = re.fullmatch(r"samplerbench (\d+\.\d+\.\d+) \(([0-9a-f]{7,40}(-dirty)?|unknown)\)\n", printed)
    if not match:
        return [f"--version prints {printed!r}, not 'samplerbench VERSION (COMMIT)'"]
    newest = re.search(r"^## \[(.+?)\]", changelog, re.M)
    cited = re.search(r"^version: (\S+)$", citation, re.M)
    packaged = re.search(r'^__version__ = "(\S+)"$', package, re.M)
    faults = []
    if not newest or newest[1] != match[1]:
        faults.append(f"CHANGELOG.md: the newest version is not {match[1]}")
    if not cited or cited[1] != match[1]:
        faults.append(f"CITATION.cff: the version is not {match[1]}")
    if not packaged or packaged[1] != match[1]:
        faults.append(f"harness/python: the version is not {match[1]}")
    return faults


def check_the_check():
    good = ("samplerbench 1.2.3 (0123456789ab-dirty)\n", "## [1.2.3] - unreleased\n## [1.2.2]\n", "version: 1.2.3\n",
            '__version__ = "1.2.3"\n')
    assert not faults_of(*good)
    for place, wrong in enumerate(("samplerbench 1.2.3\n", "## [1.2.2]\n## [1.2.3]\n", "version: 1.2.30\n",
                                     '__version__ = "1.2"\n')):
        assert faults_of(*good[:place], wrong, *good[place + 1:]), wrong


def main():
    check_the_check()
    printed = subprocess.run([sys.argv[1], "--version"], check=True, capture_output=True, text=True).stdout
    texts = ("CHANGELOG.md", "CITATION.cff", "harness/python/samplerbench/version.py")
    faults = faults_of(printed, *((ROOT / text).read_text() for text in texts))
    print("\n".join(faults) or printed.strip())
    return 1 if faults else 0


sys.exit(main())
