"""Seeded random inputs and weights, bit-equal to those that the tests draw (src/testing/draws.ts).

The generator is the project's own (src/lib/nn/random.ts): PCG32 with a stream per name. Only uniform draws are used:
they are exact arithmetic, so that both languages get the same float32.
"""

import math

import numpy as np

SEED = 1
MULTIPLIER = 6364136223846793005
MASK_32 = 2**32 - 1
MASK_64 = 2**64 - 1


class Pcg32:
    """PCG32 (XSH-RR, O'Neill 2014), seeded like `Random.stream(seed, purpose)`."""

    def __init__(self, seed, purpose):
        name = _fnv1a(purpose)
        self.state, self.increment = 0, (name << 1) | 1
        self.next()
        self.state = (self.state + ((name << 32) | seed)) & MASK_64
        self.next()

    def next(self):
        """The next 32 random bits."""
        old = self.state
        self.state = (old * MULTIPLIER + self.increment) & MASK_64
        value, rotation = (((old >> 18) ^ old) >> 27) & MASK_32, old >> 59
        return ((value >> rotation) | (value << (-rotation & 31))) & MASK_32

    def uniform(self):
        """Uniform in [0, 1)."""
        return self.next() / 2**32


def draw(name, shape, low, high, whole=False):
    """Uniform float32 values in [low, high) from the stream `name`; rounded down to integers if `whole`."""
    random = Pcg32(SEED, name)
    values = np.array([low + (high - low) * random.uniform() for _ in range(math.prod(shape))])
    return (np.floor(values) if whole else values).astype(np.float32).reshape(shape)


def draw_weights(set_name, shapes):
    """Weights for tensors of these names and shapes: {name: float32 array}. `set_name` tells sets apart."""
    return {
        name: draw(f'{set_name}/{name}', shape, *weight_range(name, shape)) for name, shape in shapes.items()
    }


def weight_range(name, shape):
    """Range of a weight: convolutions double the variance, about what activations and gates take away, so that
    features stay near one; batch norms are no identities."""
    if len(shape) > 1:
        limit = math.sqrt(6 / math.prod(shape[1:]))
        return -limit, limit
    if name.endswith('running_var'):
        return 0.5, 1.5
    return (0.8, 1.2) if name.endswith('weight') else (-0.2, 0.2)


def _fnv1a(text):
    """32-bit FNV-1a of an ASCII name."""
    value = 0x811C9DC5
    for byte in text.encode('ascii'):
        value = ((value ^ byte) * 0x01000193) & MASK_32
    return value
