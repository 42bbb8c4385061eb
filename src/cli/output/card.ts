// `export --card`: the model card of an exported file, from the session it was exported from.
import { dataLines, modelCard } from '../../report/card';
import type { SessionInfo } from '../../session/types';
import { sha256Hex } from '../data/digests';

export interface CardRequest {
  /** The exported file: its name, and its bytes or their digest and number. */
  file: { name: string; bytes: number; sha256: string };
  /** As written into it. */
  metadata: Readonly<Record<string, string>>;
  info: Pick<SessionInfo, 'data' | 'model'>;
}

/** @returns a whole Markdown file */
export function cardText({ file, metadata, info }: CardRequest): string {
  const { images } = info.data;
  const lines = dataLines(images);
  return modelCard({
    ...{ file, metadata, images, made: new Date().toISOString() },
    dataSha256: lines === null ? null : sha256Hex(lines),
    metrics: info.model?.metrics ?? null,
    seconds: info.model?.seconds ?? null,
  });
}
