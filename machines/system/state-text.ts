/** A configuration in one line: `kexec.freezing.asking`; regions of a parallel state in braces. */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value as Record<string, unknown>);
  const parts = entries.map(([name, inner]) => {
    const rest = stateText(inner);
    return rest === '' ? name : `${name}.${rest}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `{${parts.join(', ')}}`;
}
