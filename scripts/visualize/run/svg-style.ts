/**
 * The looks of a sequence chart: one style sheet in every picture. Nothing is told by colour alone: answers are dashed, a change of control is
 * thick, failures have a cross.
 */
import { monospace, type Palette, pictureStyle } from '../picture-style.ts';
import { fontSize } from './svg-layout.ts';

export const styleSheet = (): string => pictureStyle(rules, coloursOf);

const rules: readonly string[] = [
  `.kjump-run text{${monospace};font-size:${fontSize}px}`,
  `.kjump-run .title{font-size:${fontSize + 2}px;font-weight:bold}`,
  '.kjump-run .head,.kjump-run .band text{font-weight:bold}',
  '.kjump-run .centred{text-anchor:middle}',
  '.kjump-run .life,.kjump-run .arrow{fill:none;stroke-width:1.3}',
  '.kjump-run .away{stroke-dasharray:2 4}',
  '.kjump-run .broken{stroke-dasharray:1 6}',
  '.kjump-run .answer .arrow{stroke-dasharray:5 3}',
  '.kjump-run .control .arrow{stroke-width:4}',
  '.kjump-run .control text{font-weight:bold}',
];

const coloursOf = (palette: Palette): readonly string[] => [
  `.kjump-run .page{fill:${palette.page}}`,
  `.kjump-run text{fill:${palette.text}}`,
  `.kjump-run .faint,.kjump-run .log text,.kjump-run .work text{fill:${palette.faint}}`,
  `.kjump-run .ground{fill:${palette.page};fill-opacity:0.88}`,
  `.kjump-run .band rect,.kjump-run .tinted{fill:${palette.band}}`,
  `.kjump-run .life{stroke:${palette.line}}`,
  `.kjump-run .running{fill:${palette.running}}`,
  `.kjump-run .arrow{stroke:${palette.text}}.kjump-run .tip,.kjump-run .spot{fill:${palette.text};stroke:${palette.text}}`,
  `.kjump-run .open{fill:${palette.page}}`,
  `.kjump-run .control .arrow{stroke:${palette.control}}.kjump-run .control .tip,.kjump-run .control .spot{fill:${palette.control};stroke:${palette.control}}.kjump-run .control text{fill:${palette.control}}`,
  `.kjump-run .failure .arrow{stroke:${palette.failure}}.kjump-run .failure .tip,.kjump-run .failure .spot{fill:${palette.failure};stroke:${palette.failure}}.kjump-run .failure text{fill:${palette.failure}}`,
];
