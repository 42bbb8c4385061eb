// Runs an image decoder compiled to WebAssembly (Emscripten), in a browser worker and in Node alike. A decoder that
// failed, or that grew large, is thrown away and started afresh: its memory would never shrink, and after an exit
// its state is undefined.
import { Damaged, DecoderMissing } from './errors';

/** What the decoders return: straight RGBA. */
export interface RgbaPicture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** What every Emscripten module has; each codec adds its `decode`. */
export interface EmscriptenModule {
  HEAPU8: Uint8Array;
}

interface EmscriptenOptions {
  noInitialRun: boolean;
  printErr(text: string): void;
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): unknown;
}

/** The larger of what a 16-megapixel photo needs and what an idle worker may keep. */
const KEPT_HEAP_BYTES = 128 * 2 ** 20;

export class WasmCodec<M extends EmscriptenModule> {
  #compiled: Promise<WebAssembly.Module> | undefined;
  #running: Promise<M> | undefined;
  #messages: string[] = [];

  /**
   * @param start the package's Emscripten factory
   * @param url where the browser finds the .wasm file, @param path the same file for Node's resolution
   */
  constructor(
    private readonly start: (options: EmscriptenOptions) => Promise<M>,
    private readonly url: string,
    private readonly path: string,
  ) {}

  /**
   * Calls the decoder and collects what it printed.
   * @throws Damaged when it gives up or returns nothing, DecoderMissing when its file does not arrive
   */
  async run(decode: (module: M) => RgbaPicture | null): Promise<{ result: RgbaPicture; messages: string[] }> {
    const module = await (this.#running ??= this.#startModule());
    this.#messages = [];
    let result: RgbaPicture | null;
    try {
      result = decode(module);
    } catch (error) {
      this.#running = undefined;
      throw new Damaged(this.#messages[0] ?? String(error), { cause: error });
    }
    if (module.HEAPU8.byteLength > KEPT_HEAP_BYTES) this.#running = undefined;
    if (!result) throw new Damaged('its picture data cannot be decoded');
    return { result, messages: this.#messages };
  }

  async #startModule(): Promise<M> {
    const compiled = await (this.#compiled ??= this.#compile());
    const options: EmscriptenOptions = {
      noInitialRun: true,
      printErr: (text) => this.#messages.push(text),
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(compiled, imports);
        done(instance);
        return instance.exports;
      },
    };
    return this.start(options);
  }

  async #compile(): Promise<WebAssembly.Module> {
    try {
      return await WebAssembly.compile(await readWasm(this.url, this.path));
    } catch (error) {
      this.#compiled = undefined;
      this.#running = undefined;
      throw new DecoderMissing(this.path, { cause: error });
    }
  }
}

async function readWasm(url: string, path: string): Promise<BufferSource> {
  // Vite replaces the condition: the page's bundle has no Node code, the command line's has no fetch.
  if (import.meta.env.SSR) {
    const { createRequire } = process.getBuiltinModule('node:module');
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    return new Uint8Array(await readFile(createRequire(import.meta.url).resolve(path)));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}
