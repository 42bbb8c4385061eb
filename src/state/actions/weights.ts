// Weights of another backbone from a file on this machine.
import { engine } from '../engineLink';
import { EngineUnavailable } from '../errors';
import { getState, patch } from '../store';
import { feedEngine } from './feed';
import { complain, say } from './notices';
import { setParam } from './params';

/** Replaces the backbone by weights from a file; on refusal the present one stays. */
export async function loadWeights(file: File): Promise<void> {
  if (!engine()) {
    const { error } = getState().engine;
    return complain(new EngineUnavailable(error?.message ?? '', error?.remedy ?? 'Try again in a moment.'));
  }
  try {
    patch('engine', { phase: `Reading ${file.name}` });
    const features = await engine()!.loadBackbone({ name: file.name, bytes: await file.arrayBuffer() });
    patch('engine', { features, phase: null });
    nameBackbone(features.backbone);
    // Settings that had to wait for these weights can be had now, and images may not have been sent at all.
    await feedEngine();
    say(`${file.name}: ${features.backbone}, ${features.channels} channels.`);
  } catch (error) {
    patch('engine', { phase: null });
    complain(error);
  }
}

/** Weights that are what the settings asked for, with a tag of their own, change nothing in the settings. */
function nameBackbone(loaded: string): void {
  const wanted = getState().params.backbone;
  if (loaded !== wanted && !loaded.startsWith(`${wanted}.`)) setParam('backbone', loaded);
}
