// A comparison against the fake engine: what it runs, what becomes of failures, and that nothing of the visitor's is lost.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { addFiles } from '../images/own';
import { labelImages } from '../images/edits';
import { setMask } from '../mask/actions';
import { start } from '../training/actions';
import { engine } from '../shell/engineLink';
import { imagesOf } from '../shell/selectors';
import { getState, patch, setState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { worstCases } from '../../report/cases';
import { until } from '../../testing/until';
import { detectabilityRows, measureDetectability } from './blocks';
import { cancelComparison, pauseComparison, resumeComparison } from './control';
import type { ComparedRun } from './compareSlice';
import { readRuns, restoreComparison } from './kept';
import { choose, imagesBehind, readMaps } from './compareView';
import { plannedRuns, seedsOf } from './plan';
import { comparisonReport, modelReport } from './report';
import { runComparison } from './run';
import { comparisonForFiles, comparisonOf, namesOf } from './tables';

vi.mock('../../testing/mockParts', async (original) => ({
  ...(await original<object>()),
  // Time is not what is tested.
  wait: () => new Promise((resolve) => setTimeout(resolve)),
}));

const readComparison = vi.hoisted(() => vi.fn());
vi.mock('../keeping/database', async (original) => ({ ...(await original<object>()), readComparison }));

const photos = (count: number, word: string) =>
  Array.from({ length: count }, (_, i) => ({
    path: `${word}${i}.png`,
    file: new File([`${word} pixels ${i} ${'~'.repeat(7 * i)}`], `${word}${i}.png`),
  }));

const rows = () =>
  getState().compare.runs.map(({ name, error }) => (error ? `${name}: ${error.name}` : name));
const messages = () => getState().notices.list.map(({ message }) => message);

beforeEach(async () => {
  await openMockPage({ epochs1: 1, epochs2: 1 });
  await addFiles(photos(3, 'good'), 'train');
  await addFiles(photos(6, 'test'), 'test');
  choose({ methods: ['normal-grid', 'padim'], sweeps: [], seeds: 1 });
});

async function label(): Promise<void> {
  const ids = imagesOf(getState().data, 'test').map(({ id }) => id);
  await labelImages(ids.slice(0, 3), 0);
  await labelImages(ids.slice(3), 1);
}

describe('a comparison', () => {
  it('runs every method and seed, one after the other, into a table with intervals and ranks', async () => {
    await label();
    choose({ seeds: 2 });
    await runComparison();
    expect(rows()).toEqual(['normal-grid, seed 0', 'padim, seed 0', 'normal-grid, seed 1', 'padim, seed 1']);
    const { runs, stashed, status } = getState().compare;
    expect([stashed.length, status]).toEqual([4, 'idle']);
    const { cells } = comparisonOf(runs).rows[0]!;
    expect(cells['padim']).toMatchObject({ seeds: [0, 1] });
    expect(cells['padim']!.intervals!.image_auroc).toHaveLength(2);
    expect(cells['padim']!.paired!.image_auroc).not.toBeNull();
    expect(runs[0]!.table!.curves!.image!.roc.x.length).toBeGreaterThan(1);
  });

  it('leaves the visitor’s settings, model, scores, training and image as they were', async () => {
    await label();
    await start();
    await until(() => getState().scores.status === 'ready');
    const before = getState();
    const file = await engine()!.saveModel(undefined);
    await runComparison();
    const { params, model, scores, training, data, view } = getState();
    expect([params, model, scores.byId, scores.metrics]).toEqual([
      before.params,
      before.model,
      before.scores.byId,
      before.scores.metrics,
    ]);
    expect([training.status, training.losses]).toEqual([before.training.status, before.training.losses]);
    expect([data.selected, view.threshold]).toEqual([before.data.selected, before.view.threshold]);
    // Buffers as such compare equal whatever they hold.
    const bytes = (buffer: ArrayBuffer) => [...new Uint8Array(buffer)];
    expect(bytes(await engine()!.saveModel(undefined))).toEqual(bytes(file));
  });

  it('records a run that fails, goes on with the others, and tries it again next time', async () => {
    await label();
    const train = vi.spyOn(engine()!, 'train').mockRejectedValueOnce(new Error('It diverged.'));
    await runComparison();
    expect(rows()).toEqual(['normal-grid, seed 0: Unexpected', 'padim, seed 0']);
    train.mockClear();
    await runComparison();
    expect(train).toHaveBeenCalledTimes(1);
    expect(rows()).toEqual(['normal-grid, seed 0', 'padim, seed 0']);
  });

  it('does not run again what is there, unless settings, images or labels are others', async () => {
    await label();
    await runComparison();
    const train = vi.spyOn(engine()!, 'train');
    await runComparison();
    expect(train).not.toHaveBeenCalled();
    expect(messages()).toContain('All of these are in the table already.');
    setState(({ params }) => ({ params: { ...params, epochs2: 2 } }));
    await runComparison();
    // Epochs of the grids say nothing to PaDiM.
    expect(train).toHaveBeenCalledTimes(1);
    await labelImages([imagesOf(getState().data, 'test')[0]!.id], 1);
    await runComparison();
    expect(train).toHaveBeenCalledTimes(3);
  });

  it('does run again what was made with other masks, training labels or weights of the same name', async () => {
    await label();
    const test = imagesOf(getState().data, 'test');
    const sameLook = (text: string) => new File([text], 'mask.png', { lastModified: 1 });
    await setMask(test[3]!.id, sameLook('mask A'));
    await runComparison();
    const train = vi.spyOn(engine()!, 'train');
    await setMask(test[3]!.id, sameLook('mask B'));
    await runComparison();
    expect(train).toHaveBeenCalledTimes(2);
    await labelImages([imagesOf(getState().data, 'train')[0]!.id], 1);
    await runComparison();
    expect(train).toHaveBeenCalledTimes(4);
    const features = engine()!.features.bind(engine());
    vi.spyOn(engine()!, 'features').mockImplementation(async () => ({
      ...(await features(undefined)),
      weights: 'others',
    }));
    await runComparison();
    expect(train).toHaveBeenCalledTimes(6);
    await runComparison();
    expect(train).toHaveBeenCalledTimes(6);
  });

  it('pairs only runs on the same test images and masks', async () => {
    await label();
    await runComparison();
    const [before] = getState().compare.runs;
    await setMask(imagesOf(getState().data, 'test')[3]!.id, new File(['mask'], 'mask.png'));
    await runComparison();
    expect(getState().compare.runs[0]!.images).not.toBe(before!.images);
  });

  it('gives no figures of images that changed meanwhile', async () => {
    await label();
    choose({ methods: ['normal-grid'] });
    const { train } = engine()!;
    vi.spyOn(engine()!, 'train').mockImplementationOnce(async (input) => {
      await setMask(imagesOf(getState().data, 'test')[3]!.id, new File(['late'], 'mask.png'));
      return train.call(engine(), input);
    });
    await runComparison();
    expect(rows()).toEqual(['normal-grid, seed 0: ImagesChanged']);
    await runComparison();
    expect(rows()).toEqual(['normal-grid, seed 0']);
  });

  it('can be held and ended; what is done stays, and the own model comes back', async () => {
    await label();
    choose({ methods: ['normal-grid', 'padim', 'patchcore'] });
    const running = runComparison();
    await until(() => getState().compare.runs.length === 1);
    await pauseComparison();
    expect(getState().compare.status).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const held = getState().compare.runs.length;
    await resumeComparison();
    await until(() => getState().compare.runs.length > held);
    await cancelComparison();
    await running;
    expect(getState().compare.status).toBe('idle');
    expect(rows().length).toBeLessThan(3);
    expect(getState().notices.list.filter(({ tone }) => tone === 'error')).toEqual([]);
  });

  it('keeps a training from starting meanwhile, and says why', async () => {
    const running = runComparison();
    await start();
    expect(messages()).toContain('Methods are being compared.');
    await cancelComparison();
    await running;
  });

  it('says what it needs when it cannot begin', async () => {
    patch('data', { images: {}, order: [] });
    await runComparison();
    expect(messages()).toContain('A comparison needs normal training images.');
  });

  it('gives a synthetic figure where no defect is labelled, and never a number that is none', async () => {
    await labelImages(imagesOf(getState().data, 'test').map(({ id }) => id), 0); // prettier-ignore
    await runComparison();
    const { runs } = getState().compare;
    for (const { table, synthetic } of runs) {
      expect(table!.metrics.image_auroc).toBeNull();
      expect(synthetic).toBeGreaterThan(0.5);
      expect(synthetic).toBeLessThanOrEqual(1);
    }
    expect(JSON.stringify(comparisonOf(runs))).not.toContain('NaN');
  });

  it('reads the maps of all compared models on one image, and says which are gone', async () => {
    await label();
    await runComparison();
    const { runs } = getState().compare;
    const image = imagesOf(getState().data, 'test')[4]!.id;
    const [grid, padim] = (await readMaps(image, runs))!;
    expect(grid!.map!.values).not.toEqual(padim!.map!.values);
    await engine()!.dropStashed(['padim, seed 0']);
    expect((await readMaps(image, runs))![1]).toEqual({ map: null, score: null, missing: 'model' });
  });
});

describe('what stands behind a figure', () => {
  it('is the mistakes first: false alarms from the highest, missed defects from the lowest', async () => {
    await label();
    await runComparison();
    const run = getState().compare.runs[0]!;
    const ids = imagesOf(getState().data, 'test').map(({ id }) => id);
    const scores = [1, 5, 6, 2, 3, 9];
    const table = {
      ...run.table!,
      images: ids.map((id, i) => ({ id, score: scores[i]! })),
      threshold: { value: 4, source: 'labelled test images' as const },
    };
    const all = imagesBehind({ ...run, table }, getState().data.images, {
      range: null,
      scope: { kind: 'all' },
    });
    expect(all.map(({ score, verdict }) => [score, verdict])).toEqual([
      ...[[6, 'false alarm'], [5, 'false alarm'], [2, 'missed defect'], [3, 'missed defect']],
      ...[[9, 'found'], [1, 'passed']],
    ]); // prettier-ignore
    const some = imagesBehind({ ...run, table }, getState().data.images, {
      range: [2, 5],
      scope: { kind: 'all' },
    });
    expect(some.map(({ score }) => score)).toEqual([5, 2, 3]);
  });
});

describe('the plan', () => {
  it('puts methods that look at pixels last, and counts seeds from the visitor’s own', () => {
    const { params } = getState();
    const choice = { methods: ['riad' as const, 'grad' as const], sweeps: [], seeds: 2 };
    expect(seedsOf(choice, { ...params, seed: 7 })).toEqual([7, 8]);
    expect(plannedRuns(choice, params).map(({ label, seed }) => `${label} ${seed}`)).toEqual([
      ...['grad 0', 'grad 1', 'riad 0', 'riad 1'],
    ]);
  });

  it('varies GRAD in a sweep, whatever method is set', () => {
    const params = { ...getState().params, method: 'padim' as const };
    const runs = plannedRuns({ methods: [], sweeps: ['lambda', 'grid-sizes'], seeds: 1 }, params);
    expect(runs).toHaveLength(11);
    expect(runs[0]!.params).toMatchObject({ method: 'grad', fusion: 'lambda', lambda: 0.5 });
    expect(runs.at(-1)!.params).toMatchObject({ method: 'grad', localGrid: 8, globalGrid: 8 });
  });
});

describe('pasted blocks', () => {
  it('are counted above the line, and offer a line of their own', async () => {
    await label();
    await start();
    await until(() => getState().scores.status === 'ready');
    await measureDetectability();
    const { detectability } = getState().compare;
    expect(detectability.status).toBe('ready');
    // Those too faint to be found count in the chart alone: of nine intensities the faintest three, and of small ones more.
    expect(getState().scores.synthetic).toHaveLength(12 * (4 + 5 + 6 + 6 + 6));
    const chart = detectabilityRows(detectability.trials, 1e9);
    expect(chart.flat().every(({ recall }) => recall === 0)).toBe(true);
    expect(detectabilityRows(detectability.trials, -1)[0]![0]!.recall).toBe(1);
    expect(detectabilityRows(detectability.trials, null)[0]![0]!.recall).toBeNull();
  });
});

describe('files and what is kept', () => {
  it('name rows as the screen does, and classes where there are several', async () => {
    await label();
    await runComparison();
    const { runs } = getState().compare;
    const table = comparisonForFiles(runs, 'My parts', (row) => row.toUpperCase());
    expect(table).toMatchObject({ classes: ['My parts'], methods: ['NORMAL-GRID', 'PADIM'] });
    const figures = { ...runs[0]!.table!.metrics, n: 3 };
    const classed = runs.map((run) => ({
      ...run,
      table: { ...run.table!, perClass: { a: figures, b: figures } },
    }));
    expect(comparisonForFiles(classed, '', String).classes).toEqual(['a', 'b']);
    expect(namesOf(classed, 'class')).toEqual(['a', 'b']);
  });

  it('make one report with table, curves and the mistakes of each run', async () => {
    await label();
    await runComparison();
    const painted: string[] = [];
    const html = await comparisonReport(async (id) => {
      painted.push(id);
      return [];
    });
    const { runs } = getState().compare;
    const wrong = runs.flatMap(({ table }) => worstCases(
      table!.images.flatMap(({ id, score }) => {
        const image = getState().data.images[id]!;
        return image.split === 'test' ? [{ name: id, label: image.label, score }] : [];
      }),
      table!.threshold,
      3,
    )); // prettier-ignore
    expect(painted).toEqual(wrong.map(({ image }) => image.name));
    expect(html).toContain(runs[0]!.data);
    expect(html).toContain('<h2>Figures</h2>');
    expect(html).not.toMatch(/<script|undefined/);
  });

  it('of the one model on screen make a report too, by its own line', async () => {
    await label();
    patch('view', { threshold: 0.125 });
    const html = await modelReport(async () => []);
    expect(html).toContain('<h2>Figures</h2>');
    expect(html).toContain('0.125');
    expect(html).toContain('set by hand');
    expect(html).not.toMatch(/<script|undefined/);
  });

  it('come back for the same images and program alone, and it is said what stays away', async () => {
    await label();
    await runComparison();
    const { runs } = getState().compare;
    const reopened = async (change: (run: ComparedRun) => Partial<ComparedRun>) => {
      const kept = runs.map((run) => ({ ...run, ...change(run) }));
      readComparison.mockResolvedValue({ dataset: getState().params.dataset, runs: kept });
      patch('compare', { runs: [] });
      await restoreComparison();
      return getState().compare.runs.length;
    };
    expect(await reopened(() => ({}))).toBe(2);
    expect(messages().join()).not.toContain('left out');
    expect(await reopened(() => ({ program: '0.0.9+aaaa' }))).toBe(0);
    expect(messages().at(-1)).toBe(
      '2 runs of an earlier comparison were made by another version of this page, and left out.',
    );
    expect(await reopened(({ seed, label: row }) => (row === 'padim' ? { data: `of ${seed}` } : {}))).toBe(1);
    expect(messages().at(-1)).toContain('1 run of an earlier comparison was made of other images');
    const old: Partial<ComparedRun> = { ...runs[0]! };
    delete old.data;
    delete old.program;
    expect(readRuns([old])).toHaveLength(1);
    expect(await reopened(() => ({ program: '', data: '' }))).toBe(0);
  });

  it('are read back whole, and what is damaged stays away', async () => {
    await label();
    await runComparison();
    const { runs } = getState().compare;
    expect(readRuns(structuredClone(runs))).toEqual(runs);
    const damaged = [null, 'text', { ...runs[0], table: { images: [] } }, { ...runs[0], seed: 'x' }];
    expect(readRuns(damaged)).toEqual([]);
    expect(readRuns('nothing')).toEqual([]);
  });
});
