/** A time in seconds with six digits behind the point, as Linux prints them; fewer after hours of waiting. */
export const secondsText = (ns: number): string => (ns / 1e9).toFixed(ns < 1e13 ? 6 : 3);
