// The commands with their flags and help. What a command does is handed in, so that tests can read what was
// asked for without a GPU; help and parsing load no engine.
import { Argument, Command, Option } from 'commander';
import type { AdapterChoice } from '../engine/adapter/gpuSession';
import type { Saturation } from '../lib/scoring/metrics/saturation';
import { PROGRAM } from '../report/plan';
import { PRESETS, type PresetName } from '../settings/presets';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from '../settings/table';
import { specOf } from '../settings/values';
import type { BenchRequest, BenchTopic, ChecksumRequest } from './bench/command';
import type { LedgerRequest } from './bench/ledger/command';
import type { ProfileRequest } from './bench/profile';
import { addCompare, type CompareActions } from './compare/command';
import { BadFlag } from './errors';
import type { EvaluateRequest } from './evaluate';
import type { ExportRequest } from './export';
import { addLayoutOptions, layoutFlagsOf, type LayoutFlags } from './data/layoutFlags';
import { addParamOptions, paramsOf, presetsHelp } from './flags';
import { readSaturation, SATURATION_HELP } from './saturation';
import type { ScoreRequest } from './score';
import type { SessionRequest } from './session';
import { resolveSettings } from './settings';
import type { Terminal } from './output/terminal';
import {
  HELD_OUT,
  HOLD_OUT_HELP,
  readHoldOut,
  readThreshold,
  THRESHOLD_HELP,
  type ThresholdRequest,
} from './threshold';
import type { TrainRequest } from './train';

/** What happens when a command was read. */
export interface Actions extends CompareActions {
  evaluate(request: EvaluateRequest): Promise<void>;
  train(request: TrainRequest): Promise<void>;
  score(request: ScoreRequest): Promise<void>;
  export(request: ExportRequest): Promise<void>;
  bench(request: BenchRequest): Promise<void>;
  checksums(request: ChecksumRequest): Promise<void>;
  ledger(request: LedgerRequest): Promise<void>;
  profile(request: ProfileRequest): Promise<void>;
  /** Called before the command: what it is to compute on. */
  computeOn?(adapter: AdapterChoice): void;
  /** Called before the command: the file with the tiles by which it is to make products. */
  tileBy?(file: string): Promise<void>;
}

const NAME = process.env.npm_lifecycle_event === 'grad' ? 'npm run --silent grad --' : 'grad';

