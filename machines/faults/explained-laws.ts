/**
 * Laws that a fault may break, and why: what the emulated system has no defence against, on purpose. Every other law holds wherever the
 * fault strikes.
 */
const explained: Readonly<Record<string, readonly string[]>> = {
  // A restore callback that fails is only logged (linux.md B.4); and in B: it runs on, and A stays as it was left, frozen.
  'device-fails': ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'],
  'device-replaced': ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'],
  'device-gone': ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'],
  // B or C is given up on its way to A, which stays as it was left.
  wakeup: ['frozen-tasks-thaw'],
  'syscore-fails': ['frozen-tasks-thaw'],
  'kexec-load-disabled': ['frozen-tasks-thaw'],
  'kernel-locked-down': ['frozen-tasks-thaw'],
  'kexec-busy': ['frozen-tasks-thaw'],
  // Linux watches two of ten callbacks (linux.md B.5).
  'device-hangs': ['no-wait-without-a-way-out'],
  // Memory that a device writes while nobody expects it (linux.md E row 1); the kernel is twice in the image, with what was there each time.
  'device-runs-on': [
    'no-dma-while-quiet',
    'image-holds-what-it-should',
    'memory-comes-back',
    'consumed-once-loaded',
  ],
  // Given up after 10 s, and only logged (linux.md E row 15).
  'cpu-stays-down': ['processors-come-back'],
  // Nobody notices these: that is what the laws are for. The page that is skipped first has the code that starts processors.
  'swap-skips-page': ['memory-comes-back', 'processors-come-back', 'image-holds-what-it-should'],
  // An entry that leads to another frame of A: purgatory sums what it finds at the right ones.
  'list-bit-flips': ['memory-comes-back', 'processors-come-back', 'image-holds-what-it-should'],
  'register-forgotten': ['registers-come-back'],
};

export const explainedLaws = (fault: string): readonly string[] => explained[fault] ?? [];
