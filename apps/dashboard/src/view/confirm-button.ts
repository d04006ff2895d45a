import { el, setShown } from '../dom/element.js';

export interface ConfirmButton {
  readonly element: HTMLElement;
}

/** A button that asks once more in its own place, with the harmless answer in focus. */
export function createConfirmButton(options: {
  readonly label: string;
  readonly question: string;
  readonly confirm: string;
  readonly decline: string;
  readonly onConfirm: () => Promise<void>;
}): ConfirmButton {
  const ask = el('button', { type: 'button' }, options.label);
  const yes = el('button', { type: 'button', class: 'danger' }, options.confirm);
  const no = el('button', { type: 'button' }, options.decline);
  const question = el(
    'div',
    { class: 'confirm', role: 'group', 'aria-label': options.question },
    el('span', {}, options.question),
    no,
    yes,
  );
  const turn = (isAsked: boolean): void => {
    setShown(ask, !isAsked);
    setShown(question, isAsked);
  };
  turn(false);
  ask.addEventListener('click', () => {
    turn(true);
    no.focus();
  });
  no.addEventListener('click', () => {
    turn(false);
    ask.focus();
  });
  yes.addEventListener('click', () => {
    turn(false);
    void options.onConfirm();
  });
  return { element: el('div', {}, ask, question) };
}
