"""Whether exported models are ONNX: its own checker and strict shape inference, and what each takes, gives and carries.

    python check_onnx.py detector.onnx ...
"""

import sys

import onnx


def described(value):
    tensor = value.type.tensor_type
    shape = ', '.join(dim.dim_param or str(dim.dim_value) for dim in tensor.shape.dim)
    return f'{value.name}: {onnx.TensorProto.DataType.Name(tensor.elem_type).lower()} [{shape}]'


def check(path):
    onnx.checker.check_model(path, full_check=True)
    model = onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True, data_prop=True)
    operators = sorted({node.op_type for node in model.graph.node})
    print(f'{path}: {len(model.graph.node)} nodes of opset {model.opset_import[0].version}, IR version {model.ir_version}')
    for kind, values in (('input', model.graph.input), ('output', model.graph.output)):
        for value in values:
            print(f'  {kind} {described(value)}')
    print(f'  operators {", ".join(operators)}')
    for entry in sorted(model.metadata_props, key=lambda entry: entry.key):
        value = entry.value if len(entry.value) <= 80 else f'{entry.value[:77]}...'
        print(f'  {entry.key} = {value}')


if __name__ == '__main__':
    for name in sys.argv[1:]:
        check(name)
