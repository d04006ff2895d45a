import type { IconName, StateLook } from '../text/state-look.js';
import { el, setAttribute, setText } from './element.js';

const SVG = 'http://www.w3.org/2000/svg';

// Drawn by lines in a square of 16: signs of a font look other on every machine, or are missing.
const PATHS: Readonly<Record<IconName, string>> = {
  check: 'M3.2 8.6 6.4 11.8 12.8 4.6',
  cross: 'M4.2 4.2l7.6 7.6m0-7.6-7.6 7.6',
  play: 'M8 2.2a5.8 5.8 0 1 0 5.8 5.8',
  ring: 'M8 3.2a4.8 4.8 0 1 0 .01 0',
  dot: 'M8 3.2a4.8 4.8 0 1 0 .01 0M8 6.6a1.4 1.4 0 1 0 .01 0',
  arrow: 'M2.8 8h10M8.8 4l4 4-4 4',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.2v3h-3',
  skip: 'M3 4l4 4-4 4M8.6 4l4 4-4 4',
  slash: 'M8 2.8a5.2 5.2 0 1 0 .01 0M4.4 11.6l7.2-7.2',
  question: 'M5.4 5.6a2.6 2.6 0 1 1 3.8 2.3c-.8.5-1.2.9-1.2 1.9M8 12.4v.2',
  bang: 'M8 3v6.4M8 12.6v.2',
};

/** A drawn sign. It is for the eye only: the word beside it says the same. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  svg.append(path);
  setIcon(svg, name);
  return svg;
}

export function setIcon(svg: SVGSVGElement, name: IconName): void {
  const path = svg.firstElementChild;
  if (path === null || svg.dataset['icon'] === name) return;
  svg.dataset['icon'] = name;
  path.setAttribute('d', PATHS[name]);
}

/** A state as a sign and a word. */
export interface StateChip {
  readonly element: HTMLElement;
  show(look: StateLook, word: string): void;
}

export function createStateChip(): StateChip {
  const svg = icon('ring');
  const label = el('span');
  const element = el('span', { class: 'chip' }, svg, label);
  return {
    element,
    show: (look, word) => {
      setIcon(svg, look.icon);
      setAttribute(element, 'data-tone', look.tone);
      setText(label, word);
    },
  };
}
