// Puts all that `bench/device.sh` needs on a machine with nothing but a graphics driver into build/device: the measuring
// program in one bundle, Node itself, Dawn, and the Vulkan loader where this machine has one. About 35 MB.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'build/device');
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib64/libvulkan.so.1'];

rmSync(folder, { recursive: true, force: true });
await build({
  root,
  logLevel: 'warn',
  // Dawn finds its own file beside it; everything else goes into the bundle.
  ssr: { noExternal: true, external: ['webgpu'] },
  build: { ssr: 'bench/device/main.ts', outDir: folder, copyPublicDir: false },
});

const dawn = join(root, 'node_modules/webgpu');
const carried = join(folder, 'node_modules/webgpu');
const platform = `${process.platform}-${process.arch}`;
mkdirSync(join(carried, 'dist'), { recursive: true });
for (const file of ['package.json', 'index.js']) copyFileSync(join(dawn, file), join(carried, file));
cpSync(join(dawn, 'dist', platform), join(carried, 'dist', platform), { recursive: true });

mkdirSync(join(folder, 'lib'));
const loader = LOADERS.find(existsSync);
if (loader) copyFileSync(loader, join(folder, 'lib/libvulkan.so.1'));
copyFileSync(process.execPath, join(folder, 'node'));
for (const file of ['node', join('node_modules/webgpu/dist', platform, 'dawn.node')]) {
  execFileSync('xz', ['-T0', '-2', '--force', file], { cwd: folder });
}
console.log('packed into build/device');
