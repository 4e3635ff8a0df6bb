/** Bytes as `hexdump -C` shows them, sixteen in a line, under the addresses that they have. */
const lineBytes = 16;

export function hexDump(start: bigint, bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const part = bytes.subarray(at, at + lineBytes);
    const digits = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
    const halves = `${digits.slice(0, 8).join(' ').padEnd(23)}  ${digits.slice(8).join(' ').padEnd(23)}`;
    const text = Array.from(part, (byte) =>
      byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.',
    ).join('');
    lines.push(`${(start + BigInt(at)).toString(16).padStart(16, '0')}  ${halves}  |${text}|\n`);
  }
  return lines.join('');
}
