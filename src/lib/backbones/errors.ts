// What can go wrong with a backbone's weights, each with what to do about it. Failures of the download are in
// hub/errors.ts, of the file format in formats/safetensors.ts.
import { RemedyError } from '../errors';

const KEPT = 'The current backbone keeps working.';

export class UnknownBackbone extends RemedyError {
  override readonly name = 'UnknownBackbone';
  constructor(id: string, known: readonly string[]) {
    super(`There is no backbone called "${id}".`, `Choose one of ${known.join(', ')}.`);
  }
}

export class UnknownTag extends RemedyError {
  override readonly name = 'UnknownTag';
  constructor(architecture: string, tag: string, known: readonly string[]) {
    super(
      `There are no published ${architecture} weights with the tag "${tag}".`,
      known.length > 0
        ? `Choose one of ${known.join(', ')}.`
        : `Give a file of ${architecture} weights instead.`,
    );
  }
}

export class UnknownTap extends RemedyError {
  override readonly name = 'UnknownTap';
  constructor(id: string, tap: string, stages: readonly string[]) {
    super(
      tap
        ? `${id} has no stage or block called "${tap}" to take features from.`
        : `No stage of ${id} is named to take features from.`,
      `Choose from ${stages.join(', ')} (a single block counts from 0: ${stages.at(-1)}.0), or take the standard ones.`,
    );
  }
}

/** The preset or link asks for weights that are neither bundled nor loaded. */
export class BackboneNotHere extends RemedyError {
  override readonly name = 'BackboneNotHere';
  constructor(readonly id: string) {
    super(
      `${id} weights are not here.`,
      `Drop its .safetensors file on the page, give --backbone FILE on the command line, or use the bundled mini_resnet.`,
    );
  }
}

export class WrongArchitecture extends RemedyError {
  override readonly name = 'WrongArchitecture';
  constructor(detail: string, remedy: string) {
    super(detail, `${remedy} ${KEPT}`);
  }
}

export class MissingTensor extends RemedyError {
  override readonly name = 'MissingTensor';
  constructor(id: string, tensors: readonly string[]) {
    const rest = tensors.length > 1 ? ` and ${tensors.length - 1} more` : '';
    super(
      `The file looks like ${id} but lacks ${tensors[0]}${rest}.`,
      `Export or download the file again with all its layers. ${KEPT}`,
    );
  }
}

export class WrongShape extends RemedyError {
  override readonly name = 'WrongShape';
  constructor(id: string, tensor: string, found: readonly number[], wanted: readonly number[]) {
    super(
      `${tensor} has the shape [${found.join(', ')}]; ${id} needs [${wanted.join(', ')}].`,
      `Export the weights in torch's order (out, in, height, width), or choose the architecture they belong to. ${KEPT}`,
    );
  }
}

export class WrongPatch extends RemedyError {
  override readonly name = 'WrongPatch';
  constructor(id: string, found: readonly number[], patch: number) {
    const side = found.length === 4 ? found.slice(2).join(' x ') : `of shape [${found.join(', ')}]`;
    super(
      `The file cuts images into patches ${side}; ${id} has patches of ${patch} x ${patch} pixels.`,
      `Load a file with patches of ${patch} pixels, or choose another backbone. ${KEPT}`,
    );
  }
}

/** A notice: sides that are no multiple of the patch. */
export class InputResized extends RemedyError {
  override readonly name = 'InputResized';
  constructor(id: string, { width, height }: { width: number; height: number }, patch: number) {
    const nearest = (side: number) => Math.max(1, Math.round(side / patch)) * patch;
    const [w, h] = [nearest(width), nearest(height)];
    super(
      `${id} takes whole patches of ${patch} pixels: inputs of ${width} x ${height} pixels are resized to ${w} x ${h}.`,
      `Set the input size to ${w}${w === h ? '' : ` by ${h}`} to have images brought there at once.`,
    );
  }
}

/** More patches than attention is made for. */
export class TooManyTokens extends RemedyError {
  override readonly name = 'TooManyTokens';
  constructor(id: string, tokens: number, most: number, side: number) {
    super(
      `An input of this size gives ${id} ${tokens} tokens; it takes ${most} at most.`,
      `Set the input size to ${side} pixels or less (a square of ${side} fits), or cut images into tiles.`,
    );
  }
}

export class NanWeights extends RemedyError {
  override readonly name = 'NanWeights';
  constructor(id: string, tensor: string) {
    super(
      `${tensor} of ${id} holds values that are not finite numbers.`,
      `The file is damaged or its training diverged; download or export it again. ${KEPT}`,
    );
  }
}
