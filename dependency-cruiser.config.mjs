// Who may import whom (docs/architecture.md): imports run one way, and circles fail.

/** What methods say of themselves, free of tensors: each one's about.ts, GRAD's options, and the list. */
const LIGHT = ['lib/methods/list', 'lib/methods/about', 'lib/methods/options', 'lib/methods/grad/options'];

/** The rooms of src/ and the rooms each may import, besides itself. The first row that a path starts with is its room. */
const MAY_IMPORT = {
  // The library. Nothing in it knows the service, the settings or the page.
  'lib/index': ['lib'],
  'lib/errors': [],
  'lib/framing': ['lib/errors'],
  'lib/gpu': ['lib/errors'],
  'lib/overlay': [],
  'lib/formats': ['lib/errors'],
  'lib/images': ['lib/errors', 'lib/framing'],
  'lib/datasets': ['lib/errors', 'lib/formats', 'lib/images'],
  'lib/kernels': ['lib/framing', 'lib/gpu', 'lib/overlay'],
  'lib/nn': ['lib/errors', 'lib/formats', 'lib/gpu', 'lib/kernels'],
  'lib/backbones': ['lib/errors', 'lib/formats', 'lib/framing', 'lib/gpu', 'lib/images', 'lib/kernels'],
  'lib/methods': ['lib/errors', 'lib/formats', 'lib/gpu', 'lib/kernels', 'lib/nn'],
  'lib/scoring/metrics': ['lib/errors'],
  'lib/scoring': [
    'lib/errors',
    'lib/framing',
    'lib/gpu',
    'lib/kernels',
    'lib/backbones',
    'lib/methods',
    'lib/scoring/metrics',
  ],
  'lib/onnx': [
    'lib/errors',
    'lib/formats',
    'lib/framing',
    'lib/images',
    'lib/kernels',
    'lib/backbones',
    'lib/methods',
    'lib/scoring',
  ],
  // The service, and what describes a run to it.
  // Of methods the settings import what is light alone: the page loads them before anything that computes.
  settings: [...LIGHT, 'lib/framing', 'lib/overlay/colormaps'],
  'engine/api': ['lib', 'settings'],
  'engine/adapter': ['lib', 'engine/api'],
  'engine/models': ['lib', 'settings', 'engine/api'],
  'engine/features': ['lib', 'settings', 'engine/api', 'engine/adapter', 'engine/models'],
  'engine/training': ['lib', 'settings', 'engine/api', 'engine/adapter', 'engine/models', 'engine/features'],
  'engine/answers': ['lib', 'engine/api', 'engine/adapter', 'engine/models', 'engine/features'],
  engine: ['lib', 'settings'],
  // What is taken away.
  session: ['lib/errors', 'lib/formats', 'lib/scoring/metrics', 'settings'],
  report: ['lib/scoring/metrics', 'settings'],
  // The two programs.
  cli: ['lib', 'engine', 'session', 'report', 'settings'],
  app: [
    ...[
      'lib/errors',
      'lib/framing',
      'lib/overlay',
      'lib/formats',
      'lib/images',
      'lib/datasets',
      'lib/scoring/metrics',
    ],
    // The outline of a block, and the cells a pixel samples, follow the pointer without waiting for the worker. Arrays only.
    'lib/methods/grad/blocks',
    'lib/methods/grad/cells',
    'lib/methods/explanations',
    ...['engine', 'session', 'report', 'settings'],
  ],
};

const ROOMS = Object.keys(MAY_IMPORT);

/** A path within a room. Rooms within rooms (lib/scoring/metrics) are rooms of their own. */
const within = (room) => ({
  path: `^src/${room}[./]`,
  pathNot: ROOMS.filter((other) => other.startsWith(`${room}/`)).map((other) => `^src/${other}/`),
});

/** Tests and their helpers may look anywhere. */
const TESTS = '\\.test\\.tsx?$|/testing/|/fixtures/';

const arrows = ROOMS.map((room) => ({
  name: `${room}-imports`,
  comment: `src/${room} must not import this; see docs/architecture.md.`,
  severity: 'error',
  // A type is only a word, but a word in the wrong room is still a leak.
  from: { path: within(room).path, pathNot: [...within(room).pathNot, TESTS] },
  to: {
    path: '^src/',
    pathNot: [room, ...MAY_IMPORT[room]].map((other) => `^src/${other}[./]`).concat('\\.d\\.ts$', TESTS),
  },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-stray-files',
      comment: 'Every file of src/ lies in a room of the table above, so that its arrows are held.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [...ROOMS.map((room) => `^src/${room}[./]`), '^src/testing/', '^src/\\w+\\.d\\.ts$'],
      },
      to: {},
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What only tests use stays with them. The page may load its mock engine, in development.',
      severity: 'error',
      from: { path: '^src/', pathNot: [TESTS, '^src/app/shell/startEngine\\.ts$'] },
      to: { path: '/testing/|/fixtures/|\\.test\\.' },
    },
    {
      name: 'one-way-to-a-score',
      comment:
        'Maps are enlarged, smoothed and scored by src/lib/scoring/answer.ts alone, which checks them. The bench times kernels.',
      severity: 'error',
      from: { path: '^src/', pathNot: [TESTS, '^src/lib/(scoring|kernels)/', '^src/cli/bench/'] },
      to: { path: '^src/lib/kernels/(maps/(smoothMap|nonFinite)|index)\\.ts$' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-gpu-knows-tfjs',
      comment: 'Everyone imports `tf` from src/lib/gpu/tf.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/lib/gpu/(tf|processor)\\.ts$' },
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
