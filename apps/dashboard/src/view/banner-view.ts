import { byId, setAttribute, setShown, setText } from '../dom/element.js';
import type { Freshness } from '../state/freshness.js';
import type { Clock } from '../text/format-time.js';
import type { View } from './view.js';

/**
 * Says whether what is shown is what is: a word in the header always, a banner and greyed values when it is not
 * (promise P11).
 */
export function createBannerView(say: (text: string) => void): View {
  const banner = byId('stale-banner');
  const [title, text] = [byId('stale-title'), byId('stale-text')];
  const pulse = byId('pulse');
  const [pulseText, pulseMore] = [byId('pulse-text'), byId('pulse-more')];
  let said = '';
  return {
    update: ({ freshness, state, clock, now }) => {
      const isStale = freshness.kind !== 'live' && freshness.kind !== 'starting';
      const words = describe(freshness, clock);
      setShown(banner, words.title !== '');
      if (said !== words.title && freshness.kind !== 'catching_up') {
        say(words.title === '' ? 'live again' : words.title);
        said = words.title;
      }
      setText(title, words.title);
      setText(text, `${words.text} What you see below is as of ${clock.time(now)}.`);
      setAttribute(document.body, 'data-fresh', isStale ? 'stale' : 'live');
      setAttribute(pulse, 'data-tone', freshness.kind === 'live' ? 'ok' : 'warn');
      setText(pulseText, words.short);
      const epoch = state.health?.epoch ?? null;
      setText(
        pulseMore,
        freshness.kind === 'live' && epoch !== null ? `leader epoch ${epoch}` : '',
      );
      for (const mark of document.querySelectorAll('.as-of')) {
        setText(mark, isStale ? `as of ${clock.time(now)}` : '');
      }
    },
  };
}

function describe(
  freshness: Freshness,
  clock: Clock,
): { readonly title: string; readonly text: string; readonly short: string } {
  switch (freshness.kind) {
    case 'starting':
      return { title: '', text: '', short: 'connecting…' };
    case 'catching_up':
      return { title: '', text: '', short: 'catching up…' };
    case 'live':
      return { title: '', text: '', short: 'live' };
    case 'silent':
      return {
        title: `No word from the leader since ${clock.time(freshness.since)}.`,
        text: 'It may be down, or the way to it. The page asks again by itself.',
        short: `silent since ${clock.time(freshness.since)}`,
      };
    case 'not_leading':
      return {
        title: `No leader here since ${clock.time(freshness.since)}: this one is ${freshness.role === 'standby' ? 'a standby' : 'starting'}.`,
        text: 'Running tasks go on without one. Nothing new is started from here.',
        short: `${freshness.role} since ${clock.time(freshness.since)}`,
      };
    case 'redis_away':
      return {
        title: `Redis has not answered since ${clock.time(freshness.since)}.`,
        text: 'Running tasks go on and report when it is back. Nothing new is started meanwhile.',
        short: `Redis away since ${clock.time(freshness.since)}`,
      };
    default:
      return freshness satisfies never;
  }
}
