// The HTML report: whole, alone (nothing is loaded, nothing runs), and every name a name, whatever is in it.
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../lib/scoring/metrics/summary';
import { presetParams } from '../settings/presets';
import { worstCases } from './cases';
import { compareRuns } from './comparison';
import { escapeHtml, reportHtml } from './html';
import { reportDocument, type Findings, type ReportedRun } from './runReport';

const HOSTILE = [
  '"><script>alert(1)</script>.png',
  "' onerror='alert(1)' x='.png",
  '</style><img src=http://evil.example/x.png>',
  '--><!--<svg onload=alert(1)>',
  '\u202egnp.exe &lt;b&gt;\u0000\ud800',
];

const figures = (image_auroc: number | null): Metrics => ({
  image_auroc,
  image_ap: 0.5,
  image_f1_max: null,
  pixel_auroc: null,
  pixel_ap: null,
  aupro30: null,
});

/** A method's run that misses one image and raises one false alarm. */
function runOf(method: string, names: string[], seed = 0): ReportedRun {
  const threshold = { value: 1, source: 'labelled test images' } as const;
  const images = names.flatMap((name) => [
    { name, label: 1, score: 0.5 } as const,
    { name: `good ${name}`, label: 0, score: 1.5 } as const,
    { name: `found ${name}`, label: 1, score: 2 } as const,
  ]);
  const png = Uint8Array.of(137, 80, 78, 71);
  const curve = { x: [0, 1], y: [0, 1], threshold: [] };
  return {
    ...{ className: names[0]!, method, seed, params: { ...presetParams('demo'), seed }, threshold, images },
    curves: { image: { roc: curve, pr: curve }, pixel: null },
    parts: [{ title: 'By defect type', rows: { [names[0]!]: { n: 2, ...figures(0.5) } } }],
    further: [],
    cases: worstCases(images, threshold, 3).map((one) => ({ ...one, pictures: [{ png, alt: one.image.name }] })), // prettier-ignore
    adapter: `Adapter ${names[0]}`,
    seconds: 1,
    msPerImage: 2,
  };
}

function findingsOf(runs: ReportedRun[], changes: Partial<Findings> = {}): Findings {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const className = runs[0]!.className;
  const results = runs.map(({ method, seed }, i) => ({
    ...{ className, method, seed, images: 'a', metrics: figures(0.75 + 0.125 * i) },
    samples: null,
  }));
  return {
    ...{ title: 'tiles', made: '2026-01-02T03:04:05Z', program: 'grad 1' },
    comparison: compareRuns({ classes: [className], methods, seeds }, results),
    runs,
    data: [['SHA-256 of images', 'ab'.repeat(32)]],
    notices: [],
    ...changes,
  };
}

describe('a report', () => {
  const html = reportHtml(reportDocument(findingsOf([runOf('grad', ['tiles'])])));

  it('is a whole document with its parts in order', () => {
    expect(html.startsWith('<!doctype html>')).toBe(true);
    const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Figures',
      'Parts of the test images',
      'Threshold',
      'Curves',
      'Worst misses and false alarms',
      'Settings',
      'Data and machine',
    ]);
    expect(html).toContain('<td>1 of 2</td><td>1 of 1</td>');
    expect(html).toContain('ab'.repeat(32));
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html.match(/src="data:image\/png;base64,iVBORw=="/g)).toHaveLength(2);
    expect(html).not.toMatch(/NaN|undefined|>null</);
  });

  it('asks for nothing and runs nothing', () => assertAlone(html));

  it('says what is not there instead of showing nothing', () => {
    const bare = { ...runOf('grad', ['tiles']), curves: null, cases: [], threshold: null };
    const text = reportHtml(reportDocument(findingsOf([bare])));
    expect(text).toContain('There are no curves');
    expect(text).toContain('There are none: no threshold');
  });

  it('compares methods: marks, differing settings, a key, missing runs', () => {
    const other = runOf('padim', ['tiles']);
    const changed = { ...other, params: { ...other.params, inputSize: 256 } };
    const findings = findingsOf([runOf('grad', ['tiles']), changed]);
    const missing = [{ className: 'tiles', method: 'padim', seed: 7 }];
    const text = reportHtml(reportDocument({ ...findings, comparison: { ...findings.comparison, missing } }));
    expect(text).toContain('<td class="best">87.5</td>');
    expect(text).toMatch(/Input size<\/bdi><\/th><td>128 px<\/td><td>256 px/);
    expect(text).toContain('tiles, padim, seed 7');
    expect(text).toContain('>padim</text>');
  });
});

