/**
 * The callbacks that a bus gives to its devices: the PM core calls these, and they call the driver. Which ones a bus has, and so
 * which symbols a log can show, is a fact of the bus. None of the three has a freeze_late, thaw_early or restore_early.
 *
 * Sources: symbols with a time are in log a1 (thaw_noirq: c1). The others, and the whole of USB, are not in any log: Linux 6.12,
 * drivers/pci/pci-driver.c:pci_dev_pm_ops, drivers/usb/core/usb.c:usb_device_pm_ops. PnP: drivers/pnp/driver.c:pnp_bus_dev_pm_ops,
 * whose one resume function serves thaw and restore alike.
 */
import type { LatencyName } from '../latencies.ts';
import type { DeviceCallbacks } from './device-type.ts';

export type PciLatencies = {
  readonly freeze: LatencyName;
  readonly freezeNoirq: LatencyName;
  readonly thawNoirq: LatencyName;
  readonly restoreNoirq: LatencyName;
  readonly restore: LatencyName;
};

export type FreezeAndRestore = { readonly freeze: LatencyName; readonly restore: LatencyName };

export const pciCallbacks = (latencies: PciLatencies): DeviceCallbacks => ({
  prepare: { symbol: 'pci_pm_prepare', latency: 'pm.prepare' },
  freeze: { symbol: 'pci_pm_freeze', latency: latencies.freeze },
  freezeNoirq: { symbol: 'pci_pm_freeze_noirq', latency: latencies.freezeNoirq },
  thawNoirq: { symbol: 'pci_pm_thaw_noirq', latency: latencies.thawNoirq },
  restoreNoirq: { symbol: 'pci_pm_restore_noirq', latency: latencies.restoreNoirq },
  restore: { symbol: 'pci_pm_restore', latency: latencies.restore },
  complete: { symbol: 'pci_pm_complete', latency: 'pm.complete' },
});

export const pnpCallbacks = (latencies: FreezeAndRestore): DeviceCallbacks => ({
  freeze: { symbol: 'pnp_bus_freeze', latency: latencies.freeze },
  restore: { symbol: 'pnp_bus_resume', latency: latencies.restore },
});

export const usbCallbacks = (latencies: FreezeAndRestore): DeviceCallbacks => ({
  prepare: { symbol: 'usb_dev_prepare', latency: 'pm.prepare' },
  freeze: { symbol: 'usb_dev_freeze', latency: latencies.freeze },
  restore: { symbol: 'usb_dev_restore', latency: latencies.restore },
  complete: { symbol: 'usb_dev_complete', latency: 'pm.complete' },
});
