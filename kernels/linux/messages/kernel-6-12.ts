/**
 * What Linux 6.12 and the tools around it print on the roads of kexec jump and kdump, one entry a line.
 *
 * Every text is as printk stores it, prefix of its file included. Sources name file and function of Linux 6.12.117; `tool` lines are
 * kexec-tools 2.0.25 and makedumpfile 1.7.2. Levels: read in the source, and for all lines of log b2 taken from the log in that dump.
 * Left out: the lines of ACPI, PCI, RCU and of drivers that the box does not have, and swsusp (linux.md G.3, G.4).
 * "No line says jump, kexec or success" (linux.md G.1): it is not left out, there is none.
 */
import {
  alert,
  cont,
  debug,
  deviceDebug,
  deviceEmerg,
  deviceErr,
  deviceInfo,
  deviceNotice,
  emerg,
  err,
  info,
  type MessageTemplate,
  notice,
  plain,
  purgatory,
  tool,
  userLog,
  warning,
} from './template.ts';

export const kernel612 = {
  // Freezer (linux.md A1.3 row 5, A1.9 row 16).
  'freezer.begin': info('Freezing user space processes', 'kernel/power/process.c:try_to_freeze_tasks', 'a1'),
  'freezer.done': info(
    'Freezing user space processes completed (elapsed {seconds} seconds)',
    'kernel/power/process.c:try_to_freeze_tasks',
    'a1',
  ),
  'freezer.failed': err(
    'Freezing user space processes failed after {seconds} seconds ({count} tasks refusing to freeze, wq_busy=0):',
    'kernel/power/process.c:try_to_freeze_tasks',
    'e8',
  ),
  'freezer.aborted': err(
    'Freezing user space processes aborted after {seconds} seconds ({count} tasks refusing to freeze, wq_busy=0):',
    'kernel/power/process.c:try_to_freeze_tasks',
    'source only',
  ),
  'freezer.task': info(
    'task:{command:-15} state:{state} stack:{stack:-5} pid:{pid:-5} tgid:{tgid:-5} ppid:{ppid:-6} flags:0x{flags:08x}',
    'kernel/sched/core.c:sched_show_task',
    'e8',
  ),
  'oom.invoked': warning(
    '{command} invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=0',
    'mm/oom_kill.c:dump_header',
    'b1',
  ),
  'oom.killed': err(
    'Out of memory: Killed process {pid} ({command}) total-vm:{virtualKib}kB, anon-rss:{residentKib}kB, file-rss:0kB, shmem-rss:{sharedKib}kB, UID:0 pgtables:{tablesKib}kB oom_score_adj:0',
    'mm/oom_kill.c:__oom_kill_process',
    'b1',
  ),
  'oom.disabled': info('OOM killer disabled.', 'mm/oom_kill.c:oom_killer_disable', 'a1'),
  'oom.enabled': info('OOM killer enabled.', 'mm/oom_kill.c:oom_killer_enable', 'a1'),
  // One line in two parts; when another line comes between, "done." stands alone with its own stamp (log a1).
  'tasks.restarting': info('Restarting tasks ... ', 'kernel/power/process.c:thaw_processes', 'a3', {
    isOpen: true,
  }),
  'tasks.restarted': cont('done.', 'kernel/power/process.c:thaw_processes', 'a3'),
  'console.suspending': info(
    'printk: Suspending console(s) (use no_console_suspend to debug)',
    'kernel/printk/printk.c:suspend_console',
    'source only',
    { shown: 'console-held' },
  ),

  // Processors (A1.3 row 9, A1.9 row 12, E rows 12 and 15).
  'cpus.disabling': info('Disabling non-boot CPUs ...', 'kernel/cpu.c:freeze_secondary_cpus', 'a1'),
  'cpus.enabling': info('Enabling non-boot CPUs ...', 'kernel/cpu.c:thaw_secondary_cpus', 'a3'),
  'cpus.notDisabled': err(
    'Non-boot CPUs are not disabled',
    'kernel/cpu.c:freeze_secondary_cpus',
    'source only',
  ),
  'cpu.offline': info(
    'smpboot: CPU {cpu} is now offline',
    'arch/x86/kernel/smpboot.c:arch_cpuhp_cleanup_dead_cpu',
    'a3',
  ),
  'cpu.downFailed': err(
    'Error taking CPU{cpu} down: {errno}',
    'kernel/cpu.c:freeze_secondary_cpus',
    'source only',
  ),
  'cpu.notDead': err(
    'CPU{cpu} failed to report dead state',
    'kernel/cpu.c:cpuhp_bp_sync_dead',
    'source only',
  ),
  'cpu.booting': info(
    'smpboot: Booting Node 0 Processor {cpu} APIC 0x{apic:x}',
    'arch/x86/kernel/smpboot.c:announce_cpu',
    'a3',
  ),
  'cpu.up': info('CPU{cpu} is up', 'kernel/cpu.c:thaw_secondary_cpus', 'a3'),
  'cpu.failed': warning(
    'Error taking CPU{cpu} up: {errno}',
    'kernel/cpu.c:thaw_secondary_cpus',
    'source only',
  ),
  'cpu.notAlive': err(
    'CPU{cpu} failed to report alive state',
    'kernel/cpu.c:cpuhp_bp_sync_alive',
    'source only',
  ),
  'cpu.wakeFailed': err(
    'smpboot: do_boot_cpu failed({errno}) to wakeup CPU#{cpu}',
    'arch/x86/kernel/smpboot.c:native_kick_ap',
    'source only',
  ),
  'wakeup.abortCpus': info(
    'Wakeup pending. Abort CPU freeze',
    'kernel/cpu.c:freeze_secondary_cpus',
    'source only',
  ),
  crashHotplug: info(
    'crash hp: kexec_trylock() failed, kdump image may be inaccurate',
    'kernel/crash_core.c:crash_handle_hotplug_event',
    'source only',
  ),

  // Devices and system core (B.6, A1.3 rows 7, 8, 11). {callback} of a module ends in " [module]"; {variant} is "", " late", " noirq"
  // or " early", with " async" before it for a device that is handled asynchronously.
  'device.callbackFailed': deviceErr(
    '{driver} {device}: PM: dpm_run_callback(): {callback} returns {errno}',
    'drivers/base/power/main.c:__suspend_report_result',
    'e8',
  ),
  'device.prepareFailed': deviceErr(
    '{driver} {device}: PM: device_prepare(): {callback} returns {errno}',
    'drivers/base/power/main.c:__suspend_report_result',
    'e8',
  ),
  'device.notPrepared': deviceInfo(
    '{driver} {device}: PM: not prepared for power transition: code {errno}',
    'drivers/base/power/main.c:dpm_prepare',
    'e8',
  ),
  'device.failed': deviceErr(
    '{driver} {device}: PM: failed to {verb}{variant}: error {errno}',
    'drivers/base/power/main.c:pm_dev_err',
    'a12',
  ),
  'device.calling': deviceInfo(
    '{driver} {device}: PM: calling {callback} @ {pid}, parent: {parent}',
    'drivers/base/power/main.c:initcall_debug_start',
    'a1',
    { shown: 'print-times' },
  ),
  'device.returned': deviceInfo(
    '{driver} {device}: PM: {callback} returned {errno} after {microseconds} usecs',
    'drivers/base/power/main.c:initcall_debug_report',
    'a1',
    { shown: 'print-times' },
  ),
  'device.timeout': deviceEmerg(
    '{driver} {device}: PM: **** DPM device timeout ****',
    'drivers/base/power/main.c:dpm_watchdog_handler',
    'source only',
  ),
  'device.shutdown': deviceInfo('{driver} {device}: shutdown', 'drivers/base/core.c:device_shutdown', 'a1', {
    shown: 'initcall-debug',
  }),
  'syscore.checkingWakeup': debug(
    'Checking wakeup interrupts',
    'drivers/base/syscore.c:syscore_suspend',
    'c1',
    { shown: 'debug' },
  ),
  'syscore.calling': debug('Calling {symbol}', 'drivers/base/syscore.c:syscore_suspend', 'c1', {
    shown: 'debug',
  }),
  'syscore.failed': err(
    'PM: System core suspend callback {symbol} failed.',
    'drivers/base/syscore.c:syscore_suspend',
    'e8',
  ),
  'syscore.shutdown': info('PM: Calling {symbol}', 'drivers/base/syscore.c:syscore_shutdown', 'a1', {
    shown: 'initcall-debug',
  }),
  'clock.suspended': debug(
    'Timekeeping suspended for {seconds} seconds',
    'kernel/time/timekeeping_debug.c:tk_debug_account_sleep_time',
    'e3',
    { shown: 'debug' },
  ),
  'irq.nobodyCared': err(
    'irq {irq}: nobody cared (try booting with the "irqpoll" option)',
    'kernel/irq/spurious.c:__report_bad_irq',
    'source only',
  ),
  'irq.handlers': err('handlers:', 'kernel/irq/spurious.c:__report_bad_irq', 'source only'),
  'irq.disabling': emerg('Disabling IRQ #{irq}', 'kernel/irq/spurious.c:note_interrupt', 'source only'),

  // Loading (A1.2, A3.1, D.1).
  'kexec.noControlBuffer': err(
    'kexec: Could not allocate control_code_buffer',
    'kernel/kexec.c:kimage_alloc_init',
    'e8',
  ),
  'kexec.noSwapBuffer': err(
    'kexec: Could not allocate swap buffer',
    'kernel/kexec.c:kimage_alloc_init',
    'source only',
  ),
  'kexec.startingNewKernel': notice(
    'kexec_core: Starting new kernel',
    'kernel/kexec_core.c:kernel_kexec',
    'a15',
  ),
  'allocation.failed': warning(
    '{command}: page allocation failure: order:{order}, mode:{mode}, nodemask=(null)',
    'mm/page_alloc.c:warn_alloc',
    'e8',
  ),
  'lockdown.enabled': notice(
    'Kernel is locked down from {where}; see man kernel_lockdown.7',
    'security/lockdown/lockdown.c:lock_kernel_down',
    'source only',
  ),
  'lockdown.restricted': notice(
    'Lockdown: {command}: {what} is restricted; see man kernel_lockdown.7',
    'security/lockdown/lockdown.c:lockdown_is_locked_down',
    'source only',
  ),
  'crashkernel.reserved': info(
    'crashkernel reserved: 0x{start:016x} - 0x{end:016x} ({megabytes} MB)',
    'kernel/crash_reserve.c:reserve_crashkernel_generic',
    'b2',
  ),
  'crashkernel.lowReserved': info(
    'crashkernel low memory reserved: 0x{start:08x} - 0x{end:08x} ({megabytes} MB)',
    'kernel/crash_reserve.c:reserve_crashkernel_low',
    'source only',
  ),
  'crashkernel.noMemory': warning(
    'cannot allocate crashkernel (size:0x{sizeBytes:x})',
    'kernel/crash_reserve.c:reserve_crashkernel_generic',
    'source only',
  ),
  'crashkernel.noLowMemory': err(
    'cannot allocate crashkernel low memory (size:0x{sizeBytes:x}).',
    'kernel/crash_reserve.c:reserve_crashkernel_low',
    'source only',
  ),
  'crashkernel.inUse': warning(
    'crashkernel reservation failed - memory is in use.',
    'kernel/crash_reserve.c:reserve_crashkernel_generic',
    'source only',
  ),
  'crashkernel.valueExpected': warning(
    'crashkernel: Memory value expected',
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.dashExpected': warning(
    "crashkernel: '-' expected",
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.endBeforeStart': warning(
    'crashkernel: end <= start',
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.colonExpected': warning(
    "crashkernel: ':' expected",
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.invalidSize': warning(
    'crashkernel: invalid size',
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  // Misspelt in the kernel.
  'crashkernel.offsetExpected': warning(
    "crahskernel: Memory value expected after '@'",
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.zeroBytes': info(
    'crashkernel size resulted in zero bytes',
    'kernel/crash_reserve.c:parse_crashkernel_mem',
    'source only',
  ),
  'crashkernel.simpleValueExpected': warning(
    'crashkernel: memory value expected',
    'kernel/crash_reserve.c:parse_crashkernel_simple',
    'source only',
  ),
  'crashkernel.unrecognized': warning(
    'crashkernel: unrecognized char: {character}',
    'kernel/crash_reserve.c:parse_crashkernel_simple',
    'source only',
  ),

  // Panic (A3.2 rows 1 to 7, G.2 rows 1 to 4). {kdump} is "Kdump: loaded " with a crash image loaded, else empty; {taint} is
  // "Not tainted" or "Tainted: " and the flags. The blank at the end of panic.cpu is the place of an empty package name.
  'sysrq.crash': info('sysrq: Trigger a crash', 'drivers/tty/sysrq.c:__handle_sysrq', 'b2'),
  'panic.notSyncing': emerg('Kernel panic - not syncing: {reason}', 'kernel/panic.c:panic', 'b2'),
  'panic.cpu': plain(
    'CPU: {cpu} UID: {uid} PID: {pid} Comm: {command} {kdump}{taint} {release} {build} ',
    'lib/dump_stack.c:dump_stack_print_info',
    'b2',
  ),
  'panic.taints': plain('Tainted: {taints}', 'lib/dump_stack.c:dump_stack_print_info', 'b2'),
  'panic.hardware': plain('Hardware name: {name}', 'lib/dump_stack.c:dump_stack_print_info', 'source only'),
  'panic.callTrace': plain('Call Trace:', 'arch/x86/kernel/dumpstack.c:__show_trace_log_lvl', 'b2'),
  'panic.stackBegin': plain(' <{stack}>', 'arch/x86/kernel/dumpstack.c:__show_trace_log_lvl', 'b2'),
  'panic.frame': plain(
    ' {symbol}+0x{offset:x}/0x{sizeBytes:x}',
    'arch/x86/kernel/dumpstack.c:printk_stack_address',
    'b2',
  ),
  'panic.doubtfulFrame': plain(
    ' ? {symbol}+0x{offset:x}/0x{sizeBytes:x}',
    'arch/x86/kernel/dumpstack.c:printk_stack_address',
    'e8',
  ),
  'panic.stackEnd': plain(' </{stack}>', 'arch/x86/kernel/dumpstack.c:__show_trace_log_lvl', 'b2'),
  'panic.rip': plain('RIP: {segment:04x}:0x{address:x}', 'arch/x86/kernel/dumpstack.c:show_ip', 'b2'),
  'panic.code': plain('Code: {bytes}', 'arch/x86/kernel/dumpstack.c:show_opcodes', 'b2'),
  'panic.rsp': plain(
    'RSP: {segment:04x}:{address:016x} EFLAGS: {flags:08x}',
    'arch/x86/kernel/dumpstack.c:show_iret_regs',
    'b2',
    { isOpen: true },
  ),
  'panic.originalRax': cont(' ORIG_RAX: {rax:016x}', 'arch/x86/kernel/process_64.c:__show_regs', 'b2'),
  'panic.registersA': plain(
    'RAX: {rax:016x} RBX: {rbx:016x} RCX: {rcx:016x}',
    'arch/x86/kernel/process_64.c:__show_regs',
    'b2',
  ),
  'panic.registersD': plain(
    'RDX: {rdx:016x} RSI: {rsi:016x} RDI: {rdi:016x}',
    'arch/x86/kernel/process_64.c:__show_regs',
    'b2',
  ),
  'panic.registersB': plain(
    'RBP: {rbp:016x} R08: {r8:016x} R09: {r9:016x}',
    'arch/x86/kernel/process_64.c:__show_regs',
    'b2',
  ),
  'panic.registers10': plain(
    'R10: {r10:016x} R11: {r11:016x} R12: {r12:016x}',
    'arch/x86/kernel/process_64.c:__show_regs',
    'b2',
  ),
  'panic.registers13': plain(
    'R13: {r13:016x} R14: {r14:016x} R15: {r15:016x}',
    'arch/x86/kernel/process_64.c:__show_regs',
    'b2',
  ),
  'panic.nullPointer': alert(
    'BUG: kernel NULL pointer dereference, address: {address:016x}',
    'arch/x86/mm/fault.c:show_fault_oops',
    'source only',
  ),
  'panic.kernelOffset': emerg('Kernel Offset: {offset}', 'arch/x86/kernel/setup.c:dump_kernel_offset', 'b0'),
  'panic.rebooting': emerg('Rebooting in {seconds} seconds..', 'kernel/panic.c:panic', 'b5'),
  'panic.end': emerg('---[ end Kernel panic - not syncing: {reason} ]---', 'kernel/panic.c:panic', 'b0'),

  // A warning with its trace: the frames between are panic.* lines.
  'warning.begin': warning('------------[ cut here ]------------', 'kernel/panic.c:__warn_printk', 'a8'),
  'warning.where': warning(
    'WARNING: CPU: {cpu} PID: {pid} at {file}:{line} {symbol}',
    'kernel/panic.c:__warn',
    'a8',
  ),
  'warning.end': warning(
    '---[ end trace 0000000000000000 ]---',
    'kernel/panic.c:print_oops_end_marker',
    'a8',
  ),

  // The old kernel's memory in the new one (A3.2 row 10, A1.8 row 5 and the table after it).
  'vmcore.headerNotFound': warning(
    'Warning: Core image elf header not found',
    'fs/proc/vmcore.c:parse_crash_elf_headers',
    'a1',
  ),
  'vmcore.headerNotSane': warning(
    'Warning: Core image elf header is not sane',
    'fs/proc/vmcore.c:parse_crash_elf64_headers',
    'source only',
  ),
  'vmcore.zeroNotes': warning(
    'Warning: Zero PT_NOTE entries found',
    'fs/proc/vmcore.c:update_note_header_size_elf64',
    'a9',
  ),
  'vmcore.noteTooLong': warning(
    'Warning: Exceeded p_memsz, dropping PT_NOTE entry n_namesz=0x{nameBytes:x}, n_descsz=0x{descriptorBytes:x}',
    'fs/proc/vmcore.c:update_note_header_size_elf64',
    'source only',
  ),
  'vmcore.ioremapOnRam': plain(
    'ioremap on RAM at 0x{start:016x} - 0x{end:016x}',
    'arch/x86/mm/ioremap.c:__ioremap_caller',
    'a8',
  ),
  'vmcore.notInitialized': warning('Kdump: vmcore not initialized', 'fs/proc/vmcore.c:vmcore_init', 'a1'),

  // Boot (A1.6 row 4, A3.2 row 9).
  'boot.banner': notice(
    'Linux version {release} ({builder}) ({compiler}) {build}',
    'init/main.c:start_kernel',
    'a1',
  ),
  'boot.commandLine': info('Command line: {commandLine}', 'arch/x86/kernel/setup.c:setup_arch', 'a1'),
  'boot.firmwareMap': info(
    'BIOS-provided physical RAM map:',
    'arch/x86/kernel/e820.c:e820__memory_setup',
    'a1',
  ),
  'boot.firmwareRange': info(
    'BIOS-e820: [mem 0x{start:016x}-0x{end:016x}] {type}',
    'arch/x86/kernel/e820.c:e820__print_table',
    'a1',
  ),
  'boot.ignoreLoglevel': info(
    'printk: debug: ignoring loglevel setting.',
    'kernel/printk/printk.c:ignore_loglevel_setup',
    'a1',
  ),
  // The end is what parse_memopt asks for: the limit plus (2^64 - 1 - limit), minus 1.
  'boot.memLimit': debug(
    'e820: remove [mem 0x{start:08x}-0xfffffffffffffffe] usable',
    'arch/x86/kernel/e820.c:parse_memopt',
    'a1',
  ),
  'boot.noExecute': info(
    'NX (Execute Disable) protection: active',
    'arch/x86/kernel/setup.c:x86_report_nx',
    'a1',
  ),
  'boot.apicCalls': info(
    'APIC: Static calls initialized',
    'arch/x86/kernel/apic/init.c:apic_setup_apic_calls',
    'a1',
  ),
  'boot.userMap': info(
    'user-defined physical RAM map:',
    'arch/x86/kernel/e820.c:e820__finish_early_params',
    'a1',
  ),
  'boot.userRange': info(
    'user: [mem 0x{start:016x}-0x{end:016x}] {type}',
    'arch/x86/kernel/e820.c:e820__print_table',
    'a1',
  ),
  'boot.tscCalibrated': info(
    'tsc: Fast TSC calibration using PIT',
    'arch/x86/kernel/tsc.c:quick_pit_calibrate',
    'a1',
  ),
  'boot.tscDetected': info(
    'tsc: Detected {megahertz} MHz processor',
    'arch/x86/kernel/tsc.c:determine_cpu_tsc_frequencies',
    'a1',
  ),
  'boot.firstPageReserved': debug(
    'e820: update [mem 0x00000000-0x00000fff] usable ==> reserved',
    'arch/x86/kernel/setup.c:trim_bios_range',
    'a1',
  ),
  'boot.lowHoleRemoved': debug(
    'e820: remove [mem 0x000a0000-0x000fffff] usable',
    'arch/x86/kernel/setup.c:trim_bios_range',
    'a1',
  ),
  'boot.lastPfn': info(
    'last_pfn = 0x{lastPfn:x} max_arch_pfn = 0x400000000',
    'arch/x86/kernel/e820.c:e820__end_ram_pfn',
    'a1',
  ),
  'boot.initrdRange': info(
    'RAMDISK: [mem 0x{start:08x}-0x{end:08x}]',
    'arch/x86/kernel/setup.c:reserve_initrd',
    'a1',
  ),
  'boot.zones': info('Zone ranges:', 'mm/mm_init.c:free_area_init', 'a1'),
  'boot.zoneRange': info(
    '  {zone:-8} [mem 0x{start:016x}-0x{end:016x}]',
    'mm/mm_init.c:free_area_init',
    'a1',
  ),
  'boot.zoneEmpty': info('  {zone:-8} empty', 'mm/mm_init.c:free_area_init', 'a1'),
  'boot.movableZone': info('Movable zone start for each node', 'mm/mm_init.c:free_area_init', 'a1'),
  'boot.nodes': info('Early memory node ranges', 'mm/mm_init.c:free_area_init', 'a1'),
  'boot.nodeRange': info(
    '  node   0: [mem 0x{start:016x}-0x{end:016x}]',
    'mm/mm_init.c:free_area_init',
    'a1',
  ),
  'boot.nodeSetUp': info(
    'Initmem setup node 0 [mem 0x{start:016x}-0x{end:016x}]',
    'mm/mm_init.c:free_area_init_node',
    'a1',
  ),
  'boot.nosaveRange': info(
    'PM: hibernation: Registered nosave memory: [mem 0x{start:08x}-0x{end:08x}]',
    'kernel/power/snapshot.c:register_nosave_region',
    'a1',
  ),
  'boot.percpu': info(
    'setup_percpu: NR_CPUS:8 nr_cpumask_bits:{cpus} nr_cpu_ids:{cpus} nr_node_ids:1',
    'arch/x86/kernel/setup_percpu.c:setup_per_cpu_areas',
    'a1',
  ),
  'boot.kernelCommandLine': notice('Kernel command line: {commandLine}', 'init/main.c:start_kernel', 'a1'),
  'boot.unknownParameters': notice(
    'Unknown kernel command line parameters "{parameters}", will be passed to user space.',
    'init/main.c:print_unknown_bootoptions',
    'a1',
  ),
  'boot.zonelists': info(
    'Built 1 zonelists, mobility grouping on.  Total pages: {pages}',
    'mm/page_alloc.c:build_all_zonelists',
    'a1',
  ),
  'boot.console': info(
    'printk: legacy console [ttyS0] enabled',
    'kernel/printk/printk.c:register_console',
    'a1',
  ),
  'boot.delayLoop': info(
    'Calibrating delay loop (skipped), value calculated using timer frequency.. {bogoMips} BogoMIPS (lpj={loopsPerJiffy})',
    'init/calibrate.c:calibrate_delay',
    'a1',
  ),
  'boot.cpu': info(
    'smpboot: CPU0: {model} (family: 0x{family:x}, model: 0x{modelNumber:x}, stepping: 0x{stepping:x})',
    'arch/x86/kernel/smpboot.c:native_smp_prepare_cpus',
    'a1',
  ),
  'smp.begin': info('smp: Bringing up secondary CPUs ...', 'kernel/smp.c:smp_init', 'a1'),
  'smp.booting': info(
    'smpboot: x86: Booting SMP configuration:',
    'arch/x86/kernel/smpboot.c:announce_cpu',
    'a3',
  ),
  // One open line, to which each processor adds its number; {padding} is the room of the boot processor's.
  'smp.node': info('.... node  #0, CPUs:  {padding}', 'arch/x86/kernel/smpboot.c:announce_cpu', 'a3', {
    isOpen: true,
  }),
  'smp.nodeCpu': cont('{padding}#{cpu}', 'arch/x86/kernel/smpboot.c:announce_cpu', 'a3', { isOpen: true }),
  'smp.done': info('smp: Brought up 1 node, {cpus} CPU{plural}', 'kernel/smp.c:smp_init', 'a1'),
  'smp.total': info(
    'smpboot: Total of {cpus} processors activated ({bogoMips} BogoMIPS)',
    'arch/x86/kernel/smpboot.c:impress_friends',
    'a1',
  ),
  'boot.memory': info(
    'Memory: {free}K/{present}K available ({code}K kernel code, {data}K rwdata, {readOnly}K rodata, {init}K init, {bss}K bss, {reserved}K reserved, 0K cma-reserved)',
    'mm/mm_init.c:mem_init_print_info',
    'a1',
  ),
  'boot.devtmpfs': info('devtmpfs: initialized', 'drivers/base/devtmpfs.c:devtmpfs_init', 'a1'),
  'boot.clockSource': info(
    'clocksource: Switched to clocksource {name}',
    'kernel/time/clocksource.c:__clocksource_select',
    'a1',
  ),
  'boot.initrdUnpacking': info('Unpacking initramfs...', 'init/initramfs.c:do_populate_rootfs', 'a1'),
  'boot.freed': info('Freeing {what} memory: {size}K', 'mm/page_alloc.c:free_reserved_area', 'a1'),
  'boot.writeProtecting': info(
    'Write protecting the kernel read-only data: {size}k',
    'arch/x86/mm/init_64.c:mark_rodata_ro',
    'a1',
  ),
  'boot.init': info('Run {program} as init process', 'init/main.c:run_init_process', 'a1'),
  'boot.initArguments': debug('  with arguments:', 'init/main.c:run_init_process', 'a1'),
  'boot.initEnvironment': debug('  with environment:', 'init/main.c:run_init_process', 'a1'),
  'boot.initWord': debug('    {word}', 'init/main.c:run_init_process', 'a1'),

  // Devices while they are probed. No log has a network device, and virtio_net prints nothing when it is well. The lines of the PATA
  // disk are for an ATA-7 disk as QEMU makes it; the logs have a CD drive there, so its own were read only.
  'serial.driver': info(
    'Serial: 8250/16550 driver, 4 ports, IRQ sharing disabled',
    'drivers/tty/serial/8250/8250_platform.c:serial8250_init',
    'a1',
  ),
  'serial.port': info(
    '{device}: {name} at I/O 0x{port:x} (irq = {irq}, base_baud = 115200) is a 16550A',
    'drivers/tty/serial/serial_core.c:uart_report_port',
    'a1',
  ),
  'virtioDisk.queues': deviceInfo(
    'virtio_blk {device}: {queues}/0/0 default/read/poll queues',
    'drivers/block/virtio_blk.c:init_vq',
    'a1',
  ),
  'virtioDisk.capacity': deviceNotice(
    'virtio_blk {device}: [{name}] {blocks} 512-byte logical blocks ({decimal}/{binary})',
    'drivers/block/virtio_blk.c:virtblk_update_capacity',
    'a1',
  ),
  'disk.version': deviceDebug(
    'ata_piix {device}: version 2.13',
    'drivers/ata/libata-core.c:ata_print_version',
    'a1',
  ),
  'disk.host': deviceInfo('scsi host{port}: ata_piix', 'drivers/scsi/hosts.c:scsi_add_host_with_dma', 'a1'),
  'disk.port': info(
    'ata{number}: PATA max MWDMA2 cmd 0x{command:x} ctl 0x{control:x} bmdma 0x{busMaster:x} irq {irq} lpm-pol 0',
    'drivers/ata/libata-core.c:ata_host_register',
    'a1',
  ),
  'disk.identity': info(
    'ata{number}.00: ATA-7: QEMU HARDDISK, 2.5+, max UDMA/100',
    'drivers/ata/libata-core.c:ata_dev_configure',
    'source only',
  ),
  'disk.sectors': info(
    'ata{number}.00: {blocks} sectors, multi 16: LBA48 ',
    'drivers/ata/libata-core.c:ata_dev_config_lba',
    'source only',
  ),
  'disk.inquiry': deviceNotice(
    'scsi {port}:0:0:0: Direct-Access     ATA      QEMU HARDDISK    2.5+ PQ: 0 ANSI: 5',
    'drivers/scsi/scsi_scan.c:scsi_add_lun',
    'source only',
  ),
  'disk.capacity': deviceNotice(
    'sd {port}:0:0:0: [{name}] {blocks} 512-byte logical blocks: ({decimal}/{binary})',
    'drivers/scsi/sd.c:sd_print_capacity',
    'source only',
  ),
  'disk.writeProtect': deviceNotice(
    'sd {port}:0:0:0: [{name}] Write Protect is off',
    'drivers/scsi/sd.c:sd_read_write_protect_flag',
    'source only',
  ),
  'disk.writeCache': deviceNotice(
    "sd {port}:0:0:0: [{name}] Write cache: enabled, read cache: enabled, doesn't support DPO or FUA",
    'drivers/scsi/sd.c:sd_read_cache_type',
    'source only',
  ),
  'disk.attached': deviceNotice(
    'sd {port}:0:0:0: [{name}] Attached SCSI disk',
    'drivers/scsi/sd.c:sd_probe',
    'source only',
  ),
  'rtc.wake': deviceInfo(
    'rtc_cmos {device}: RTC can wake from S4',
    'drivers/rtc/rtc-cmos.c:acpi_cmos_wake_setup',
    'a1',
  ),
  'rtc.registered': deviceInfo(
    'rtc_cmos {device}: registered as {name}',
    'drivers/rtc/class.c:__devm_rtc_register_device',
    'a1',
  ),
  'rtc.time': deviceInfo(
    'rtc_cmos {device}: setting system clock to {time} UTC ({seconds})',
    'drivers/rtc/class.c:rtc_hctosys',
    'a1',
  ),
  'rtc.alarms': deviceInfo(
    'rtc_cmos {device}: alarms up to one day, y3k, 242 bytes nvram, hpet irqs',
    'drivers/rtc/rtc-cmos.c:cmos_do_probe',
    'a1',
  ),

  // Whatever a program writes to /dev/kmsg.
  'user.log': userLog('{text}', 'kernel/printk/printk.c:devkmsg_write', 'source only'),

  // Switching off (G.2 row 9).
  'acpi.preparing': info(
    'ACPI: PM: Preparing to enter system sleep state S{state}',
    'drivers/acpi/sleep.c:acpi_sleep_prepare',
    'a1',
  ),
  'reboot.powerDown': emerg('reboot: Power down', 'kernel/reboot.c:kernel_power_off', 'a1'),
  'reboot.restarting': emerg('reboot: Restarting system', 'kernel/reboot.c:kernel_restart', 'c5'),
  'reboot.machineRestart': notice(
    'reboot: machine restart',
    'arch/x86/kernel/reboot.c:native_machine_restart',
    'c5',
  ),
  'reboot.halted': emerg('reboot: System halted', 'kernel/reboot.c:kernel_halt', 'source only'),

  // Purgatory of kexec-tools, only with a console configured; the one inside the kernel is silent (A3.2 row 8). Each byte of
  // {bytes} is followed by a blank, the last one too.
  'purgatory.begin': purgatory("I'm in purgatory", 'kexec-tools purgatory/purgatory.c:purgatory', 'b3'),
  'purgatory.mismatch': purgatory(
    'sha256 digests do not match :(',
    'kexec-tools purgatory/purgatory.c:verify_sha256_digest',
    'b3',
  ),
  'purgatory.digest': purgatory(
    '       digest: {bytes}',
    'kexec-tools purgatory/purgatory.c:verify_sha256_digest',
    'b3',
  ),
  'purgatory.expected': purgatory(
    'sha256_digest: {bytes}',
    'kexec-tools purgatory/purgatory.c:verify_sha256_digest',
    'b3',
  ),

  // kexec (A1.2, A1.7, A1.8 rows 6 and 8, A3.1 row 2). {reason} is the C library's text of the error.
  'tool.kexecFailed': tool('kexec failed: {reason}', 'kexec-tools kexec/kexec.c:my_exec', 'e8'),
  // The same text after a jump that went well: my_exec takes any return of reboot() for a failure.
  'tool.kexecMisreported': tool('kexec failed: {reason}', 'kexec-tools kexec/kexec.c:my_exec', 'a1'),
  'tool.kexecNothingLoaded': tool('Nothing has been loaded!', 'kexec-tools kexec/kexec.c:main', 'e8'),
  'tool.kexecLoadFailed': tool('kexec_load failed: {reason}', 'kexec-tools kexec/kexec.c:my_load', 'e8'),
  'tool.kexecLoadEntry': tool(
    'entry       = 0x{entry:x} flags = 0x{flags:x}',
    'kexec-tools kexec/kexec.c:my_load',
    'e8',
  ),
  'tool.kexecLoadSegments': tool('nr_segments = {count}', 'kexec-tools kexec/kexec.c:print_segments', 'e8'),
  'tool.kexecUnloadFailed': tool('kexec unload failed: {reason}', 'kexec-tools kexec/kexec.c:k_unload', 'e8'),
  'tool.kexecNoMemMax': tool(
    'Please specify memory range used by kexeced kernel',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecNoMemMaxWhy': tool(
    'to preserve the context of original kernel with ',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecNoMemMaxHow': tool('"--mem-max" parameter', 'kexec-tools kexec/kexec.c:main', 'e8'),
  'tool.kexecTooSmallMemMax': tool(
    'Too small mem_max: 0x{memMax:x}.',
    'kexec-tools kexec/arch/i386/crashdump-x86.c:get_crash_memory_ranges',
    'source only',
  ),
  'tool.kexecNoFreeArea': tool(
    'Could not find a free area of memory of 0x{sizeBytes:x} bytes...',
    'kexec-tools kexec/kexec.c:locate_hole',
    'e8',
  ),
  'tool.kexecNoHole': tool('locate_hole failed', 'kexec-tools kexec/kexec.c:add_buffer_phys_virt', 'e8'),
  'tool.kexecPreserveNeedsKexecLoad': tool(
    '--load-preserve-context not supported with kexec_file_load',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecNotReserved': tool(
    'Memory for crashkernel is not reserved',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecNotReservedWhy': tool(
    'Please reserve memory by passing"crashkernel=Y@X" parameter to kernel',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecNotReservedHow': tool(
    'Then try to loading kdump kernel',
    'kexec-tools kexec/kexec.c:main',
    'e8',
  ),
  'tool.kexecUnknownFile': tool(
    'Cannot determine the file type of {file}',
    'kexec-tools kexec/kexec.c:my_load',
    'e8',
  ),
  'tool.kexecHelperWhileLoaded': tool(
    'There is kexec kernel loaded, make sure you are in kexeced kernel.',
    'kexec-tools kexec/kexec.c:my_load_jump_back_helper',
    'e8',
  ),
  'tool.kexecNoEntry': tool(
    'Please specify jump back entry in command line',
    'kexec-tools kexec/kexec.c:my_load_jump_back_helper',
    'e8',
  ),
  'tool.kexecHelperFailed': tool(
    'load jump back kernel failed: {reason}',
    'kexec-tools kexec/kexec.c:my_load_jump_back_helper',
    'a0',
  ),

  // makedumpfile (A3.4). {spinner} is one of / | \ -.
  'tool.makedumpfileStep': tool(
    'STEP [{step:-27}] : {seconds} seconds',
    'makedumpfile print_info.c:print_execution_time',
    'b2',
  ),
  'tool.makedumpfileProgress': tool(
    '{step:-50}: [{percent:5} %] {spinner}  {eta:16}',
    'makedumpfile print_info.c:print_progress',
    'b2',
  ),
  'tool.makedumpfileOriginal': tool(
    'Original pages  : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileExcluded': tool(
    '  Excluded pages   : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileZero': tool(
    '    Pages filled with zero  : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileCache': tool(
    '    Non-private cache pages : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfilePrivateCache': tool(
    '    Private cache pages     : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileUser': tool(
    '    User process data pages : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileFree': tool(
    '    Free pages              : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileHwpoison': tool(
    '    Hwpoison pages          : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileOffline': tool(
    '    Offline pages           : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileRemaining': tool(
    '  Remaining pages  : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileReduced': tool(
    '  (The number of pages is reduced to {percent}%.)',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileHole': tool(
    'Memory Hole     : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileTotal': tool(
    'Total pages     : 0x{pages:016x}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileWritten': tool(
    'Write bytes     : {sizeBytes}',
    'makedumpfile makedumpfile.c:print_report',
    'b2',
  ),
  'tool.makedumpfileSaved': tool(
    'The dumpfile is saved to {file}.',
    'makedumpfile makedumpfile.c:main',
    'b2',
  ),
  'tool.makedumpfileDmesgSaved': tool(
    'The dmesg log is saved to {file}.',
    'makedumpfile makedumpfile.c:main',
    'b2',
  ),
  'tool.makedumpfileCompleted': tool('makedumpfile Completed.', 'makedumpfile makedumpfile.c:main', 'b2'),
  'tool.makedumpfileFailed': tool('makedumpfile Failed.', 'makedumpfile makedumpfile.c:main', 'source only'),
  'tool.makedumpfileNewKernel': tool(
    'The kernel version is not supported.',
    'makedumpfile makedumpfile.c:get_kernel_version',
    'b2',
  ),
  'tool.makedumpfileMayBeIncomplete': tool(
    'The makedumpfile operation may be incomplete.',
    'makedumpfile makedumpfile.c:get_kernel_version',
    'b2',
  ),
  'tool.makedumpfileNoVmcoreinfo': tool(
    "{file} doesn't contain vmcoreinfo.",
    'makedumpfile makedumpfile.c:initial',
    'source only',
  ),
  'tool.makedumpfileNoVmcoreinfoHow': tool(
    "Specify '-x' option or '-i' option.",
    'makedumpfile makedumpfile.c:initial',
    'source only',
  ),
} as const satisfies Record<string, MessageTemplate>;
