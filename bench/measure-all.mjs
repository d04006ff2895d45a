import { document } from './figures/markdown.mjs';
import { describeMachine, loadNow } from './figures/machine.mjs';

/** Measures one benchmark after the other. Answers the document of all of them. */
export async function measureAll(benchmarks, options) {
  const loads = [loadNow()];
  const sections = [];
  for (const { name, title, measure } of benchmarks) {
    options.log(`${name}: ${title}`);
    sections.push({ title, ...(await measure(options)) });
    loads.push(loadNow());
  }
  return document(sections, {
    title: 'Benchmarks',
    intro: `Written by \`npm run prove -- bench\`. Measured on ${describeMachine()}. Each figure stands beside its floor, measured in
turns with it in the same run; where the machine was busy with other things (load average ${loads.join(', ')}), both were slow,
so read the ratios.`,
  });
}
