// What the methods are apart from their mathematics: which train grids in two stages, which are fitted in one go,
// which look at pixels. How a method works is in src/lib/methods/grad; which settings count for it in relevant.ts.

/** Trained by the two-stage trainer: GRAD and its grids alone. */
export const GRID_METHODS = ['grad', 'normal-grid', 'abnormal-grid'] as const;
export type GridMethod = (typeof GRID_METHODS)[number];

/** Fitted in one go to the training images (src/lib/methods). */
export const RIVALS = ['padim', 'patchcore', 'simplenet', 'dfr', 'uniad', 'riad'] as const;
export type RivalId = (typeof RIVALS)[number];

export type MethodName = GridMethod | RivalId;

export const isGridMethod = (method: MethodName): method is GridMethod =>
  (GRID_METHODS as readonly string[]).includes(method);

export const isRival = (method: MethodName): method is RivalId => !isGridMethod(method);

/** Whether a method looks at the image itself: no backbone, no features, no block to paste into them. */
export const looksAtPixels = (method: MethodName): boolean => method === 'riad';

/** Whether a method has the two branches whose maps can be looked at one by one. */
export const branchesOf = (method: MethodName): { normal: boolean; abnormal: boolean } => ({
  normal: method === 'grad' || method === 'normal-grid',
  abnormal: method === 'grad' || method === 'abnormal-grid',
});
