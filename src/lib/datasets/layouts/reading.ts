// How the files of a set were read, as it stands in sessions and JSON, for whoever asks later what a figure was made of.
import type { Layout } from './language';
import type { FolderReport, LayoutName } from './report';

export interface DatasetReading {
  layout: LayoutName;
  summary: string;
  split_file: string | null;
  /** The rules that were given; null for none. */
  rules: Layout | null;
  /** How many files of which folder are what. */
  folders: { folder: string; as: string; label: string | null; class?: string; type: string; count: number; masks: number; reason?: string }[]; // prettier-ignore
  /** What the names did not settle. */
  questions: string[];
}

/** @param rules that were given, if any */
export function readingOf(report: FolderReport, rules: Layout): DatasetReading {
  const { layout, summary, splitFile, rows, questions, categories } = report;
  const given = rules.rules.length > 0 || rules.splitFile !== null || rules.unmasked !== null || Object.keys(rules.words).length > 0; // prettier-ignore
  return {
    layout,
    summary,
    split_file: splitFile,
    rules: given ? rules : null,
    folders: rows.map(({ folder, as, label, category, type, count, masks, reason }) => ({
      folder,
      as,
      label: label === null ? null : label === 0 ? 'normal' : 'anomalous',
      ...(categories.length > 1 && category !== '' && { class: category }),
      ...{ type, count, masks },
      ...(reason && { reason }),
    })),
    questions: questions.map(({ text }) => text),
  };
}

/** What of a reading is about one class of several, and about no class in particular. */
export const readingOfClass = (reading: DatasetReading, name: string): DatasetReading => ({
  ...reading,
  folders: reading.folders.filter((row) => row.class === undefined || row.class === name),
});
