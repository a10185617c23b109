#!/usr/bin/env python3
"""The gate from outside: exit codes, files that CI systems read, and the steps of the workflows.

    gate_test.py PROGRAM SOURCES
"""
import gzip
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

PROGRAM, SOURCES = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
HOSTILE = "<&>\"' ]]> %s 日本"

SPEC = """name = "tiny"
targets = ["gaussian", {{ name = "mog2", label = {hostile} }}]
seeds = 4
draws = 200
checkpoints = 2
floor_replications = 2
metrics = ["energy_distance", "ksd_imq_v"]
budget = {{ steps = 40 }}
samplers = [{{ name = "hmc", options = {{ chains = 50 }}, label = {hostile_sampler} }}, {{ name = "ula", options = {{ chains = 50 }} }}]

[[claims]]
id = "small"
text = {hostile}
metric = "energy_distance"
left = "ula"
right = {right}
must_hold = {must_hold}

[[claims]]
id = "free"
text = "Need not hold."
metric = "energy_distance"
left = "ula"
right = -1

[[figures]]
kind = "curves"
metrics = ["ksd_imq_v"]
"""

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print("FAILED:", message)


def run(*words, **environment):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300,
                          env={**os.environ, **environment})


def spec(folder, right=1e9, must_hold="true"):
    path = folder / "tiny.toml"
    path.write_text(SPEC.format(hostile=json.dumps(HOSTILE, ensure_ascii=False), right=right, must_hold=must_hold,
                                hostile_sampler=json.dumps("hmc " + HOSTILE, ensure_ascii=False)))
    return path


def junit(path):
    """Cases of a JUnit file by (classname, name): None, or (element, message)."""
    cases = {}
    for case in xml.parse(path).getroot().iter("testcase"):
        key = case.get("classname"), case.get("name")
        check(key not in cases, f"{path.name}: two cases are called {key}")
        inner = list(case)
        cases[key] = (inner[0].tag, inner[0].get("message")) if inner else None
        if inner:
            check(inner[0].text == inner[0].get("message"), f"{path.name}: the body does not repeat the message")
    return cases


def check_benchmark_json(path):
    entries = json.loads(path.read_text())
    check(isinstance(entries, list) and entries, "benchmark.json is no list")
    names = [entry["name"] for entry in entries]
    check(len(set(names)) == len(names), "two entries of benchmark.json have one name")
    for entry in entries:
        check(set(entry) <= {"name", "value", "unit", "range", "extra"}, f"benchmark.json: {entry}")
        check(isinstance(entry["value"], (int, float)) and math.isfinite(entry["value"]) and entry["value"] > 0,
              f"benchmark.json: {entry}")
        check(entry["name"].startswith("tiny/"), f"benchmark.json: {entry['name']}")


def check_claims(folder):
    ok = run(PROGRAM, "run", spec(folder), "--results", folder, "--check-claims")
    check(ok.returncode == 0, f"run --check-claims of claims that hold: {ok.returncode}\n{ok.stderr}")
    results = folder / "tiny"
    report = ["report", results, "--no-figures", "--check-claims"]
    check(run(PROGRAM, *report).returncode == 0, "report --check-claims of claims that hold")
    # The claim is no part of a key: the same records, another verdict.
    broken = run(PROGRAM, "run", spec(folder, right=0.0), "--results", folder, "--check-claims")
    check(broken.returncode == 1, f"run --check-claims of a claim that fails: {broken.returncode}")
    check("must hold: small-gaussian: not reproduced" in broken.stderr, f"which claim fails: {broken.stderr}")
    check(run(PROGRAM, *report).returncode == 1, "report --check-claims of a claim that fails")
    free = run(PROGRAM, "run", spec(folder, right=0.0, must_hold="false"), "--results", folder, "--check-claims")
    check(free.returncode == 0, "a claim that need not hold fails the run")
    refused = run(PROGRAM, "run", spec(folder), "--results", folder, "--check-claims", "--no-report")  # at once
    check(refused.returncode == 2 and "--no-report" in refused.stderr, "--check-claims --no-report")


