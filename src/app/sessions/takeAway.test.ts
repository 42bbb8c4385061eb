// Taking the detector away on the page: what the engine is handed, and that a refusal is said.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { engine } from '../shell/engineLink';
import { download } from '../shell/download';
import { getState, patch } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { start } from '../training/actions';
import { pieces } from './sessionContents';
import { takeAway, takeCard } from './takeAway';

vi.mock('../shell/download', () => ({ download: vi.fn() }));

beforeEach(async () => {
  await openMockPage({ epochs1: 1, epochs2: 1 });
  await addFiles([{ path: 'p.png', file: new File(['pixels'], 'p.png') }], 'train');
  await start();
  await until(() => getState().scores.status === 'ready');
});

describe('a detector taken away', () => {
  it('is what is on screen: model, scoring, threshold and scale', async () => {
    const asked = vi.spyOn(engine()!, 'exportOnnx');
    patch('view', { threshold: 4.5 });
    const model = (await pieces()).weights!;
    const before = model.byteLength;
    const taken = await takeAway(model, 'f16');
    expect(model.byteLength, 'still the caller’s').toBe(before);
    const { params, scores } = getState();
    expect(asked.mock.calls[0]![0]).toMatchObject({
      ...{ precision: 'f16', input: 'pixels', scale: scores.ranges!.fused },
      threshold: { value: 4.5, source: 'set by hand' },
      scoring: { smooth: params.smooth, imageScore: params.imageScore },
      configuration: { method: params.method },
    });
    expect(vi.mocked(download).mock.calls[0]![1]).toMatch(/^grad-own.*\.onnx$/);

    await takeCard(taken!);
    const [card, name] = vi.mocked(download).mock.calls[1]!;
    expect(name).toMatch(/^grad-own.*\.md$/);
    expect(card).toContain(taken!.file.sha256);
    expect(card).toContain('**Training images:** 1, of them 0 anomalous');
    expect(card).toMatch(/SHA-256 of images, labels and masks:\*\* `[0-9a-f]{64}`/);
  });

  it('that is refused says why', async () => {
    vi.spyOn(engine()!, 'exportOnnx').mockRejectedValue(new Error('no such graph'));
    expect(await takeAway(new ArrayBuffer(4), 'f32')).toBeNull();
    expect(getState().notices.list.at(-1)!.message).toContain('no such graph');
  });
});
