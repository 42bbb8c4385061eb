#!/usr/bin/env python3
"""Score images with a model that `grad export --onnx` wrote: onnxruntime, NumPy and Pillow, nothing of the program itself.

    python score.py IMAGES... --model FILE [--json]

IMAGES are files and folders. Verdicts use the threshold in the model's metadata; a model without one gives scores only.
Exit status: 0 all images scored, 1 some could not be read or scored (each is named), 2 nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, Optional, Sequence, Union

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

FORMAT = 1
"""The newest `grad.format` that is understood here."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
# As in the program: larger pictures and files are refused before they are decoded.
MAX_PIXELS = 64 * 2**20
MAX_SIDE = 16384
MAX_FILE_BYTES = 256 * 2**20


class Refused(Exception):
    """Something that cannot be used, with what to do about it."""


class BadImage(Exception):
    """One image that cannot be read or scored; the others can."""


@dataclass(frozen=True)
class Facts:
    """What a model's metadata say and a score depends on."""

    method: str
    pixel_range: Optional[tuple[float, float]]
    """Which samples of more than eight bits become 0 and 255; None: their upper byte is taken."""
    threshold: Optional[float]
    """A score above it means anomalous; None: there is no verdict."""
    threshold_source: str


def read_facts(metadata: dict[str, str], name: str) -> Facts:
    """Judges a model's metadata. Raises Refused."""
    version = metadata.get("grad.format", "")
    if not version.isdecimal() or int(version) < 1:
        raise Refused(f"{name} was not written by `grad export`: its metadata have no grad.format. Export the session again.")
    if int(version) > FORMAT:
        raise Refused(
            f"{name} is of grad.format {version}, and this script knows up to {FORMAT}. Take the score.py of the version "
            f"that wrote it ({metadata.get('grad.program') or 'unknown'})."
        )
    if metadata.get("grad.input") == "features":
        raise Refused(f"{name} takes features, not images. Export it with --input pixels.")
    try:
        threshold = metadata.get("grad.threshold", "")
        pixel_range = metadata.get("grad.pixel_range", "")
        value = float(threshold) if threshold else None
        low, high = map(float, json.loads(pixel_range)) if pixel_range else (0.0, 1.0)
        if (value is not None and not math.isfinite(value)) or not low < high:
            raise ValueError("threshold or range")
    except (ValueError, TypeError) as error:
        raise Refused(f"The metadata of {name} are damaged ({error}). Export the session again.") from error
    return Facts(
        method=metadata.get("grad.method", ""),
        pixel_range=(low, high) if pixel_range else None,
        threshold=value,
        threshold_source=metadata.get("grad.threshold_source", ""),
    )


