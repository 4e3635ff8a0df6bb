/** Numbers as people read them. */

/** `1,048,576` */
export const countText = (count: number): string => count.toLocaleString('en-US');

/** `46.5 MiB`, in the largest unit of which there is at least one. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let index = 0;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[index]}`;
}

/** `23 h 59 min`, `2.464 s`, `21.4 ms`, `5 µs`; nothing at all is `0 s`. */
export function durationText(ns: number): string {
  const minutes = Math.round(ns / 60e9);
  if (ns >= 3600e9) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(1)} ms`;
  return ns === 0 ? '0 s' : `${Math.ceil(ns / 1e3)} µs`;
}

/** `3 frames`, `1 frame`. */
export const countedText = (count: number, what: string): string =>
  `${countText(count)} ${what}${count === 1 ? '' : 's'}`;
