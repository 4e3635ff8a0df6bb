/**
 * The records of the emulated computer: everything about it at one moment but the bytes of its memory and of its disk.
 *
 * `machine` is hardware: processors, devices, who executes. `kernels` is what each kernel keeps for itself and what, in a real
 * machine, stands in its own memory; the bytes that matter to the protocol (entry list, control page, page tables, log, task
 * memory) are in emulated pages and are read from there. All fields are bounded (shape.ts), so that a search can pack them.
 */
import type { DeviceRole } from './devices/device-role.ts';
import { below, content, firstRecord, flag, frame, list, oneOf, type RecordOf } from './shape.ts';

/** A; B, which saves it; C, which a later boot brings up only to put A's image back. */
export const kernelNames = ['original', 'dump', 'restore'] as const;
export type KernelName = (typeof kernelNames)[number];

/**
 * The callbacks a device can be asked for: in the jump path (linux.md B.1 to B.3) FREEZE down, RESTORE up, RECOVER to undo; before a kexec
 * that keeps nothing, shutdown (A1.12).
 */
export const callbackNames = [
  'prepare',
  'freeze',
  'freezeLate',
  'freezeNoirq',
  'thawNoirq',
  'thawEarly',
  'restoreNoirq',
  'restoreEarly',
  'restore',
  'complete',
  'shutdown',
] as const;
export type CallbackName = (typeof callbackNames)[number];

export type Size = {
  readonly cpuCount: number;
  readonly deviceCount: number;
  readonly taskCount: number;
  readonly cacheBlockCount: number;
  readonly packetCount: number;
  readonly faultCount: number;
};

/** Commands that take time on the boot processor: it is busy until a move completes them. */
export const slowCommands = [
  'firmware.test',
  'firmware.load',
  'kernel.start',
  'kernel.probe',
  'userSpace.start',
  'userSpace.sync',
  'kexec.load',
  'purgatory.verify',
  'vmcore.open',
  'image.write',
  'image.flush',
  'image.commit',
  'image.withdraw',
  'image.check',
  'image.load',
  'image.consume',
  'kept.save',
] as const;
export type SlowCommand = (typeof slowCommands)[number];

/** What an image is loaded for: a jump, a panic, the way back, the kept B, the dump of A as segments, a kexec that keeps nothing. */
export const loadPurposes = ['jump', 'crash', 'back', 'kept', 'dump', 'plain'] as const;
export type LoadPurpose = (typeof loadPurposes)[number];

const noneOrCallback = oneOf('none', ...callbackNames);

const deviceShape = {
  /** quiet: answers register reads but moves nothing by itself; off: registers may be lost. */
  power: oneOf('on', 'quiet', 'off'),
  dma: flag,
  interrupts: flag,
  /** Content of a page that stands for the register file (and framebuffer) of the device. */
  registers: content,
  setUpBy: oneOf('nobody', 'firmware', ...kernelNames),
  busy: noneOrCallback,
  busyFor: oneOf(...kernelNames),
  /** Faults: the callback that fails next (once), that never answers, that answers only after the watchdog. */
  fails: noneOrCallback,
  hangs: noneOrCallback,
  late: noneOrCallback,
  keepsDma: flag,
  /** What stands in its place: itself, another card of the same kind, or nothing that answers. */
  card: oneOf('same', 'other', 'gone'),
};

const cpuShape = {
  state: oneOf('online', 'offline', 'halted'),
  busy: oneOf('no', 'goingOffline', 'comingOnline', 'stopping'),
  interrupts: flag,
  registers: content,
  /** Faults: will not go offline, will not answer an NMI, will not come back. */
  staysUp: flag,
  ignoresNmi: flag,
  staysDown: flag,
};

/** One block in the volatile write cache of the disk: written by the host, not yet on the medium. */
const cachedBlockShape = { used: flag, block: frame, holds: content };

const diskShape = {
  cache: list(0, cachedBlockShape),
  refused: below(2 ** 16),
  fails: flag,
};

const taskShape = {
  state: oneOf('absent', 'running', 'frozen', 'done'),
  refuses: flag,
  /** Work units done and what the task holds. */
  done: below(2 ** 16),
  heapPages: below(512),
  /** Input or output errors that the task was given. */
  errors: below(2 ** 16),
};

