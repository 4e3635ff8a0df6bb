/**
 * The network card: the device that writes to memory whenever it likes. Once kernel A has set it up, packets land in A's receive
 * ring, whoever executes: B has no driver for it and leaves it as it finds it. This is hazard 1 of linux.md E.
 *
 * The ring is used round and round. Nobody takes packets out of it: kernel A has no network stack here.
 */
import { pfn } from '../../image/pfn.ts';
import type { Move } from '../box.ts';
import { latencyNs } from '../latencies.ts';
import type { DeviceRecord, Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { pciCallbacks } from './bus-callbacks.ts';
import { type DeviceType, deviceRole } from './device-type.ts';

const role = deviceRole('network-card');
/** "pack" in ASCII: the seed by which the pages of packets are known; their index is the number of the packet. */
const packetSeed = 0x7061636b;

/** A packet comes in. A card that may write puts it into the ring; one that may not drops it; one that is off hears nothing. */
export const networkReceive: Move = {
  name: 'network.receive',
  count: () => 1,
  rank: (machine, _index, plan) => {
    const card = cardOf(machine, plan);
    const hears = machine.power === 'on' && card !== undefined && card.power !== 'off';
    return hears && machine.packetsLeft > 0 ? 'background' : undefined;
  },
  run: (box) => {
    const { machine, plan } = box;
    const number = plan.size.packetCount - machine.packetsLeft;
    machine.packetsLeft -= 1;
    if (cardOf(machine, plan)?.dma !== true) {
      machine.packetsDropped += 1;
      return;
    }
    const ring = plan.layout.original.receiveRing;
    const frame = pfn(ring.start + (number % ring.count));
    box.note({ type: 'dma.landed', device: plan.devices.indexOf(role), frame });
    box.memory.write(frame, box.contents.made({ rule: 'pattern', seed: packetSeed, index: number }));
  },
  latencyNs: () => latencyNs('networkCard.receive'),
  label: () => 'a packet',
};

export const networkCard: DeviceType = {
  role,
  about: 'network card that writes packets into memory by itself',
  driver: 'virtio-pci',
  device: '0000:00:03.0',
  parentName: 'pci0000:00',
  drivenByDump: false,
  dma: true,
  callbacks: pciCallbacks({
    freeze: 'networkCard.freeze',
    freezeNoirq: 'networkCard.freezeNoirq',
    thawNoirq: 'networkCard.thawNoirq',
    restoreNoirq: 'networkCard.restoreNoirq',
    restore: 'networkCard.restore',
  }),
  losesWhenOff: 'registers',
  moves: [networkReceive],
};

const cardOf = (machine: Machine, plan: Plan): DeviceRecord | undefined =>
  machine.devices[plan.devices.indexOf(role)];
