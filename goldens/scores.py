"""Detection figures of scikit-learn, and the area under the PRO curve from its definition."""

import numpy as np
from scipy.ndimage import label
from scipy.stats import binomtest, t
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from draws import draw
from golden_file import GoldenJson

FPR_LIMIT = 0.3


def metrics():
    scores = [score_case(count, digits) for count, digits in [(20, 4), (200, 4), (500, 1)]]
    # Noise in steps of 1/4 gives many ties.
    maps = [map_case('fine'), map_case('tied', steps=4)]
    return GoldenJson('metrics', {'scores': scores, 'maps': maps})


def shares():
    """Exact (Clopper-Pearson) intervals of shares, and tails of Student's t."""
    counts = [(0, 1), (0, 4), (0, 8), (1, 8), (8, 8), (1, 30), (7, 150), (399, 400)]
    tails = [(0.0, 1), (0.7, 1), (-0.7, 3), (2.5, 3), (4.0, 7), (9.0, 7), (1.9, 29), (-3.5, 99), (40.0, 7)]
    return GoldenJson('shares', {
        'intervals': [interval_case(count, of, level) for count, of in counts for level in (0.95, 0.5)],
        'tails': [{'t': value, 'freedom': freedom, 'above': float(t.sf(value, freedom))} for value, freedom in tails],
    })


def interval_case(count, of, level):
    low, high = binomtest(count, of).proportion_ci(level, method='exact')
    return {'count': count, 'of': of, 'level': level, 'interval': [float(low), float(high)]}


def score_case(count, digits):
    """Image scores that lean towards their labels; few digits make ties."""
    labels = (draw(f'metrics/labels {count}', (count,), 0, 1) < 0.3).astype(int)
    labels[:2] = 0, 1
    noise = draw(f'metrics/scores {count}', (count,), 0, 1).astype(float)
    scores = [round(float(score), digits) for score in 0.6 * labels + noise]
    return {
        'labels': ''.join(map(str, labels)),
        'scores': scores,
        'auroc': float(roc_auc_score(labels, scores)),
        'average_precision': float(average_precision_score(labels, scores)),
        'f1_max': f1_max(labels, scores),
    }


def masks():
    """Three masks of 32 x 32 pixels: two rectangles, one pixel, and a diagonal (one region only if 8-connected)."""
    mask = np.zeros((3, 32, 32), int)
    mask[0, 4:10, 5:12] = 1
    mask[0, 20:28, 20:23] = 1
    mask[1, 15, 15] = 1
    mask[2, range(3, 8), range(3, 8)] = 1
    return mask


def map_case(name, steps=None):
    """Anomaly maps, noise + mask / 2 in float32; the noise is drawn, in whole numbers over `steps` where given."""
    mask = masks()
    high = 0.8 if steps is None else steps
    noise = draw(f'metrics/maps {name}', mask.shape, 0, high, whole=steps is not None)
    maps = (noise / np.float32(steps or 1) + mask.astype(np.float32) / 2).astype(float)
    return {
        'name': name,
        'noise': {'shape': list(mask.shape), 'low': 0, 'high': high, 'whole': steps is not None},
        'divisor': steps or 1,
        'masks': [[''.join(map(str, row)) for row in rows] for rows in mask],
        'aupro_fpr30': aupro(maps, mask),
        'aupro_fpr05': aupro(maps, mask, 0.05),
        'pixel_f1_max': f1_max(mask.ravel(), maps.ravel()),
        'spro_half_fpr05': aupro(maps, mask, 0.05, lambda size: 0.5 * size),
        'spro_7_pixels_fpr30': aupro(maps, mask, 0.3, lambda size: min(7, size)),
        'aupimo': aupimo(maps, mask),
        'pixel_auroc': float(roc_auc_score(mask.ravel(), maps.ravel())),
        'pixel_average_precision': float(average_precision_score(mask.ravel(), maps.ravel())),
    }


def f1_max(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    return float((2 * precision * recall / np.maximum(precision + recall, 1e-12)).max())


def aupro(maps, mask, limit=FPR_LIMIT, saturated=lambda size: size):
    """Mean overlap of the 8-connected regions over the false positive rate, up to `limit` (linear between thresholds),
    divided by `limit`; an overlap counts as whole from `saturated` pixels of the region on (MVTec LOCO AD's sPRO)."""
    regions = []
    for values, pixels in zip(maps, mask):
        numbers, count = label(pixels, np.ones((3, 3)))
        regions += [values[numbers == number] for number in range(1, count + 1)]
    normal = maps[mask == 0]
    rates, overlaps = [0.0], [0.0]
    for threshold in np.unique(maps)[::-1]:
        rates.append(float((normal >= threshold).mean()))
        shares = [min(1, (region >= threshold).sum() / saturated(region.size)) for region in regions]
        overlaps.append(float(np.mean(shares)))
    rates, overlaps = np.array(rates), np.array(overlaps)
    inside = np.searchsorted(rates, limit, 'right')
    x, y = rates[:inside], overlaps[:inside]
    if x[-1] < limit:
        share = (limit - x[-1]) / (rates[inside] - x[-1])
        x, y = np.append(x, limit), np.append(y, y[-1] + share * (overlaps[inside] - y[-1]))
    return float(np.trapezoid(y, x) / limit)


def aupimo(maps, mask, bounds=(3e-3, 1e-1)):
    """Per image its recall over the logarithm of the false positive rate on normal images, between bounds that so few
    pixels resolve. The second image, one defect pixel and noise, is the normal one here; it is drawn for that."""
    normal = maps[1]
    thresholds = np.unique(maps)[::-1]
    rates = np.array([(normal >= threshold).mean() for threshold in thresholds])
    found = np.flatnonzero(rates)[0]
    # Before the first false positive the curve is level.
    logs = np.log(rates[found:])
    ends = np.log(bounds)
    areas = []
    for values, pixels in [(maps[0], mask[0]), (maps[2], mask[2])]:
        recalls = np.array([(values[pixels == 1] >= threshold).mean() for threshold in thresholds])
        before = recalls[found - 1] if found else 0.0
        x = [-np.inf, logs[0], *logs]
        y = [before, before, *recalls[found:]]
        # Vertical steps: of equal rates the last one is right of the step, so cut the polyline by hand.
        area = 0.0
        for x0, x1, y0, y1 in zip(x, x[1:], y, y[1:]):
            low, high = max(x0, ends[0]), min(x1, ends[1])
            if high <= low:
                continue
            at = (lambda p: y0) if np.isinf(x0) else (lambda p: y0 + (y1 - y0) * (p - x0) / (x1 - x0))
            area += (high - low) * (at(low) + at(high)) / 2
        areas.append(float(area / (ends[1] - ends[0])))
    return {'bounds': list(bounds), 'images': areas}
