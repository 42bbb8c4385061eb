// The detector on screen as a file that other programs run, and as a card that tells people of it. Loaded with the dialog.
import type { ExportRequest } from '../../engine/api/types';
import { dataLines, modelCard, type CardFacts } from '../../report/card';
import { PROGRAM } from '../../report/plan';
import { sha256 } from '../../session/digest';
import { scoringOf } from '../../settings/scoring';
import { complain } from '../notices/actions';
import { download } from '../shell/download';
import { engine } from '../shell/engineLink';
import { getState } from '../shell/store';
import { fileNameOf, imageList, modelAbout } from './sessionContents';

/** What was written, for its card. */
export type Taken = Pick<CardFacts, 'file' | 'metadata'>;

/** Downloads the model as ONNX. @param model its file; stays the caller's @returns null when it was not written */
export async function takeAway(
  model: ArrayBuffer,
  precision: ExportRequest['precision'],
): Promise<Taken | null> {
  try {
    const { params } = getState();
    const { params: configuration, threshold, scale = null } = modelAbout();
    const { file, metadata } = await engine()!.exportOnnx({
      // What is handed to the worker is gone here.
      model: model.slice(0),
      ...{ precision, input: 'pixels', threshold, configuration },
      scoring: scoringOf(params),
      program: `grad-playground ${PROGRAM}`,
      scale,
    });
    const name = fileNameOf(params, 'onnx');
    download(file, name);
    const digest = await sha256(await file.arrayBuffer());
    return { file: { name, bytes: file.size, sha256: digest }, metadata };
  } catch (error) {
    complain(error);
    return null;
  }
}

/** Downloads the model card of a file just written, as Markdown. */
export async function takeCard(taken: Taken): Promise<void> {
  try {
    const images = await imageList();
    const lines = dataLines(images);
    const { metrics, seconds } = modelAbout();
    const card = modelCard({
      ...{ ...taken, images, metrics, seconds, made: new Date().toISOString() },
      dataSha256: lines === null ? null : await sha256(new TextEncoder().encode(lines)),
    });
    download(card, taken.file.name.replace(/onnx$/, 'md'), 'text/markdown');
  } catch (error) {
    complain(error);
  }
}
