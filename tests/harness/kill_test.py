"""Kills the program with SIGKILL at random moments of run, report, draw, fit, data fetch, pack, a merge by pack and
packing by a shard.

Nothing that was finished may be lost or changed, and the same command, given again, must finish as one that nobody
disturbed. usage: kill_test.py PROGRAM [--mirror DIR] [--moments N] [--seed S] [--only COMMAND ...] [--json FILE]
"""
import argparse
import base64
import gzip
import hashlib
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib

SPEC = """name = "tiny"
seeds = 2
draws = 200
checkpoints = 3
floor_replications = 3
keep = "all"
targets = ["gaussian"]
metrics = ["ksd_imq_v", "mmd"]
budget = { steps = 60 }
samplers = ["ula", "hmc:warmup=10", {name="kl", options={batch=16,width=8}}]
"""
FIT = """name = "tiny-fit"
summary = "a small classifier"
fit = "image-classifier"
options = { data = "strokes", channels = 2, features = 8 }
steps = 60
evaluate_every = 20
"""
DATA_SET = "mnist"
IMAGES = ".images.npy"


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_finished(record):
    try:
        return json.loads(record.read_text().splitlines()[-1])["type"] == "end"
    except (ValueError, IndexError, KeyError):
        return False


class Case:
    """A command, the finished work in its folder and what it leaves."""

    def __init__(self, program, common):
        self.program, self.common = program, common

    def prepare(self, folder):
        pass

    def finished(self, folder):
        """Digests of finished work, by what names it for ever."""
        return {}


class Run(Case):
    name = "run"

    def words(self, folder):
        return ["run", self.common / "tiny.toml", "--results", folder / "out", "--jobs", "1"]

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.jsonl") if is_finished(path)}

    def left(self, folder):
        records = sorted(folder.rglob("*.jsonl"))
        assert all(is_finished(path) for path in records), "a record is not finished"
        tables = [path.name for path in folder.rglob("tables/*.csv") if path.name not in OVER_TIME]
        return [path.name for path in records], sorted(tables)


# Tables that a report leaves out where other load made the calibrations of a run and its continuation differ.
OVER_TIME = {"best-by-property.csv", "draws-wanted.csv", "profile.csv", "target-properties.csv", "time-to-quality.csv"}


class Report(Case):
    name = "report"

    def prepare(self, folder):
        shutil.copytree(self.common / "results" / "tiny", folder / "tiny")
        shutil.rmtree(folder / "tiny" / "report")

    def words(self, folder):
        return ["report", folder / "tiny"]

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.jsonl")}

    def left(self, folder):
        report = folder / "tiny" / "report"
        return {str(path.relative_to(report)): sha(path) for path in report.rglob("*")
                if path.suffix in (".csv", ".md", ".tex", ".dat", ".gp")}


class Draw(Case):
    name = "draw"

    def prepare(self, folder):
        (folder / "draws.npy").write_bytes(b"kept until the new draws are whole")

    def words(self, folder):
        record = next(path for path in sorted((self.common / "results").rglob("*.jsonl"))
                      if path.with_suffix(".safetensors").exists())
        return ["draw", record, "-n", "200000", "--out", folder / "draws.npy"]

    def left(self, folder):
        return sha(folder / "draws.npy")

    def check_killed(self, folder, reference):
        whole = {reference, hashlib.sha256(b"kept until the new draws are whole").hexdigest()}
        assert sha(folder / "draws.npy") in whole, "half of the draws replaced the file"


class Fit(Case):
    name = "fit"

    def words(self, folder):
        return ["fit", self.common / "tiny-fit.toml", "--models", folder / "models"]

    def left(self, folder):
        return sha(folder / "models" / "tiny-fit.safetensors")

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.safetensors")}


class Fetch(Case):
    name = "data fetch"

    def words(self, folder):
        return ["data", "fetch", DATA_SET, "--from", (self.common / "mirror").as_uri(),
                "--data", folder / "data"]

    def left(self, folder):
        return {path.name: sha(path) for path in (folder / "data").rglob("*") if path.is_file()}

    def check_killed(self, folder, reference):
        for path in (folder / "data").rglob("*") if (folder / "data").exists() else []:
            if path.is_file() and path.name in reference:
                assert sha(path) == reference[path.name], f"{path} is not whole"


