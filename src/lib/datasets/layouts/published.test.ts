// How published sets, and sets laid out like them, are read: drawn lists of files, and what is right for each.
import { describe, expect, it } from 'vitest';
import { readFolder, textsIn, type FolderOptions, type FolderReport, type MaskLook } from '../folder';

const numbered = (count: number, path: (n: string) => string, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => path(String(from + i).padStart(3, '0')));

/** Reads twice, as programs do: the second time with what the masks show. @param black masks without a defect */
function read(paths: string[], black: (mask: string) => boolean = () => false, options: FolderOptions = {}) {
  const first = readFolder(paths, options);
  const looks = new Map(
    first.toLook.map(({ path }): [string, MaskLook] => [
      path,
      { defect: black(path) ? 0 : 0.1, masklike: true },
    ]),
  );
  return readFolder(paths, { ...options, looks });
}

/** `train/good 6`, `test/crack+mask 2`, in order. */
function counts({ images }: FolderReport): string[] {
  const lines = images.map(
    ({ split, label, type, category, maskPath, moreMasks = [] }) =>
      `${category ? `${category}: ` : ''}${split}/${label === null ? 'unknown' : type}${maskPath ? `+${1 + moreMasks.length}` : ''}`,
  );
  return [...new Set(lines)].sort().map((line) => `${line} x${lines.filter((one) => one === line).length}`);
}

const reasons = ({ ignored }: FolderReport) => [...new Set(ignored.map(({ reason }) => reason))];

