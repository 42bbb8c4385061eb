// Whether tfjs's device computes on a graphics processor or, in software, on the CPU: there, workgroup memory, written-out
// loops and threads that wait for each other cost more than the dispatches they save.
import { isSoftware } from './device';
import { tf, WebGPUBackend } from './tf';

const classes = new WeakMap<GPUDevice, boolean>();

/** True on a webgpu backend whose adapter is no software one; an adapter that says nothing of itself counts as a GPU. */
export function onHardware(backend: unknown = tf.backend()): boolean {
  if (!(backend instanceof WebGPUBackend)) return false;
  const device = backend.device as unknown as GPUDevice;
  const known = classes.get(device);
  if (known !== undefined) return known;
  const info = device.adapterInfo as GPUAdapterInfo | undefined;
  const hardware = !(info && isSoftware(info));
  classes.set(device, hardware);
  return hardware;
}
