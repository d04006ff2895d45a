import { byId, setShown, setText } from '../dom/element.js';

const SHOWN_MS = 8_000;

/** Tells what happened: `say` to those who listen to the page, `show` to everybody. */
export interface Announcer {
  say(text: string): void;
  show(text: string): void;
}

export function createAnnouncer(): Announcer {
  const [spoken, toast] = [byId('spoken'), byId('toast')];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    say: (text) => setText(spoken, text),
    show: (text) => {
      clearTimeout(timer);
      setText(toast, text);
      setShown(toast, true);
      timer = setTimeout(() => setShown(toast, false), SHOWN_MS);
    },
  };
}
