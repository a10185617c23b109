"""Checks that every whole spec that a text shows (a block marked ```toml) is one that `samplerbench run` takes.

usage: specs_test.py SAMPLERBENCH      exit status 1 where one is refused
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = ("README.md", "harness/experiments/README.md", "harness/python/README.md")
SPEC = re.compile(r"^```toml\n(.*?)^```", re.M | re.S)


def refusal(program, spec):
    """What the program says against the spec; empty where it takes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "spec.toml"
        path.write_text(spec)
        ended = subprocess.run([program, "run", str(path), "--results", folder, "--dry-run"], capture_output=True,
                               text=True)
    return ended.stderr.strip() if ended.returncode else ""


def main():
    program = sys.argv[1]
    specs = {page: SPEC.findall((ROOT / page).read_text()) for page in PAGES}
    faults = [f"{page}: shows no spec" for page in PAGES if not specs[page]]
    for page in PAGES:
        for spec in specs[page]:
            if why := refusal(program, spec):
                faults.append(f"{page}: {why}")
            if not refusal(program, spec + '\nnot_a_member = "x"\n'):
                faults.append(f"{page}: a spec with an unknown member was taken")
    print("\n".join(faults) or f"{sum(map(len, specs.values()))} specs are taken")
    return 1 if faults else 0


sys.exit(main())
