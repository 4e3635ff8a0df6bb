/**
 * The two sides of kexec_load(2): what the tool asks for, on demand or for the region (linux.md A1.7), and what the kernel refuses
 * before it looks for memory (A1.2).
 */
import { addressOf, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { mapOfLinux } from '../firmware-map.ts';
import { planLoad, type ToolAnswer, type ToolPlan } from '../kexec/kexec-tools.ts';
import {
  checkLoad,
  kexecArchitectureX8664,
  kexecFlags,
  type LoadMachine,
  type LoadRequest,
} from '../kexec/segments.ts';
import { loadFailedExit, type ToolExit } from '../kexec/tool-messages.ts';
import type { ErrnoName } from '../linux/errno.ts';
import type { KernelName, LoadPurpose } from '../machine.ts';
import { managedFrameCount } from './managed-frames.ts';

/** What kexec-tools plans; a way back is planned by the helper. */
export type ToolPurpose = Extract<LoadPurpose, 'jump' | 'crash' | 'plain'>;
export type LoadFailure = { readonly errno: ErrnoName; readonly exit: ToolExit };

export function planOfTool(box: Box, purpose: ToolPurpose): ToolAnswer {
  const { plan } = box;
  const common = {
    map: mapOfLinux(plan.firmwareMap).map,
    commandLine: ['console=ttyS0,115200', plan.kexec.append].filter((words) => words !== '').join(' '),
    cpuCount: plan.size.cpuCount,
    defects: plan.defects,
  };
  const { region, memMax } = plan.layout;
  // The random generator has been ready for long (log a15).
  if (purpose === 'plain') return planLoad({ ...common, kind: 'plain', hasRandomSeed: true });
  if (purpose === 'jump' && plan.load === 'on-demand') {
    const limitBy = plan.kexec.passesMemmap ? 'memmap' : 'boot parameters';
    const memMin = physical(plan.kexec.memMin);
    return planLoad({ ...common, kind: 'jump', memMin, memMax: physical(memMax), limitBy });
  }
  const crashReservation = {
    start: addressOf(region.start),
    endExclusive: addressOf(pfn(region.start + region.count)),
  };
  const answer = planLoad({ ...common, kind: 'crash', ...(region.count > 0 && { crashReservation }) });
  return purpose === 'jump' && answer.type === 'tool.planned' ? asReservedJump(answer) : answer;
}

/** The scheme of 2007: the crash kernel's place with the preserve flag, and no copy of low memory. */
function asReservedJump(plan: ToolPlan): ToolPlan {
  const segments = plan.segments.filter(({ purpose }) => purpose !== 'low memory copy');
  const request = {
    entry: plan.request.entry,
    flags: kexecArchitectureX8664 + kexecFlags.preserveContext,
    segments: segments.map(({ purpose: _purpose, ...segment }) => segment),
  };
  // Nothing puts A's low memory aside, so B is not told of it, and reads it where it stands.
  const mapOfB = plan.mapOfB.filter(({ kind, start }) => kind !== 'usable' || start >= lowMemoryEnd);
  const loads = plan.elfcorehdr?.loads.map((load) => ({ ...load, contentStart: load.physicalStart })) ?? [];
  return { ...plan, segments, request, mapOfB, elfcorehdr: plan.elfcorehdr && { ...plan.elfcorehdr, loads } };
}

const lowMemoryEnd = 0x100000;

/** What the kernel says to it before it looks for memory: undefined is no objection. */
export function refusal(box: Box, kernel: KernelName, request: LoadRequest): LoadFailure | undefined {
  const answer = checkLoad(request, loadMachine(box, kernel));
  box.machine.faults.refusesLoad = 'no';
  if (answer.type === 'load.accepted') return undefined;
  // The only line that a refusal leaves in the log.
  if (answer.line !== null)
    box.print(kernel, 'lockdown.restricted', { command: 'kexec', what: unsignedImages });
  return { errno: answer.errno, exit: loadFailedExit(request, answer.errno) };
}

/** lockdown_reasons, security/security.c. */
const unsignedImages = 'kexec of unsigned images';

function loadMachine(box: Box, kernel: KernelName): LoadMachine {
  const { plan, machine } = box;
  const { refusesLoad } = machine.faults;
  const { region } = plan.layout;
  const reservation = {
    start: addressOf(region.start),
    endExclusive: addressOf(pfn(region.start + region.count)),
  };
  return {
    mayBoot: true,
    loadDisabled: refusesLoad === 'disabled',
    loadsLeft: null,
    lockdown: refusesLoad === 'lockdown' ? 'integrity' : 'none',
    locked: refusesLoad === 'locked',
    hasKexecJump: true,
    ramPages: managedFrameCount(box, kernel),
    // MAXMEM with 4-level page tables, arch/x86/include/asm/pgtable_64_types.h.
    destinationLimit: physical(2 ** 46),
    crashReservation: region.count > 0 ? reservation : null,
  };
}