describe('a published set', () => {
  it('KolektorSDD2: the mask beside each image says what it is', () => {
    const both = (path: string) => [`${path}.png`, `${path}_GT.png`];
    const paths = [...numbered(7, (n) => `train/10${n}`), ...numbered(4, (n) => `test/20${n}`)].flatMap(both);
    const report = read(paths, (mask) => !/10006|2000[23]/.test(mask));
    expect(counts(report)).toEqual([
      'test/defect+1 x2',
      'test/good x2',
      'train/defect+1 x1',
      'train/good x6',
    ]);
    expect([report.layout, report.questions]).toEqual(['ksdd2', []]);
    expect(report.summary).toBe('KolektorSDD2 layout: 7 training (1 anomalous), 4 test images, 3 masks.');
  });

  it('KolektorSDD: folders of one item each are no classes; a fifth of the normal images is held back', () => {
    const paths = numbered(6, (n) => `KSDD/kos${n}`).flatMap((folder) => [0, 1].flatMap((part) => [`${folder}/Part${part}.jpg`, `${folder}/Part${part}_label.bmp`])); // prettier-ignore
    const report = read(paths, (mask) => !mask.includes('Part1'));
    expect(counts(report)).toEqual(['test/defect+1 x6', 'test/good x1', 'train/good x5']);
    expect(report.layout).toBe('ksdd');
  });

  it('DAGM: only defective images have a label file; the list of labels is no image', () => {
    const paths = ['Class1', 'Class2'].flatMap((name) => [
      ...numbered(5, (n) => `${name}/Train/${n}.PNG`),
      ...numbered(2, (n) => `${name}/Train/Label/${n}_label.PNG`, 3),
      `${name}/Train/Label/Labels.txt`,
      ...numbered(4, (n) => `${name}/Test/${n}.PNG`),
      ...numbered(1, (n) => `${name}/Test/Label/${n}_label.PNG`),
    ]);
    const report = read(paths);
    expect(counts(report)).toEqual(['Class1', 'Class2'].flatMap((name) => [
      `${name}: test/defect+1 x1`, `${name}: test/good x3`, `${name}: train/defect+1 x2`, `${name}: train/good x3`,
    ])); // prettier-ignore
    expect(report.layout).toBe('dagm');
    expect(report.notices.join()).toMatch(/12 images without a mask are taken as normal/);
  });

  it('DAGM: what the list of labels calls defective is not normal where its label file is missing', () => {
    const paths = [...numbered(4, (n) => `Class1/Train/${n}.PNG`), 'Class1/Train/Label/1_label.PNG', 'Class1/Train/Label/Labels.txt', ...numbered(2, (n) => `Class1/Test/${n}.PNG`)]; // prettier-ignore
    const [first, second] = paths as [string, string];
    const file = (path: string) => path.split('/').at(-1)!;
    const text = `1\n1\t0\t${file(first)}\t0\t0\n2\t1\t${file(second).toLowerCase()}\t1\tx_label.PNG\n`;
    const report = readFolder(paths, { tables: new Map([['Class1/Train/Label/Labels.txt', text]]) });
    expect(textsIn(paths)).toEqual(['Class1/Train/Label/Labels.txt']);
    expect(report.ignored.map(({ path }) => path)).not.toContain('Class1/Train/Label/Labels.txt');
    expect(report.images.find(({ path }) => path === second)?.label ?? null).not.toBe(0);
    expect(report.images.find(({ path }) => path === first)!.label).toBe(0);
  });

  it('MVTec LOCO AD: a folder of masks per image, united; validation apart', () => {
    const types = ['logical_anomalies', 'structural_anomalies'];
    const paths = [
      ...numbered(6, (n) => `juice/train/good/${n}.png`),
      ...numbered(2, (n) => `juice/validation/good/${n}.png`),
      ...numbered(2, (n) => `juice/test/good/${n}.png`),
      ...types.flatMap((type) => numbered(2, (n) => `juice/test/${type}/${n}.png`)),
      ...types.flatMap((type) => [`${type}/000/000.png`, `${type}/000/001.png`, `${type}/001/000.png`]).map((path) => `juice/ground_truth/${path}`),
    ]; // prettier-ignore
    const report = read(paths);
    expect(counts(report)).toEqual(
      [...types.flatMap((type) => [`juice: test/${type}+1 x1`, `juice: test/${type}+2 x1`]).sort()]
        .toSpliced(1, 0)
        .concat(['juice: test/good x2', 'juice: train/good x6', 'juice: validation/good x2'])
        .sort(),
    );
    expect([report.layout, report.ignored]).toEqual(['mvtec-loco', []]);
  });

  it('MVTec 3D-AD: pictures, masks and depth', () => {
    const sides = ['train', 'validation', 'test'];
    const paths = [
      ...sides.flatMap((side) => numbered(2, (n) => `bagel/${side}/good/rgb/${n}.png`)),
      ...numbered(2, (n) => `bagel/test/good/gt/${n}.png`),
      ...sides.flatMap((side) => numbered(2, (n) => `bagel/${side}/good/xyz/${n}.tiff`)),
      ...numbered(2, (n) => `bagel/test/hole/rgb/${n}.png`),
      ...numbered(2, (n) => `bagel/test/hole/gt/${n}.png`),
    ];
    const report = read(paths, (mask) => mask.includes('good'));
    expect(counts(report)).toEqual([
      'bagel: test/good x2', 'bagel: test/hole+1 x2', 'bagel: train/good x2', 'bagel: validation/good x2',
    ]); // prettier-ignore
    expect(report.layout).toBe('mvtec-3d');
  });

  it('MVTec AD 2: private splits are tested without labels', () => {
    const report = read([
      ...numbered(2, (n) => `can/train/good/${n}.png`),
      ...numbered(2, (n) => `can/validation/good/${n}.png`),
      ...numbered(1, (n) => `can/test_public/good/${n}.png`),
      ...numbered(1, (n) => `can/test_public/bad/${n}.png`),
      ...numbered(1, (n) => `can/test_public/ground_truth/bad/${n}_mask.png`),
      ...numbered(2, (n) => `can/test_private/${n}_regular.png`),
      ...numbered(2, (n) => `can/test_private_mixed/${n}_mixed.png`),
    ]);
    expect(counts(report)).toEqual([
      ...['can: test/bad+1 x1', 'can: test/good x1', 'can: test/unknown x4', 'can: train/good x2'],
      'can: validation/good x2',
    ]);
    expect([report.layout, report.ignored]).toEqual(['mvtec-2', []]);
  });

  it('Real-IAD by its folders: samples are no types, and a PNG beside a photograph is its mask', () => {
    const views = (folder: string) => numbered(5, (n) => `${folder}/${n}_C.jpg`);
    const paths = ['S0001', 'S0002'].flatMap((sample) => [
      ...views(`audiojack/OK/${sample}`),
      ...['BX', 'HS'].flatMap((type) => views(`audiojack/NG/${type}/${sample}`).flatMap((path) => [path, path.replace('jpg', 'png')])), // prettier-ignore
    ]);
    const report = read(paths);
    expect(counts(report)).toEqual([
      'audiojack: test/BX+1 x10', 'audiojack: test/HS+1 x10', 'audiojack: test/good x2', 'audiojack: train/good x8',
    ]); // prettier-ignore
    expect(report.layout).toBe('real-iad');
  });

  it('AITEX: images of no defect by fabric, and masks of which some are two', () => {
    const report = read([
      ...numbered(5, (n) => `NODefect_images/2306881-210020u/${n}_000_00.png`),
      ...numbered(5, (n) => `NODefect_images/2306894-210033u/1${n}_000_00.png`),
      ...numbered(3, (n) => `Defect_images/${n}_002_00.png`),
      ...['000_002_00_mask', '001_002_00_mask', '002_002_00_mask1', '002_002_00_mask2'].map((name) => `Mask_images/${name}.png`), // prettier-ignore
    ]);
    expect(counts(report)).toEqual([
      ...['test/Defect_images+1 x2', 'test/Defect_images+2 x1', 'test/good x2', 'train/good x8'],
    ]);
    expect([report.layout, report.ignored]).toEqual(['aitex', []]);
  });

  it('MPDD and BTAD', () => {
    const mpdd = read([
      ...['tubes/train/good/0.png', 'tubes/test/good/0.png', 'tubes/test/anomalous/0.png'],
      'tubes/ground_truth/anomalous/0_mask.png',
    ]);
    expect(counts(mpdd)).toEqual([
      'tubes: test/anomalous+1 x1',
      'tubes: test/good x1',
      'tubes: train/good x1',
    ]);
    const btad = read([
      '01/train/ok/0.bmp',
      '01/test/ok/0.bmp',
      '01/test/ko/0.bmp',
      '01/ground_truth/ko/0.png',
    ]);
    expect(counts(btad)).toEqual(['01: test/good x1', '01: test/ko+1 x1', '01: train/good x1']);
  });
});

