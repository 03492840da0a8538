/**
 * Variables for a Node process in which time goes by faster: its clocks and its timers, but not what it waits for. An
 * hour can so be spent in a minute.
 */
export function fastTime(factor: number): Readonly<Record<string, string>> {
  const program = `
    import { syncBuiltinESMExports } from 'node:module';
    import timers from 'node:timers';
    import promises from 'node:timers/promises';
    const [began, start] = [Date.now(), performance.now()];
    const RealDate = Date;
    const passed = performance.now.bind(performance);
    const now = () => Math.round(began + (passed() - start) * ${factor});
    globalThis.Date = class extends RealDate {
      constructor(...given) { if (given.length === 0) super(now()); else super(...given); }
      static now() { return now(); }
    };
    performance.now = () => (passed() - start) * ${factor};
    for (const name of ['setTimeout', 'setInterval']) {
      const real = timers[name];
      const faster = (callback, ms = 0, ...rest) => real(callback, ms / ${factor}, ...rest);
      globalThis[name] = timers[name] = faster;
    }
    const wait = promises.setTimeout;
    promises.setTimeout = (ms = 0, ...rest) => wait(ms / ${factor}, ...rest);
    syncBuiltinESMExports();
  `;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };
}
