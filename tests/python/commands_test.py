"""The commands as functions, and the records that they leave: score, run, draw, records, to_arviz.

The environment variable SAMPLERBENCH names the program.
"""

import base64
import collections
import contextlib
import gzip
import importlib.util
import io
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
import zlib
from unittest import mock

import numpy as np

import samplerbench
from samplerbench import Error

PROGRAM = os.environ["SAMPLERBENCH"]
RESULTS = pathlib.Path(__file__).resolve().parents[2] / "results"
SPEC = """name = "tiny"
seeds = 2
draws = 200
checkpoints = 2
floor_replications = 3
keep = "all"
targets = ["gaussian"]
metrics = ["ksd_imq_v", "mmd", "rhat"]
budget = { steps = 40 }

[[samplers]]
name = "ula"
label = "ula"
options = { chains = 20 }

[[samplers]]
name = "hmc"
label = "hmc"
options = { chains = 20, leapfrog = 3 }
"""


def parsed(line):
    """A line of a record without its type, with Python's own words for numbers that are not finite."""
    for word, own in (('"nan"', "NaN"), ('"inf"', "Infinity"), ('"-inf"', "-Infinity")):
        line = line.replace(word, own)
    document = json.loads(line)
    return document.pop("type"), document


class Score(unittest.TestCase):
    def setUp(self):
        self.draws = np.random.default_rng(1).standard_normal((300, 2))

    def score(self, *arguments, **more):
        return samplerbench.score(*arguments, **{"replications": 20, **more})

    def test_good_draws_and_bad_ones(self):
        good = self.score(self.draws, "gaussian:correlation=0", ["mmd", "moment_mean_error"])
        self.assertEqual((good["n"], good["target"], good["seed"]), (300, "gaussian:correlation=0.0", 0))
        self.assertEqual(list(good["metrics"]), ["mmd", "moment_mean_error"])
        mean = good["metrics"]["moment_mean_error"]
        right = np.abs(self.draws.mean(0)).max() * math.sqrt(300)  # as its convention has it
        self.assertAlmostEqual(mean["value"], right, places=9)
        self.assertLess(mean["floor"], mean["floor_q95"])
        bad = self.score(self.draws + 1, "gaussian:correlation=0", "mmd")
        self.assertGreater(bad["metrics"]["mmd"]["value"], 10 * good["metrics"]["mmd"]["floor_q95"])

    def test_chains_floats_and_targets(self):
        chains = self.draws.reshape(3, 100, 2)
        with samplerbench.Target("gaussian", correlation=0.25) as target:
            metrics = self.score(chains, target, ("rhat", "moment_mean_error"))["metrics"]
            self.assertGreater(metrics["rhat"]["value"], 0.9)
            flat = self.score(self.draws.astype(np.float32), target, ("rhat", "moment_mean_error"))["metrics"]
        self.assertIn("skipped", flat["rhat"])  # draws are no chains
        self.assertAlmostEqual(flat["moment_mean_error"]["value"], metrics["moment_mean_error"]["value"], places=4)

    def test_mistakes(self):
        for arguments, part in (((self.draws, "donot"), "did you mean 'donut'?"),
                                ((self.draws, "donut", "mdm"), "unknown metric 'mdm'"),
                                ((np.zeros((5, 3)), "donut"), "its shape is (5, 3), and this target needs (n, 2)"),
                                ((np.full((5, 2), np.nan), "donut"), "5 of 5 draws are not finite")):
            with self.assertRaises(Error) as caught:
                self.score(*arguments)
            self.assertIn(part, caught.exception.message)
            self.assertFalse(caught.exception.message.startswith("samplerbench: "))
            self.assertEqual(caught.exception.exit_code, 2)

    def test_a_metric_that_fails_is_told_beside_the_others(self):
        document = {"n": 2, "metrics": {"mmd": {"value": "nan"}, "kid": {"error": "no images"}}}
        with mock.patch.dict(os.environ, SAMPLERBENCH=self.program(f"echo '{json.dumps(document)}'; exit 1")):
            metrics = self.score(self.draws)["metrics"]
        self.assertTrue(math.isnan(metrics["mmd"]["value"]))
        self.assertEqual(metrics["kid"], {"error": "no images"})

    def test_what_the_program_says_in_vain(self):
        for script, message, code in (("echo 'samplerbench: failed: no memory' >&2; exit 1", "failed: no memory", 1),
                                      ("exit 2", "exit code 2 and gave no reason", 2),
                                      ("kill -SEGV $$", "ended by signal 11 (SIGSEGV)", -11)):
            with mock.patch.dict(os.environ, SAMPLERBENCH=self.program(script)), self.assertRaises(Error) as caught:
                self.score(self.draws)
            self.assertIn(message, caught.exception.message)
            self.assertEqual(caught.exception.exit_code, code)

    def program(self, script):
        """A program that does what the script says."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name, "program")
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return str(file)


class Experiment(unittest.TestCase):
    """One experiment, whose records are loose first and packed later."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "tiny.toml").write_text(SPEC)
        cls.errors = io.StringIO()
        with contextlib.redirect_stderr(cls.errors):
            cls.summary = samplerbench.run(cls.folder / "tiny.toml", cls.folder / "out", 2, report=False)
        cls.out = cls.folder / "out" / "tiny"
        cls.loose = samplerbench.records(cls.out)

    def test_the_summary_and_what_was_said(self):
        self.assertEqual((self.summary["exit_code"], self.summary["experiment"]), (0, "tiny"))
        self.assertEqual(self.summary["statuses"], {"finished": 7})  # two samplers and the start, and a noise floor
        self.assertEqual(pathlib.Path(self.summary["records"]), self.out)
        self.assertIn("[7/7] gaussian / ", self.errors.getvalue())
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            again = samplerbench.run(self.folder / "tiny.toml", self.folder / "out", report=False, quiet=True)
        self.assertEqual((again["found"], errors.getvalue()), (7, ""))

    def test_mistakes(self):
        for spec, part in ((self.folder / "none.toml", "no such file"), ("smokee", "did you mean 'smoke'?")):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(Error) as caught:
                samplerbench.run(spec, self.folder / "other")
            self.assertIn(part, caught.exception.message)
            self.assertEqual(caught.exception.exit_code, 2)

    def test_records_are_the_lines_of_the_files(self):
        self.assertEqual(collections.Counter(record["kind"] for record in self.loose), {"run": 6, "floor": 1})
        self.assertEqual([(record["sampler"], record["seed"]) for record in self.loose],
                         [(None, None), ("hmc", 0), ("hmc", 1), ("start", 0), ("start", 1), ("ula", 0), ("ula", 1)])
        for record in self.loose:
            lines = [("begin", record["begin"]), *(("checkpoint", one) for one in record["checkpoints"]),
                     *(("floor", one) for one in [record.get("floor")] if one), ("end", record["end"])]
            self.assertEqual(str(lines), str([parsed(line) for line in record.file().read_text().splitlines()]))
            self.assertEqual(record["status"], "finished")
            self.assertEqual(record["target"], "gaussian")
        self.assertEqual(self.loose[0]["floor"]["metrics"]["mmd"]["replications"], 3)

    def test_packed_records_are_the_same(self):
        packed = self.folder / "packed"
        subprocess.run(["cp", "-r", self.out, packed], check=True)
        subprocess.run([PROGRAM, "pack", packed], check=True, capture_output=True)
        records = samplerbench.records(packed)
        self.assertFalse([file for file in packed.rglob("*.jsonl")])
        for record, right in zip(records, self.loose):
            self.assertEqual(str({**record, "place": ""}), str({**right, "place": ""}))
            self.assertTrue(record["place"].startswith("records.jsonl.gz:"))
        lines = gzip.open(packed / "records.jsonl.gz", "rt").readlines()
        for record in records:
            first = json.loads(lines[int(record["place"].split(":")[1]) - 1])
            self.assertEqual((first["type"], first["key"]), ("begin", record["key"]))
        # A loose record takes the place of a packed one.
        newer = packed / self.loose[1]["place"]
        newer.parent.mkdir(parents=True, exist_ok=True)
        newer.write_text(self.loose[1].file().read_text().replace('"status":"finished"', '"status":"timeout"'))
        statuses = [record["status"] for record in samplerbench.records(packed)]
        self.assertEqual(statuses, ["finished", "timeout"] + 5 * ["finished"])
        # The sampler that was kept is found in either form, and draws the same.
        hmc, ula = (samplerbench.records(packed)[index] for index in (1, 5))
        np.testing.assert_array_equal(samplerbench.draw(ula, 7, 3), samplerbench.draw(self.loose[5], 7, 3))
        self.assertEqual(hmc.file().suffix, ".jsonl")
        self.assertEqual(ula.file().suffix, ".safetensors")
        ula.file().unlink()
        with self.assertRaisesRegex(Error, "this run kept no sampler"):
            samplerbench.draw(ula)

    def test_files_of_shards_are_read_and_the_record_that_began_last_counts(self):
        shards = self.folder / "sharded" / "tiny"
        shards.parent.mkdir()
        subprocess.run(["cp", "-r", self.out, shards], check=True)
        subprocess.run([PROGRAM, "run", self.folder / "tiny.toml", "--results", shards.parent, "--pack", "--no-report"],
                       check=True, capture_output=True)
        records = samplerbench.records(shards)
        for record, right in zip(records, self.loose):
            self.assertEqual(str({**record, "place": ""}), str({**right, "place": ""}))
        self.assertEqual([record["place"].split(":")[0] for record in records[1:]], 6 * ["records-1-of-1.jsonl.gz"])
        utc = self.loose[1]["begin"]["context"]["utc"]
        text = self.loose[1].file().read_text().replace('"status":"finished"', '"status":"timeout"')
        for year, status in (("1999", "finished"), ("2999", "timeout")):
            with gzip.open(shards / "records-1-of-2.jsonl.gz", "wt") as file:
                file.write(text.replace(utc, year + utc[4:]))
            self.assertEqual([record["status"] for record in samplerbench.records(shards)],
                             ["finished", status] + 5 * ["finished"])

    def test_records_that_do_not_belong_or_are_damaged(self):
        changed = self.folder / "changed"
        subprocess.run(["cp", "-r", self.out, changed], check=True)
        file = changed / "experiment.json"
        experiment = json.loads(file.read_text())
        experiment["keys"].remove(self.loose[2]["key"])
        file.write_text(json.dumps(experiment))
        self.assertEqual(len(samplerbench.records(changed)), 6)
        self.assertEqual(len(samplerbench.records(changed, others=True)), 7)
        torn = changed / self.loose[1]["place"]
        lines = torn.read_text().splitlines(keepends=True)
        for text, words in (("".join(lines[:-1]), "breaks off before its end line"),
                            (lines[0] + lines[1][:50], "damaged record: "),
                            ("".join(lines) + lines[1], "a line follows the end line"),
                            (lines[0] + "[1]\n", "damaged record: ")):
            torn.write_text(text)
            record = samplerbench.records(changed)[1]
            self.assertEqual((record["status"], record["sampler"], record["end"]),
                             ("damaged", self.loose[1]["sampler"], {}))
            self.assertIn(words, record["reason"])
        for text in ("", "no JSON", "{}", '{"type": "begin", "job": null}'):
            torn.write_text(text)
            damaged = [record for record in samplerbench.records(changed, others=True) if record["status"] == "damaged"]
            self.assertEqual(len(damaged), 1, text)
        for name, text in (("experiment.json", "[]"), ("experiment.json", None), ("records.jsonl.gz", "no gzip")):
            broken = self.folder / f"broken-{name}-{text}"
            broken.mkdir()
            (broken / "experiment.json").write_text("{}")
            (broken / name).unlink(missing_ok=True)
            if text is not None:
                (broken / name).write_text(text)
            with self.assertRaises(Error) as caught:
                samplerbench.records(broken)
            self.assertIn(name, caught.exception.message)
            self.assertEqual(caught.exception.exit_code, 2)

    def test_rows_of_a_table(self):
        rows = self.loose.rows()
        self.assertEqual(len(rows), 10)  # two checkpoints of four runs, and one of each start
        last = next(row for row in rows if row["sampler"] == "ula" and row["checkpoint"] == 1)
        record = self.loose[5]
        self.assertEqual([last[name] for name in ("experiment", "target", "seed", "key", "status", "option.chains")],
                         ["tiny", "gaussian", 0, record["key"], "finished", 20])
        checkpoint = record["checkpoints"][1]
        self.assertEqual([last["train.steps"], last["train.score"], last["draw.n"], last["mmd"]],
                         [40, 40 * 20, 200, checkpoint["metrics"]["mmd"]])
        start = next(row for row in rows if row["sampler"] == "start")
        self.assertTrue(math.isnan(start["rhat"]))  # independent draws are no chains
        failed = samplerbench.Record({**record, "checkpoints": [], "status": "crashed"}, self.out, None, {})
        row, = samplerbench.Records([failed]).rows()
        self.assertEqual((row["status"], row["sampler"]), ("crashed", record["sampler"]))
        frame = types.SimpleNamespace(DataFrame=lambda given: ("frame", given))
        with mock.patch.dict(sys.modules, pandas=frame):
            self.assertEqual(str(self.loose.to_pandas()), str(("frame", rows)))

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "no pandas")
    def test_a_table_of_pandas(self):
        table = self.loose.to_pandas()
        self.assertEqual(len(table), 10)
        self.assertEqual(dict(table[table["checkpoint"] == 1].groupby("sampler")["mmd"].count()), {"hmc": 2, "ula": 2})

    def test_draws_of_kept_samplers(self):
        draws = samplerbench.draw(self.loose[1], 50, seed=4)
        self.assertEqual(draws.shape, (50, 2))
        np.testing.assert_array_equal(samplerbench.draw(self.loose[1].file(), 50, seed=4), draws)
        self.assertFalse(np.array_equal(samplerbench.draw(self.loose[1], 50, seed=5), draws))
        with self.assertRaisesRegex(Error, "a noise floor, which has no sampler"):
            samplerbench.draw(self.loose[0])


