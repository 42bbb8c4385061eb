// The one door to TensorFlow.js: everyone else imports `tf` from here, so that kernels are registered once and a change
// of library version has one place to look at. It registers no WebGPU backend and sets no switch: a page that imports
// our kernels keeps its own; backend.ts puts tfjs on a device of ours.
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export { tf, WebGPUBackend };
