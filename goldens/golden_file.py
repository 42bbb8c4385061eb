"""What a file of reference values holds, how it is written, and how two of them are compared."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from draws import draw

VALUES = Path(__file__).parent / 'values'


class Golden:
    """A safetensors file: results as tensors, drawn inputs as their shapes and ranges alone (metadata `draws`)."""

    suffix = '.safetensors'

    def __init__(self, name):
        self.name = name
        self.draws = {}
        self.tensors = {}

    def draw(self, name, shape, low, high, whole=False):
        """A seeded input as float64; the file only says how to draw it again."""
        self.draws[name] = {'shape': list(shape), 'low': low, 'high': high} | ({'whole': True} if whole else {})
        return torch.from_numpy(draw(f'{self.name}/{name}', shape, low, high, whole)).double()

    def store(self, name, values, dtype=np.float32):
        """A result (tensor or number)."""
        values = values.detach().numpy() if isinstance(values, torch.Tensor) else np.atleast_1d(values)
        self.tensors[name] = np.ascontiguousarray(values.astype(dtype))

    @property
    def path(self):
        return VALUES / f'{self.name}{self.suffix}'

    def write(self):
        save_file(self.tensors, self.path, {'draws': json.dumps(self.draws, separators=(',', ':'))})

    def differences(self, tolerance):
        """What disagrees with the stored file, one line each; and the largest |difference| / (1 + |stored|)."""
        with safe_open(self.path, 'numpy') as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}
            draws = json.loads(file.metadata()['draws'])
        lines = [] if draws == self.draws else ['the drawn inputs are others']
        if stored.keys() != self.tensors.keys():
            return lines + ['its names are others'], float('inf')
        worst = 0.0
        for name, values in self.tensors.items():
            error = relative_error(values, stored[name])
            worst = max(worst, error)
            if not error <= tolerance:
                lines.append(f'{name}: {error:.1e}')
        return lines, worst


class GoldenJson:
    """A JSON file: facts, which must be the same, and floating-point figures, which must be near."""

    suffix = '.json'

    def __init__(self, name, value):
        self.name = name
        self.value = value

    path = Golden.path

    def write(self):
        self.path.write_text(_lines(self.value) + '\n')

    def differences(self, tolerance):
        stored = json.loads(self.path.read_text())
        return _compare('', json.loads(json.dumps(self.value)), stored, tolerance)


def relative_error(values, stored):
    """The largest |value - stored| / (1 + |stored|); infinite for another shape, type, or a NaN."""
    if values.shape != stored.shape or values.dtype != stored.dtype:
        return float('inf')
    values, stored = values.astype(np.float64), stored.astype(np.float64)
    error = np.max(np.abs(values - stored) / (1 + np.abs(stored)), initial=0)
    return float('inf') if np.isnan(error) else float(error)


def _compare(path, value, stored, tolerance):
    if isinstance(value, float) and isinstance(stored, float):
        error = relative_error(np.array(value), np.array(stored))
        return ([] if error <= tolerance else [f'{path}: {error:.1e}']), error
    pairs = None
    if isinstance(value, dict) and isinstance(stored, dict) and value.keys() == stored.keys():
        pairs = [(key, value[key], stored[key]) for key in value]
    if isinstance(value, list) and isinstance(stored, list) and len(value) == len(stored):
        pairs = list(zip(range(len(value)), value, stored))
    if pairs is None:
        return ([], 0.0) if value == stored else ([f'{path}: {value!r}, stored {stored!r}'], float('inf'))
    results = [_compare(f'{path}/{key}', *pair, tolerance) for key, *pair in pairs]
    return [line for lines, _ in results for line in lines], max((worst for _, worst in results), default=0.0)


def _lines(value):
    """JSON that breaks long objects and lists of objects into lines, so that a change shows as a line."""
    short = json.dumps(value, separators=(',', ':'))
    nested = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value))
    if not nested or len(short) <= 200:
        return short
    if isinstance(value, dict):
        parts = [f'{json.dumps(key)}:{_lines(item)}' for key, item in value.items()]
        return '{\n' + ',\n'.join(parts) + '\n}'
    return '[\n' + ',\n'.join(_lines(item) for item in value) + '\n]'
