// What settings say of input sizes that a vision transformer does not take as they are. Everything around them is pretended.
import { describe, expect, it } from 'vitest';
import { TooManyTokens } from '../../lib/backbones/errors';
import type { RemedyError } from '../../lib/errors';
import { defaultParams } from '../../settings/table';
import { Settings, type SettingsOptions } from './featureSettings';

const ID = 'vit_small_patch14_reg4_dinov2';

function settingsWith(notices: RemedyError[]): Settings {
  const grid = () => ({ height: 18, width: 18 });
  const current = { id: ID, patch: 14, tapsText: 'standard', digest: '', projectionDigest: null, grid };
  const images = { mayFrame: () => undefined, setRange: () => false, drawn: () => [], range: null };
  const nothing = () => undefined;
  return new Settings({
    backbones: { use: async () => true, current },
    images,
    onFeaturesChanged: nothing,
    onStatisticsChanged: nothing,
    onNotice: (notice: RemedyError) => void notices.push(notice),
  } as unknown as SettingsOptions);
}

const sized = (inputSize: number) => ({ ...defaultParams(), backbone: ID, inputSize });

describe('input sizes of a vision transformer', () => {
  it('that are no multiple of its patch are resized, which is said once a size', async () => {
    const notices: RemedyError[] = [];
    const settings = settingsWith(notices);
    for (const size of [256, 256, 252, 128]) await settings.configure(sized(size));
    expect(notices.map(({ message }) => message.match(/inputs of .*/)![0])).toEqual([
      'inputs of 256 x 256 pixels are resized to 252 x 252.',
      'inputs of 128 x 128 pixels are resized to 126 x 126.',
    ]);
    expect(notices[0]!.remedy).toContain('252');
  });

  it('that give too many tokens are refused with the largest that fits; the settings stay', async () => {
    const settings = settingsWith([]);
    await settings.configure(sized(882));
    const refused = settings.configure(sized(896));
    await expect(refused).rejects.toThrow(TooManyTokens);
    await expect(refused).rejects.toMatchObject({ remedy: expect.stringContaining('882 pixels or less') });
    expect(settings.params.inputSize).toBe(882);
  });
});
