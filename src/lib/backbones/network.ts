// Runs the plan of a convolutional network (a transformer's: vit/network.ts): weights folded and uploaded once, then image in, feature maps out. Inference only. A tensor lives
// no longer than the layer after it: a batch of large images would otherwise fill the GPU.
import { tf } from '../gpu/tf';
import { CHANNEL_STEP, type Weights } from './fold';
import { loadPart, type Part } from './parts';
import type { Activation, Block, MapLayer, Plan } from './plan';

interface LoadedBlock {
  name: string;
  stage: string;
  parts: Part[];
  shortcut: Part | 'none' | 'identity';
  activation: Activation;
}

export class Network {
  private constructor(private readonly blocks: readonly LoadedBlock[]) {}

  /**
   * Folds and uploads the weights of a plan; they must have been checked to be complete.
   * @throws NanWeights; nothing stays on the GPU then.
   */
  static load(id: string, plan: Plan, weights: Weights): Network {
    const blocks: LoadedBlock[] = [];
    const network = new Network(blocks);
    try {
      for (const block of plan.blocks) loadBlock(id, block, plan, weights, blocks);
    } catch (error) {
      network.dispose();
      throw error;
    }
    return network;
  }

  /**
   * @param image [B, H, W, 3], normalised. @param taps stages or blocks whose features are wanted, each once.
   * @returns one map [B, H / stride, W / stride, C] per tap, in the order of `taps`.
   */
  run(image: tf.Tensor4D, taps: readonly string[]): tf.Tensor4D[] {
    const tapped = new Map<string, tf.Tensor4D>();
    let x = inFours(image);
    this.blocks.forEach((block, index) => {
      const y = runBlock(block, x);
      if (![...tapped.values()].includes(x)) x.dispose();
      const tap = taps.find((wanted) => this.#isAt(wanted, index));
      if (tap !== undefined) tapped.set(tap, y);
      x = y;
    });
    if (![...tapped.values()].includes(x)) x.dispose();
    return taps.map((tap) => tapped.get(tap)!);
  }

  /** Whether a tap means this block: by its own name, or as the last of its stage. */
  #isAt(tap: string, index: number): boolean {
    const { name, stage } = this.blocks[index]!;
    return tap === name || (tap === stage && this.blocks[index + 1]?.stage !== stage);
  }

  dispose(): void {
    for (const { parts, shortcut } of this.blocks) {
      for (const part of parts) part.dispose();
      if (typeof shortcut !== 'string') shortcut.dispose();
    }
  }
}

/** Appends before it loads, so that a failure half-way leaves every uploaded part within dispose's reach. */
function loadBlock(id: string, block: Block, plan: Plan, weights: Weights, into: LoadedBlock[]): void {
  const { name, stage, layers, activation } = block;
  const loaded: LoadedBlock = { name, stage, parts: [], shortcut: 'none', activation };
  into.push(loaded);
  for (const layer of layers) loaded.parts.push(loadPart(id, layer as MapLayer, plan, weights));
  loaded.shortcut =
    typeof block.shortcut === 'string' ? block.shortcut : loadPart(id, block.shortcut, plan, weights);
}

/** Every map is released as soon as the layer after it has run. */
function runBlock({ parts, shortcut, activation }: LoadedBlock, input: tf.Tensor4D): tf.Tensor4D {
  const residual = shortcutOf(shortcut, input);
  let x = input;
  parts.forEach((part, index) => {
    const ending = residual && index === parts.length - 1 ? { residual, activation } : undefined;
    const y = tf.tidy(() => part.run(x, ending));
    if (x !== input) x.dispose();
    x = y;
  });
  if (residual !== input) residual?.dispose();
  return x;
}

function shortcutOf(shortcut: LoadedBlock['shortcut'], input: tf.Tensor4D): tf.Tensor4D | undefined {
  if (shortcut === 'none') return undefined;
  return shortcut === 'identity' ? input : tf.tidy(() => shortcut.run(input));
}

/** Fills the colours up to a whole vector with zeros, as fold.ts fills the first filter. */
function inFours(image: tf.Tensor4D): tf.Tensor4D {
  const missing = CHANNEL_STEP - image.shape[3];
  return tf.pad(image, [[0, 0], [0, 0], [0, 0], [0, missing]]); // prettier-ignore
}
