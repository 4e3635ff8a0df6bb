/** The looks of a time line. Nothing is told by colour alone: a clock that stands is dotted, quiet devices are hollow, failures have a cross. */
import { monospace, type Palette, pictureStyle } from '../picture-style.ts';
import { fontSize } from './placed.ts';

export const styleSheet = (): string => pictureStyle(rules, coloursOf);

const rules: readonly string[] = [
  `.kjump-time text{${monospace};font-size:${fontSize}px}`,
  `.kjump-time .title{font-size:${fontSize + 2}px;font-weight:bold}`,
  '.kjump-time .head,.kjump-time .control text{font-weight:bold}',
  '.kjump-time .note text{font-style:italic}',
  '.kjump-time .grid{fill:none;stroke-width:0.6;stroke-dasharray:1 4}',
  '.kjump-time .axis{fill:none;stroke-width:1.2}',
  '.kjump-time .clock{fill:none;stroke-width:2.4}',
  '.kjump-time .standing{stroke-dasharray:2 4}',
  '.kjump-time .arrow{fill:none;stroke-width:3}',
  '.kjump-time .quiet{fill:none;stroke-width:1.2}',
];

const coloursOf = (palette: Palette): readonly string[] => [
  `.kjump-time .page,.kjump-time .ground{fill:${palette.page}}`,
  `.kjump-time text{fill:${palette.text}}`,
  `.kjump-time .faint,.kjump-time .note text{fill:${palette.faint}}`,
  `.kjump-time .off{fill:${palette.grounds[4]}}`,
  `.kjump-time .grid,.kjump-time .axis{stroke:${palette.line}}`,
  `.kjump-time .clock{stroke:${palette.text}}`,
  `.kjump-time .bar{fill:${palette.running}}.kjump-time .side{fill:${palette.line}}`,
  `.kjump-time .quiet{fill:${palette.page};stroke:${palette.line}}`,
  `.kjump-time .spot{fill:${palette.running}}`,
  `.kjump-time .arrow{stroke:${palette.control}}.kjump-time .tip,.kjump-time .control text{fill:${palette.control}}`,
  `.kjump-time .failure text{fill:${palette.failure}}`,
];