const imageShape = {
  loaded: flag,
  /** Frames that kexec keeps for itself; 0 when there is none. */
  controlFrame: frame,
  swapFrame: frame,
  identityRoot: frame,
  listFrame: frame,
  /** The page with B's command line, whose address purgatory hands over in a register. */
  parametersFrame: frame,
  purgatoryFrame: frame,
  /** Where purgatory copies A's low memory to; 0: it does not. */
  lowCopyFrame: frame,
  /** From here up to the end of B's range stands what B must not take: elfcorehdr, purgatory, parameters. */
  keptFrame: frame,
  /** Where the next jump lands (struct kimage start). */
  entry: frame,
  entryOffset: below(4096),
};

const kernelShape = (size: Size) => ({
  state: oneOf('absent', 'running', 'away', 'stopped'),
  consoleSuspended: flag,
  freezing: flag,
  /** Rows 5 and 11 of linux.md A1.3: the OOM killer is off while user space is frozen; system core devices asleep. */
  oomDisabled: flag,
  syscoreAsleep: flag,
  image: imageShape,
  crashImage: imageShape,
  tasks: list(size.taskCount, taskShape),
  mounted: flag,
  /** Number of the next log record, and of the next one that the console has not shown. */
  logged: below(2 ** 31),
  shown: below(2 ** 31),
  /** Next block of the dump to be written, or by C to be loaded; the number of blocks written that hold something. */
  saveAt: frame,
  saved: frame,
  vmcore: oneOf('none', 'open'),
});

export const machineShape = (size: Size) => ({
  power: oneOf('off', 'on'),
  /** Who executes instructions on the boot processor. */
  owner: oneOf('nobody', 'firmware', 'relocation', 'purgatory', ...kernelNames),
  resets: below(16),
  /** The boot loader's one-time choice (UEFI BootNext, grub-reboot): what it starts next; then A again. */
  bootNext: oneOf('original', 'restore'),
  /** The board that the disk hangs on: 1 is another machine than the one it was bought with. */
  board: below(2),
  wakeupPending: flag,
  /** The clock with the battery: somebody, or an empty battery, has set it. */
  batteryClock: oneOf('right', 'early', 'late'),
  cpus: list(size.cpuCount, cpuShape),
  devices: list(size.deviceCount, deviceShape),
  disk: { ...diskShape, cache: list(size.cacheBlockCount, cachedBlockShape) },
  /** The one slow command that the boot processor is busy with (see executors/slow-work.ts). */
  work: {
    command: oneOf('none', ...slowCommands),
    kernel: oneOf(...kernelNames),
    purpose: oneOf(...loadPurposes),
  },
  packetsLeft: below(size.packetCount + 1),
  packetsDropped: below(size.packetCount + 1),
  tripleFaults: below(16),
  /** Which of the planned faults have struck, and how often the run came to the place of each. */
  strikes: list(size.faultCount, { struck: flag }),
  passes: list(size.faultCount, { count: below(2 ** 10) }),
  /** Planned failures that belong to no device and no processor; each strikes once. */
  faults: {
    syscoreFails: flag,
    skipsSwap: flag,
    forgetsRegister: flag,
    refusesLoad: oneOf('no', 'disabled', 'lockdown', 'locked'),
    dumpHasNoRoom: flag,
    /** From the next boot on the firmware reports another memory map. */
    movesMemoryMap: flag,
    /** The program that saves, or that loads, is killed for its memory. */
    outOfMemory: flag,
    /** What boots as C is of another build than B. */
    otherBuild: flag,
  },
  kernels: { original: kernelShape(size), dump: kernelShape(size), restore: kernelShape(size) },
});

export type Machine = RecordOf<ReturnType<typeof machineShape>>;
export type DeviceRecord = Machine['devices'][number];
export type CpuRecord = Machine['cpus'][number];
export type TaskRecord = Machine['kernels']['original']['tasks'][number];
export type KernelRecord = Machine['kernels']['original'];
export type ImageRecord = KernelRecord['image'];

/** The machine as it is delivered: switched off, devices without registers. */
export const newMachine = (size: Size): Machine => {
  const machine = firstRecord(machineShape(size));
  machine.packetsLeft = size.packetCount;
  return machine;
};

export const deviceIndexOf = (roles: readonly DeviceRole[], role: DeviceRole): number | undefined => {
  const index = roles.indexOf(role);
  return index < 0 ? undefined : index;
};
