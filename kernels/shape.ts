/**
 * Shapes: what a record of the box or of a chart may hold, declared once.
 *
 * From one declaration follow the TypeScript type, the first record, and the check that a record stays inside it. Every field is
 * bounded, so a packed search can give each one a fixed number of bits. Lists hold records, never scalars.
 */
import { assert } from './assert.ts';

export type OneOf<Value extends string> = { readonly kind: 'oneOf'; readonly values: readonly Value[] };
export type Below = { readonly kind: 'below'; readonly limit: number };
export type Flag = { readonly kind: 'flag' };
export type ListOf<S extends Shape> = { readonly kind: 'list'; readonly count: number; readonly of: S };
export type Field = OneOf<string> | Below | Flag | ListOf<Shape> | Shape;
export type Shape = { readonly [field: string]: Field };

export type ValueOf<F> =
  F extends OneOf<infer Value>
    ? Value
    : F extends Below
      ? number
      : F extends Flag
        ? boolean
        : F extends ListOf<infer S>
          ? RecordOf<S>[]
          : F extends Shape
            ? RecordOf<F>
            : never;
export type RecordOf<S extends Shape> = { -readonly [Name in keyof S]: ValueOf<S[Name]> };

export const oneOf = <const Value extends string>(...values: readonly Value[]): OneOf<Value> => ({
  kind: 'oneOf',
  values,
});
/** An integer from 0 up to, not including, `limit`. */
export const below = (limit: number): Below => ({ kind: 'below', limit });
export const flag: Flag = { kind: 'flag' };
export const list = <S extends Shape>(count: number, of: S): ListOf<S> => ({ kind: 'list', count, of });

/** A page content or a frame number: bounded by what the store and the machine can address, not by the shape. */
export const content: Below = below(2 ** 31);
export const frame: Below = below(2 ** 40);

const isShape = (field: Field): field is Shape => typeof (field as { kind?: unknown }).kind !== 'string';

/** The first record of a shape: first value, zero, false, all the way down. */
export function firstRecord<S extends Shape>(shape: S): RecordOf<S> {
  const entries = Object.entries(shape).map(([name, field]) => [name, firstValue(field)]);
  // The compiler cannot see that fromEntries keeps the pairing of names and values.
  return Object.fromEntries(entries) as RecordOf<S>;
}

function firstValue(field: Field): unknown {
  if (isShape(field)) return firstRecord(field);
  switch (field.kind) {
    case 'oneOf':
      return field.values[0];
    case 'below':
      return 0;
    case 'flag':
      return false;
    case 'list':
      return Array.from({ length: field.count }, () => firstRecord(field.of));
  }
}

/** Copies a record of the same shape field by field, into the records that are there: recipes replace none. */
export function assignRecord<R extends object>(target: R, source: R): void {
  for (const name of Object.keys(source) as (keyof R)[]) {
    const value = source[name];
    const place = target[name];
    if (typeof value === 'object' && value !== null && typeof place === 'object' && place !== null)
      assignRecord(place, value);
    else target[name] = value;
  }
}

/** Every place where a record leaves its shape, as text; empty when it fits. */
export function shapeProblems(shape: Shape, record: unknown, at: string): string[] {
  if (typeof record !== 'object' || record === null)
    return [`${at}: expected a record, found ${String(record)}`];
  const fields = new Map(Object.entries(record));
  const problems: string[] = [];
  for (const [name, field] of Object.entries(shape)) {
    if (fields.has(name)) problems.push(...fieldProblems(field, fields.get(name), `${at}.${name}`));
    else problems.push(`${at}.${name}: missing`);
    fields.delete(name);
  }
  for (const name of fields.keys()) problems.push(`${at}.${name}: not declared`);
  return problems;
}

function fieldProblems(field: Field, value: unknown, at: string): string[] {
  if (isShape(field)) return shapeProblems(field, value, at);
  const wrong = (expected: string): string[] => [
    `${at}: expected ${expected}, found ${JSON.stringify(value)}`,
  ];
  switch (field.kind) {
    case 'oneOf':
      return field.values.includes(value as string) ? [] : wrong(`one of ${field.values.join(' ')}`);
    case 'below':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) < field.limit
        ? []
        : wrong(`an integer below ${field.limit}`);
    case 'flag':
      return typeof value === 'boolean' ? [] : wrong('true or false');
    case 'list':
      if (!Array.isArray(value) || value.length !== field.count)
        return wrong(`a list of ${field.count} records`);
      return value.flatMap((item, index) => shapeProblems(field.of, item, `${at}[${index}]`));
  }
}

/** Reads a list item that the declared count promises. */
export function item<T>(items: readonly T[], index: number): T {
  const found = items[index];
  assert(found !== undefined, `list.index: ${index} is outside a list of ${items.length}`);
  return found;
}
