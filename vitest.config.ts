import { defineConfig } from 'vitest/config';

/** CI wants the counts as JSON beside what people read. */
const report = process.env['KJUMP_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    ...(report && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