def check_files(folder):
    run(PROGRAM, "run", spec(folder, right=0.0), "--results", folder, "--no-report")
    results, summary = folder / "tiny", folder / "summary.md"
    summary.write_text("before\n")
    made = run(PROGRAM, "report", results, "--no-figures", "--markdown", summary, "--junit", folder / "a.xml",
               "--benchmark-json", folder / "a.json")
    check(made.returncode == 0, f"report with files: {made.stderr}")
    check(summary.read_text().startswith("before\n# tiny"), "the summary is not appended")
    check("data:image" not in summary.read_text(), "the summary holds an image")
    cases = junit(folder / "a.xml")
    check(cases[("tiny.claims", "small-" + HOSTILE)][0] == "failure", f"junit of a broken claim: {cases}")
    check(HOSTILE in cases[("tiny.claims", "small-" + HOSTILE)][1], "junit: the claim's text")
    check(cases[("tiny.claims", "free-gaussian")][0] == "skipped", "junit of a claim that need not hold")
    check(cases[("tiny.runs", "all runs finished")] is None, "junit of runs")
    check_benchmark_json(folder / "a.json")
    summary.write_text("x" * (1024 * 1024 - 1000))
    run(PROGRAM, "report", results, "--no-figures", "--markdown", summary)
    check(summary.stat().st_size <= 1024 * 1024, "a summary beyond 1 MiB")


def edited(source, target, change):
    """A copy of a results folder, loose or packed, with every checkpoint line changed in place."""
    shutil.copytree(source, target)
    for record in list(target.rglob("*.jsonl")) + list(target.rglob("*.jsonl.gz")):
        opener = gzip.open if record.suffix == ".gz" else open
        lines, begin = [], None
        with opener(record, "rt") as stream:
            for line in stream:
                value = json.loads(line)
                if value.get("type") == "begin":
                    begin = value
                if value.get("type") == "checkpoint":
                    change(begin["job"], value)
                lines.append(json.dumps(value, ensure_ascii=False) + "\n")
        with opener(record, "wt") as stream:
            stream.writelines(lines)
    return target


def even(job, line):
    """Seconds that no other work on the machine changes."""
    for part in ("train", "draw"):
        line[part]["cpu_s"] = 0.01 + 0.001 * (job["seed"] % 3)


def slower(job, line):
    if job["sampler"]["label"] == "ula":
        for part in ("train", "draw"):
            line[part]["cpu_s"] *= 1.1


def worse(job, line):
    if job["sampler"]["label"] == "ula" and job["target"]["label"] == "gaussian":
        line["metrics"]["energy_distance"] += 1


