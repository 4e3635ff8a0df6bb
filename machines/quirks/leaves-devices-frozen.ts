/** U2 of linux.md A1.10: after dpm_suspend_start fails, kernel_kexec jumps past dpm_resume_end. */
import type { Quirk } from './quirk.ts';

export const leavesDevicesFrozen: Quirk = {
  name: 'leaves-devices-frozen',
  of: 'kernel',
  about: 'a failed prepare or freeze skips dpm_resume_end',
  effect: 'devices already frozen stay frozen, prepared ones get no complete, and user space runs again',
  source: '[S] Linux 6.12 kernel/kexec_core.c:kernel_kexec, label Resume_console; [L e8]; linux.md A1.10 U2',
  switchesOn: 'leavesFrozen',
};
