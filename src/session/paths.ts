// Where things lie in a session's zip. Images are numbered as in `data.images`: their own names may be anything.
export const SESSION_FILE = 'session.json';
export const WEIGHTS_FILE = 'weights.safetensors';
export const CHECKPOINT_FILE = 'checkpoint.safetensors';

const EXTENSION = /\.(png|jpe?g|webp|bmp|tiff?)$/i;
const numbered = (index: number) => String(index).padStart(5, '0');

/** With the extension that its own name has, so that the unpacked file opens. */
export const imagePath = (index: number, name: string): string =>
  `images/${numbered(index)}${EXTENSION.exec(name)?.[0].toLowerCase() ?? ''}`;

export const maskPath = (index: number): string => `masks/${numbered(index)}`;
