import assert from 'node:assert/strict';

/** Waits for something to become true, and fails after a while: ten seconds, unless the machine decides how long it takes. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  for (const deadline = performance.now() + limitMs; !(await holds());) {
    assert.ok(performance.now() < deadline, `it did not happen within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
