// Measured figures of what the abnormal grid does; docs/research.md has the same with the commands that repeat them.
import { msg } from '../languages/texts';

interface Figures {
  caption: string;
  columns: readonly string[];
  /** The name first, then a cell a column. */
  rows: readonly (readonly [string, ...string[]])[];
}

export const VARIANTS: Figures = {
  caption: msg(
    'Image AUROC / pixel AUROC / pixel AP in percent, means over three seeds; MobileNetV2 at 128 px, 8 + 20 epochs, a float32 copy in PyTorch.',
  ),
  columns: ['', msg('magnetic tile'), msg('screw'), msg('metal tools')],
  rows: [
    [msg('Normal grid alone'), '85.4 / 76.6 / 33.0', '62.4 / 89.5 / 4.7', '99.4 / 86.9 / 41.7'],
    ['GRAD', '84.8 / 77.3 / 32.4', '64.2 / 89.3 / 4.1', '94.0 / 84.4 / 36.8'],
    [msg('GRAD without stage 1'), '87.1 / 77.1 / 31.2', '63.5 / 89.7 / 4.9', '98.1 / 86.6 / 39.6'],
    [msg('Normal grid, near = q99'), '88.0 / 77.0 / 32.1', '71.7 / 91.8 / 7.2', '98.2 / 85.8 / 40.1'],
  ],
};

export const BRANCHES: Figures = {
  caption: msg(
    'Half of the real defects of the magnetic tile set teach, the other half is tested; own coordinates, three seeds. Last column: channel 0 of the abnormal branch by itself, pixel AP.',
  ),
  columns: ['', msg('image AUROC'), msg('pixel AUROC'), msg('pixel AP'), msg('channel 0')],
  rows: [
    [msg('Normal grid alone'), '88.3', '78.1', '35.2', ''],
    [msg('Tables frozen, equation 2'), '90.6', '78.5', '34.9', '6.3'],
    [msg('Branch frozen, equation 2'), '89.4', '78.3', '35.0', '31.7'],
    [msg('Branch frozen, in the refinement'), '88.4', '78.8', '38.2', '31.7'],
    [msg('Branch frozen, added'), '90.2', '77.7', '41.3', '31.7'],
  ],
};
