// Learns a table [8, 8, 3] from 256 samples of another one: grid sampling as an ordinary differentiable operation of
// tfjs, on the page's own WebGPU backend, or on the CPU where there is no WebGPU.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { faults } from 'grad-playground';
import { gridSample } from 'grad-playground/kernels';

const log = document.getElementById('log');

async function learn() {
  if (!(navigator.gpu && (await tf.setBackend('webgpu').catch(() => false)))) await tf.setBackend('cpu');
  const points = tf.randomUniform([256, 2], -1, 1, 'float32', 1);
  const wanted = gridSample(tf.randomUniform([8, 8, 3], 0, 1, 'float32', 2), points);
  const table = tf.variable(tf.zeros([8, 8, 3]));
  const optimiser = tf.train.adam(0.1);
  const loss = () => gridSample(table, points).sub(wanted).square().mean();
  const first = (await loss().data())[0];
  for (let step = 0; step < 60; step++) optimiser.minimize(loss);
  const last = (await loss().data())[0];
  // WebGPU reports mistakes late, and hands back zeros in the meantime.
  faults.check();
  log.textContent = JSON.stringify({ backend: tf.getBackend(), first, last });
}

learn().catch((error) => {
  log.textContent = `${error.message} ${error.remedy ?? ''}`;
});
