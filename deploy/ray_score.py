#!/usr/bin/env python3
"""Score very many images on Ray Data with a model that `grad export --onnx` wrote.

    python ray_score.py INPUT --model FILE --out FOLDER [--workers N] [--address auto]

INPUT is a folder, an address in an object store (s3://bucket/folder), or a Parquet file with a column `path`.
FOLDER gets Parquet files with one row an image: path, score, anomalous, error. An image that cannot be read is a row with
an error. What lies in FOLDER is the checkpoint: a second start of the same command scores what has no row yet.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import posixpath
import sys
import time
from pathlib import Path
from typing import Optional, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import ray
from pyarrow import fs

sys.path.insert(0, str(Path(__file__).resolve().parent))
import score
from score import MAX_FILE_BYTES, SUFFIXES, BadImage, Detector, Refused

SCHEMA = pa.schema(
    [("path", pa.string()), ("score", pa.float64()), ("anomalous", pa.bool_()), ("error", pa.string())]
)
"""`anomalous` is null without a threshold; `score` and `anomalous` are null where there is an error."""

JOB = "job.json"
"""In FOLDER: which model its rows are of."""

PARTS = "rows"
"""Below FOLDER: the Parquet files."""


def filesystem_of(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a path or address, and the path within it."""
    return fs.FileSystem.from_uri(place if "://" in place else os.path.abspath(place))


def list_images(place: str) -> tuple[pa.Array, str]:
    """Paths of the images, each once, and what opens them: the address in front of the paths. Raises Refused."""
    filesystem, path = filesystem_of(place)
    kind = filesystem.get_file_info(path).type
    if kind == fs.FileType.File and path.endswith(".parquet"):
        table = pq.read_table(path, filesystem=filesystem)
        if "path" not in table.column_names:
            raise Refused(f"{place} has no column `path`: it has {', '.join(table.column_names)}.")
        # Such paths stand for themselves: local ones, or addresses.
        found = table["path"].cast(pa.string()).combine_chunks().drop_null()
        prefix = ""
    elif kind == fs.FileType.Directory:
        entries = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
        names = (entry.path for entry in entries if entry.type == fs.FileType.File)
        found = pa.array(sorted(name for name in names if name.lower().endswith(SUFFIXES)), pa.string())
        prefix = f"{place.split('://')[0]}://" if "://" in place else ""
    else:
        raise Refused(f"{place} is no folder and no Parquet file that is there.")
    if len(found) == 0:
        raise Refused(f"There are no images in {place}.")
    return pc.unique(found), prefix


def check_job(filesystem: fs.FileSystem, folder: str, model: bytes) -> None:
    """Claims the folder for a model, or finds that it is this model's. Raises Refused."""
    job = {"schema": 1, "model": hashlib.sha256(model).hexdigest()}
    path = posixpath.join(folder, JOB)
    if filesystem.get_file_info(path).type == fs.FileType.File:
        with filesystem.open_input_stream(path) as file:
            before = json.loads(file.read())
        if before != job:
            raise Refused(f"{folder} holds scores of another model ({str(before.get('model'))[:12]}). Name another folder with --out.")
        return
    filesystem.create_dir(posixpath.join(folder, PARTS), recursive=True)
    # Beside and renamed: nobody sees half of it.
    part = f"{path}.{os.getpid()}.part"
    with filesystem.open_output_stream(part) as file:
        file.write(json.dumps(job).encode())
    filesystem.move(part, path)


def scored_before(filesystem: fs.FileSystem, folder: str) -> pa.Array:
    """Paths that have a row. A file that a killed worker left half is removed: its rows are made again."""
    found: list[pa.Array] = []
    parts = filesystem.get_file_info(fs.FileSelector(posixpath.join(folder, PARTS), recursive=True, allow_not_found=True))
    for part in parts:
        if part.type != fs.FileType.File:
            continue
        try:
            with filesystem.open_input_file(part.path) as file:
                column = pq.ParquetFile(file).read(columns=["path"])["path"]
            found += column.chunks
        except (pa.ArrowInvalid, OSError):
            print(f"removed {part.path}: it is not whole", file=sys.stderr)
            filesystem.delete_file(part.path)
    return pa.concat_arrays(found) if found else pa.array([], pa.string())


