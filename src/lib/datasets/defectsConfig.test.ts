import { describe, expect, it } from 'vitest';
import { DefectsConfigs, readDefectsConfig } from './defectsConfig';

const row = (pixel_value: number, saturation_threshold: number, relative_saturation: boolean) => ({
  ...{ defect_name: 'missing_x', pixel_value, saturation_threshold, relative_saturation },
});

describe('the list of defects of MVTec LOCO AD', () => {
  it('says the saturation of each value, as a share or in pixels', () => {
    const text = JSON.stringify([row(255, 0.5, true), row(254, 13000, false)]);
    expect(readDefectsConfig(text)).toEqual(new Map<number, object>([[255, { share: 0.5 }], [254, { pixels: 13000 }]])); // prettier-ignore
  });

  it.each([
    '',
    '{}',
    '[]',
    JSON.stringify([row(0, 0.5, true)]),
    JSON.stringify([row(255, 1.5, true)]),
    JSON.stringify([row(255, 0, false)]),
    '[{"pixel_value":255}]',
  ])('is nothing where it is no such list: %s', (text) => {
    // prettier-ignore
    expect(readDefectsConfig(text)).toBeNull();
  });

  it('is about the images below its folder, and named where it cannot be read', () => {
    const texts = new Map([
      ['loco/a/defects_config.json', JSON.stringify([row(255, 1, true)])],
      ['loco/b/defects_config.json', 'no'],
      ['loco/other.json', '[]'],
    ]);
    const configs = new DefectsConfigs(texts);
    expect(configs.of('loco\\a\\test\\x\\0.png')!.get(255)).toEqual({ share: 1 });
    expect([configs.of('loco/b/test/x/0.png'), configs.of('0.png')]).toEqual([null, null]);
    expect(configs.unreadable).toEqual(['loco/b/defects_config.json']);
  });
});