/** The whole command line. Usage errors and help end in commander's CommanderError. */
export function buildProgram(actions: Actions, terminal: Terminal): Command {
  const program = new Command(NAME)
    .description('Image anomaly detection with a normal and an abnormal feature grid, without a browser.')
    .version(PROGRAM, '-V, --version', 'Which version this is, and which build of it.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .configureHelp({ optionTerm })
    .showHelpAfterError(`Run "${NAME} --help", or a command with --help, to see what there is.`)
    .showSuggestionAfterError();
  addEvaluate(program, actions, terminal);
  addTrain(program, actions, terminal);
  addScore(program, actions);
  addExport(program, actions);
  addCompare(program, actions, { addDataOptions, settingsOf: (options) => settingsOf(options, terminal) });
  addBench(program, actions);
  for (const command of program.commands)
    if (COMPUTING.includes(command.name())) addAdapter(command, actions);
  return program;
}

const COMPUTING = ['evaluate', 'train', 'score', 'compare'];

function addAdapter(command: Command, actions: Actions): void {
  const option = new Option('--adapter <kind>', ADAPTER_HELP).choices(['auto', 'gpu', 'cpu']).default('auto');
  command
    .addOption(option)
    .option('--tilings <file>', TILINGS_HELP)
    .hook('preAction', async () => {
      const { adapter, tilings } = command.opts<{ adapter: AdapterChoice; tilings?: string }>();
      actions.computeOn?.(adapter);
      if (tilings !== undefined) await actions.tileBy?.(tilings);
    });
}

/** `--refine` and its hidden `--no-refine` as one term. */
function optionTerm(option: Option): string {
  const specs = PARAM_NAMES.map(specOf);
  const isSwitch = specs.some(({ kind, flag }) => kind === 'flag' && `--${flag}` === option.long);
  return isSwitch ? option.flags.replace('--', '--[no-]') : option.flags;
}

function addEvaluate(program: Command, actions: Actions, terminal: Terminal): void {
  const command = program
    .command('evaluate')
    .description('Train on the normal images of a folder, score its test images, report the figures.')
    .requiredOption('--data <dir>', DATA_HELP)
    .option('--train-limit <n>', 'Use a seeded subset of the training images.', readCount('train-limit'))
    .option(
      '--test-limit <n>',
      'Use a seeded subset of the test images, stratified by type.',
      readCount('test-limit'),
    )
    .option('--json <file>', 'Write all figures as JSON; "-" is the standard output.')
    .option('--curves', 'Add ROC, precision-recall and PRO curves to the JSON.')
    .option('--saturation <amount>', SATURATION_HELP, readSaturation)
    .option('--maps <dir>', 'Write every test image’s map, as .npy and painted over the image.')
    .option('--report <file>', REPORT_HELP)
    .option('--threshold <source>', THRESHOLD_HELP, readThreshold)
    .option('--hold-out <share>', HOLD_OUT_HELP, readHoldOut)
    .option('--session <file>', SESSION_HELP)
    .option('--session-images', SESSION_IMAGES_HELP)
    .option('--hub <url>', HUB_HELP, readHub)
    .option('--config <url>', CONFIG_HELP);
  addParamOptions(addLayoutOptions(command))
    .addHelpText('after', `\n${presetsHelp()}`)
    .action((options: Options) =>
      actions.evaluate({
        params: settingsOf(options, terminal),
        data: options.data!,
        trainLimit: options.trainLimit ?? null,
        testLimit: options.testLimit ?? null,
        curves: options.curves ?? false,
        saturation: options.saturation ?? null,
        json: options.json ?? null,
        maps: options.maps ?? null,
        report: options.report ?? null,
        ...thresholdOf(options),
        session: sessionOf(options),
        hub: options.hub ?? null,
        ...layoutFlagsOf(options),
      }),
    );
}

/** Which images, and how the features of them come about. */
const addDataOptions = (command: Command): Command =>
  addLayoutOptions(command)
    .option('--data <dir>', `${DATA_HELP} Several class folders: each its own runs.`)
    .option(
      '--train-limit <n>',
      'Use a seeded subset of each class’s training images.',
      readCount('train-limit'),
    )
    .option(
      '--test-limit <n>',
      'Use a seeded subset of each class’s test images, stratified by type.',
      readCount('test-limit'),
    )
    .option('--hub <url>', HUB_HELP, readHub)
    .option('--config <url>', CONFIG_HELP);

function addTrain(program: Command, actions: Actions, terminal: Terminal): void {
  const command = program
    .command('train')
    .description('Train on the normal images of a folder and write a session.')
    .requiredOption('--data <dir>', DATA_HELP)
    .requiredOption('--session <file>', SESSION_HELP)
    .option('--session-images', SESSION_IMAGES_HELP)
    .option('--threshold <source>', THRESHOLD_HELP, readThreshold)
    .option('--hold-out <share>', HOLD_OUT_HELP, readHoldOut)
    .option('--train-limit <n>', 'Use a seeded subset of the training images.', readCount('train-limit'))
    .option('--hub <url>', HUB_HELP, readHub)
    .option('--config <url>', CONFIG_HELP);
  addParamOptions(addLayoutOptions(command), (name) => PARAMS[name].group !== 'score')
    .addHelpText('after', `\n${presetsHelp()}`)
    .action((options: Options) =>
      actions.train({
        params: settingsOf(options, terminal),
        data: options.data!,
        trainLimit: options.trainLimit ?? null,
        session: sessionOf(options)!,
        ...thresholdOf(options),
        hub: options.hub ?? null,
        ...layoutFlagsOf(options),
      }),
    );
}

function addScore(program: Command, actions: Actions): void {
  const command = program
    .command('score')
    .description('Score new images with a session; the most anomalous first.')
    .argument('<session>', 'What `train`, `evaluate` or the page’s "Save session" wrote.')
    .argument('<images...>', 'Image files, or folders or zips of them.')
    .option('--json <file>', 'Write the scores as JSON; "-" is the standard output.')
    .option('--maps <dir>', 'Write every image’s map, as .npy and painted over the image.')
    .option(
      '--threshold <number>',
      'Call images above this score anomalous, instead of the session’s own threshold.',
      readThreshold,
    )
    .option('--hub <url>', HUB_HELP, readHub);
  addParamOptions(
    addLayoutOptions(command),
    (name) => name === 'backbone' || PARAMS[name].group === 'score',
  ).action((session: string, images: string[], options: Options) =>
    actions.score({
      session,
      images,
      flags: paramsOf(options),
      threshold: options.threshold ?? null,
      json: options.json ?? null,
      maps: options.maps ?? null,
      hub: options.hub ?? null,
      ...layoutFlagsOf(options),
    }),
  );
}

function addExport(program: Command, actions: Actions): void {
  const command = program
    .command('export')
    .description('Write the trained model of a session as a file that other programs run (docs/export.md).')
    .argument('<session>', 'What `train`, `evaluate` or the page’s "Save session" wrote.')
    .requiredOption('--onnx <file>', 'The ONNX file: pixels in, anomaly map and raw score out.')
    .option(
      '--card <file>',
      'Write a model card beside it (Markdown): data, figures, threshold, licence, limits.',
    )
    .addOption(
      new Option('--precision <kind>', 'How large weights are stored.')
        .choices(['f32', 'f16'])
        .default('f32'),
    ) // prettier-ignore
    .addOption(
      new Option('--input <what>', 'Whole images, or the features of a backbone that runs elsewhere.')
        .choices(['pixels', 'features'])
        .default('pixels'),
    ) // prettier-ignore
    .option('--threshold <number>', 'Write this threshold down instead of the session’s own.', readThreshold)
    .option('--hub <url>', HUB_HELP, readHub);
  addParamOptions(command, (name) => name === 'backbone' || inExportedScore(name)).action(
    (session: string, options: Options) =>
      actions.export({
        session,
        onnx: options.onnx!,
        card: options.card ?? null,
        precision: options.precision!,
        input: options.input!,
        flags: paramsOf(options),
        threshold: options.threshold ?? null,
        hub: options.hub ?? null,
      }),
  );
}

/** Masks play no part in a score. */
const inExportedScore = (name: ParamName): boolean =>
  PARAMS[name].group === 'score' && name !== 'invertMasks' && name !== 'emptyMasks';

function addBench(program: Command, actions: Actions): void {
  program
    .command('bench')
    .description(
      'Measure this machine: kernels against stock operations, training, inference; on demand figures over ten million pixels (metrics), whole backbones (features), what fusing their layers saves (fusion), digests of every kernel’s results (checksums), what every preset asks of a GPU, counted without one (ledger), and how long each kernel takes on it (profile).',
    )
    .addArgument(
      new Argument('[what]', 'The first three when left out.').choices([
        ...BENCH_TOPICS,
        ...['checksums', 'ledger', 'profile'],
      ]),
    )
    .option('--json <file>', 'Write the measurements as JSON; "-" is the standard output.')
    .option(
      '--compare <file>',
      'With checksums: fail when a kernel’s result has other bits than in this file of --json, taken on the same adapter.',
    )
    .option('--write', 'With ledger: keep its figures in bench/ledger.json instead of comparing with it.')
    .addOption(
      new Option('--preset <name>', 'With profile: whose phases are timed; demo when left out.').choices(
        Object.keys(PRESETS),
      ),
    )
    .action((what: BenchWish, options: Options) => {
      const { json = null, compare = null, write = false, preset } = options;
      if (write) mustGoWith(what, 'ledger', 'write', '');
      if (compare !== null) mustGoWith(what, 'checksums', 'compare', compare);
      if (preset) mustGoWith(what, 'profile', 'preset', preset);
      // It measures an adapter, a software one too, and not what is faster than it.
      actions.computeOn?.('gpu');
      if (what === 'ledger') return actions.ledger({ json, write });
      if (what === 'profile') return actions.profile({ preset: preset ?? 'demo', json });
      if (what === 'checksums') return actions.checksums({ json, compare });
      return actions.bench({ topics: what ? [what] : BENCH_STANDARD, json });
    });
}

type BenchWish = BenchTopic | 'checksums' | 'ledger' | 'profile' | undefined;

/** @throws BadFlag */
function mustGoWith(what: BenchWish, topic: BenchWish, flag: string, value: string): void {
  if (what !== topic)
    throw new BadFlag(flag, value, `goes with ${topic}`, `Run \`bench ${topic} --${flag}\`.`);
}

const BENCH_STANDARD: BenchTopic[] = ['kernels', 'training', 'inference'];
/** The others need no GPU, or minutes on a software adapter. */
const BENCH_TOPICS: BenchTopic[] = [...BENCH_STANDARD, 'metrics', 'features', 'fusion'];

/** Options as commander leaves them; parameters are read by flags.ts. */
type Options = Record<string, unknown> &
  LayoutFlags & {
    data?: string;
    trainLimit?: number;
    testLimit?: number;
    json?: string | null;
    compare?: string | null;
    write?: boolean;
    preset?: PresetName;
    maps?: string;
    report?: string;
    curves?: boolean;
    saturation?: Saturation;
    session?: string;
    onnx?: string;
    card?: string;
    precision?: ExportRequest['precision'];
    input?: ExportRequest['input'];
    sessionImages?: boolean;
    config?: string;
    hub?: string;
    threshold?: ThresholdRequest;
    holdOut?: number;
  };

const DATA_HELP =
  'Folder, zip or tar; its layout is recognised and printed (docs/data.md), or said by --layout, --normal, --anomalous, --mask, --split.';
const ADAPTER_HELP =
  'What computes: the graphics adapter (gpu), the processor in WebAssembly (cpu), or the adapter where there is one (auto).';
const TILINGS_HELP =
  'On a graphics adapter: make products by the tiles of this tuned.json (bench/device.sh), else by the default. Another table gives other last bits.';
const HUB_HELP =
  'Fetch published weights from this mirror of the Hugging Face Hub instead. They are kept in ~/.cache/grad-playground.';
const REPORT_HELP =
  'Write a report as one HTML file: figures with intervals, curves, the worst mistakes with their maps, settings, digests. Prints to PDF.';
const SESSION_HELP =
  'Write the trained model with its settings as a session (.zip), for `score` and for the page.';
const SESSION_IMAGES_HELP = 'Put the images into the session too.';
const CONFIG_HELP = 'A shared link; its values win over the preset, flags over both.';

const sessionOf = ({ session: path, sessionImages = false }: Options): SessionRequest | null =>
  path === undefined ? null : { path, withImages: sessionImages };

/** A quantile of images that were trained on would be too low. */
const thresholdOf = ({ threshold, holdOut }: Options) => ({
  threshold: threshold ?? null,
  holdOut: holdOut ?? (threshold?.from === 'quantile' ? HELD_OUT : null),
});

function settingsOf(options: Options, terminal: Terminal): Params {
  const { params, notices } = resolveSettings(paramsOf(options), options.config);
  for (const notice of notices) terminal.err(`--config: ${notice}\n`);
  return params;
}

const readCount = (flag: string) => (raw: string) => {
  const count = Number(raw);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new BadFlag(
    flag,
    raw,
    'is not a whole number from 1 up',
    'Give a number of images, or leave the flag out.',
  );
};

function readHub(raw: string): string {
  if (URL.canParse(raw) && /^https?:$/.test(new URL(raw).protocol)) return raw;
  throw new BadFlag('hub', raw, 'is no web address', 'Give a base URL, as in --hub https://huggingface.co.');
}
