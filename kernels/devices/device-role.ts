/** The devices a box can have, by role. Registered types stand in `index.ts`, one file each. */
export type DeviceRole = string & { readonly brand: 'DeviceRole' };
