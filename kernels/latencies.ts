/**
 * How long things take in a timed run: one flat table, each figure with its source. Whole nanoseconds.
 *
 * Figures of the PM core are those of log a1 (QEMU with software CPU emulation, one CPU): "PM: <callback> returned 0 after N usecs".
 * Read them as ratios, a real machine is faster and differs. Where no log has a figure the source says so, and what it was made of.
 * The order of events never depends on this table: a clock that follows it only chooses among what may happen anyway.
 */
export type Latency = { readonly ns: number; readonly source: string };

export const latencies = {
  'pm.prepare': {
    ns: 0,
    source: 'the PM core measures no prepare callback (drivers/base/power/main.c:device_prepare, 6.12)',
  },
  'pm.complete': {
    ns: 0,
    source: 'the PM core measures no complete callback (drivers/base/power/main.c:device_complete, 6.12)',
  },

  'disk.freeze': {
    ns: 21_443_000,
    source:
      'log a1, ata_piix and what hangs below it: scsi 1:0:0:0 8097, target1:0:0 1, host1 0, ata2 12735, pci_pm_freeze 610 usecs',
  },
  'disk.freezeNoirq': { ns: 37_000, source: 'log a1: ata_piix 0000:00:01.1 pci_pm_freeze_noirq' },
  'disk.thawNoirq': { ns: 210_000, source: 'log c1 (boot 1): ata_piix 0000:00:01.1 pci_pm_thaw_noirq' },
  'disk.restoreNoirq': { ns: 286_000, source: 'log a1: ata_piix 0000:00:01.1 pci_pm_restore_noirq' },
  'disk.restore': {
    ns: 882_000,
    source: 'log a1: ata_piix pci_pm_restore 753, ata2 7, host1 1, target1:0:0 0, scsi 1:0:0:0 121 usecs',
  },
  'disk.write': {
    ns: 40_960,
    source: 'one block of 4096 bytes at the 100 MB/s of Ultra DMA mode 5 (log a1: "max UDMA/100")',
  },
  'disk.flush': { ns: 8_333_333, source: 'one turn of a disk of 7200 turns a minute; no log has it' },

  'networkCard.freeze': {
    ns: 21_889_000,
    source: 'log a1: virtio-pci 0000:00:03.0 (there a disk) pci_pm_freeze',
  },
  'networkCard.freezeNoirq': { ns: 93_000, source: 'log a1: virtio-pci 0000:00:03.0 pci_pm_freeze_noirq' },
  'networkCard.thawNoirq': {
    ns: 44_000,
    source: 'log c1 (boot 1): virtio-pci 0000:00:03.0 pci_pm_thaw_noirq',
  },
  'networkCard.restoreNoirq': { ns: 144_000, source: 'log a1: virtio-pci 0000:00:03.0 pci_pm_restore_noirq' },
  'networkCard.restore': {
    ns: 21_478_000,
    source: 'log a1: virtio-pci 0000:00:03.0 (there a disk) pci_pm_restore',
  },
  'networkCard.receive': {
    ns: 150_000_000,
    source:
      'ours: seven packets a second, the broadcasts of a quiet network; so they come before, while and after B runs',
  },

  'cpu.offline': {
    ns: 58_699_000,
    source: 'log a3: "Disabling non-boot CPUs" 8.662642 to "CPU 1 is now offline" 8.721341',
  },
  'cpu.online': {
    ns: 56_554_000,
    source: 'log a3: "Enabling non-boot CPUs" 8.749486 to "CPU1 is up" 8.806040',
  },
  'cpu.stop': { ns: 20_000, source: 'ours: an NMI and a few writes to memory; no log has it' },
  'cpu.notAlive': {
    ns: 10_000_000_000,
    source: 'cpuhp_bp_sync_alive waits 10 s (kernel/cpu.c, 6.12; linux.md A4.7)',
  },
  'firmware.test': { ns: 1_000_000_000, source: 'ours: about a second of SeaBIOS; real firmware takes many' },
  'firmware.load': {
    ns: 200_000_000,
    source: 'ours: a boot loader that reads 15 MB at 100 MB/s and a little',
  },
  'original.start': {
    ns: 611_577_000,
    source: 'log a3: crash_save_vmcoreinfo_init, the first initcalls, at 0.611577',
  },
  'original.probe': { ns: 1_683_806_000, source: 'log a3: from there to "LAB: init start" at 2.295383' },
  'dump.start': { ns: 607_074_000, source: 'log a3: B reaches vmcore_init at 0.607074' },
  'dump.probe': { ns: 1_060_354_000, source: 'log a3: from there to B\'s "LAB: init start" at 1.667428' },
  'restore.start': { ns: 607_074_000, source: 'as dump.start: the same kernel in the same range' },
  'restore.probe': { ns: 1_060_354_000, source: 'as dump.probe' },
  'userSpace.start': {
    ns: 168_814_000,
    source: 'log a3: "LAB: init start" 2.295383 to "LAB: state" 2.464197',
  },
  'userSpace.sync': { ns: 20_000_000, source: 'ours: two flushes of a disk and a few blocks' },
  'kexec.load': { ns: 2_098_032_000, source: 'log a3: "kexec -l" 2.502479 to "kexec -l rc=0" 4.600511' },
  'kexec.loadBack': {
    ns: 15_126_000,
    source: 'log a3: "load-jump-back-helper" 1.766059 to "helper rc=0" 1.781185',
  },
  'purgatory.verify': {
    ns: 400_000_000,
    source: 'ours: SHA-256 in plain C at 200 MB/s over 81 MiB; no log has it',
  },
  'vmcore.open': {
    ns: 41_000,
    source: 'log a3: vmcore_init returned 0 after 41 usecs (in A, which has none)',
  },
  'memory.readPage': { ns: 400, source: 'ours: 10 GB/s over /proc/vmcore mapped in large pieces' },

  'gpu.freeze': { ns: 62_000, source: 'log a1: pci 0000:00:02.0 pci_pm_freeze, without a driver' },
  'gpu.freezeNoirq': { ns: 29_000, source: 'log a1: pci 0000:00:02.0 pci_pm_freeze_noirq' },
  'gpu.thawNoirq': { ns: 23_000, source: 'log c1 (boot 1): pci 0000:00:02.0 pci_pm_thaw_noirq' },
  'gpu.restoreNoirq': { ns: 32_000, source: 'log a1: pci 0000:00:02.0 pci_pm_restore_noirq' },
  'gpu.restore': { ns: 1_000, source: 'log a1: pci 0000:00:02.0 pci_pm_restore, without a driver' },

  'usbController.freeze': {
    ns: 1_062_000,
    source:
      'no log has a USB controller: pci_pm_freeze of 0000:00:02.0 (log a1), and one frame of 1 ms for its schedule to halt',
  },
  'usbController.freezeNoirq': {
    ns: 29_000,
    source: 'as gpu.freezeNoirq: the PCI core does the same for every function',
  },
  'usbController.thawNoirq': { ns: 23_000, source: 'as gpu.thawNoirq' },
  'usbController.restoreNoirq': { ns: 32_000, source: 'as gpu.restoreNoirq' },
  'usbController.restore': {
    ns: 20_001_000,
    source:
      'no log: pci_pm_restore as gpu.restore, and 20 ms of resume signalling for the root hub (USB 2.0, 7.1.7.7, TDRSMDN)',
  },
  'usbDevice.freeze': {
    ns: 2_000_000,
    source:
      'no log: its transfers end with the next frame of 1 ms and are given back in the one after; FREEZE suspends no port',
  },
  'usbDevice.restore': {
    ns: 110_000_000,
    source:
      'no log: port reset and recovery, HUB_ROOT_RESET_TIME 60 ms and 10 + 40 ms (drivers/usb/core/hub.c, 6.12)',
  },

  'serialConsole.freeze': { ns: 260_000, source: 'log a1: serial 00:04 pnp_bus_freeze' },
  'serialConsole.restore': { ns: 1_399_000, source: 'log a1: serial 00:04 pnp_bus_resume' },
  'timer.freeze': { ns: 207_000, source: 'log a1: rtc_cmos 00:05 pnp_bus_freeze' },
  'timer.restore': { ns: 105_000, source: 'log a1: rtc_cmos 00:05 pnp_bus_resume' },

  'task.work': {
    ns: 150_000_000,
    source:
      'ours: seven units a second, a program that mostly waits; so the default work goes on before and after the jump',
  },
  'task.enterRefrigerator': {
    ns: 110_000,
    source: 'log a1: "Freezing user space processes" 6.175994 to "completed" 6.176434, shared by four tasks',
  },

  'device.late': {
    ns: 130_000_000_000,
    source:
      'ours: longer than the watchdog of the PM core waits (CONFIG_DPM_WATCHDOG_TIMEOUT, kernel/power/Kconfig, default 120 s)',
  },
} as const satisfies Record<string, Latency>;

export type LatencyName = keyof typeof latencies;

export const latencyNs = (name: LatencyName): number => latencies[name].ns;
