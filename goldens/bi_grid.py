"""A small bi-grid model: what it rebuilds, its training loss and gradients, and its parameters after one step.

The modules are named like the project's own parameters, in snake case and with torch's names for batch norm."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from golden_file import Golden
from kernels import refined_distance

BATCH, CHANNELS, HEIGHT, WIDTH = 4, 8, 4, 3
LOCAL_GRID, GLOBAL_GRID = 6, 3
BLOCKS, EXPANSION = 2, 2
LEARNING_RATE, GRID_LEARNING_RATE = 1e-3, 0.1
CLIP_NORM = 0.1


class CoordinateMapping(nn.Module):
    """Features -> a point of the local table per cell, and one of the global table per image; both in [-1, 1]."""

    def __init__(self):
        super().__init__()
        self.local = nn.Module()
        self.local.hidden = nn.Conv2d(CHANNELS, CHANNELS, 1)
        self.local.output = nn.Conv2d(CHANNELS, 2, 1)
        setattr(self, 'global', nn.Module())
        self['global'].hidden = nn.Linear(CHANNELS, CHANNELS)
        self['global'].output = nn.Linear(CHANNELS, 2)

    def __getitem__(self, name):
        return getattr(self, name)

    def forward(self, features):
        local, whole = self.local, self['global']
        points = torch.tanh(local.output(torch.tanh(local.hidden(features))))
        point = torch.tanh(whole.output(torch.tanh(whole.hidden(features.mean((2, 3))))))
        return points.permute(0, 2, 3, 1), point


class Grid(nn.Module):
    """Two tables; a query is the global one's map and the local one's, concatenated."""

    def __init__(self):
        super().__init__()
        cells = CHANNELS * HEIGHT * WIDTH
        self.register_parameter('local', nn.Parameter(torch.empty(1, CHANNELS, LOCAL_GRID, LOCAL_GRID)))
        self.register_parameter('global', nn.Parameter(torch.empty(1, cells, GLOBAL_GRID, GLOBAL_GRID)))

    def forward(self, points, point):
        batch = len(point)
        local = F.grid_sample(self.local.expand(batch, -1, -1, -1), points, align_corners=False)
        sampled = F.grid_sample(getattr(self, 'global'), point.view(1, batch, 1, 2), align_corners=False)
        maps = sampled[0, :, :, 0].t().reshape(batch, CHANNELS, HEIGHT, WIDTH)
        return torch.cat([maps, local], 1)


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.reduce = nn.Linear(channels, channels // 4, bias=False)
        self.expand = nn.Linear(channels // 4, channels, bias=False)

    def forward(self, x):
        gate = F.hardsigmoid(self.expand(F.relu(self.reduce(x.mean((2, 3))))))
        return x * gate[:, :, None, None]


class MobileBlock(nn.Module):
    """Inverted bottleneck as in MobileNetV3, with its shortcut."""

    def __init__(self, channels):
        super().__init__()
        inner = channels * EXPANSION
        self.expand = nn.Conv2d(channels, inner, 1, bias=False)
        self.expand_norm = nn.BatchNorm2d(inner)
        self.depthwise = nn.Conv2d(inner, inner, 3, padding=1, groups=inner, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(inner)
        self.squeeze_excite = SqueezeExcite(inner)
        self.project = nn.Conv2d(inner, channels, 1, bias=False)
        self.project_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.hardswish(self.expand_norm(self.expand(x)))
        y = F.hardswish(self.squeeze_excite(self.depthwise_norm(self.depthwise(y))))
        return x + self.project_norm(self.project(y))


class BasicBlock(nn.Module):
    """ResNet's block of two 3x3 convolutions."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.first_norm(self.first(x)))
        return F.relu(x + self.second_norm(self.second(y)))


BLOCK = {'mobile': MobileBlock, 'basic': BasicBlock}


class Decoder(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.blocks = nn.Sequential(*[block(2 * CHANNELS) for _ in range(BLOCKS)])
        self.output = nn.Conv2d(2 * CHANNELS, CHANNELS, 1, bias=False)

    def forward(self, query):
        return self.output(self.blocks(query))


class Branch(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.grid = Grid()
        self.decoder = Decoder(block)


class BiGrid(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.coordinates = CoordinateMapping()
        self.normal = Branch(BLOCK[decoder])
        self.abnormal = Branch(BLOCK[decoder])
        self.fusion = nn.Parameter(torch.empty(1))

    def branches(self, features):
        points, point = self.coordinates(features)
        normal = self.normal.decoder(self.normal.grid(points, point))
        query = self.abnormal.grid(points, point)
        # The abnormal query is normalised per image and channel (standard deviation unbiased).
        query = (query - query.mean((2, 3), keepdim=True)) / (query.std((2, 3), keepdim=True) + 1e-6)
        return normal, self.abnormal.decoder(query)

    def forward(self, features):
        normal, abnormal = self.branches(features)
        return normal + self.fusion * abnormal


def bi_grid(decoder):
    """Everything trains, the abnormal table too; no jitter; batch norm as in training for loss and gradients."""
    golden = Golden(f'bigrid_{decoder}')
    model = BiGrid(decoder).double()
    features = golden.draw('features', (BATCH, CHANNELS, HEIGHT, WIDTH), -1.7, 1.7)
    with torch.no_grad():
        for name, tensor in state(model).items():
            tensor.copy_(golden.draw(f'before.{name}', tensor.shape, *start_range(name, tensor.shape)))

        model.eval()
        normal, abnormal = model.branches(features)
        fused = model(features)
    golden.store('eval.normal', normal)
    golden.store('eval.abnormal', abnormal)
    golden.store('eval.fused', fused)
    golden.store('eval.anomaly_map', refined_distance(fused, features))

    model.train()
    grids = [value for name, value in model.named_parameters() if '.grid.' in name]
    others = [value for name, value in model.named_parameters() if '.grid.' not in name]
    rates = [{'params': others, 'lr': LEARNING_RATE}, {'params': grids, 'lr': GRID_LEARNING_RATE}]
    optimiser = torch.optim.AdamW(rates)
    loss = F.mse_loss(model(features), features)
    loss.backward()
    golden.store('train.mse_loss', loss)
    for name, value in model.named_parameters():
        golden.store(f'grad.{name}', value.grad)
    golden.store('train.grad_norm', nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM))
    optimiser.step()
    for name, tensor in state(model).items():
        golden.store(f'after.{name}', tensor)
    return golden


def state(model):
    """Parameters and running statistics."""
    return {name: value for name, value in model.state_dict().items() if not name.endswith('num_batches_tracked')}


def start_range(name, shape):
    """Range of a start value: layers keep the variance, batch norms are no identities, the tables fill [-1, 1]."""
    if name == 'fusion':
        return -0.3, -0.1
    if '.grid.' in name:
        return -1, 1
    if len(shape) > 1:
        limit = round(math.sqrt(3 / math.prod(shape[1:])), 3)
        return -limit, limit
    if name.endswith('running_var'):
        return 0.5, 1.5
    return (0.8, 1.2) if name.endswith('norm.weight') else (-0.2, 0.2)
