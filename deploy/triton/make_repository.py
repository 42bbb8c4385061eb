#!/usr/bin/env python3
"""Lay a model that `grad export --onnx` wrote into a model repository of Triton Inference Server.

    python make_repository.py MODEL REPOSITORY [--name grad]

Makes REPOSITORY/NAME/config.pbtxt and REPOSITORY/NAME/<next version>/model.onnx.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Optional, Sequence

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from score import Detector, Refused, printable

TYPES = {"tensor(uint8)": "TYPE_UINT8", "tensor(float)": "TYPE_FP32"}
TOLD = ("method", "image_size", "pixel_range", "map_unit", "threshold", "threshold_source", "weights_licence")
"""Metadata that clients may ask the server for; the rest stays in the file."""


def quoted(text: str) -> str:
    """A string as the text format of protocol buffers writes it."""
    plain = lambda byte: chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}"
    return '"' + "".join(map(plain, text.encode())) + '"'


def config(detector: Detector, name: str) -> str:
    """The images of one request are its batch, whatever their size: Triton must not put several requests together."""

    def tensors(kind: str, tensors) -> list[str]:
        entries = []
        for tensor in tensors:
            dims = ", ".join(str(side) if isinstance(side, int) else "-1" for side in tensor.shape)
            entries.append(f"  {{ name: {quoted(tensor.name)} data_type: {TYPES[tensor.type]} dims: [ {dims} ] }}")
        return [f"{kind} [", ",\n".join(entries), "]"]

    metadata = detector.session.get_modelmeta().custom_metadata_map
    told = [(key, metadata.get(f"grad.{key}", "")) for key in TOLD]
    lines = [
        f"name: {quoted(name)}",
        'backend: "onnxruntime"',
        "max_batch_size: 0",
        *tensors("input", detector.session.get_inputs()),
        *tensors("output", detector.session.get_outputs()),
        *(f"parameters {{ key: {quoted(key)} value {{ string_value: {quoted(value)} }} }}" for key, value in told if value),
    ]
    return "\n".join(lines) + "\n"


def replace(path: Path, write) -> None:
    """Written beside and renamed: a server that looks sees the old file or the new one."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Lay an exported model into a model repository of Triton.")
    parser.add_argument("model", help="what `grad export --onnx` wrote")
    parser.add_argument("repository", type=Path, help="folder that the server is started with")
    parser.add_argument("--name", default="grad", help="of the model on the server (default: grad)")
    options = parser.parse_args(arguments)
    try:
        # It becomes a folder's name: nothing that leads out of the repository.
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", options.name):
            raise Refused(f'"{printable(options.name)}" is no name. Use letters, digits, "_", "-" and ".".')
        detector = Detector(options.model, threads=1)
        folder = options.repository / options.name
        folder.mkdir(parents=True, exist_ok=True)
        versions = [int(each.name) for each in folder.iterdir() if each.is_dir() and each.name.isdecimal()]
        place = folder / str(max(versions, default=0) + 1) / "model.onnx"
        replace(folder / "config.pbtxt", lambda part: part.write_text(config(detector, options.name)))
        place.parent.mkdir()
        replace(place, lambda part: shutil.copyfile(options.model, part))
    except (Refused, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
