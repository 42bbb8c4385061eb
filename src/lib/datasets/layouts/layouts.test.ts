// The published layouts, each as a small tree, and what the reader is told of it.
import { describe, expect, it } from 'vitest';
import { readFolder, textsIn, typeInSet, type FolderReport } from '../folder';
import { LAYOUT_TREES } from '../fixtures/layoutTrees';

const kinds = ({ images }: FolderReport) =>
  images.map(({ path, category, split, label, type, maskPath }) =>
    [path, category, split, label, type, maskPath ?? '-'].join(' '),
  );

describe.each(LAYOUT_TREES)('$name', ({ paths, tables, layout, summary, train, test, masks }) => {
  const report = readFolder(paths, { tables: new Map(Object.entries(tables ?? {})) });
  it('is recognised and named back', () => {
    expect([report.layout, report.summary]).toEqual([layout, summary]);
    expect(report.ignored).toEqual([]);
    expect([
      report.images.filter(({ split }) => split === 'train').length,
      report.images.filter(({ split }) => split === 'test').length,
      report.images.filter(({ maskPath }) => maskPath).length,
    ]).toEqual([train, test, masks]);
  });

  it('is the same with Windows separators and with a folder around it', () => {
    const inside = (path: string) => `data/set/${path}`;
    const around = readFolder(paths.map(inside), {
      tables: new Map(Object.entries(tables ?? {}).map(([path, text]) => [inside(path), text])),
    });
    expect(around.summary).toBe(summary);
    const windows = readFolder(
      paths.map((path) => path.replaceAll('/', '\\')),
      {
        tables: new Map(
          Object.entries(tables ?? {}).map(([path, text]) => [path.replaceAll('/', '\\'), text]),
        ),
      },
    );
    expect(windows.summary).toBe(summary);
  });
});

describe('several classes', () => {
  const paths = ['nut', 'cap'].flatMap((name) => [`${name}/train/good/a.png`, `${name}/test/bent/a.png`]);

  it('keep their types apart, and one class is not named', () => {
    const two = readFolder(paths);
    expect(two.images.map((image) => typeInSet(image, two))).toEqual([
      'cap/bent',
      'cap/good',
      'nut/bent',
      'nut/good',
    ]);
    const one = readFolder(paths.filter((path) => path.startsWith('nut')));
    expect(one.images.map((image) => typeInSet(image, one))).toEqual(['bent', 'good']);
  });

  it('are warned of where one has nothing to train on', () => {
    const { notices } = readFolder(paths.filter((path) => path !== 'cap/train/good/a.png'));
    expect(notices).toEqual([
      '1 class (cap) has no normal training images: what is normal there is not learned.',
    ]);
  });
});

describe('good and bad folders', () => {
  const good = Array.from({ length: 12 }, (_, i) => `parts/OK/${String(i).padStart(2, '0')}.png`);

  it('hold back every fifth normal image for testing, and say so', () => {
    const { images, notices } = readFolder([...good, 'parts/NG/0.png']);
    const held = images.filter(({ split, label }) => split === 'test' && label === 0);
    expect(held.map(({ path }) => path)).toEqual(['parts/OK/04.png', 'parts/OK/09.png']);
    expect(notices.join()).toMatch(/^2 normal images, every fifth, are held back/);
  });

  it('train on everything where there is nothing bad, and test everything on the test side', () => {
    expect(readFolder(good).images.every(({ split, label }) => split === 'train' && label === 0)).toBe(true);
    const { images, notices } = readFolder(good, { side: 'test' });
    expect(images.every(({ split, label }) => split === 'test' && label === 0)).toBe(true);
    expect(notices.join()).toMatch(/nothing to train on/);
  });

  it('take masks from beside them, and never for images', () => {
    const report = readFolder(['a/good/1.png', 'a/bad/1.png', 'a/masks/bad/1.png', 'a/masks/bad/2.png']);
    expect(kinds(report)).toEqual([
      'a/bad/1.png a test 1 bad a/masks/bad/1.png',
      'a/good/1.png a train 0 good -',
    ]);
    expect(report.ignored).toEqual([{ path: 'a/masks/bad/2.png', reason: 'a mask without its image' }]);
  });

  it('may lie in a product called masks', () => {
    expect(kinds(readFolder(['masks/good/1.png', 'masks/bad/1.png'])).join()).toMatch(
      /masks\/bad\/1.png masks test 1/,
    );
  });
});

describe('a table of VisA', () => {
  const paths = ['candle/Data/Images/Normal/0.JPG', 'candle/Data/Images/Anomaly/0.JPG', 'split_csv/1cls.csv'];
  const read = (text: string, more: string[] = []) =>
    readFolder([...paths, ...more], { tables: new Map([['split_csv/1cls.csv', text]]) });
  const HEAD = 'object,split,label,image,mask\n';

  it('is asked for by its path', () => {
    expect(textsIn(['other.csv', 'split_csv/2cls_fewshot.csv', ...paths])).toEqual([
      ...['split_csv/1cls.csv', 'split_csv/2cls_fewshot.csv', 'other.csv'],
    ]);
  });

  it('is read with columns in any order, a byte order mark and quotes', () => {
    const { images } = read(
      '\ufeffimage,"label",split,object\n"candle/Data/Images/Normal/0.JPG",normal,train,candle\r\n',
    );
    expect(images).toMatchObject([{ category: 'candle', split: 'train', label: 0, type: 'good' }]);
  });

  it('says what it names that is not there, and what it does not name', () => {
    const { notices, ignored } = read(
      `${HEAD}candle,train,normal,candle/Data/Images/Normal/0.JPG,\ncandle,test,normal,gone.JPG,\ncandle,??,normal,x,\n` +
        'candle,test,anomaly,../../etc/passwd,\n',
    );
    expect(notices).toEqual([
      '1 row of split_csv/1cls.csv cannot be used: split or label is unknown.',
      '2 images of split_csv/1cls.csv not among the files: gone.JPG, ../../etc/passwd.',
    ]);
    expect(ignored).toEqual([
      { path: 'candle/Data/Images/Anomaly/0.JPG', reason: 'not named in split_csv/1cls.csv' },
    ]);
  });

  it.each([
    '',
    '\0\0\0',
    HEAD,
    '"'.repeat(10_000),
    `${'a,'.repeat(50_000)}\n`,
    '__proto__,constructor\n1,2\n',
  ])('that says nothing leaves the folders to speak (%#)', (text) =>
    expect(read(text).layout).toBe('good-bad'),
  );
});

it('100,000 files are read within seconds of a processor', () => {
  const paths = Array.from({ length: 100_000 }, (_, i) => `set/${i % 300}/train/good/${i}.png`);
  const start = process.cpuUsage();
  expect(readFolder(paths).summary).toMatch(/^Training and test folders: 300 classes, 100,000/);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(6000);
}, 60_000);
