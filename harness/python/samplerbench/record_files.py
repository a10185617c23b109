"""Records of runs: reading them, loose and packed."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple, Union

import numpy as np

from .error import Error
from .messages import from_json_numbers

if TYPE_CHECKING:
    import pandas

PACKED = "records.jsonl.gz"

_SHARD = re.compile(r"records-\d+-of-\d+\.jsonl\.gz", re.ASCII)
_KEY_LETTERS = 16  # of its key that name a record
_NOT_FINITE = ('"nan"', '"inf"', '"-inf"')


class Record(Dict[str, Any]):
    """What one job of an experiment left: a run, the noise floor of a target ("floor") or its reference posterior.

    - `kind`, `key`, `target`, `sampler` (None unless it is a run), `seed` (None of a noise floor), `status`, `reason`
    - `checkpoints`: of a run, each with `train` and `draw` (usage: steps, score, cpu_s ...), `metrics` and
      `diagnostics`. A metric without a value is {"skipped": why} or {"error": why}
    - `floor` and `reference`: what these jobs found; absent from others
    - `begin` and `end`: the first line and the last, with the whole setting, the machine and the program. `end` is
      empty where the record breaks off: its `status` is "damaged"
    - `place`: where it stands below the folder, with the line within a packed file
    """

    def __init__(self, members: Dict[str, Any], folder: Path, loose: Optional[Path], kept: Dict[str, str]) -> None:
        super().__init__(members)
        self._folder = folder
        self._loose = loose  # the record's own file; None of a packed one
        self._kept = kept  # what a packed record holds of the files that lay beside it, by extension

    def file(self) -> Path:
        """The record as a file; of a packed one, the sampler that was kept. Raises Error where there is neither."""
        if self._loose is not None:
            return self._loose
        for found in self._folder.glob(f"*/*/{self['key'][:_KEY_LETTERS]}.safetensors"):
            return found
        raise Error(f"{self._folder / self['place']}: this run kept no sampler (see `keep` in the spec)", 2)

    def draws(self) -> Optional[np.ndarray]:
        """The draws of a reference posterior, [n, D]; None of other records, and of published ones."""
        return self._array(".npy")

    def images(self) -> Optional[np.ndarray]:
        """Some last draws of a run on images, as grey levels [n, height, width]; None of other records.

        Published records have those that a figure shows.
        """
        return self._array(".images.npy")

    def _array(self, extension: str) -> Optional[np.ndarray]:
        if extension in self._kept:
            return np.load(io.BytesIO(_unpacked(self._kept[extension])))
        beside = None if self._loose is None else self._loose.with_suffix(extension)
        return np.load(beside) if beside is not None and beside.is_file() else None


class Records(List[Record]):
    """Records of an experiment, in order of target, sampler and seed."""

    def rows(self) -> List[Dict[str, Any]]:
        """A flat row for every checkpoint of every run, and one for a run that has none.

        Usage and diagnostics are called `train.cpu_s`, `draw.n`, `diagnostic.loss`; a sampler's options
        `option.step_size`; metrics by their labels, where one without a value is NaN.
        """
        return [row for record in self if record["kind"] == "run" for row in _rows_of(record)]

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a DataFrame, where pandas is installed."""
        import pandas

        return pandas.DataFrame(self.rows())


def records(folder: Union[str, os.PathLike[str]], *, others: bool = False) -> Records:
    """All records of the experiment in a folder, such as "out/quick", loose or packed.

    Without `others` they are those that the experiment, as it stands in experiment.json, is made of: a changed option
    is another run. A loose record takes the place of a packed one of the same key. Raises Error where this is no folder
    of an experiment, and where a packed file is damaged. Of packed ones of the same key, which the files of shards may
    hold, the one that began last counts.
    """
    place = Path(folder)
    keys = _keys_of(place)
    loose = list(_loose(place))
    replaced = {record["key"] for record in loose}
    packed: Dict[str, Record] = {}
    for record in _packed(place):
        other = packed.get(record["key"])
        if record["key"] not in replaced and (other is None or _began(record) >= _began(other)):
            packed[record["key"]] = record
    found = loose + list(packed.values())
    if keys and not others:
        found = [record for record in found if record["key"] in keys]
    return Records(sorted(found, key=_order))


def _order(record: Record) -> Tuple[str, str, int, str]:
    seed = record["seed"]
    return record["target"], record["sampler"] or "", -1 if seed is None else seed, record["place"]


def _keys_of(folder: Path) -> Set[str]:
    file = folder / "experiment.json"
    try:
        return set(json.loads(file.read_text("utf-8")).get("keys", []))
    except OSError as fault:
        raise Error(f"'{file}' cannot be read: a results folder of one experiment holds an experiment.json",
                    2) from fault
    except (ValueError, AttributeError) as fault:
        raise Error(f"'{file}' is not an experiment: {fault}", 2) from fault