class Pack(Case):
    """A folder of loose records, each with images beside it."""
    name = "pack"

    def prepare(self, folder):
        shutil.copytree(self.common / "results" / "tiny", folder / "tiny")
        shutil.rmtree(folder / "tiny" / "report")
        for path in (folder / "tiny").rglob("*.jsonl"):
            path.with_suffix(IMAGES).write_bytes(path.name.encode() * 3000)

    def words(self, folder):
        return ["pack", folder / "tiny"]

    def finished(self, folder):
        """Every record with what is kept beside it, by its key: a loose one stands before a packed one."""
        records = {}
        packed = b"".join(file.read_bytes() for file in sorted((folder / "tiny").glob("records*.jsonl.gz")))
        for line in gzip.decompress(packed).decode().splitlines():
            document = json.loads(line)
            if document["type"] == "begin":
                text, kept = records[document["key"]] = [], {}
            if document["type"] == "kept":
                data = zlib.decompress(base64.b64decode(document["data"].split()[1]))
                kept[document["extension"]] = hashlib.sha256(data).hexdigest()
            else:
                text.append(line)
        for path in (folder / "tiny").rglob("*.jsonl"):
            text, images = path.read_text().splitlines(), path.with_suffix(IMAGES)
            kept = {IMAGES: sha(images)} if images.exists() else {}
            records[json.loads(text[0])["key"]] = text, kept
        return {key: hashlib.sha256(json.dumps(record).encode()).hexdigest() for key, record in records.items()}

    def left(self, folder):
        return self.finished(folder), [path.name for path in (folder / "tiny").rglob("*.jsonl")]

    def check_killed(self, folder, reference):
        assert self.finished(folder) == reference[0], "a finished run was lost"


class Merge(Pack):
    """A folder of packed records into which the same and other loose ones were copied from elsewhere."""
    name = "merge"

    def prepare(self, folder):
        super().prepare(folder)
        tiny, elsewhere = folder / "tiny", folder / "elsewhere"
        shutil.copytree(tiny, elsewhere)
        for path in sorted(tiny.rglob("*.jsonl"))[::2]:
            path.unlink()
            path.with_suffix(IMAGES).unlink()
        subprocess.run([self.program, "pack", tiny], check=True, capture_output=True)
        shutil.copytree(elsewhere, tiny, dirs_exist_ok=True)
        shutil.rmtree(elsewhere)


class Shard(Pack):
    """A folder of loose records, which a shard packs that has no other work left."""
    name = "shard"

    def words(self, folder):
        return ["run", self.common / "tiny.toml", "--results", folder, "--pack", "--no-report"]


def start(case, folder):
    words = [str(word) for word in [case.program, *case.words(folder)]]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def finish(case, folder):
    began = time.monotonic()
    process = start(case, folder)
    output = process.communicate(timeout=300)[0].decode(errors="replace")
    assert process.returncode == 0, f"{case.name}: exit code {process.returncode}\n{output}"
    return time.monotonic() - began


def kill_once(case, reference, seconds, random_numbers):
    """True where the command was killed before its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        case.prepare(folder)
        process = start(case, folder)
        time.sleep(random_numbers.random() * seconds)
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = case.finished(folder)
        if hasattr(case, "check_killed"):
            case.check_killed(folder, reference)
        finish(case, folder)
        after = case.finished(folder)
        for name, digest in before.items():
            assert after.get(name) == digest, f"{name}: finished work was lost or changed"
        assert case.left(folder) == reference, f"{case.name}: left {case.left(folder)}, not {reference}"
        return killed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--mirror", type=pathlib.Path, help="a folder of data files, for data fetch")
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--json", type=pathlib.Path, help="a file that takes what was done")
    arguments = parser.parse_args()
    random_numbers = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        common = pathlib.Path(name)
        (common / "tiny.toml").write_text(SPEC)
        (common / "tiny-fit.toml").write_text(FIT)
        subprocess.run([arguments.program, "run", common / "tiny.toml", "--results", common / "results"], check=True,
                       capture_output=True)
        kinds = [Run, Report, Draw, Fit, Pack, Merge, Shard]
        if arguments.mirror and (arguments.mirror / DATA_SET).is_dir():
            (common / "mirror").symlink_to(arguments.mirror.resolve())
            kinds.append(Fetch)
        cases = [kind(arguments.program, common) for kind in kinds]
        cases = [case for case in cases if arguments.only is None or case.name in arguments.only]
        done = []
        for case in cases:
            with tempfile.TemporaryDirectory() as undisturbed:
                folder = pathlib.Path(undisturbed)
                case.prepare(folder)
                seconds = finish(case, folder)
                reference = case.left(folder)
            moments = arguments.moments // len(cases)
            killed = sum(kill_once(case, reference, seconds, random_numbers) for _ in range(moments))
            print(f"{case.name}: {moments} moments of {seconds:.2f} s, {killed} before its end, nothing lost",
                  flush=True)
            # A command that ends before it is killed says nothing.
            assert moments < 10 or killed > 0, f"{case.name}: no moment was before its end"
            done.append({"command": case.name, "moments": moments, "seconds": round(seconds, 2), "killed": killed})
        if arguments.json:
            arguments.json.write_text(json.dumps(done, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
