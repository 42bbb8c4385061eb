// The one door to TensorFlow.js: everyone else imports `tf` from here, so that kernels are registered once,
// production mode is on everywhere, and a change of library version has one place to look at.
// It registers no WebGPU backend: backend.ts does, on a device of our own.
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

// Silences the library's advice on other packages and its "already registered" notes.
tf.enableProdMode();

export { tf, WebGPUBackend };
