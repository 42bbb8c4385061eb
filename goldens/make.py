"""Makes the reference values of the tests, or checks that the stored ones come out again.

    python goldens/make.py                 writes all files
    python goldens/make.py --check         compares; exit status 1 where anything disagrees
    python goldens/make.py --check metrics timm_hub
"""

import argparse
import sys

import numpy as np
import torch

from backbones import (
    efficientnet_b0_features,
    mini_resnet_features,
    random_features,
    vision_transformer_features,
)
from bi_grid import bi_grid
from draws import draw
from golden_file import Golden
from kernels import grid_sample, losses, paste_block
from scores import metrics, shares
from timm_facts import timm_hub, timm_layouts

# |made - stored| <= TOLERANCE * (1 + |stored|). Everything is computed in float64 and stored as float32, so that
# another processor or another number of threads changes no more than a last bit.
TOLERANCE = 1e-6


def draws():
    """A few draws themselves: both languages must have the same bits."""
    golden = Golden('draws')
    cases = {'unit': (0, 1, False), 'between': (-1.3, 1.3, False), 'byte': (0, 256, True)}
    for name, (low, high, whole) in cases.items():
        golden.draw(name, (40,), low, high, whole)
        golden.store(f'expected.{name}', draw(f'draws/{name}', (40,), low, high, whole), np.float32)
    return golden


FILES = {
    'draws': draws,
    'efficientnet_b0_features': efficientnet_b0_features,
    'mobilenetv2_100_features': lambda: random_features('mobilenetv2_100', (1, 3, 64, 48)),
    'resnet18_features': lambda: random_features('resnet18', (1, 3, 32, 40)),
    'mini_resnet_features': mini_resnet_features,
    'vit_features': lambda: vision_transformer_features('vit', 0),
    'vit_reg4_features': lambda: vision_transformer_features('vit_reg4', 4),
    'grid_sample': grid_sample,
    'fbp': paste_block,
    'losses': losses,
    'bigrid_mobile': lambda: bi_grid('mobile'),
    'bigrid_basic': lambda: bi_grid('basic'),
    'metrics': metrics,
    'shares': shares,
    'timm_hub': timm_hub,
    'timm_layouts': timm_layouts,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', metavar='NAME', help=f'only these of {", ".join(FILES)}')
    parser.add_argument('--check', action='store_true', help='compare with the stored files and write nothing')
    options = parser.parse_args()
    if unknown := set(options.names) - FILES.keys():
        parser.error(f'there is no {", ".join(sorted(unknown))}; choose from {", ".join(FILES)}')
    failed = 0
    for name in options.names or FILES:
        made = FILES[name]()
        if options.check:
            failed += not check(made)
        else:
            made.write()
            print(f'{made.path.stat().st_size:8d} B  {made.path.name}')
    if options.check:
        print(f'{failed} of {len(options.names or FILES)} files disagree (tolerance {TOLERANCE:.0e}).')
    return 1 if failed else 0


def check(made):
    if not made.path.exists():
        print(f'missing   {made.path.name}')
        return False
    lines, worst = made.differences(TOLERANCE)
    print(f'{"DISAGREES" if lines else "agrees   "} {made.path.name}: largest relative difference {worst:.1e}')
    for line in lines[:10]:
        print(f'    {line}')
    return not lines


if __name__ == '__main__':
    torch.manual_seed(0)
    sys.exit(main())
