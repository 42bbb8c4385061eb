"""A tiny ONNX file with the inputs, outputs and metadata of an exported detector: for the tests of this folder.

    python stand_in.py FILE [KEY=VALUE...]

Its map is how far a pixel's red lies from 128, averaged down to 8 x 8; its score the map's maximum.
"""

from __future__ import annotations

import json
import sys

import onnx
from onnx import TensorProto, helper

METADATA = {
    "grad.format": "1",
    "grad.program": "stand-in",
    "grad.method": "padim",
    "grad.input": "pixels",
    "grad.precision": "f32",
    "grad.image_size": "8",
    "grad.pixel_range": "",
    "grad.backbone": "mini_resnet",
    "grad.weights_licence": "Apache-2.0",
    "grad.smoothing": "none",
    "grad.score": "max",
    "grad.score_share": "1",
    "grad.map_unit": "grey values",
    "grad.threshold": "64.5",
    "grad.threshold_source": "labelled test images",
    "grad.scale": "[0, 128]",
    "grad.configuration": "{}",
    "grad.digests": json.dumps({"model": "0" * 64, "backbone": None}),
}


def write(path: str, changes: dict[str, str] | None = None) -> None:
    constant = lambda name, kind, shape, values: helper.make_tensor(name, kind, shape, values)
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Slice", ["float", "first", "second", "axis"], ["red"]),
        helper.make_node("Sub", ["red", "middle"], ["off"]),
        helper.make_node("Abs", ["off"], ["far"]),
        helper.make_node("Transpose", ["far"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Resize", ["planes", "", "", "sizes"], ["small"], mode="linear", antialias=1, axes=[2, 3]),
        helper.make_node("Squeeze", ["small", "one"], ["anomaly_map"]),
        helper.make_node("ReduceMax", ["anomaly_map", "plane"], ["score"], keepdims=0),
    ]
    constants = [
        constant("first", TensorProto.INT64, [1], [0]),
        constant("second", TensorProto.INT64, [1], [1]),
        constant("axis", TensorProto.INT64, [1], [3]),
        constant("middle", TensorProto.FLOAT, [], [128.0]),
        constant("sizes", TensorProto.INT64, [2], [8, 8]),
        constant("one", TensorProto.INT64, [1], [1]),
        constant("plane", TensorProto.INT64, [2], [1, 2]),
    ]
    graph = helper.make_graph(
        nodes,
        "stand-in",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", "H", "W", 3])],
        [
            helper.make_tensor_value_info("anomaly_map", TensorProto.FLOAT, ["N", 8, 8]),
            helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N"]),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 8
    helper.set_model_props(model, {**METADATA, **(changes or {})})
    onnx.checker.check_model(model)
    onnx.save(model, path)


if __name__ == "__main__":
    write(sys.argv[1], dict(pair.split("=", 1) for pair in sys.argv[2:]))
