#!/usr/bin/env python3
"""Runs what tries to break the suite, and writes what came of it into results/trust.md.

usage: trust.py [--parts NAME ...] [--seconds N] [--inputs N] [--moments N] [--mirror DIR] [--earlier] [--out FILE]

All builds must stand: build/release, build/sanitize and build/fuzz; `./bench trust` makes them. Every number of the
text is taken from what a tool prints. Each part is written as soon as it ends, with the version that it tried; parts
that are not asked for stay as they are in the file. Fuzzing and the tests under sanitizers go on where they stopped.
Exit code 1 where something was found; the text says what.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
RELEASE, SANITIZE, FUZZ = (SOURCES / "build" / name for name in ("release", "sanitize", "fuzz"))
TESTED = re.compile(r"Test +#\d+: (\S+) \.+[ *]*(.+?) +[0-9.]+ sec")
HARMLESS = ("Passed", "Skipped")  # outcomes of tests in the words of ctest
REPLAYED = re.compile(r"^(\w+): (?:(\d+) inputs, (\d+) refused, no finding|finding at input \d+)", re.MULTILINE)


def table(head, rows):
    """A table in Markdown; all columns but the first hold numbers.

    >>> print(table(["reader", "inputs"], [["npy", "20"]]))
    | reader | inputs |
    | :--- | ---: |
    | npy | 20 |
    """
    lines = [head, [":---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def replayed(output):
    """A row of the table of each line that replay_READER prints: reader, inputs, refused, findings.

    >>> replayed("npy: 2000 inputs, 310 refused, no finding, 0.4 s")
    [['npy', '2,000', '310', '0']]
    >>> replayed("finding: no InputError\\nnpy: finding at input 3 (signal 6), which is kept as npy-3.finding")
    [['npy', '', '', '1']]
    """
    return [[name, f"{int(inputs):,}", f"{int(refused):,}", "0"] if inputs else [name, "", "", "1"]
            for name, inputs, refused in REPLAYED.findall(output)]


def bad_inputs(document):
    """Tests, failures and cases of GoogleTest's report on the tests BadInput.

    >>> tests = [{"name": "A", "cases": "7"}, {"name": "B", "failures": [{}]}]
    >>> bad_inputs({"testsuites": [{"testsuite": tests}]})
    (2, 1, 7)
    """
    tests = [test for suite in document["testsuites"] for test in suite["testsuite"]]
    return (len(tests), sum("failures" in test for test in tests),
            max((int(test["cases"]) for test in tests if "cases" in test), default=0))


def tested(line):
    """Name and outcome of a test by the line that ctest prints at its end; nothing for other lines.

    >>> tested(" 5/61 Test  #3: targets ..........   Passed  369.88 sec")
    ('targets', 'Passed')
    >>> tested("12/61 Test #19: page .............***Skipped   0.12 sec")
    ('page', 'Skipped')
    >>> tested("13/61 Test #20: kill .............***Exception: SegFault  3.00 sec")
    ('kill', 'Exception: SegFault')
    >>> tested("      Start  4: samplers")
    """
    found = TESTED.search(line)
    return (found[1], found[2]) if found else None


def sanitized(names, version, outcomes):
    """Sentences on the tests of these names, and the faults among their outcomes. Each outcome is of a version.

    >>> sanitized(["a", "b"], "2", {"a": ["Passed", "2"], "b": ["Skipped", "2"]})
    ('2 tests: 1 passed, 1 skipped, 0 failed.', [])
    >>> sanitized(["a", "b"], "2", {"a": ["Timeout", "2"]})
    ('2 tests: 0 passed, 0 skipped, 2 failed.', ['sanitizers: a: Timeout', 'sanitizers: b: did not end'])
    >>> sanitized(["a", "b"], "2", {"a": ["Passed", "1"], "b": ["Passed", "2"]})
    ('2 tests: 2 passed, 0 skipped, 0 failed. Of these, 1 with 1.', [])
    """
    ended = {name: outcomes.get(name, ["did not end", version]) for name in names}
    faults = [f"sanitizers: {name}: {outcome}" for name, (outcome, _) in ended.items() if outcome not in HARMLESS]
    passed, skipped = ([outcome for outcome, _ in ended.values()].count(harmless) for harmless in HARMLESS)
    earlier = collections.Counter(tried for _, tried in ended.values() if tried != version)
    also = [f" Of these, {count} with {tried}." for tried, count in earlier.items()]
    return f"{len(names)} tests: {passed} passed, {skipped} skipped, {len(faults)} failed." + "".join(also), faults


def last_line(output, tool):
    """What a tool that failed said last.

    >>> last_line("one\\ntwo\\n", "tool")
    'two'
    >>> last_line("", "tool")
    'tool said nothing'
    """
    return (output.strip().splitlines() or [f"{tool} said nothing"])[-1]


def replace_text(path, text):
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


def version_of(build):
    return run([build / "samplerbench", "--version"], check=True).stdout.strip().removeprefix("samplerbench ")


def run(words, **more):
    print("trust: " + " ".join(str(word) for word in words[:4]), file=sys.stderr, flush=True)
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", **more)


def fuzzed_part(arguments, _):
    ended = run([SOURCES / "tests/fuzz/run.py", FUZZ, arguments.seconds])
    rows = json.loads((FUZZ / "fuzz.json").read_text())["readers"]
    faults = [f"libFuzzer: {row['reader']}: {', '.join(row['findings']) or 'failed'}" for row in rows if row["failed"]]
    if ended.returncode != 0 and not faults:
        faults.append("libFuzzer: run.py failed")
    text = (f"libFuzzer, with the address and undefined-behaviour sanitizers, {arguments.seconds} CPU seconds a "
            "reader. A reader takes its input or refuses it in one line that names the file; all else is a "
            "finding.\n\n")
    return text + table(["reader", "inputs", "CPU s", "kept inputs", "peak memory [MiB]", "findings"],
                        [[row["reader"], f"{row['inputs']:,}", f"{row['cpu_s']:.0f}", f"{row['corpus']:,}",
                          f"{row['peak_memory_mib']:,}", str(len(row["findings"]))] for row in rows]), faults


def replayed_part(arguments, _):
    rows, faults = [], []
    for program in sorted((RELEASE / "tests/fuzz").glob("replay_*")):
        if not (program.is_file() and os.access(program, os.X_OK)):
            continue
        ended = run([program, "--inputs", arguments.inputs, "--findings", RELEASE / "tests/fuzz"])
        rows += replayed(ended.stdout)
        if ended.returncode != 0:
            faults.append(f"mutations: {last_line(ended.stdout, program.name)}")
    text = "Mutations of valid inputs, the same on every machine, by the program as users have it.\n\n"
    return text + table(["reader", "inputs", "refused", "findings"], rows), faults


def kills_part(arguments, scratch):
    done = scratch / "kills.json"
    words = [sys.executable, SOURCES / "tests/harness/kill_test.py", RELEASE / "samplerbench", "--json", done,
             "--moments", arguments.moments]
    ended = run(words + (["--mirror", arguments.mirror] if arguments.mirror else []))
    rows = json.loads(done.read_text()) if done.exists() else []
    faults = [] if ended.returncode == 0 else [f"kills: {last_line(ended.stdout, 'kill_test.py')}"]
    text = ("Commands that SIGKILL ends at random moments: nothing that was finished is lost or changed, and the same "
            "command, given again, finishes as one that nobody disturbed.\n\n")
    return text + table(["command", "moments", "before its end"],
                        [[row["command"], str(row["moments"]), str(row["killed"])] for row in rows]), faults


def bad_input_part(_, scratch):
    report = scratch / "bad_input.json"
    run([RELEASE / "tests/test_harness", "--gtest_filter=BadInput.*", f"--gtest_output=json:{report}"])
    if not report.exists():
        return "The tests of bad input did not end.", ["bad input: the tests did not end"]
    tests, failed, cases = bad_inputs(json.loads(report.read_text()))
    faults = [f"bad input: {failed} tests failed"] if failed else []
    return (f"Arguments, options, specs, draws, data, records and environments that are wrong: {cases:,} cases in "
            f"{tests} tests, {failed} of which failed. Each case must end with exit code 2 and one line that names the "
            "cause."), faults


def ended_well(kept, version, earlier):
    """Outcomes of the tests that ended well, by the file `kept`: with this version, or with earlier ones too. Those of
    sources with uncommitted changes do not count: their version does not say which.

    >>> outcomes = {"a": ["Passed", "2"], "b": ["Timeout", "2"], "c": ["Passed", "1"], "d": ["Passed", "1-dirty"]}
    >>> with tempfile.TemporaryDirectory() as scratch:
    ...     kept = pathlib.Path(scratch) / "kept.json"
    ...     replace_text(kept, json.dumps(outcomes))
    ...     print(ended_well(kept, "2", False), ended_well(kept, "2", True))
    {'a': ['Passed', '2']} {'a': ['Passed', '2'], 'c': ['Passed', '1']}
    """
    before = json.loads(kept.read_text()) if kept.exists() else {}
    return {name: [outcome, tried] for name, (outcome, tried) in before.items()
            if outcome in HARMLESS and "-dirty" not in tried and (earlier or tried == version)}


def sanitizers_part(arguments, _):
    """Runs the tests that did not end well yet; build/sanitize keeps how each ended."""
    kept, version = SANITIZE / "sanitized.json", version_of(SANITIZE)
    outcomes = ended_well(kept, version, arguments.earlier)
    listed = subprocess.run(["ctest", "--test-dir", SANITIZE, "--show-only=json-v1"], check=True, capture_output=True)
    words = ["ctest", "--test-dir", SANITIZE, "--parallel", str(len(os.sched_getaffinity(0))), "--timeout", "14400"]
    if outcomes:
        words += ["--exclude-regex", f"^({'|'.join(outcomes)})$"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, errors="replace") as running:
        for name, outcome in filter(None, map(tested, running.stdout)):
            print(f"trust: {name}: {outcome}", file=sys.stderr, flush=True)
            outcomes[name] = [outcome, version]
            replace_text(kept, json.dumps(outcomes, indent=1))
    text, faults = sanitized([test["name"] for test in json.loads(listed.stdout)["tests"]], version, outcomes)
    return (f"All tests under the address and undefined-behaviour sanitizers. {text} The thread sanitizer watches the "
            "threads that draw figures wherever the tests run without those: `ctest -R figure_threads`."), faults


# The heading, what tries it, and the build whose version is named.
PARTS = {"fuzzing": ("Fuzzing", fuzzed_part, RELEASE), "mutations": ("Mutations", replayed_part, RELEASE),
         "kills": ("Kills", kills_part, RELEASE), "bad-input": ("Bad input", bad_input_part, RELEASE),
         "sanitizers": ("Sanitizers", sanitizers_part, SANITIZE)}
HEAD = """# What tried to break the suite

