// What a session says, checked and of the present version: settings, data, model, unfinished run. The bytes it names
// travel beside it in the same zip (write.ts, read.ts). No engine and no page here.
import type { Metrics } from '../lib/scoring/metrics/summary';
import type { Threshold } from '../lib/scoring/metrics/threshold';
import type { Params } from '../settings/table';

/** 1: a safetensors file with metadata; 2: a zip. */
export const SESSION_SCHEMA = 2;

/** By stage; those of a method that is fitted in one go under `fit`. */
export type LossCurves = Record<1 | 2, number[]> & { fit?: number[] };

export type SessionThreshold = Threshold;

/** One image of the set, named by its digest whether its bytes are in the session or not. */
export interface SessionImage {
  id: string;
  /** Path within its set. */
  name: string;
  split: 'train' | 'validation' | 'test';
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  type: string;
  /** SHA-256 of the encoded file, in hexadecimal digits; null for a bundled image, which its set names. */
  sha256: string | null;
  /** Of the ground-truth mask, where there is one. */
  maskSha256: string | null;
}

export interface SessionModel {
  /** It was trained with these. */
  params: Params;
  /** The learned w, or the fixed lambda; null when it is not known. */
  fusionValue: number | null;
  losses: LossCurves;
  /** How long its training took. */
  seconds: number | null;
  trainImages: number;
  threshold: SessionThreshold | null;
  /** Over the images of the session; null when there were no labels. */
  metrics: Metrics | null;
  /** Smallest and largest value of the map over the images that were scored; absent where none were, and in older files. */
  scale?: readonly [number, number];
}

/** A training that had not ended. */
export interface SessionRun {
  params: Params;
  /** Steps done and to do over both stages. */
  step: number;
  steps: number;
  losses: LossCurves;
}

export interface SessionInfo {
  /** As set on screen, or on the command line. The seed is one of them. */
  params: Params;
  data: {
    /** Name of a bundled set, or `own-` and a digest. */
    dataset: string;
    images: SessionImage[];
    /**
     * How the files of the set were read: layout, rules, how many where; of several that came one after the other the last,
     * with the ones before as `earlier`. For whoever asks later.
     */
    reading?: Record<string, unknown>;
  };
  model: SessionModel | null;
  run: SessionRun | null;
  /** How it was looked at. */
  view: { image: string | null; fusionValue: number | null };
}

/** The encoded bytes of an image and of its mask. */
export interface ImageBytes {
  image: Blob;
  mask: Blob | null;
}
