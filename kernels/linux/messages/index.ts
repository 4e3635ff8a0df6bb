/** What kernels print, by version. A later version is one module and one line here; it has the same names, and its own texts. */
import { kernel612 } from './kernel-6-12.ts';
import { fillTemplate, type HolesOf, type MessageTemplate, type MessageValue } from './template.ts';

export type MessageName = keyof typeof kernel612;
export type Messages = { readonly [Name in MessageName]: MessageTemplate };

const versions = { '6.12': kernel612 } as const satisfies Record<string, Messages>;

export type KernelVersion = keyof typeof versions;

export const messagesOf = (version: KernelVersion): Messages => versions[version];

type Holes<Name extends MessageName> = HolesOf<(typeof kernel612)[Name]['text']>;
type Values<Name extends MessageName> = [Holes<Name>] extends [never]
  ? []
  : [values: { readonly [Hole in Holes<Name>]: MessageValue }];

/** The line of 6.12 with its holes filled; a missing value is an error of types. `fillTemplate` is for names known only at run time. */
export const fill = <Name extends MessageName>(name: Name, ...values: Values<Name>): string =>
  fillTemplate(kernel612[name], values[0] ?? {});
