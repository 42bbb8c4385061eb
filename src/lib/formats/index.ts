// What other programs import as `grad-playground/formats`: files read without trust, written so that other tools read them.
export {
  BadSafetensors,
  readSafetensors,
  writeSafetensors,
  type Dtype,
  type SafetensorsFile,
  type StoredTensor,
  type WritableTensor,
} from './safetensors';
export { writeNpy } from './npy';
export { encodePng, type Pixels } from './png';
export { openZip, type OpenedZip, type ZipEntry, type ZipSource } from './zip';
export { ZIP_LIMITS, type ZipLimits } from './zip/limits';
export * from './zip/errors';
