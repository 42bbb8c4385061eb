// Loss curves of bounded length: however long a run, what is kept fits a small chart.

/** Points kept per stage; beyond it every second point goes. */
export const MAX_POINTS = 512;

/** A new curve with `loss` at its end; halved in resolution when it grows too long. */
export function appendLoss(curve: readonly number[], loss: number): number[] {
  const longer = [...curve, loss];
  return longer.length > MAX_POINTS ? longer.filter((_, index) => index % 2 === 0) : longer;
}

/** A curve of at most MAX_POINTS means of neighbouring losses. */
export function thin(losses: readonly number[]): number[] {
  const group = Math.ceil(losses.length / MAX_POINTS);
  if (group <= 1) return [...losses];
  return Array.from({ length: Math.ceil(losses.length / group) }, (_, index) =>
    mean(losses.slice(index * group, (index + 1) * group)),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
