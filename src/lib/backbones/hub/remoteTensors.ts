// Reads some tensors of a remote safetensors file: header first, then only the bytes that hold them.
import { headerLength, parseHeader, storedTensor, BadSafetensors, type SafetensorsHeader, type StoredTensor } from '../../formats/safetensors'; // prettier-ignore
import { mergeRanges, totalBytes, type ByteRange } from './ranges';
import type { RemoteFile } from './remoteFile';

const LENGTH_BYTES = 8;
/** Read at once at the start: holds the headers of all EfficientNets up to B6; what it brings of tensors is used. */
const HEAD_BYTES = 160 * 1024;

export class RemoteTensors {
  private constructor(
    private readonly file: RemoteFile,
    private head: Uint8Array,
    readonly header: SafetensorsHeader,
    /** Size of the file. */
    readonly bytes: number,
  ) {}

  /** Reads the header. @throws BadSafetensors and what RemoteFile throws. */
  static async open(file: RemoteFile): Promise<RemoteTensors> {
    let head = await file.read({ begin: 0, end: HEAD_BYTES });
    const dataStart = LENGTH_BYTES + headerLength(head);
    if (dataStart > head.byteLength) {
      const rest = await file.read({ begin: head.byteLength, end: dataStart });
      head = concat(head, rest);
    }
    if (dataStart > head.byteLength) throw new BadSafetensors('its header runs beyond the end of the file');
    const json = head.subarray(LENGTH_BYTES, dataStart);
    const data = dataBytes(file, json, dataStart);
    return new RemoteTensors(file, head, parseHeader(json, data), dataStart + data);
  }

  /** Fetches the whole file: tensors are read from it then. The header comes once more, rather than copying all of it. */
  async whole(): Promise<Uint8Array> {
    return (this.head = await this.file.read({ begin: 0, end: this.bytes }));
  }

  /** Bytes still to fetch for these tensors. */
  missingBytes(names: readonly string[]): number {
    return totalBytes(this.#ranges(names).map((range) => this.#beyondHead(range)));
  }

  /** Fetches tensors; they must be in the header. */
  async read(names: readonly string[]): Promise<Map<string, StoredTensor>> {
    const pieces: { begin: number; bytes: Uint8Array }[] = [];
    for (const range of this.#ranges(names)) {
      const known = this.head.subarray(range.begin, range.end);
      const rest = await this.file.read(this.#beyondHead(range));
      pieces.push({ begin: range.begin, bytes: known.byteLength > 0 ? concat(known, rest) : rest });
    }
    return new Map(
      names.map((name) => {
        const { dtype, shape } = this.header.entries.get(name)!;
        const { begin, end } = this.#place(name);
        const piece = pieces.findLast((candidate) => candidate.begin <= begin)!;
        return [
          name,
          storedTensor(dtype, shape, piece.bytes.subarray(begin - piece.begin, end - piece.begin)),
        ];
      }),
    );
  }

  #ranges(names: readonly string[]): ByteRange[] {
    return mergeRanges(names.map((name) => this.#place(name)));
  }

  #place(name: string): ByteRange {
    const { begin, end } = this.header.entries.get(name)!;
    return { begin: this.header.dataStart + begin, end: this.header.dataStart + end };
  }

  #beyondHead({ begin, end }: ByteRange): ByteRange {
    const known = this.head.byteLength;
    return { begin: Math.max(begin, known), end: Math.max(end, known) };
  }
}

/** Size of the data buffer; where the server does not tell the file's size, the header's own claim. */
function dataBytes(file: RemoteFile, json: Uint8Array, dataStart: number): number {
  if (file.size !== null) return file.size - dataStart;
  const claims = [...new TextDecoder().decode(json).matchAll(/"data_offsets"\s*:\s*\[\s*\d+\s*,\s*(\d+)/g)];
  return claims.reduce((end, match) => Math.max(end, Number(match[1])), 0);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
}
