"""Single operations: sampling of a grid, pasting of a block, losses and refinement."""

import torch
import torch.nn.functional as F
from torchvision.transforms.functional import gaussian_blur

from draws import Pcg32, SEED
from golden_file import Golden

# Name: channels, cells per side of the table, batch, height, width.
SAMPLINGS = {'small': (5, 4, 2, 3, 3), 'local8': (24, 8, 2, 12, 10), 'local32': (4, 32, 1, 12, 10)}


def grid_sample():
    """Values and both gradients; some coordinates lie outside the table."""
    golden = Golden('grid_sample')
    for case, (channels, side, batch, height, width) in SAMPLINGS.items():
        grid = golden.draw(f'{case}.grid', (channels, side, side), -2, 2).requires_grad_()
        coords = golden.draw(f'{case}.coords', (batch, height, width, 2), -1.3, 1.3).requires_grad_()
        tables = grid.expand(batch, -1, -1, -1)
        out = F.grid_sample(tables, coords, mode='bilinear', padding_mode='zeros', align_corners=False)
        out.backward(golden.draw(f'{case}.grad_out', out.shape, -2, 2))
        golden.store(f'{case}.out', out)
        golden.store(f'{case}.grad_grid', grid.grad)
        golden.store(f'{case}.grad_coords', coords.grad)
    return golden


# Row, column, half side of the blocks: inside, at corners, and one near the size of the map.
BLOCKS = [(8, 7, 3), (2, 13, 2), (0, 15, 4), (15, 0, 6), (7, 8, 7)]
INTENSITIES = [8.0, 12.5, 16.0, -3.0, 0.5]


def paste_block():
    """Feature blocks pasted: a random walk's cells, blurred (sigma 0.8, mirrored at the border) and added."""
    golden = Golden('fbp')
    size = 16
    features = golden.draw('features', (len(BLOCKS), 4, size, size), -2, 2)
    mask = torch.stack([walk(*block, size) for block in BLOCKS])[:, None]
    intensity = torch.tensor(INTENSITIES).double()
    blurred = gaussian_blur(mask * intensity.view(-1, 1, 1, 1), [3, 3])
    golden.store('mask', mask, 'uint8')
    golden.store('intensity', intensity)
    golden.store('blurred', blurred)
    golden.store('pasted', features + blurred)
    return golden


def walk(row, column, half, size):
    """A mask [size, size] of the cells that a random walk from the centre visits, within `half` cells of it."""
    random = Pcg32(SEED, f'fbp/walk {row} {column}')
    mask = torch.zeros(size, size).double()
    down = right = 0
    for _ in range(3 * half):
        down += int(3 * random.uniform()) - 1
        right += int(3 * random.uniform()) - 1
        y, x = row + down, column + right
        if max(abs(down), abs(right)) <= half and 0 <= y < size and 0 <= x < size:
            mask[y, x] = 1
    mask[row, column] = 1
    return mask


MARGIN = 0.5


def losses():
    """Both losses, and the anomaly map of a near and of a far reconstruction."""
    golden = Golden('losses')
    shape = (2, 6, 8, 8)
    features = golden.draw('features', shape, -2, 2)
    near = golden.draw('reconstruction', shape, -1, 1)
    far = golden.draw('reconstruction_far', shape, -12, 12)
    score = golden.draw('abnormal_score', (2, 1, 8, 8), -2, 2)
    # A fifth of the cells.
    mask = (golden.draw('mask_noise', score.shape, 0, 1) < 0.2).double()
    golden.store('mask', mask, 'uint8')
    golden.store('mse_loss', F.mse_loss(near, features))
    golden.store('contrastive_loss', contrastive_loss(score, mask))
    anomaly_map = refined_distance(near, features)
    golden.store('anomaly_map', anomaly_map)
    golden.store('anomaly_map_far', refined_distance(far, features))
    upsampled = F.interpolate(anomaly_map[:, None], scale_factor=8, mode='bilinear', align_corners=True)
    golden.store('anomaly_map_upsampled8', upsampled)
    return golden


def contrastive_loss(score, mask):
    """Pasted cells shall score above the margin, the others below its negative."""
    pasted = (F.relu(MARGIN - score) * mask).sum() / mask.sum()
    others = (F.relu(MARGIN + score) * (1 - mask)).sum() / (1 - mask).sum()
    return pasted + others


def refined_distance(reconstruction, features):
    """Distance per cell of the features from their refined reconstruction, [B, H, W]."""
    near = 1 - torch.round((((reconstruction - features) ** 2).mean(1) * 0.05).clamp(0, 1))
    similarity = (0.3 * near + 0.7 * F.cosine_similarity(reconstruction, features, dim=1))[:, None]
    refined = similarity * features + (1 - similarity) * reconstruction
    return ((refined - features) ** 2).sum(1).sqrt()
