/** What an error code stands for: the message is made of it and of the facts (image-error.ts). */

export type ErrorPlace = 'offset' | 'physical address' | 'block' | 'line';
export type ErrorTemplate = { readonly what: string; readonly place: ErrorPlace; readonly advice: string };

export const copyAgain = 'check that the file was copied whole';