`./bench trust` writes this file; each part names the version that it tried.

"""
TRIED = re.compile(r"^Tried: (.*), ([0-9-]+)\. Found: (.*)\.$", re.MULTILINE)


def section(version, words, faults):
    """The text below a part's heading.

    >>> print(section("1.0 (abc)", "Words.", ["npy: failed"]).replace(f"{datetime.date.today()}", "TODAY"))
    Tried: 1.0 (abc), TODAY. Found: 1.
    <BLANKLINE>
    - npy: failed
    <BLANKLINE>
    Words.
    """
    found = "\n".join(f"- {fault}" for fault in faults) + "\n\n" if faults else ""
    return f"Tried: {version}, {datetime.date.today()}. Found: {len(faults) or 'nothing'}.\n\n{found}{words}"


def sections_of(text):
    """Texts of parts by their headings.

    >>> sections_of("# Title\\n\\n## A\\n\\none\\n\\n## B\\n\\ntwo\\n")
    {'A': 'one', 'B': 'two'}
    """
    parts = re.split(r"^## (.*)\n\n", text, flags=re.MULTILINE)[1:]
    return {title: words.rstrip("\n") for title, words in zip(parts[::2], parts[1::2])}


def write(out, sections):
    rows = [[title, *TRIED.search(words).groups()] for title, words in sections.items()]
    text = HEAD + table(["part", "version", "date", "found"], rows) + "\n"
    text += "".join(f"\n## {title}\n\n{words}\n" for title, words in sections.items())
    replace_text(out, text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seconds", type=int, default=600, help="CPU seconds of libFuzzer for a reader")
    parser.add_argument("--inputs", type=int, default=100000, help="mutations for a reader")
    parser.add_argument("--moments", type=int, default=700, help="kills, of all commands together")
    parser.add_argument("--mirror", type=pathlib.Path, help="a folder of data files, for kills of data fetch")
    parser.add_argument("--earlier", action="store_true",
                        help="do not repeat tests that passed under sanitizers with earlier versions; the text says so")
    parser.add_argument("--out", type=pathlib.Path, default=SOURCES / "results" / "trust.md")
    arguments = parser.parse_args()
    before = sections_of(arguments.out.read_text()) if arguments.out.exists() else {}
    sections = {PARTS[name][0]: before.get(PARTS[name][0]) for name in PARTS}
    all_faults = []
    for name in arguments.parts:
        title, part, build = PARTS[name]
        with tempfile.TemporaryDirectory() as scratch:
            words, faults = part(arguments, pathlib.Path(scratch))
        all_faults += faults
        sections[title] = section(version_of(build), words, faults)
        write(arguments.out, {title: words for title, words in sections.items() if words})
    print(f"trust: {arguments.out}: {len(all_faults)} faults", file=sys.stderr)
    return 1 if all_faults else 0


if __name__ == "__main__":
    sys.exit(main())
