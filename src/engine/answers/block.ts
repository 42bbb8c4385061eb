// The cells a pasted block covers, for the page: the same masks that training and the live update use, so the
// outline on screen follows the pointer without waiting for the worker. Arrays only; nothing here needs a GPU.
export { blockMask } from '../../lib/methods/grad/blocks';