describe('a set of somebody’s own', () => {
  it('normal, normal_test, abnormal: the images of normal_test are only tested', () => {
    const report = read([
      ...numbered(6, (n) => `normal/${n}.png`),
      ...numbered(3, (n) => `normal_test/${n}.png`),
      ...numbered(3, (n) => `abnormal/${n}.png`),
    ]);
    expect(counts(report)).toEqual(['test/abnormal x3', 'test/good x3', 'train/good x6']);
    for (const [train, test, bad] of [['good_train', 'good-test', 'bad_test'], ['OK/train', 'OK/test', 'NG/test'], ['trainNormal', 'testNormal', 'testAbnormal']]) {
      const other = read([`${train}/0.png`, `${train}/1.png`, `${test}/0.png`, `${bad}/0.png`]);
      expect(other.images.map(({ split, label }) => [split, label]).sort()).toEqual([['test', 0], ['test', 1], ['train', 0], ['train', 0]]);
    } // prettier-ignore
  });

  it('good beside one folder per type, masks in a tree like it', () => {
    const types = ['crack', 'colour'];
    const paths = [
      ...numbered(10, (n) => `good/${n}.png`),
      ...types.flatMap((type) => numbered(3, (n) => `${type}/${n}.jpg`)),
      ...types.flatMap((type) => numbered(3, (n) => `mask/${type}/${n}.jpg`)),
    ];
    const report = read(paths);
    expect(counts(report)).toEqual(['test/colour+1 x3', 'test/crack+1 x3', 'test/good x2', 'train/good x8']);
    expect([report.questions, report.ignored]).toEqual([[], []]);
    const unmasked = read(paths.filter((path) => !path.startsWith('mask')));
    expect(counts(unmasked)).toEqual(['test/colour x3', 'test/crack x3', 'test/good x2', 'train/good x8']);
    expect(unmasked.questions).toMatchObject([{ kind: 'beside-good', folders: ['colour', 'crack'] }]);
  });

  it('images and masks within each type', () => {
    for (const [images, masks] of [
      ['images', 'masks'],
      ['img', 'label'],
      ['Imgs', 'GT'],
      ['data', 'annotation'],
    ]) {
      const report = read([
        ...numbered(6, (n) => `train/normal/${images}/${n}.png`),
        ...numbered(2, (n) => `test/normal/${images}/${n}.png`),
        ...numbered(2, (n) => `test/anomalous/${images}/${n}.png`),
        ...numbered(2, (n) => `test/anomalous/${masks}/${n}.png`),
      ]);
      expect(counts(report)).toEqual(['test/anomalous+1 x2', 'test/good x2', 'train/good x6']);
    }
  });

  it('types one level deeper, and classes below the split', () => {
    const deeper = read(['train/good/0.png', 'test/good/0.png', 'test/bad/scratch/0.png', 'test/bad/dent/0.png', 'ground_truth/bad/dent/0.png']); // prettier-ignore
    expect(counts(deeper)).toEqual(['test/dent+1 x1', 'test/good x1', 'test/scratch x1', 'train/good x1']);
    const classes = read(['nut', 'cap'].flatMap((name) => [`train/${name}/good/0.png`, `test/${name}/good/0.png`, `test/${name}/bent/0.png`])); // prettier-ignore
    expect(counts(classes)).toEqual(['cap', 'nut'].flatMap((name) => [`${name}: test/bent x1`, `${name}: test/good x1`, `${name}: train/good x1`])); // prettier-ignore
  });

  it('masks under the images’ own tree: masks/test beside images/test, or within the split', () => {
    const kinds = ['test/good x1', 'test/hole+1 x1', 'train/good x1'];
    expect(counts(read(['images/train/good/0.png', 'images/test/good/0.png', 'images/test/hole/0.png', 'masks/test/hole/0.png']))).toEqual(kinds); // prettier-ignore
    expect(counts(read(['train/good/0.png', 'test/good/0.png', 'test/hole/0.png', 'gt/test/hole/0.png']))).toEqual(kinds); // prettier-ignore
    expect(counts(read(['train/good/0.png', 'test/good/0.png', 'test/hole/0.png', 'test/masks/hole/0_gt.png']))).toEqual(kinds); // prettier-ignore
  });

  it('a validation folder is tested where there is no test folder and some of its images are anomalous', () => {
    const report = read(['train/good/0.png', 'val/good/0.png', 'val/dent/0.png']);
    expect(counts(report)).toEqual(['test/dent x1', 'test/good x1', 'train/good x1']);
    expect(report.notices.join()).toMatch(/no test folder/);
  });

  it('validation folders of many names serve the threshold', () => {
    for (const name of ['validation', 'val', 'valid', 'Validation', 'val_set', 'validation_public']) {
      const report = read([...numbered(3, (n) => `train/${n}.png`), ...numbered(2, (n) => `${name}/${n}.png`), 'test/normal/0.png', 'test/anomaly/0.png']); // prettier-ignore
      expect(counts(report)).toEqual([
        'test/anomaly x1',
        'test/good x1',
        'train/good x3',
        'validation/good x2',
      ]);
    }
    // Beside "invalid", "valid" means good.
    expect(counts(read([...numbered(5, (n) => `valid/${n}.png`), 'invalid/0.png']))).toEqual(['test/good x1', 'test/invalid x1', 'train/good x4']); // prettier-ignore
  });

  it.each([
    ['maskN for imageN', (n: string) => [`image${n}.png`, `mask${n}.png`]],
    ['a prefix', (n: string) => [`${n}.png`, `mask_${n}.png`]],
    ['a suffix with a hyphen', (n: string) => [`${n}.png`, `${n}-mask.png`]],
    ['_seg', (n: string) => [`${n}.jpg`, `${n}_seg.png`]],
    ['_label', (n: string) => [`${n}.jpg`, `${n}_label.bmp`]],
    ['another extension', (n: string) => [`${n}.jpg`, `${n}.png`]],
    ['folders', (n: string) => [`images/${n}.png`, `masks/${n}.png`]],
    ['folders and suffixes', (n: string) => [`Images/${n}_rgb.png`, `GroundTruth/${n}_mask.png`]],
    ['JSON of labelme', (n: string) => [`${n}.png`, `${n}.json`]],
    ['a folder each', (n: string) => [`images/${n}.png`, `masks/${n}/0.png`, `masks/${n}/1.png`]],
  ])('masks told by %s alone: black means normal', (_, files) => {
    const paths = Array.from({ length: 8 }, (__, i) => String(i).padStart(2, '0')).flatMap(files);
    const report = read(paths, (mask) => !/0[67]/.test(mask));
    const tested = files('00').length - 1;
    expect(counts(report)).toEqual([`test/defect+${tested} x2`, 'test/good x1', 'train/good x5']);
  });

  it('a PNG beside a BMP or TIFF of its name, or the other way round, as the pixels say', () => {
    const paths = ['train/0.tif', 'train/0.png', 'test/1.bmp', 'test/1.png'];
    const look = (defect: number, masklike = true) => ({ defect, masklike });
    const photo = look(0.5, false);
    const by = (looks: Record<string, MaskLook>) => readFolder(paths, { looks: new Map(Object.entries(looks)) }).images.map(({ path, split, label, maskPath }) => [path, split, label, maskPath]); // prettier-ignore
    expect(by({ 'train/0.png': look(0), 'train/0.tif': photo, 'test/1.png': look(0.1), 'test/1.bmp': photo })).toEqual([['test/1.bmp', 'test', 1, 'test/1.png'], ['train/0.tif', 'train', 0, null]]); // prettier-ignore
    expect(by({ 'train/0.png': photo, 'train/0.tif': look(0), 'test/1.png': photo, 'test/1.bmp': look(0.1) })).toEqual([['test/1.png', 'test', 1, 'test/1.bmp'], ['train/0.png', 'train', 0, null]]); // prettier-ignore
  });

  it('in a folder beside that of its type: scratch_mask, and a type that is only called so', () => {
    const masked = read(['train/good/0.png', 'test/scratch/0.png', 'test/scratch_mask/0_mask.png', 'test/ink/0.png', 'test/ink_label/7.png']); // prettier-ignore
    expect(counts(masked)).toEqual(['test/ink x1', 'test/ink_label x1', 'test/scratch+1 x1', 'train/good x1']); // prettier-ignore
  });

  it('in a file that is not read, of YOLO or Pascal VOC, makes its image neither normal nor anomalous', () => {
    const report = read(['images/train/0.jpg', 'images/train/1.jpg', 'labels/train/0.txt', 'test/2.jpg', 'test/2.xml', 'notes.txt']); // prettier-ignore
    expect(counts(report)).toEqual(['test/unknown x1', 'train/good x1']);
    expect(report.questions.map(({ kind }) => kind)).toEqual(['unread']);
    expect(report.ignored.map(({ path }) => path)).toEqual(['images/train/0.jpg', 'labels/train/0.txt', 'notes.txt', 'test/2.xml']); // prettier-ignore
    expect(counts(read(['train/good/0.png', 'train/good/0.txt', 'test/bad/1.png']))).toEqual(['test/bad x1', 'train/good x1']); // prettier-ignore
  });

  it('a copy in another format is no mask', () => {
    const paths = ['good/0.jpg', 'good/0.png', 'bad/0.jpg', 'bad/0.png'];
    const first = readFolder(paths);
    expect(first.toLook).toHaveLength(2);
    const looks = new Map(first.toLook.map(({ path }) => [path, { defect: 0.4, masklike: false }]));
    const report = readFolder(paths, { looks });
    expect(counts(report)).toEqual(['test/bad x1', 'train/good x1']);
    expect(reasons(report)).toEqual(['a copy of the image beside it in another format']);
  });

  it('is asked about where a mask says that a normal image has a defect, and not trained on it', () => {
    const report = read(
      [...numbered(3, (n) => `train/good/${n}.png`), ...numbered(2, (n) => `test/good/${n}.png`), 'test/bad/0.png', 'ground_truth/good/001_mask.png'],
    ); // prettier-ignore
    expect(report.questions).toMatchObject([{ kind: 'mask-says-defect', folders: ['test/good'] }]);
    expect(counts(report)).toEqual(['test/bad x1', 'test/good x1', 'test/unknown+1 x1', 'train/good x3']);
    const flat = read(['train/good/0.png', 'train/good/1.png', 'train/good/1_mask.png', 'test/bad/0.png']);
    expect(flat.images.filter(({ split, label }) => split === 'train' && label === 0).map(({ path }) => path)).toEqual(['train/good/0.png']); // prettier-ignore
    expect(flat.questions.map(({ kind }) => kind)).toEqual(['mask-says-defect']);
  });

  it('is asked about heaps in several folders, positive without masks, and masks of several images', () => {
    expect(readFolder(['a/0.png', 'b/0.png']).questions).toMatchObject([
      { kind: 'folders', folders: ['a', 'b'] },
    ]);
    expect(readFolder(['a/0.png', 'a/1.png']).questions).toEqual([]);
    const positive = readFolder([...numbered(5, (n) => `Negative/${n}.jpg`), 'Positive/0.jpg']);
    expect(positive.questions.map(({ kind }) => kind)).toEqual(['positive']);
    const owner = readFolder(['train/good/0.png', 'test/a/1.png', 'test/b/1.png', 'ground_truth/1_mask.png']);
    expect(owner.questions.map(({ kind }) => kind)).toEqual(['owner']);
  });

  it('counts how many of which folder are what', () => {
    const { rows } = readFolder(['train/good/0.png', 'train/good/1.png', 'test/dent/0.png', 'test/notes.txt', 'ground_truth/dent/0.png']); // prettier-ignore
    expect(
      rows.map(({ folder, as, label, count, masks, reason }) => [folder, as, label, count, masks, reason]),
    ).toEqual([
      ['ground_truth', 'mask', null, 1, 0, ''],
      ['test', 'ignored', null, 1, 0, 'not an image'],
      ['test/dent', 'test', 1, 1, 1, ''],
      ['train/good', 'train', 0, 2, 0, ''],
    ]);
  });

  it('may be called test_tube, masks or valid', () => {
    expect(counts(read(['test_tube/train/good/0.png', 'test_tube/test/bad/0.png']))).toEqual(['test_tube: test/bad x1', 'test_tube: train/good x1']); // prettier-ignore
    expect(counts(read(['masks/train/good/0.png', 'masks/test/bad/0.png', 'nut/train/good/0.png']))).toEqual(['masks: test/bad x1', 'masks: train/good x1', 'nut: train/good x1']); // prettier-ignore
  });
});