def check_compare(folder):
    base = edited(folder / "tiny", folder / "even", even)
    new = {"same": edited(base, folder / "same", lambda job, line: None),
           "slower": edited(base, folder / "slower", slower), "worse": edited(base, folder / "worse", worse)}
    for name, code in (("same", 0), ("slower", 1), ("worse", 1)):
        done = run(PROGRAM, "compare", base, new[name], "--junit", folder / "c.xml", "--markdown", folder / "c.md",
                   "--benchmark-json", folder / "c.json", "--json")
        check(done.returncode == code, f"compare with {name}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
        cases = junit(folder / "c.xml")
        failed = [key for key, case in cases.items() if case and case[0] == "failure"]
        check(bool(failed) == bool(code), f"junit of {name}: {failed}")
        check(json.loads(done.stdout)["worse"] == bool(code), f"json of {name}")
        check_benchmark_json(folder / "c.json")
    words = run(PROGRAM, "compare", base, new["worse"]).stdout
    check("regression: gaussian / ula / energy_distance" in words, words)
    check("any false regression is at most 1" in words and "matters from 5" in words, f"what is stated: {words}")
    improved = run(PROGRAM, "compare", new["slower"], base)
    check(improved.returncode == 0 and "improvement: all targets / ula / CPU seconds" in improved.stdout,
          f"an improvement: {improved.stdout}")
    packed = edited(base, folder / "packed", lambda job, line: None)
    check(run(PROGRAM, "pack", packed).returncode == 0, "pack")
    check(run(PROGRAM, "compare", packed, new["same"]).returncode == 0, "a packed folder against a loose one")
    less = edited(base, folder / "less", lambda job, line: None)
    for record in less.glob("gaussian/sampler-ula/*.jsonl"):
        record.unlink()
    missing = run(PROGRAM, "compare", base, less)
    check(missing.returncode == 0 and "missing: gaussian / ula" in missing.stdout, f"missing: {missing.stdout}")
    check(run(PROGRAM, "compare", base, less, "--strict").returncode == 1, "--strict")
    for words in (["--alpha", "2"], ["--threshold", "x"], ["--threshold", "nan"]):
        refused = run(PROGRAM, "compare", base, less, *words)
        check(refused.returncode == 2 and words[0] in refused.stderr, f"compare {words}: {refused.stderr}")
    check(run(PROGRAM, "compare", base, folder / "nothing").returncode == 2, "compare with no folder")


def steps_of(path):
    """The shell commands of a workflow of GitHub, or of a job of GitLab."""
    text = path.read_text()
    if path.name == ".gitlab-ci.yml":
        script = re.search(r"^  script:\n((?:    - .*\n)+)", text, re.M).group(1)
        return [line[6:] for line in script.splitlines()]
    return re.findall(r"^        run: (.*)$", text, re.M)


def check_workflow(path, folder):
    own = [step for step in steps_of(path) if step.startswith(".ci/")]
    check(own == [f".ci/benchmark {step}" for step in ("build", "run", "report", "compare")], f"{path.name}: {own}")
    named = re.findall(r"out/\S+", path.read_text())
    if path.name == ".gitlab-ci.yml":  # the same steps
        made = ("quick/report", "quick/benchmark.json", "quick/junit.xml", "quick/comparison.xml", "summary.md")
        check(sorted(named) == sorted(f"out/{one}" for one in made), f"{path.name} keeps {named}")
        return
    results = folder / path.name
    summary = results / "summary.md"
    base = folder / f"base of {path.name}"
    environment = {"SAMPLERBENCH": str(PROGRAM), "EXPERIMENT": str(spec(folder)), "RESULTS": str(results),
                   "GITHUB_STEP_SUMMARY": str(summary), "BASE": str(base)}
    for step in own:
        if step.endswith("compare"):  # with the same seconds: those of another run may truly be fewer
            shutil.copytree(results / "tiny", base)
        done = subprocess.run(["bash", "-c", step], cwd=SOURCES, env={**os.environ, **environment},
                              capture_output=True, text=True, timeout=300)
        check(done.returncode == 0, f"{path.name}: {step}: {done.returncode}\n{done.stdout}{done.stderr}")
    for name in named:
        there = list(folder.glob(name.replace("out/quick", f"{path.name}/tiny").replace("out/", f"{path.name}/")))
        check(there, f"{path.name} keeps {name}, which no step makes")
    text = summary.read_text()
    check("# tiny" in text and "No regression" in text, f"{path.name}: the summary: {text[:500]}")
    none = subprocess.run(["bash", "-c", own[-1]], cwd=SOURCES, capture_output=True, text=True,
                          env={**os.environ, **environment, "BASE": str(folder / "nothing")})
    check(none.returncode == 0 and "nothing to compare" in none.stdout, f"compare without a base: {none.stdout}")


def check_callers_folder(folder):
    """Paths are from the folder that the steps are called in, and a wrong step leaves nothing there."""
    own = folder / "a folder"
    own.mkdir()
    spec(own)
    environment = {**os.environ, "SAMPLERBENCH": str(PROGRAM), "EXPERIMENT": "tiny.toml", "RESULTS": "my out",
                   "BASE": "my out/tiny"}
    environment.pop("GITHUB_STEP_SUMMARY", None)

    def step(word):
        return subprocess.run([SOURCES / ".ci/benchmark", word], cwd=own, env=environment, capture_output=True,
                              text=True, timeout=300)

    wrong = step("nonsense")
    check(wrong.returncode == 2 and "Paths are from" in wrong.stderr, f"a wrong step: {wrong.stderr}")
    check([one.name for one in own.iterdir()] == ["tiny.toml"], f"a wrong step leaves {list(own.iterdir())}")
    for word in ("run", "report", "compare"):
        done = step(word)
        check(done.returncode == 0, f"{word} in a folder of its own: {done.stdout}{done.stderr}")
    check("No regression" in (own / "my out" / "summary.md").read_text(), "the summary in the caller's folder")


def check_long_budget(folder):
    """A budget of seconds that the time limit cuts off is said before anything runs."""
    path = folder / "long.toml"
    for seconds, is_said in ((2, True), (0.5, False)):
        path.write_text('name = "long"\ntargets = ["gaussian"]\nmetrics = ["mmd"]\nsamplers = ["ula"]\n'
                        f"limits.time_s = 1\nbudget.cpu_s = {seconds}\n")
        done = run(PROGRAM, "run", path, "--dry-run", "--results", folder / "long")
        check(done.returncode == 0 and ("limits.time_s = 1 ends a run before" in done.stderr) == is_said,
              f"a budget of {seconds} s: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_claims(folder)
        check_files(folder)
        check_compare(folder)
        for path in (SOURCES / ".github/workflows/benchmark.yml", SOURCES / ".gitlab-ci.yml"):
            check_workflow(path, folder)
        check_callers_folder(folder)
        check_long_budget(folder)
    print("gate:", "failed" if failures else "passed")
    return 1 if failures else 0


sys.exit(main())
