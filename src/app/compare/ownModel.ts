// The visitor's own model while others take its place in the engine: set aside when a comparison begins, brought back
// when it ends. Its file is had from here.
import type { AppState } from '../shell/appState';
import { engine } from '../shell/engineLink';

let aside: ArrayBuffer | null = null;
/** The file of a model in use, by its entry in the state: what is left when the engine goes with its model. */
let remembered: { model: AppState['model']; file: ArrayBuffer } | null = null;

/** The file of the model that the page's maps come from; null without one. */
export async function ownModelFile({ model, compare }: AppState): Promise<ArrayBuffer | null> {
  if (model.source === 'none') return null;
  if (aside) return aside.slice(0);
  // A compared model is in the engine, and the visitor's own was none that could be set aside.
  return compare.status === 'idle' ? fileInUse({ model }) : null;
}

async function fileInUse({ model }: Pick<AppState, 'model'>): Promise<ArrayBuffer | null> {
  if (model.source === 'none') return null;
  if (remembered?.model === model) return remembered.file.slice(0);
  const file = await engine()
    ?.saveModel(undefined)
    .catch(() => null);
  return file ?? null;
}

/** Holds a copy of a model that nothing else than the engine has yet: the one just trained. */
export async function rememberOwn({ model }: Pick<AppState, 'model'>): Promise<void> {
  const file = await fileInUse({ model });
  remembered = file && { model, file };
}

/** Takes a copy of the model in use. */
export async function setOwnAside(state: AppState): Promise<void> {
  aside = await fileInUse(state);
}

/** Puts it in use again. @throws what the engine's loading throws; the copy is kept then */
export async function bringOwnBack(): Promise<void> {
  if (!aside) return;
  await engine()!.loadModel(aside.slice(0));
  aside = null;
}

/** It has been brought back another way, or is not wanted any more. */
export const forgetOwn = (): void => void (aside = null);
