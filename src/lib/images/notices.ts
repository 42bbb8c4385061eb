// What the reader of a figure should know about how an image or its mask was read. The kind stays the same whatever the
// numbers in the sentence, so that many notices of one kind can be told as one.

export type NoticeKind =
  | 'animated'
  | 'transparency'
  | 'damaged-places'
  | 'pages'
  | 'pixel-range'
  | 'small-image'
  | 'narrow-image'
  | 'mask-levels'
  | 'mask-alpha'
  | 'mask-colours'
  | 'mask-indices'
  | 'mask-mostly-defect'
  | 'mask-empty'
  | 'mask-resized'
  | 'mask-turned'
  | 'mask-left-out'
  | 'same-image'
  | 'alike-image'
  | 'unlike-reference'
  | 'constant-scores'
  | 'framing'
  | 'few-for-quantile'
  | 'fewer-classes';

export interface Notice {
  kind: NoticeKind;
  /** One or two sentences, about one image where they came with one. */
  text: string;
}
