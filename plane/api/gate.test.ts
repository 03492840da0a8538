import { describe, expect, it } from '@jest/globals';

import { createGate } from './gate.ts';

describe('createGate', () => {
  it('turns away who comes in beyond its bound, and lets in again when one has left, however it left', async () => {
    const gate = createGate(2, 'uploads');
    let leave = (): void => undefined;
    const inside = new Promise<void>((resolve) => (leave = resolve));
    const first = gate.run(async () => inside);
    const second = gate.run(async () => inside.then(() => Promise.reject(new Error('broken'))));
    await expect(gate.run(async () => 'third')).rejects.toMatchObject({
      status: 503,
      code: 'Busy',
      message: '2 uploads are under way, more are not taken; try again',
    });
    leave();
    await first;
    await expect(second).rejects.toThrow('broken');
    expect(await gate.run(async () => 'third')).toBe('third');
  });
});
