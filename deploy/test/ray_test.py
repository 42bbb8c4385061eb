"""Runs ray_score.py for real: 20,000 small images, a worker killed in the middle, then the whole command; a second start.

    python deploy/test/ray_test.py [--images 20000] [--model FILE]

Its rows must equal those of one process without Ray. Then the rate of one and of two workers.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import ray
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import score


def make_images(folder: Path, count: int) -> int:
    """Noise of four sizes; every thousandth file is cut off. Returns how many are."""
    random = np.random.default_rng(0)
    for i in range(count):
        path = folder / f"{i // 1000:03}" / f"{i:06}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        side = (16, 20, 24, 32)[i % 4]
        level = random.integers(0, 256)
        Image.fromarray((random.integers(0, 32, (side, side, 3)) + level).clip(0, 255).astype(np.uint8)).save(path)
        if i % 1000 == 999:
            path.write_bytes(path.read_bytes()[:200])
    return count // 1000


def command(images: Path, model: str, out: Path, workers: int, rows: int) -> list[str]:
    return [
        sys.executable, str(HERE.parent / "ray_score.py"), str(images), "--model", model, "--out", str(out),
        "--workers", str(workers), "--address", "auto", "--rows-per-file", str(rows),
    ]  # fmt: skip


def rows_in(out: Path) -> list[Path]:
    return [path for path in (out / "rows").glob("*.parquet") if path.stat().st_size > 0]


def wait_for(what, seconds: float = 300):
    end = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > end:
            raise SystemExit("waited in vain")
        time.sleep(0.1)
    return found


def workers_now() -> list[int]:
    """Processes that hold the model, of the cluster that was started here and no other."""
    parent, title = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                title[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace")
                parent[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # ended meanwhile
                pass
    ours = {os.getpid()}
    while more := {pid for pid, above in parent.items() if above in ours} - ours:
        ours |= more
    return sorted(pid for pid in ours if title.get(pid, "").startswith("ray::") and "Scorer" in title[pid])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--model")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grad-ray-") as name:
        folder = Path(name)
        model = options.model
        if model is None:
            import stand_in

            model = str(folder / "model.onnx")
            stand_in.write(model)
        images = folder / "images"
        broken = make_images(images, options.images)
        print(f"{options.images} images, {broken} of them cut off")
        ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="error", _temp_dir=str(folder / "ray"))
        try:
            check(folder, images, model, options.images, broken)
        finally:
            ray.shutdown()


def check(folder: Path, images: Path, model: str, count: int, broken: int) -> None:
    start = time.monotonic()
    detector = score.Detector(model, threads=1)
    expected = {row["path"]: row for row in score.score_files(detector, score.image_files([str(images)]))}
    seconds = time.monotonic() - start
    print(f"one process without Ray: {seconds:.1f} s, {count / seconds:.0f} images a second")

    out = folder / "out"
    rows = count // 40
    first = subprocess.Popen(command(images, model, out, 2, rows), stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(rows_in(out)) >= 4)
    victim = wait_for(workers_now)[0]
    os.kill(victim, signal.SIGKILL)
    print(f"killed worker {victim} with {len(rows_in(out))} files written")
    before = len(rows_in(out))
    wait_for(lambda: len(rows_in(out)) >= before + 4)
    assert first.poll() is None, first.stderr.read()
    replaced = wait_for(lambda: [pid for pid in workers_now() if pid != victim])
    print(f"went on with workers {replaced}; {len(rows_in(out))} files")
    first.kill()
    first.wait()
    print(f"killed the command with {len(rows_in(out))} files written")
    # As a worker that is killed while it writes leaves it.
    (out / "rows" / "half.parquet").write_bytes(rows_in(out)[0].read_bytes()[:1000])

    # Its workers end with it: none of them may write when the second start looks.
    wait_for(lambda: not workers_now())
    second = subprocess.run(command(images, model, out, 2, rows), stderr=subprocess.PIPE, text=True)
    print("second start:", *re.findall(r"^(?:removed|scored|\d+ (?:images|rows)).*", second.stderr, re.M), sep="\n  ")
    assert second.returncode == 1, second.stderr
    compare(out, expected, count)

    again = subprocess.run(command(images, model, out, 2, rows), stderr=subprocess.PIPE, text=True)
    assert f"{count} of them scored before" in again.stderr, again.stderr
    changed = folder / "other.onnx"
    import stand_in

    stand_in.write(str(changed), {"grad.threshold": "1"})
    refused = subprocess.run(command(images, str(changed), out, 2, rows), stderr=subprocess.PIPE, text=True)
    assert refused.returncode == 2 and "another model" in refused.stderr, refused.stderr
    print("another model in the same folder is refused")

    for workers in (1, 2):
        fresh = folder / f"rate-{workers}"
        done = subprocess.run(command(images, model, fresh, workers, rows), stderr=subprocess.PIPE, text=True)
        print(f"{workers} worker{'s' if workers > 1 else ''}:", *re.findall(r"scored \d+ images.*", done.stderr))
        compare(fresh, expected, count)


def compare(out: Path, expected: dict[str, dict], count: int) -> None:
    """Row by row, to the bit."""
    rows = pq.read_table(out / "rows").to_pylist()
    assert len(rows) == count == len(expected), (len(rows), count)
    for row in rows:
        one = expected[row["path"]]
        assert row["score"] == one.get("score") and row["anomalous"] == one.get("anomalous"), (row, one)
        assert (row["error"] is None) == ("error" not in one), (row, one)
    print(f"{len(rows)} rows equal to one process, row by row")


if __name__ == "__main__":
    main()
