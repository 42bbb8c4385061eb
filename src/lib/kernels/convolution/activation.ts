// The activations that kernels apply while they write their result, as the shaders number them (`override ACTIVATION`).

export type Activation = 'linear' | 'relu' | 'relu6' | 'silu' | 'hard-swish';

export const ACTIVATION_CODES: Record<Activation, number> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  silu: 3,
  'hard-swish': 4,
};

const FUNCTIONS: Record<Activation, (z: number) => number> = {
  linear: (z) => z,
  relu: (z) => Math.max(z, 0),
  relu6: (z) => Math.min(Math.max(z, 0), 6),
  silu: (z) => z / (1 + Math.exp(-z)),
  'hard-swish': (z) => (z * Math.min(Math.max(z + 3, 0), 6)) / 6,
};

/** The activation of one number. */
export function activate(z: number, activation: Activation): number {
  return FUNCTIONS[activation](z);
}

/** The activations that train, i.e. whose derivative shaders know. */
export type TrainedActivation = Extract<Activation, 'linear' | 'relu' | 'hard-swish'>;

const SLOPES: Record<TrainedActivation, (z: number) => number> = {
  linear: () => 1,
  relu: (z) => Number(z > 0),
  'hard-swish': (z) => (Math.abs(z) >= 3 ? Number(z > 0) : z / 3 + 0.5),
};

/** The activation's derivative at z. */
export function activationSlope(z: number, activation: TrainedActivation): number {
  return SLOPES[activation](z);
}
