/**
 * Parameters of a guard or an action as they stand behind its name: `(children-first, limitMs: 500)`. A text says itself what it
 * is and stands alone, as does a message, `load.ask(jump)`; any other value stands with its name. Nothing where there are no parameters.
 */
export function parameterText(parameters: unknown): string {
  if (parameters === undefined || parameters === null) return '';
  if (typeof parameters !== 'object') return `(${valueText(parameters)})`;
  const fields = Object.entries(parameters).map(([name, value]) =>
    isText(value) ? valueText(value) : `${name}: ${valueText(value)}`,
  );
  return fields.length === 0 ? '' : `(${fields.join(', ')})`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || isMessage(value) || (Array.isArray(value) && value.every(isText));
}

/** An event, a message or a command, which its type names. */
function isMessage(value: unknown): value is { readonly type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function valueText(value: unknown): string {
  if (typeof value === 'function') return '…';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && isText(value)) return value.map(valueText).join(', ');
  if (!isMessage(value)) return JSON.stringify(value) ?? '…';
  const { type, ...rest } = value;
  return `${type}${parameterText(rest)}`;
}
