// The layout of the demo's circuit board: where copper runs and where components sit, in board pixels.
// Data only; board.mjs draws it.

export const TRACE_WIDTH = 4;
export const PIN_PITCH = 10;
/** Rows of the chip's pins, relative to its centre. */
export const PIN_ROWS = [-35, -25, -15, -5, 5, 15, 25, 35];
export const PIN_X = 33;

/** Points written as `x,y x,y`. */
const points = (text) => text.split(' ').map((point) => point.split(',').map(Number));

/** @typedef {{name: string, kind: string, x: number, y: number, angle?: number, text?: string, label: number[]}} Component */

/** @type {Component[]} `label` is where the silkscreen name stands, relative to the component. */
export const COMPONENTS = [
  { name: 'U1', kind: 'chip', x: 150, y: 118, text: 'GRAD-25', label: [-17, -52] },
  { name: 'C1', kind: 'can', x: 50, y: 56, text: '47', label: [37, -24] },
  { name: 'Y1', kind: 'crystal', x: 150, y: 36, label: [0, -18] },
  { name: 'R1', kind: 'resistor', x: 222, y: 80, text: '103', label: [0, -11.5] },
  { name: 'R2', kind: 'resistor', x: 222, y: 103, text: '472', label: [0, -11.5] },
  { name: 'R3', kind: 'resistor', x: 222, y: 126, text: '103', label: [0, -11.5] },
  { name: 'R4', kind: 'resistor', x: 222, y: 149, text: '220', label: [0, -11.5] },
  { name: 'C2', kind: 'capacitor', x: 84, y: 102, angle: Math.PI / 2, label: [-14, -6] },
  { name: 'C3', kind: 'capacitor', x: 84, y: 143, angle: Math.PI / 2, label: [-14, -6] },
  { name: 'Q1', kind: 'transistor', x: 42, y: 158, label: [-15, -15] },
  { name: 'D1', kind: 'diode', x: 224, y: 196, label: [0, -12.5] },
];

/** Signal traces: straight runs and 45 degree bends. */
export const TRACES = [
  '190,83 203,83 206,80 213,80',
  '190,103 213,103',
  '190,123 207,123 210,126 213,126',
  '190,143 204,143 210,149 213,149',
  '184,93 202,93',
  '184,113 202,113',
  '184,133 202,133',
  '184,153 192,153 202,163 202,184 190,196 190,228',
  '231,80 240,80 244,84 244,184 233,195',
  '231,103 240,103 244,107',
  '231,126 240,126 244,130',
  '231,149 240,149 244,153',
  '116,83 106,83 100,77 100,50 114,36 132,36',
  '116,93 84,93',
  '116,103 100,103',
  '116,113 86,113',
  '116,123 54,123 42,135 42,145',
  '116,133 84,133',
  '116,143 100,143',
  '116,153 84,153',
  '168,36 188,36 200,48 200,66',
  '84,111 70,111 58,99 58,84',
  '84,152 84,172 118,206 118,228',
  '34,172 34,192 70,228',
  '50,172 50,184 94,228',
  '150,180 150,194 142,202 142,228',
  '176,176 176,190 166,200 166,228',
  '214,198 214,228',
  '22,98 22,132 14,140 14,206 26,218',
  '228,46 228,62 216,62',
].map(points);

/** Small plated holes that lead a trace to the other side. */
export const VIAS = points(
  '202,93 202,113 202,133 100,103 100,143 200,66 150,180 176,176 22,98 26,218 216,62 112,62 68,200 128,182 100,20 188,18 240,214',
);

/** Plated holes of the connector; the first is square. */
export const HEADER = [70, 94, 118, 142, 166, 190, 214].map((x) => [x, 230]);

export const MOUNT = [228, 30];
export const FIDUCIAL = [26, 236];
