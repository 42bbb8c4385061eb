// Gradients with less memory: tfjs keeps every gradient in between, and what was saved for the backward pass, until that pass has
// ended. Here each goes as soon as the operation it belongs to has been passed. Leans on members of tfjs-core 4.22.0 that are not
// documented; tape.gpu.test.ts holds them.
import { tf } from './tf';

interface TapeNode {
  gradient?: (dys: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
  saved?: tf.Tensor[];
}

interface Internals {
  activeTape: TapeNode[] | null;
  /** What was made in the innermost tidy, in order. */
  activeScope: { track: tf.Tensor[] };
  /** Above 1: gradients of gradients. */
  gradientDepth: number;
}

/** As tf.variableGrads(); the same numbers. */
export function leanVariableGrads(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): ReturnType<typeof tf.variableGrads> {
  const recorded = () => {
    const value = loss();
    freeOnTheWayBack(tf.engine().state as unknown as Internals);
    return value;
  };
  return tf.variableGrads(recorded, variables);
}

/** The tape is walked from its end: when an operation's gradient is asked for, the one asked before is done. */
function freeOnTheWayBack(state: Internals): void {
  if (!state.activeTape || state.gradientDepth > 1) return;
  let leave = () => {};
  /** Gradients that stand for two inputs at once: nobody knows who needs them last. */
  const shared = new Set<number>();
  for (const node of state.activeTape) {
    const { gradient } = node;
    if (!gradient) continue;
    node.gradient = (dys) => {
      leave();
      const before = state.activeScope.track.length;
      const gradients = gradient(dys);
      // Made by the gradient function itself and not by one of those it returned.
      const made = state.activeScope.track.slice(before);
      const handedOn = new Set<number>();
      leave = () => {
        for (const tensor of [...made, ...dys, ...(node.saved ?? [])]) {
          if (tensor && !handedOn.has(tensor.id) && !shared.has(tensor.id)) tensor.dispose();
        }
      };
      const noticed = Object.entries(gradients).map(([input, of]) => {
        const noticing = () => {
          const result = of();
          if (handedOn.has(result.id)) shared.add(result.id);
          handedOn.add(result.id);
          return result;
        };
        return [input, noticing] as const;
      });
      return Object.fromEntries(noticed);
    };
  }
}
