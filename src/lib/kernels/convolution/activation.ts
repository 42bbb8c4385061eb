// The activations that kernels apply while they write their result, as the shaders number them (`override ACTIVATION`).

export type Activation = 'linear' | 'relu' | 'relu6' | 'silu' | 'hard-swish';

export const ACTIVATION_CODES: Record<Activation, number> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  silu: 3,
  'hard-swish': 4,
};

/** The activation of one number. A choice of constants: in a loop it costs nothing, a table of functions would. */
export function activate(z: number, activation: Activation): number {
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return Math.max(z, 0);
    case 'relu6':
      return Math.min(Math.max(z, 0), 6);
    case 'silu':
      return z / (1 + Math.exp(-z));
    case 'hard-swish':
      return (z * Math.min(Math.max(z + 3, 0), 6)) / 6;
  }
}

/** The activations that train, i.e. whose derivative shaders know. */
export type TrainedActivation = Extract<Activation, 'linear' | 'relu' | 'hard-swish'>;

/** The activation's derivative at z. */
export function activationSlope(z: number, activation: TrainedActivation): number {
  switch (activation) {
    case 'linear':
      return 1;
    case 'relu':
      return Number(z > 0);
    case 'hard-swish':
      return Math.abs(z) >= 3 ? Number(z > 0) : z / 3 + 0.5;
  }
}
