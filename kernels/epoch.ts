/**
 * The wall clock of the box when it is switched on: 2026-01-01T00:00:00Z, in seconds since 1970. Ours: any
 * date would do, but it must be the same in every run, and no clock exists below scripts/.
 */
export const epochSeconds = 1_767_225_600;
