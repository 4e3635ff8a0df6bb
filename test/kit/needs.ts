/**
 * Tests against tools and recordings that not every machine has. A test that needs one says so; where it is missing the test is
 * skipped at run time with the reason, and fails when `CI` is set, so that nothing is left out there unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Tool = 'readelf' | 'gdb' | 'makedumpfile' | 'crash' | 'blkid' | 'file' | 'zstd' | 'dot';
export type Need = Tool | 'artefacts' | 'other-node';

/** Vitest's context of a test. */
export type Skippable = { skip(reason: string): never };

export type ToolResult = {
  /** Null when the tool was ended because it wrote more than `limitBytes`. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
};

/** Real logs, dumps and images, recorded for this project; they lie beside the checkout and are no part of it. */
const artefactsFolder = fileURLToPath(new URL('../../../shared/artefacts', import.meta.url));

/** Tools for administrators are not on everybody's PATH. */
const administratorFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const defaultLimitBytes = 2 ** 28;

/** Returns the path of the tool or of the folder. */
export function needs(context: Skippable, need: Need): string {
  const path = pathOf(need);
  if (path !== undefined) return path;
  if (isSet(process.env['CI']))
    throw new Error(`needs ${need}: not on this machine, and CI leaves no test out`);
  return context.skip(`needs ${need}: not on this machine`);
}

export function run(
  path: string,
  argumentList: readonly string[],
  limitBytes = defaultLimitBytes,
): ToolResult {
  const result = spawnSync(path, argumentList, {
    maxBuffer: limitBytes,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const cutOff = result.error !== undefined && 'code' in result.error && result.error.code === 'ENOBUFS';
  if (result.error !== undefined && !cutOff) throw result.error;
  return {
    status: result.status,
    stdout: result.stdout.toString(),
    stderr: result.stderr.toString(),
    stdoutBytes: new Uint8Array(result.stdout),
  };
}

function pathOf(need: Need): string | undefined {
  if (need === 'artefacts') return artefactsPath();
  return need === 'other-node' ? otherNodePath() : toolPath(need);
}

/** A node binary of another version than the one that runs the tests. */
function otherNodePath(): string | undefined {
  const path = process.env['KJUMP_OTHER_NODE'];
  return path !== undefined && isAccessible(path, constants.X_OK) ? path : undefined;
}

function artefactsPath(): string | undefined {
  const path = process.env['KJUMP_ARTEFACTS'] ?? artefactsFolder;
  return isAccessible(path, constants.R_OK) ? path : undefined;
}

function toolPath(tool: Tool): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...administratorFolders];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, tool))
    .find((path) => isAccessible(path, constants.X_OK));
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== 'false';
