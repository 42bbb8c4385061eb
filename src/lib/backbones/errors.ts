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

export class NanWeights extends RemedyError {
  override readonly name = 'NanWeights';
  constructor(id: string, tensor: string) {
    super(
      `${tensor} of ${id} holds values that are not finite numbers.`,
      `The file is damaged or its training diverged; download or export it again. ${KEPT}`,
    );
  }
}
