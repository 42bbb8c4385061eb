// The detector on screen as a file that other programs run. Loaded with the dialog.
import type { ExportRequest } from '../../engine/api/types';
import { PROGRAM } from '../../report/plan';
import { scoringOf } from '../../settings/scoring';
import { complain } from '../notices/actions';
import { download } from '../shell/download';
import { engine } from '../shell/engineLink';
import { getState } from '../shell/store';
import { fileNameOf, modelAbout } from './sessionContents';

/** Downloads the model as ONNX. @param model its file; stays the caller's @returns whether it was written */
export async function takeAway(model: ArrayBuffer, precision: ExportRequest['precision']): Promise<boolean> {
  try {
    const { params, scores } = getState();
    const { params: configuration, threshold } = modelAbout();
    const file = await engine()!.exportOnnx({
      // What is handed to the worker is gone here.
      model: model.slice(0),
      ...{ precision, input: 'pixels', threshold, configuration },
      scoring: scoringOf(params),
      program: `grad-playground ${PROGRAM}`,
      scale: scores.ranges?.fused ?? null,
    });
    download(file, fileNameOf(params, 'onnx'));
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
