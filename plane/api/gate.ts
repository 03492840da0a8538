import { PlaneError } from './error.ts';

/** Bounds how many run at once; who comes in beyond that is turned away, since what waits holds memory too. */
export interface Gate {
  /** @throws PlaneError 503 when it is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(most: number, what: string): Gate {
  let inside = 0;
  return {
    run: async (work) => {
      if (inside >= most) {
        throw new PlaneError(503, 'Busy', `${most} ${what} are under way, more are not taken; try again`, undefined, {
          headers: { 'Retry-After': '2' },
        });
      }
      inside++;
      try {
        return await work();
      } finally {
        inside--;
      }
    },
  };
}
