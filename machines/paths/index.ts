/** The registry of paths: a path is one module and one line here. */
import { kdump } from './kdump.ts';
import { kexecJump } from './kexec-jump.ts';
import { none } from './none.ts';
import type { Path } from './path.ts';
import { plainKexec } from './plain-kexec.ts';

export const paths: readonly [Path, ...Path[]] = [kexecJump, kdump, plainKexec, none];

export const pathNamed = (name: string): Path | undefined => paths.find((path) => path.name === name);