class ArviZ(unittest.TestCase):
    def taken(self, version, *arguments, **more):
        """What ArviZ of that version is given."""
        fake = types.SimpleNamespace(__version__=version, from_dict=lambda *given, **named: (given, named))
        with mock.patch.dict(sys.modules, arviz=fake):
            return samplerbench.to_arviz(*arguments, **more)

    def test_arrays(self):
        chains = np.arange(24.0).reshape(2, 6, 2)
        given, named = self.taken("0.22.0", chains)
        self.assertEqual((given, list(named), list(named["posterior"])), ((), ["posterior"], ["x"]))
        np.testing.assert_array_equal(named["posterior"]["x"], chains)
        given, named = self.taken("1.3.0", chains[0], name="theta")
        self.assertEqual((named, len(given), list(given[0])), ({}, 1, ["posterior"]))
        np.testing.assert_array_equal(given[0]["posterior"]["theta"], chains[:1])
        for wrong in (np.zeros(5), np.zeros((1, 2, 3, 4))):
            with self.assertRaisesRegex(ValueError, "are needed, and these have"):
                self.taken("1.3.0", wrong)

    def test_the_draws_of_a_reference_posterior(self):
        """Those that a packed record keeps, here draws of the test's own in the records of published ones."""
        lines, draws, kind = [], {}, ""
        generator = np.random.default_rng(7)
        with gzip.open(RESULTS / "blr-german" / "records.jsonl.gz", "rt", encoding="utf-8") as text:
            for line in text:
                document = json.loads(line)
                if document["type"] == "begin":
                    kind, key = document["kind"], document["key"]
                if kind != "reference" or document["type"] == "kept":
                    continue
                lines.append(line)
                if document["type"] == "end":
                    draws[key] = generator.normal(size=(40, 25)).astype(np.float32)
                    file = io.BytesIO()
                    np.save(file, draws[key])
                    data = base64.b64encode(zlib.compress(file.getvalue())).decode()
                    kept = {"type": "kept", "extension": ".npy", "data": f"{len(file.getvalue())} {data}"}
                    lines.append(json.dumps(kept) + "\n")
        self.assertGreater(len(draws), 1)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "experiment.json").write_text("{}")
            with gzip.open(pathlib.Path(folder, "records.jsonl.gz"), "wt", encoding="utf-8") as text:
                text.writelines(lines)
            records = samplerbench.records(folder)
        self.assertEqual({record["key"] for record in records}, set(draws))
        for record in records:
            np.testing.assert_array_equal(record.draws(), draws[record["key"]])
            np.testing.assert_array_equal(self.taken("1.3.0", record)[0][0]["posterior"]["x"], record.draws()[None])
            self.assertIsNone(record.images())
        without = samplerbench.Record(records[0], pathlib.Path("none"), None, {})  # as it is published
        self.assertIsNone(without.draws())
        with self.assertRaisesRegex(Error, "kept no sampler"):
            self.taken("1.3.0", without)

    def test_images_of_published_records(self):
        """Those that a figure shows are published, one run of each sampler and the data's own."""
        kept = [record for record in samplerbench.records(RESULTS / "paper-figure-3") if record.images() is not None]
        self.assertGreater(len(kept), 0)
        for record in kept:
            said = record["end"]["images"]
            self.assertEqual(record.images().shape, (said["n"], said["height"], said["width"]))
            self.assertEqual(record.images().dtype, np.uint8)
            self.assertIsNone(record.draws())

    def test_draws_of_a_sampler(self):
        calls = []

        def draw(*call):
            calls.append(call)
            return np.zeros((5, 2))

        with mock.patch("samplerbench.inference_data.draw", draw):
            given, _ = self.taken("1.3.0", "record.jsonl", n=5, seed=9)
        self.assertEqual((calls, given[0]["posterior"]["x"].shape), ([("record.jsonl", 5, 9)], (1, 5, 2)))

    @unittest.skipUnless(importlib.util.find_spec("arviz"), "no ArviZ")
    def test_arviz_itself(self):
        data = samplerbench.to_arviz(np.zeros((3, 7, 2)))
        self.assertEqual(tuple(data.posterior["x"].shape), (3, 7, 2))


unittest.main()
