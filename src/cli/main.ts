// Entry of the headless runner (`npm run --silent grad -- <command>`): installs the GPU, runs one command, says what
// went wrong, and ends the process. Engine and GPU load only when a command needs them.
import { CommanderError } from 'commander';
import type { AdapterChoice } from '../engine/adapter/gpuSession';
import type { Engine } from '../engine/api/types';
import { RemedyError } from '../lib/errors';
import { buildProgram, type Actions } from './program';
import { processTerminal, type Terminal } from './output/terminal';

const terminal = processTerminal();

let adapter: AdapterChoice = 'auto';

const actions: Actions = {
  computeOn: (choice) => void (adapter = choice),
  tileBy: async (file) => (await import('./tileBy')).tileBy(file),
  evaluate: async (request) => (await import('./evaluate')).evaluate(request, openEngine, terminal),
  train: async (request) => (await import('./train')).train(request, openEngine, terminal),
  score: async (request) => (await import('./score')).score(request, openEngine, terminal),
  export: async (request) => (await import('./export')).exportModel(request, terminal),
  compare: async (request) => (await import('./compare/compare')).compare(request, openEngine, terminal),
  merge: async (request) => (await import('./compare/merge')).merge(request, terminal),
  bench: async (request) => (await import('./bench/command')).bench(request, openEngine, terminal),
  ledger: async (request) => (await import('./bench/ledger/command')).ledger(request, terminal),
  profile: async (request) => (await import('./bench/profile')).profilePreset(request, terminal),
  checksums: async (request) => (await import('./bench/command')).checksums(request, openEngine, terminal),
};

/** The engine in this process, on Node's WebGPU or on the processor. */
const openEngine = async (): Promise<Engine> => (await import('./node')).openNodeEngine({ adapter });

/** Prints an error with its remedy. @returns the exit code */
function report(error: unknown, { err }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof RemedyError) err(`\nerror: ${error.message}\n${error.remedy}\n`);
  else
    err(
      `\nerror: ${error instanceof Error ? error.stack : String(error)}\nThis is a fault of the program; please report it with the command that led to it.\n`,
    );
  return 1;
}

async function run(): Promise<number> {
  try {
    await buildProgram(actions, terminal).parseAsync();
    return 0;
  } catch (error) {
    return report(error, terminal);
  }
}

const code = await run();
// A live GPU device would keep the process running; what was printed must leave first.
process.stdout.write('', () => {
  const failure = terminal.failure();
  process.exit(failure ? report(failure, terminal) : code);
});
