// How fast memory is copied, by a shader and by the queue: the ceiling of every kernel that only streams.
const SHADER = `
  @group(0) @binding(0) var<storage, read> source : array<vec4f>;
  @group(0) @binding(1) var<storage, read_write> copy : array<vec4f>;
  @compute @workgroup_size(256)
  fn main(@builtin(workgroup_id) id : vec3u, @builtin(num_workgroups) groups : vec3u, @builtin(local_invocation_index) lane : u32) {
    let at = (id.y * groups.x + id.x) * 256u + lane;
    if (at < arrayLength(&source)) {
      copy[at] = source[at];
    }
  }`;
const THREADS = 256;
const BYTES = 16;
const REPEATS = 10;

/** @param bytes of each of two buffers; less where the device binds less @returns GB/s, read and written added up */
export async function copyBandwidth(device: GPUDevice, bytes: number): Promise<Record<string, number>> {
  const size = Math.min(bytes, device.limits.maxStorageBufferBindingSize & ~255);
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const [source, copy] = [0, 1].map(() =>
    device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST }),
  ) as [GPUBuffer, GPUBuffer];
  const module = device.createShaderModule({ code: SHADER });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [source, copy].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const groups = Math.ceil(size / BYTES / THREADS);
  const rows = Math.ceil(groups / device.limits.maxComputeWorkgroupsPerDimension);
  const byShader = (encoder: GPUCommandEncoder) => {
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
    pass.end();
  };
  const byQueue = (encoder: GPUCommandEncoder) => encoder.copyBufferToBuffer(source, 0, copy, 0, size);
  const measure = async (encode: (encoder: GPUCommandEncoder) => void, repeats: number) => {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < repeats; i++) encode(encoder);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (2 * size * repeats) / (performance.now() - start) / 1e6;
  };
  try {
    await measure(byShader, 1);
    await measure(byQueue, 1);
    return {
      'by a shader': await measure(byShader, REPEATS),
      'by the queue': await measure(byQueue, REPEATS),
    };
  } finally {
    source.destroy();
    copy.destroy();
  }
}
