// Who may import whom (docs/architecture.md): imports run one way, and circles fail.

/** Rooms of src/ that a room must not reach into. */
const FORBIDDEN = {
  ui: ['pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli'],
  state: ['ui', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli'],
  engine: ['ui', 'state', 'cli'],
  pipeline: ['ui', 'state', 'engine', 'cli'],
  model: ['ui', 'state', 'engine', 'pipeline', 'cli', 'data'],
  backbones: ['ui', 'state', 'engine', 'pipeline', 'model', 'cli', 'data'],
  kernels: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'cli', 'data'],
  gpu: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'cli', 'data', 'metrics'],
  data: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli', 'metrics'],
  metrics: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli', 'data'],
  params: [
    'ui',
    'state',
    'engine',
    'pipeline',
    'model',
    'backbones',
    'kernels',
    'gpu',
    'cli',
    'data',
    'metrics',
  ],
  formats: [
    'ui',
    'state',
    'engine',
    'pipeline',
    'model',
    'backbones',
    'kernels',
    'gpu',
    'cli',
    'data',
    'metrics',
  ],
};

const arrows = Object.entries(FORBIDDEN).map(([room, others]) => ({
  name: `${room}-imports`,
  comment: `src/${room} must not import these rooms; see docs/architecture.md.`,
  severity: 'error',
  // Tests may look anywhere; a type is only a word, but a word in the wrong room is still a leak.
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: `^src/(${others.join('|')})/` },
}));

export default {
  forbidden: [
    ...arrows,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-gpu-knows-tfjs',
      comment: 'Everyone imports `tf` from src/gpu/tf.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/gpu/tf\\.ts$' },
      to: { path: 'node_modules/@tensorflow' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.wgsl'] },
  },
};
