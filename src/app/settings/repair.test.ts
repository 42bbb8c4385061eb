// A link with a backbone or taps that cannot be: the live map is on all the same, and the visitor is told.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ReportedError } from '../../lib/errors';
import { configure } from '../shell/feed';
import { engine } from '../shell/engineLink';
import { getState, setState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';

const messages = () => getState().notices.list.map(({ tone, message }) => `${tone}: ${message}`);
const take = (change: object) => setState(({ params }) => ({ params: { ...params, ...change } }));

beforeEach(async () => {
  await openMockPage();
  // As the engine does it (src/engine/features/backboneStore.ts).
  const { configure: original } = engine()!;
  vi.spyOn(engine()!, 'configure').mockImplementation(async (params) => {
    if (params.taps.includes('layer9'))
      throw new ReportedError({ name: 'UnknownTap', message: 'No stage.', remedy: '' });
    return original.call(engine(), params);
  });
});

describe('settings that cannot be', () => {
  it('keep their backbone where only its taps are none', async () => {
    take({ taps: 'layer9' });
    expect(await configure()).toBe(true);
    expect(getState().params).toMatchObject({ backbone: 'mini_resnet', taps: 'standard' });
    expect(messages()).toEqual([
      'info: mini_resnet has no stages “layer9” to take features from; the standard ones are used.',
    ]);
  });

  it('give way to the bundled backbone where theirs is none', async () => {
    // The engine offers nothing that it does not know.
    vi.spyOn(engine()!, 'backboneOffers').mockResolvedValue([]);
    take({ backbone: 'no/such', taps: 'layer9' });
    expect(await configure()).toBe(true);
    expect(getState().params).toMatchObject({ backbone: 'mini_resnet', taps: 'standard' });
    expect(getState().engine.features?.backbone).toBe('mini_resnet');
    expect(messages().every((text) => text.startsWith('info: '))).toBe(true);
  });

  it('are asked about where the weights can be had, and stay', async () => {
    take({ backbone: 'tf_efficientnet_b6' });
    expect(await configure()).toBe(false);
    expect(getState().weights.asked?.id).toBe('tf_efficientnet_b6');
    expect(getState().params.backbone).toBe('tf_efficientnet_b6');
  });

  it('are complained about once when nothing helps', async () => {
    vi.spyOn(engine()!, 'configure').mockRejectedValue(
      new ReportedError({ name: 'UnknownTap', message: 'No stage.', remedy: '' }),
    );
    take({ taps: 'layer9' });
    expect(await configure()).toBe(false);
    expect(messages().at(-1)).toBe('error: No stage.');
  });
});
