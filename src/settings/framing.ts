// What of the settings says how an image becomes the network's input.
import type { Framing } from '../lib/framing';
import { PARAMS, type Params } from './table';

export type FramingParams = Pick<Params, 'inputSize' | 'inputHeight' | 'fit' | 'tile' | 'overlap'>;

export const framingOf = ({ inputSize, inputHeight, fit, tile, overlap }: FramingParams): Framing => ({
  ...{ fit, tile, overlap, width: inputSize },
  // 0: as wide.
  height: inputHeight === 0 ? inputSize : Math.max(inputHeight, PARAMS.inputSize.min),
});