describe('hostile names', () => {
  it.each(HOSTILE)('stay names: %j', (name) => {
    const run = runOf(name, [name]);
    const findings = findingsOf([run], { title: name, notices: [name], data: [[name, name]], program: name });
    const html = reportHtml(reportDocument(findings));
    assertAlone(html);
    const shown = name.replace(/[\u0000\ud800]/g, '\ufffd'); // oxlint-disable-line no-control-regex
    const [card] = tokensOf(html).filter(({ tag, attributes }) => tag === 'img' && 'alt' in attributes);
    expect(card!.attributes['alt']).toBe(shown);
    expect(html).toContain(`<bdi>${escapeHtml(name)}</bdi>`);
  });

  it('are escaped sign by sign', () =>
    expect(escapeHtml(`<a href="x">'&\u0007\n</a>`)).toBe(
      '&#60;a href=&#34;x&#34;&#62;&#39;&#38;\ufffd\n&#60;/a&#62;',
    ));
});

describe('the worst mistakes', () => {
  const images = [0.1, 0.9, 1, 1.5, 3].flatMap((score) => [
    { name: `normal ${score}`, label: 0, score } as const,
    { name: `defect ${score}`, label: 1, score } as const,
    { name: `unknown ${score}`, label: null, score } as const,
  ]);
  it('are those furthest from the line, which is itself no alarm', () => {
    const cases = worstCases(images, { value: 1 }, 2);
    expect(cases.map(({ kind, image }) => `${kind}: ${image.name}`)).toEqual([
      'miss: defect 0.1',
      'miss: defect 0.9',
      'false alarm: normal 3',
      'false alarm: normal 1.5',
    ]);
    expect(worstCases(images, null, 2)).toEqual([]);
  });
});

interface Token {
  tag: string;
  attributes: Record<string, string>;
}

/** Every tag of a page that is written in the one strict way: whatever is not, and no plain text either, fails. */
function tokensOf(html: string): Token[] {
  const body = html.replace(/^<!doctype html>/, '').replace(/<style>[^<]*<\/style>/, '');
  const tokens: Token[] = [];
  const rest = body.replace(
    /<\/?([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)\/?>/g,
    (_, tag: string, list: string) => {
      const pairs = [...list.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => [
        name,
        plain(value!),
      ]);
      tokens.push({ tag, attributes: Object.fromEntries(pairs) as Token['attributes'] });
      return '';
    },
  );
  expect(rest).not.toMatch(/[<>]/);
  return tokens;
}

const plain = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** No element or attribute that loads or runs anything. */
function assertAlone(html: string): void {
  const tokens = tokensOf(html);
  expect(tokens.map(({ tag }) => tag).filter((tag) => !HARMLESS.has(tag))).toEqual([]);
  expect(html).toContain(`content="default-src 'none'; img-src data:;`);
  for (const { attributes } of tokens) {
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).not.toMatch(/^on|href|srcset|^style$|action/i);
      if (name === 'src') expect(value).toMatch(/^data:image\/png;base64,[\w+/=]*$/);
    }
  }
  expect(html.match(/<style>([^<]*)<\/style>/)![1]).not.toMatch(/url\(|@import|expression/);
}

const HARMLESS = new Set(
  'html head meta title body h1 h2 p section table caption thead tbody tr th td br bdi ul li div figure figcaption img svg rect path text'.split(' '), // prettier-ignore
);
