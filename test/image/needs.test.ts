import { afterEach, describe, expect, it, vi } from 'vitest';
import { needs, run } from '../kit/needs.ts';

/** Stands for vitest's own context, whose skip would skip this very test. */
const context = {
  skip: (reason?: string): never => {
    throw new Error(`skipped: ${reason}`);
  },
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a test that needs something', () => {
  it('is skipped with the reason where that is missing', () => {
    vi.stubEnv('CI', '');
    vi.stubEnv('KJUMP_ARTEFACTS', '/nowhere');
    expect(() => needs(context, 'artefacts')).toThrow('skipped: needs artefacts: not on this machine');
  });

  it('fails where that is missing and CI is set', () => {
    vi.stubEnv('CI', 'true');
    vi.stubEnv('KJUMP_ARTEFACTS', '/nowhere');
    expect(() => needs(context, 'artefacts')).toThrow(
      'needs artefacts: not on this machine, and CI leaves no test out',
    );
  });

  it('gets the path where that is there', () => {
    vi.stubEnv('KJUMP_ARTEFACTS', '/');
    expect(needs(context, 'artefacts')).toBe('/');
  });

  it('gets a Node of another version from KJUMP_OTHER_NODE', () => {
    vi.stubEnv('CI', '');
    vi.stubEnv('KJUMP_OTHER_NODE', '/nowhere/node');
    expect(() => needs(context, 'other-node')).toThrow('skipped: needs other-node: not on this machine');
    vi.stubEnv('KJUMP_OTHER_NODE', process.execPath);
    expect(needs(context, 'other-node')).toBe(process.execPath);
  });

  it('runs tools without a shell, and stops one that writes without end', () => {
    const { status, stdout } = run(process.execPath, ['-e', 'console.log(process.argv[1])', '$HOME *']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '$HOME *\n' });
    const endless = run(process.execPath, ['-e', 'for (;;) console.log("x".repeat(999))'], 5000);
    expect(endless.status).toBeNull();
    expect(endless.stdoutBytes.length).toBeGreaterThanOrEqual(5000);
  });
});
