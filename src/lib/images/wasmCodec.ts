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

/** A heap grown beyond this is given back after the picture; photos up to about 16 megapixels stay below. */
const KEPT_HEAP_BYTES = 128 * 2 ** 20;

interface Decoded {
  result: RgbaPicture;
  /** What the decoder printed: warnings about odd places. */
  messages: string[];
}

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
  async run(decode: (module: M) => RgbaPicture | null): Promise<Decoded> {
    for (;;) {
      const running = (this.#running ??= this.#startModule());
      const module = await running;
      // Another call may have brought the decoder down while this one waited.
      if (running === this.#running) return this.#decode(module, decode);
    }
  }

  #decode(module: M, decode: (module: M) => RgbaPicture | null): Decoded {
    this.#messages = [];
    try {
      const result = decode(module);
      if (!result) throw new Error('its picture data cannot be decoded');
      if (module.HEAPU8.byteLength > KEPT_HEAP_BYTES) this.#running = undefined;
      return { result, messages: this.#messages };
    } catch (error) {
      this.#running = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Damaged(this.#messages[0] ?? reason, { cause: error });
    }
  }

  async #startModule(): Promise<M> {
    try {
      const compiled = await (this.#compiled ??= readWasm(this.url, this.path).then(WebAssembly.compile));
      return await this.start({
        noInitialRun: true,
        printErr: (text) => this.#messages.push(text),
        instantiateWasm(imports, done) {
          const instance = new WebAssembly.Instance(compiled, imports);
          done(instance);
          return instance.exports;
        },
      });
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
