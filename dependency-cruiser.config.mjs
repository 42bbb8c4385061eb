// Who may import whom (docs/architecture.md): imports run one way, and circles fail.

/** The rooms of src/ and the rooms each may import, besides itself and the files that lie in src/ directly. */
const MAY_IMPORT = {
  ui: ['state', 'session', 'report', 'engine', 'data', 'metrics', 'params', 'formats'],
  state: ['session', 'report', 'engine', 'data', 'metrics', 'params', 'formats'],
  cli: [
    ...['session', 'report', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'gpu'],
    ...['data', 'metrics', 'params', 'formats'],
  ],
  session: ['metrics', 'params', 'formats'],
  report: ['metrics', 'params'],
  engine: ['pipeline', 'model', 'backbones', 'kernels', 'gpu', 'data', 'metrics', 'params', 'formats'],
  pipeline: ['model', 'backbones', 'kernels', 'gpu', 'data', 'params'],
  model: ['backbones', 'kernels', 'gpu', 'params', 'formats'],
  backbones: ['kernels', 'gpu', 'formats'],
  kernels: ['gpu'],
  gpu: [],
  data: ['formats'],
  metrics: [],
  params: [],
  formats: [],
};

const ROOMS = Object.keys(MAY_IMPORT);

const arrows = Object.entries(MAY_IMPORT).map(([room, others]) => ({
  name: `${room}-imports`,
  comment: `src/${room} must not import this room; see docs/architecture.md.`,
  severity: 'error',
  // Tests may look anywhere; a type is only a word, but a word in the wrong room is still a leak.
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: `^src/(${ROOMS.filter((other) => other !== room && !others.includes(other)).join('|')})/` },
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