class Scorer:
    """One worker: holds the model, reads and scores the paths it is given."""

    def __init__(self, model: bytes, prefix: str, batch: int):
        self.detector = Detector(model, threads=1)
        self.prefix = prefix
        self.batch = batch

    def __call__(self, table: pa.Table) -> pa.Table:
        rows: list[dict] = []
        waiting: list = []
        for path in table["path"].to_pylist():
            try:
                image = score.read_image(self.open(path), self.detector.facts.pixel_range)
            except BadImage as error:
                rows.append({"path": path, "error": str(error)})
                continue
            if waiting and (len(waiting) == self.batch or waiting[0][1].shape != image.shape):
                rows += score.scored(self.detector, waiting)
                waiting = []
            waiting.append((path, image))
        rows += score.scored(self.detector, waiting)
        return pa.Table.from_pylist(rows, SCHEMA)

    def open(self, path: str) -> io.BytesIO:
        try:
            filesystem, name = filesystem_of(self.prefix + path)
            if (filesystem.get_file_info(name).size or 0) > MAX_FILE_BYTES:
                raise BadImage(f"larger than {MAX_FILE_BYTES // 2**20} MB")
            with filesystem.open_input_stream(name) as file:
                return io.BytesIO(file.read())
        except (OSError, ValueError, pa.ArrowException) as error:
            raise BadImage(score.first_line(error)) from error


def run(options: argparse.Namespace) -> int:
    """Scores what has no row yet. Returns the exit status."""
    model = Path(options.model).read_bytes()
    facts = Detector(model, threads=1).facts
    paths, prefix = list_images(options.input)
    filesystem, folder = filesystem_of(options.out)
    check_job(filesystem, folder, model)
    before = scored_before(filesystem, folder)
    open_paths = paths.filter(pc.invert(pc.is_in(paths, value_set=before)))
    print(f"{len(paths)} images, {len(paths) - len(open_paths)} of them scored before", file=sys.stderr)
    if facts.threshold is None:
        print("The model has no threshold: scores only, no verdicts.", file=sys.stderr)
    if len(open_paths) > 0:
        seconds = score_all(open_paths, prefix, model, filesystem, folder, options)
        print(f"scored {len(open_paths)} images in {seconds:.1f} s, {len(open_paths) / seconds:.0f} a second", file=sys.stderr)
    return summary(filesystem, folder, paths)


def score_all(paths, prefix: str, model: bytes, filesystem: fs.FileSystem, folder: str, options) -> float:
    """Returns how many seconds it took."""
    ray.init(address=options.address, log_to_driver=False, logging_level="warning", ignore_reinit_error=True)
    # Workers get score.py with the task, and need not have it installed.
    ray.cloudpickle.register_pickle_by_value(score)
    low, _, high = options.workers.partition(",")
    pool = ray.data.ActorPoolStrategy(min_size=int(low), max_size=int(high or low))
    start = time.monotonic()
    blocks = max(1, -(-len(paths) // options.rows_per_file))
    data = ray.data.from_arrow(pa.table({"path": paths})).repartition(blocks)
    # Ray Data starts a worker that dies again, and does again what it was doing, as often as need be.
    scored = data.map_batches(
        Scorer,
        fn_constructor_args=(model, prefix, options.batch),
        batch_format="pyarrow",
        batch_size=None,
        zero_copy_batch=True,
        compute=pool,
        num_cpus=options.cpus,
        num_gpus=options.gpus or None,
    )
    scored.write_parquet(posixpath.join(folder, PARTS), filesystem=filesystem)
    return time.monotonic() - start


def summary(filesystem: fs.FileSystem, folder: str, paths: pa.Array) -> int:
    """Says what the folder holds. Returns 1 where some images have an error."""
    table = pq.read_table(posixpath.join(folder, PARTS), filesystem=filesystem, schema=SCHEMA)
    rows = table.filter(pc.is_in(table["path"], value_set=paths))
    errors = rows.num_rows - rows["error"].null_count
    anomalous = pc.sum(rows["anomalous"]).as_py() or 0
    twice = rows.num_rows - len(pc.unique(rows["path"]))
    print(f"{rows.num_rows} rows, {anomalous} anomalous, {errors} with an error", file=sys.stderr)
    if twice > 0:
        print(f"{twice} images have two rows: two starts worked in the folder at once.", file=sys.stderr)
    return 1 if errors > 0 or twice > 0 else 0


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Score very many images with an exported ONNX model on Ray Data.")
    parser.add_argument("input", help="a folder, an address in an object store, or a Parquet file with a column `path`")
    parser.add_argument("--model", required=True, help="what `grad export --onnx` wrote, with --input pixels")
    parser.add_argument("--out", required=True, help="folder or address of the rows; name it again to go on")
    parser.add_argument("--workers", default="1", help="how many processes hold the model; MIN,MAX lets Ray choose (default: 1)")
    parser.add_argument("--cpus", type=float, default=1, help="processors that Ray reserves for a worker (default: 1)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs that Ray reserves for a worker (default: 0)")
    parser.add_argument("--batch", type=int, default=1, help="neighbours of one size that go together (default: 1)")
    parser.add_argument("--rows-per-file", type=int, default=2000, help="images of a task and of an output file (default: 2000)")
    parser.add_argument("--address", default=None, help="of a Ray cluster; default: one on this machine, for this run")
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except (Refused, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
