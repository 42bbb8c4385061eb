// Choosing weights that are not here, against the fake engine: asked first, then fetched, kept, cleared; or declined.
import { beforeEach, describe, expect, it } from 'vitest';
import { configure } from '../shell/feed';
import { chooseBackbone, setHub } from './backboneChoice';
import { applyPreset, setParams } from '../settings/actions';
import { cancelDownload, clearWeights, declineWeights, downloadWeights, loadWeights } from './actions';
import { afterEvent } from '../shell/afterEvent';
import { STANDARD_HUB } from './weightsSlice';
import { getState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';

beforeEach(async () => {
  await openMockPage();
});

describe('weights that are not here', () => {
  it('are asked about before anything is fetched, and settings stay until they are here', async () => {
    await chooseBackbone('resnet18');
    const { weights, params } = getState();
    expect(weights.asked).toMatchObject({ id: 'resnet18', source: 'hub' });
    expect(weights.fetchedFrom).toBeNull();
    expect(params.backbone).toBe('mini_resnet');
  });

  it('become the backbone once downloaded, and are taken at once when chosen again', async () => {
    await chooseBackbone('resnet18');
    const done = downloadWeights();
    expect(getState().weights.download).toMatchObject({ id: 'resnet18', phase: 'header' });
    await done;
    expect(getState().weights).toMatchObject({ asked: null, download: null, error: null });
    expect(getState().weights.kept.map(({ id }) => id)).toEqual(['resnet18']);
    expect(getState().params.backbone).toBe('resnet18');
    await chooseBackbone('mini_resnet');
    await chooseBackbone('resnet18');
    expect(getState().weights.asked).toBeNull();
    await clearWeights();
    expect(getState().weights.kept).toEqual([]);
  });

  it('that cannot be had are told in the dialog; declining leaves the backbone at work', async () => {
    setHub('https://missing.example/');
    await chooseBackbone('resnet18');
    await downloadWeights();
    expect(getState().weights).toMatchObject({ download: null, error: { name: 'HubNotFound' } });
    await declineWeights();
    expect(getState().weights).toMatchObject({ asked: null, error: null });
    expect(getState().params.backbone).toBe('mini_resnet');
  });

  it('can be cancelled without a complaint; the dialog stays', async () => {
    await chooseBackbone('resnet18');
    const done = downloadWeights();
    cancelDownload();
    await done;
    expect(getState().weights).toMatchObject({ download: null, error: null, asked: { id: 'resnet18' } });
  });

  it('of a preset open the same dialog; declining goes back to the settings before', async () => {
    const { params } = getState();
    applyPreset('paper');
    expect(await configure()).toBe(false);
    expect(getState().weights.asked?.id).toBe('tf_efficientnet_b6');
    expect(getState().notices.list).toEqual([]);
    await declineWeights();
    // The preset as a whole: without its backbone it would be another.
    expect(getState().params).toEqual(params);
  });

  it('are fetched as far as the taps need, and taps that a backbone lacks fall back to the standard ones', async () => {
    setParams({ taps: 'layer1,layer2' });
    await chooseBackbone('resnet18');
    expect(getState().weights.asked).toMatchObject({ id: 'resnet18', taps: 'layer1,layer2' });
    await downloadWeights();
    expect(getState().params).toMatchObject({ backbone: 'resnet18', taps: 'layer1,layer2' });
    setParams({ taps: 'blocks.1' });
    await chooseBackbone('mini_resnet');
    expect(getState().params).toMatchObject({ backbone: 'mini_resnet', taps: 'standard' });
  });

  it('from a file that fits two architectures are taken for one, and the other is offered', async () => {
    const file = new File([new Uint8Array(2000)], 'model.safetensors');
    await loadWeights(file);
    expect(getState().params.backbone).toBe('efficientnet_b0');
    const notice = getState().notices.list.find(({ action }) => action);
    expect(notice).toMatchObject({ message: expect.stringContaining('tf_efficientnet_b0') });
    notice!.action!.run();
    await expect.poll(() => getState().params.backbone).toBe('tf_efficientnet_b0');
    await loadWeights(new File([new Uint8Array(2000)], 'mobilenetv2_100.safetensors'));
    expect(getState().notices.list.filter(({ action }) => action)).toHaveLength(1);
  });

  it('that could not be kept are told of in the engine’s own words', () => {
    const error = { name: 'CacheFull', message: 'There is no room.', remedy: 'Free disk space.' };
    afterEvent({ kind: 'notice', error });
    expect(getState().notices.list).toMatchObject([
      { tone: 'error', message: error.message, remedy: error.remedy, error: 'CacheFull' },
    ]);
  });

  it('come from the standard address when the one given makes no sense', () => {
    for (const address of ['nonsense', 'ftp://a.b', '']) {
      setHub(address);
      expect(getState().weights.hub).toBe(STANDARD_HUB);
    }
  });
});