describe('a set’s own split file', () => {
  const tables = (files: Record<string, string>) => new Map(Object.entries(files));

  it('counts before folders: VisA’s other protocol, with anomalous training images', () => {
    const paths = ['candle/Data/Images/Normal/0.JPG', ...[0, 1].map((n) => `candle/Data/Images/Anomaly/${n}.JPG`), 'candle/Data/Masks/Anomaly/0.png', 'split_csv/2cls_fewshot.csv']; // prettier-ignore
    const text = 'object,split,label,image,mask\ncandle,train,normal,candle/Data/Images/Normal/0.JPG,\ncandle,train,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png\ncandle,test,anomaly,candle/Data/Images/Anomaly/1.JPG,\n'; // prettier-ignore
    const report = read(paths, undefined, { tables: tables({ 'split_csv/2cls_fewshot.csv': text }) });
    expect(counts(report)).toEqual(['candle: test/anomaly x1', 'candle: train/anomaly+1 x1', 'candle: train/good x1']); // prettier-ignore
    expect([report.layout, report.splitFile]).toEqual(['visa', 'split_csv/2cls_fewshot.csv']);
  });

  it('Real-IAD’s JSON, one a class, with its prefix and masks', () => {
    const json = (name: string) => JSON.stringify({
      meta: { prefix: `realiad_1024/${name}/`, normal_class: 'OK', pre_transform: {} },
      train: [{ category: name, anomaly_class: 'OK', image_path: 'OK/S0001/a_C1.jpg', mask_path: null }],
      test: [
        { category: name, anomaly_class: 'OK', image_path: 'OK/S0002/a_C1.jpg', mask_path: null },
        { category: name, anomaly_class: 'HS', image_path: 'NG/HS/S0001/a_C1.jpg', mask_path: 'NG/HS/S0001/a_C1.png' },
      ],
    }); // prettier-ignore
    const names = ['audiojack', 'pcb'];
    const paths = names.flatMap((name) => ['OK/S0001/a_C1.jpg', 'OK/S0002/a_C1.jpg', 'NG/HS/S0001/a_C1.jpg', 'NG/HS/S0001/a_C1.png'].map((path) => `realiad_1024/${name}/${path}`)); // prettier-ignore
    const files = Object.fromEntries(names.map((name) => [`realiad_jsons/${name}.json`, json(name)]));
    const report = read([...paths, ...Object.keys(files)], undefined, { tables: tables(files) });
    expect(counts(report)).toEqual(names.flatMap((name) => [`${name}: test/HS+1 x1`, `${name}: test/good x1`, `${name}: train/good x1`])); // prettier-ignore
    expect([report.layout, report.ignored]).toEqual(['real-iad', []]);
  });

  it('meta.json by class, lines of JSON, and any table with an image and a label', () => {
    const paths = ['nut/a.png', 'nut/b.png', 'nut/b_m.png', 'nut/c.png'];
    const row = (img_path: string, anomaly: number, mask_path = '') => ({ img_path, mask_path, cls_name: 'nut', specie_name: anomaly ? 'bent' : 'good', anomaly }); // prettier-ignore
    const meta = { train: { nut: [row('nut/a.png', 0)] }, test: { nut: [row('nut/b.png', 1, 'nut/b_m.png'), row('nut/c.png', 0)] } }; // prettier-ignore
    const right = ['nut: test/bent+1 x1', 'nut: test/good x1', 'nut: train/good x1'];
    const by = (files: Record<string, string>) => counts(read([...paths, ...Object.keys(files)], undefined, { tables: tables(files) })); // prettier-ignore
    expect(by({ 'meta.json': JSON.stringify(meta) })).toEqual(right);
    const line = (filename: string, label: number, label_name: string, maskname = '') => JSON.stringify({ filename, label, label_name, maskname, clsname: 'nut' }); // prettier-ignore
    expect(by({
      'samples/train.json': line('nut/a.png', 0, 'good'),
      'samples/test.json': `${line('nut/b.png', 1, 'bent', 'nut/b_m.png')}\n${line('nut/c.png', 0, 'good')}`,
    })).toEqual(right); // prettier-ignore
    expect(by({ 'list.csv': 'image_path,split,label_index,mask_path,class_name,defect\n/home/me/nut/a.png,train,0,,nut,good\nnut/b.png,test,1,nut/b_m.png,nut,bent\nnut/c.png,test,0,,nut,\n' })).toEqual(right); // prettier-ignore
  });

  it('that says a label alone divides nothing: a fifth of the normal images is held back; other words are types', () => {
    const paths = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `images/${name}.png`);
    const by = (text: string) => counts(read([...paths, 'labels.csv'], undefined, { tables: tables({ 'labels.csv': `image,label\n${text}` }) })); // prettier-ignore
    expect(by('a.png,0\nb.png,0\nc.png,0\nd.png,0\ne.png,0\nf.png,1\n')).toEqual(['test/defect x1', 'test/good x1', 'train/good x4']); // prettier-ignore
    expect(by('a.png,good\nb.png,good\nc.png,dent\nd.png,unknown\ne.png,scratch\n')).toEqual(['test/dent x1', 'test/scratch x1', 'train/good x2']); // prettier-ignore
  });

  it('that says a side alone leaves labels to folders and masks: no defect is trained on as normal', () => {
    const csv = (rows: Record<string, string>) => `image,split\n${Object.entries(rows).map((row) => row.join()).join('\n')}`; // prettier-ignore
    const flat = ['images/0.png', 'images/1.png', 'images/2.png', 'images/3.png', 'images/4.png', 'masks/1.png', 'masks/3.png', 'split.csv']; // prettier-ignore
    const masked = read(flat, undefined, { tables: tables({ 'split.csv': csv({ 'images/0.png': 'train', 'images/1.png': 'train', 'images/2.png': 'test', 'images/3.png': 'test' }) }) }); // prettier-ignore
    expect(counts(masked)).toEqual(['test/defect+1 x1', 'test/good x1', 'train/defect+1 x1', 'train/good x1']); // prettier-ignore
    expect([masked.splitFile, masked.ignored]).toEqual(['split.csv', [{ path: 'images/4.png', reason: 'not named in split.csv' }]]); // prettier-ignore
    const foldered = read(['good/0.png', 'bad/0.png', 'bad/1.png', 'split.csv'], undefined, { tables: tables({ 'split.csv': csv({ 'good/0.png': 'train', 'bad/0.png': 'train', 'bad/1.png': 'test' }) }) }); // prettier-ignore
    expect(counts(foldered)).toEqual(['test/bad x1', 'train/good x1']);
  });

  it('is asked about where the mask that it names for a normal image has a defect', () => {
    const meta = { train: [{ img_path: 'i/0.png', mask_path: 'm/0.png', anomaly: 0 }, { img_path: 'i/1.png', mask_path: '', anomaly: 0 }], test: [] }; // prettier-ignore
    const paths = ['i/0.png', 'i/1.png', 'm/0.png', 'meta.json'];
    const by = (black: boolean) => read(paths, () => black, { tables: tables({ 'meta.json': JSON.stringify(meta) }) }); // prettier-ignore
    expect(counts(by(true))).toEqual(['train/good x2']);
    expect(by(false).questions.map(({ kind }) => kind)).toEqual(['mask-says-defect']);
    expect(counts(by(false))).toEqual(['train/defect+1 x1', 'train/good x1']);
  });

  it('that names what the operating system left loses no other file', () => {
    const rows = JSON.stringify({ train: [{ img_path: 'm.png', mask_path: '0.JPG', label: 'anomaly' }] });
    const report = read(['0.JPG', '__MACOSX/m.png', 'meta.json'], undefined, { tables: tables({ 'meta.json': rows }) }); // prettier-ignore
    expect(report.images.map(({ path }) => path)).toEqual(['0.JPG']);
  });

  it('that is none leaves the folders to speak', () => {
    const report = read(['good/0.png', 'bad/0.png', 'notes.csv', 'info.json'], undefined, { tables: tables({ 'notes.csv': 'image,label\nx.png,1\n', 'info.json': '{"train": 3}' }) }); // prettier-ignore
    expect(counts(report)).toEqual(['test/bad x1', 'train/good x1']);
    expect(textsIn(['good/0.png', 'good/0.json', 'a.csv', 'b.json'])).toEqual(['a.csv', 'b.json']);
  });
});

