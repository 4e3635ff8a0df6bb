/** What the box's kernels call themselves: Linux 6.12.117's form, with a build of our own. */
export const kernelRelease = '6.12.117-box';
export const kernelBuild = '#1';
