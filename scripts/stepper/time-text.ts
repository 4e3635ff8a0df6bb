/** Nanoseconds since power-on as seconds, with the six digits that Linux prints. */
export const timeText = (ns: number): string => (ns / 1e9).toFixed(6);