def _loose(folder: Path) -> Iterator[Record]:
    for path, _, names in os.walk(folder):
        for name in names:
            file = Path(path, name)
            if file.suffix == ".jsonl" and file.is_file():
                lines = file.read_text("utf-8", "replace").rstrip("\n").split("\n")
                place = file.relative_to(folder).as_posix()
                yield _record_of(map(_document, lines), place, folder, file, {})


def _began(record: Record) -> str:
    return str(_at(record["begin"], "context", "utc") or "")


def _packed(folder: Path) -> Iterator[Record]:
    """The records of the packed files, that of the folder before those of its shards."""
    single = folder / PACKED
    shards = sorted(file for file in folder.glob("records-*-of-*.jsonl.gz") if _SHARD.fullmatch(file.name))
    for file in ([single] if single.exists() else []) + shards:
        yield from _packed_in(file)


def _packed_in(file: Path) -> Iterator[Record]:
    """The records of a packed file: the lines of each, then those of files that lay beside it."""
    folder = file.parent
    number, first = 0, 0
    lines: List[Dict[str, Any]] = []
    kept: Dict[str, str] = {}
    try:
        with gzip.open(file, "rt", encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                document = _document(line)
                if document["type"] == "begin":
                    if lines:
                        yield _record_of(lines, f"{file.name}:{first}", folder, None, kept)
                    first, lines, kept = number, [], {}
                elif first == 0:
                    raise ValueError("the first line of a record is missing")
                if document["type"] == "kept":
                    kept[document["extension"]] = document["data"]
                else:
                    lines.append(document)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as fault:
        raise Error(f"{file}: line {number}: {fault}", 2) from fault
    if lines:
        yield _record_of(lines, f"{file.name}:{first}", folder, None, kept)


def _document(line: str) -> Dict[str, Any]:
    """A line of a record, whose numbers may be NaN or infinite.

    >>> _document('{"type": "checkpoint", "metrics": {"mmd": "inf"}}')
    {'type': 'checkpoint', 'metrics': {'mmd': inf}}
    """
    document = json.loads(line)
    return from_json_numbers(document) if any(word in line for word in _NOT_FINITE) else document


def _record_of(lines: Iterable[Dict[str, Any]], place: str, folder: Path, loose: Optional[Path],
               kept: Dict[str, str]) -> Record:
    begin: Dict[str, Any] = {}
    members: Dict[str, Any] = {"checkpoints": [], "end": {}}
    fault = "the record breaks off before its end line"
    try:
        for line in lines:
            kind = line.pop("type")
            if bool(begin) == (kind == "begin"):
                raise ValueError("a record has one begin line, its first")
            if members["end"]:
                raise ValueError("a line follows the end line")
            if kind == "begin":
                begin = line
            elif kind == "checkpoint":
                members["checkpoints"].append(line)
            else:
                members[kind] = line
    except (ValueError, KeyError, AttributeError, TypeError) as wrong:
        fault = f"damaged record: {wrong}"
        members["end"] = {}
    end = members["end"]
    job = begin.get("job")
    return Record({"kind": begin.get("kind", ""), "key": begin.get("key", ""),
                   "target": _at(job, "target", "label") or "", "sampler": _at(job, "sampler", "label"),
                   "seed": _at(job, "seed"), "status": end.get("status", "damaged"),
                   "reason": end.get("reason", fault), "place": place, "begin": begin, **members}, folder, loose, kept)


def _at(document: Any, *names: str) -> Any:
    """A member of a member; None where there is none.

    >>> _at({"job": {"seed": 3}}, "job", "seed"), _at({"job": None}, "job", "sampler", "label")
    (3, None)
    """
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _rows_of(record: Record) -> Iterator[Dict[str, Any]]:
    options = _at(record["begin"], "job", "sampler", "options") or {}
    head = {"experiment": record["begin"].get("experiment"),
            **{name: record[name] for name in ("target", "sampler", "seed", "key", "status", "reason")},
            **{f"option.{name}": value for name, value in options.items()}}
    for checkpoint in record["checkpoints"]:
        row = {**head, "checkpoint": checkpoint["index"], "progress": checkpoint.get("progress")}
        for part, prefix in (("train", "train"), ("draw", "draw"), ("diagnostics", "diagnostic")):
            row.update({f"{prefix}.{name}": value for name, value in checkpoint.get(part, {}).items()})
        row.update({name: float("nan") if isinstance(value, dict) else value
                    for name, value in checkpoint["metrics"].items()})
        yield row
    if not record["checkpoints"]:
        yield head


def _unpacked(text: str) -> bytes:
    """The bytes of a file that a packed record keeps: their number, then zlib's compression in base64.

    >>> _unpacked("3 " + base64.b64encode(zlib.compress(b"abc")).decode())
    b'abc'
    """
    size, _, data = text.partition(" ")
    try:
        raw = zlib.decompress(base64.b64decode(data))
    except (ValueError, zlib.error) as fault:
        raise Error(f"damaged packed file: {fault}", 2) from fault
    if len(raw) != int(size):
        raise Error("damaged packed file", 2)
    return raw