class Detector:
    """A model in memory, from a file or its bytes. Raises Refused for what is none, or one of a newer version."""

    def __init__(self, model: Union[str, os.PathLike, bytes], threads: int = 0, providers: Optional[Sequence[str]] = None):
        name = "the model" if isinstance(model, bytes) else os.fspath(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self.session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else name,
                options,
                providers=list(providers or onnxruntime.get_available_providers()),
            )
        except Exception as error:  # onnxruntime has no common class of errors
            raise Refused(f"{name} is no model that onnxruntime reads: {first_line(error)}") from error
        self.facts = read_facts(self.session.get_modelmeta().custom_metadata_map, name)
        self._input = self.session.get_inputs()[0].name

    def score(self, images: np.ndarray) -> np.ndarray:
        """Scores of pictures of one size. uint8 [N, H, W, 3] in, float32 [N] out; a score may be no finite number."""
        return self.session.run(["score"], {self._input: images})[0]

    def maps(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Maps and scores. uint8 [N, H, W, 3] in, float32 [N, S, S] and [N] out."""
        anomaly_map, score = self.session.run(["anomaly_map", "score"], {self._input: images})
        return anomaly_map, score

    def verdict(self, score: float) -> Optional[bool]:
        """Whether a score means anomalous; None without a threshold."""
        return None if self.facts.threshold is None else bool(score > self.facts.threshold)


def read_image(file, pixel_range: Optional[tuple[float, float]] = None) -> np.ndarray:
    """An image upright as uint8 [H, W, 3]: EXIF orientation applied, alpha dropped without blending, colour profile ignored.

    `file` is a path or an open binary file. Raises BadImage.
    """
    try:
        if isinstance(file, (str, os.PathLike)) and os.path.getsize(file) > MAX_FILE_BYTES:
            raise BadImage(f"larger than {MAX_FILE_BYTES // 2**20} MB")
        with warnings.catch_warnings():
            # The limit below is the program's own, and an error.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                width, height = image.size
                if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
                    raise BadImage(f"{width} x {height} pixels are too many")
                deep = bits_of(image)
                upright = ImageOps.exif_transpose(image)
                if deep > 8:
                    return spread(np.asarray(upright), pixel_range)
                return np.ascontiguousarray(np.asarray(upright.convert("RGB"), dtype=np.uint8))
    except BadImage:
        raise
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise BadImage(first_line(error) or type(error).__name__) from error


def bits_of(image: Image.Image) -> int:
    """Bits a sample as they reach us. Raises BadImage for 16-bit colour, of which Pillow keeps eight bits."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return 16
    # How the decoder unpacks: "RGB;16B" and the like.
    tiles = getattr(image, "tile", None)
    if tiles and "RGB" in str(tiles[0][3]) and ";16" in str(tiles[0][3]):
        raise BadImage("colour of 16 bits a sample, of which Pillow keeps eight; convert it to 8 bits as the training images")
    return 8


def spread(samples: np.ndarray, pixel_range: Optional[tuple[float, float]]) -> np.ndarray:
    """Grey samples of more than eight bits [H, W] to uint8 [H, W, 3] over the range of the training images."""
    if samples.dtype.kind == "f":
        low, high = pixel_range or (0.0, 1.0)
    elif pixel_range is None:
        return np.repeat((samples.astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    else:
        low, high = pixel_range
    values = np.nan_to_num((samples.astype(np.float64) - low) * (255 / (high - low)), nan=0.0)
    grey = np.rint(values.clip(0, 255)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def image_files(names: Iterable[str]) -> list[str]:
    """Files as they are named and all images below folders, each once, in order. Raises Refused."""
    found: list[str] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            found += sorted(str(each) for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
        else:
            found.append(name)
    if not found:
        raise Refused(f"There are no images in {', '.join(names)}. Name PNG, JPEG, WebP, BMP or TIFF files, or folders of them.")
    return list(dict.fromkeys(found))


def score_files(detector: Detector, paths: Sequence[str], batch: int = 1) -> Iterator[dict]:
    """One row a path, in order: {path, score, anomalous} or {path, error}. Neighbours of one size go together."""
    waiting: list[tuple[str, np.ndarray]] = []
    for path in paths:
        try:
            image = read_image(path, detector.facts.pixel_range)
        except BadImage as error:
            yield from scored(detector, waiting)
            waiting = []
            yield {"path": path, "error": str(error)}
            continue
        if waiting and (len(waiting) == batch or waiting[0][1].shape != image.shape):
            yield from scored(detector, waiting)
            waiting = []
        waiting.append((path, image))
    yield from scored(detector, waiting)


def scored(detector: Detector, images: Sequence[tuple[str, np.ndarray]]) -> Iterator[dict]:
    """Rows of pictures of one size."""
    if not images:
        return
    scores = detector.score(np.stack([image for _, image in images]))
    for (path, _), score in zip(images, scores):
        value = float(score)
        if math.isfinite(value):
            yield {"path": path, "score": value, "anomalous": detector.verdict(value)}
        else:
            yield {"path": path, "error": "its score is no finite number"}


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]


def document(detector: Detector, rows: Sequence[dict]) -> dict:
    """As `grad score --json`, the most anomalous first; what could not be scored stands under `errors`."""
    facts = detector.facts
    threshold = None if facts.threshold is None else {"value": facts.threshold, "source": facts.threshold_source}
    images = sorted((row for row in rows if "score" in row), key=lambda row: -row["score"])
    return {"schema": 1, "threshold": threshold, "images": images, "errors": [row for row in rows if "error" in row]}


def table(detector: Detector, rows: Sequence[dict]) -> str:
    """The same for a terminal."""
    found = document(detector, rows)
    words = {True: "ANOMALOUS", False: "normal", None: "-"}
    lines = [("image", "score", "verdict")]
    lines += [(printable(row["path"]), f"{row['score']:.5g}", words[row["anomalous"]]) for row in found["images"]]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    text = [f"{name:<{widths[0]}}  {score:>{widths[1]}}  {verdict}" for name, score, verdict in lines]
    if found["threshold"]:
        text.append(f"threshold {found['threshold']['value']:.5g} (from {found['threshold']['source'] or 'unknown'})")
    return "\n".join(text)


def printable(name: str) -> str:
    """A file name without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Score images with an exported ONNX model.")
    parser.add_argument("images", nargs="+", metavar="IMAGES", help="image files, and folders of them")
    parser.add_argument("--model", required=True, help="what `grad export --onnx` wrote, with --input pixels")
    parser.add_argument("--json", action="store_true", help="print JSON, as `grad score --json` has it")
    parser.add_argument("--batch", type=int, default=1, help="images of one size that go together (default: 1)")
    parser.add_argument("--threads", type=int, default=0, help="threads of onnxruntime (default: all cores)")
    options = parser.parse_args(arguments)
    try:
        if options.batch < 1 or options.threads < 0:
            raise Refused("--batch counts from 1, --threads from 0.")
        detector = Detector(options.model, options.threads)
        paths = image_files(options.images)
    except Refused as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    rows = list(score_files(detector, paths, options.batch))
    if options.json:
        print(json.dumps(document(detector, rows), indent=2, allow_nan=False))
    else:
        print(table(detector, rows))
    if detector.facts.threshold is None:
        print("The model has no threshold: scores only, no verdicts.", file=sys.stderr)
    broken = [row for row in rows if "error" in row]
    for row in broken:
        print(f"left out {printable(row['path'])}: {row['error']}", file=sys.stderr)
    if broken:
        print(f"{len(broken)} of {len(rows)} images could not be scored.", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