describe('COCO’s JSON', () => {
  const coco = (files: string[], annotated: Record<string, unknown>) => JSON.stringify({
    images: files.map((file_name, id) => ({ id, file_name, width: 8, height: 8 })),
    annotations: Object.entries(annotated).map(([file, segmentation]) => ({ image_id: files.indexOf(file), segmentation, bbox: [0, 0, 2, 2] })),
    categories: [{ id: 1, name: 'dent' }],
  }); // prettier-ignore
  const square = [[1, 1, 3, 1, 3, 3, 1, 3]];

  it('says which images are anomalous, and has their masks', () => {
    const files = { 'train/_annotations.coco.json': coco(['0.jpg', '1.jpg'], {}), 'test/_annotations.coco.json': coco(['0.jpg', '1.jpg'], { '1.jpg': square }) }; // prettier-ignore
    const paths = ['train', 'test'].flatMap((side) => [`${side}/0.jpg`, `${side}/1.jpg`]);
    const report = read([...paths, ...Object.keys(files)], undefined, {
      tables: new Map(Object.entries(files)),
    });
    expect(counts(report)).toEqual(['test/defect+1 x1', 'test/good x1', 'train/good x2']);
    expect(report.images.find(({ maskPath }) => maskPath)?.maskPath).toBe('test/_annotations.coco.json');
    expect(report.ignored).toEqual([]);
  });

  it('without outlines tells the label and gives no mask', () => {
    const json = coco(['0.jpg', '1.jpg', '2.jpg'], { '1.jpg': [] });
    const report = read(['images/0.jpg', 'images/1.jpg', 'images/2.jpg', 'annotations/instances.json'], undefined, { tables: new Map([['annotations/instances.json', json]]) }); // prettier-ignore
    expect(counts(report)).toEqual(['test/defect x1', 'train/good x2']);
    expect(report.notices.join()).toMatch(/1 image with boxes alone/);
  });
});
