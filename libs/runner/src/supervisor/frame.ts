const LENGTH_BYTES = 4;

/**
 * One message: a length, and then fields, each a length and bytes, all lengths 32 bits with the high byte first.
 * So any byte may stand anywhere, and Perl reads all fields with one `unpack`.
 */
export function encodeFrame(fields: readonly string[]): Buffer {
  let sizeBytes = LENGTH_BYTES;
  for (const field of fields) sizeBytes += LENGTH_BYTES + Buffer.byteLength(field);
  const frame = Buffer.allocUnsafe(sizeBytes);
  let offset = frame.writeUInt32BE(sizeBytes - LENGTH_BYTES, 0);
  for (const field of fields) {
    const written = frame.write(field, offset + LENGTH_BYTES);
    frame.writeUInt32BE(written, offset);
    offset += LENGTH_BYTES + written;
  }
  return frame;
}

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Takes what arrived; gives the fields of each message that is whole by now. */
  *take(chunk: Buffer): Generator<readonly string[]> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#rest.length < LENGTH_BYTES) return;
      const endOffset = LENGTH_BYTES + this.#rest.readUInt32BE(0);
      if (this.#rest.length < endOffset) return;
      const frame = this.#rest.subarray(LENGTH_BYTES, endOffset);
      this.#rest = this.#rest.subarray(endOffset);
      yield decodeFields(frame);
    }
  }
}

function decodeFields(frame: Buffer): readonly string[] {
  const fields: string[] = [];
  for (let offset = 0; offset < frame.length;) {
    const begin = offset + LENGTH_BYTES;
    offset = begin + frame.readUInt32BE(offset);
    fields.push(frame.toString('utf8', begin, offset));
  }
  return fields;
}
