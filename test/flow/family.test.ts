import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { type Family, childKey, familyOf, inheritedFields } from '../../src/flow/family.ts';
import type { ChildJob, JobFamilies } from '../../src/ports.ts';

const ID = '0123456789abcdef0123456789abcdef';
const parent = (key: string, resultId = ID) => ({ key, resultId });
const NOW = new Date('2026-01-01T00:00:00Z');

function recorded(owned = true): { family: Family; submitted: ChildJob[] } {
  const submitted: ChildJob[] = [];
  const submit = async (_: unknown, children: readonly ChildJob[]): Promise<boolean> => {
    submitted.push(...children);
    return owned;
  };
  // Only `submit` is used here.
  const families = { submit } as unknown as JobFamilies;
  const claim = { key: 'image-zip:a.zip:1', token: 1 };
  return {
    family: familyOf({
      families,
      claim,
      resultId: ID,
      hostName: 'pod-1',
      now: () => NOW,
      madeFrom: () => {},
    }),
    submitted,
  };
}

test('the key of a child follows from its parent, the result of that and its place, and begins as the original wrote it', () => {
  const place = { queue: 'image', name: 'a/b, c:d.tif', place: 3 };
  const key = childKey(parent('image-zip:x.zip:1'), place);
  assert.match(key, /^image:a\/b_ c:d\.tif:[0-9a-f]{32}$/);
  assert.equal(childKey(parent('image-zip:x.zip:1'), place), key);
  assert.notEqual(childKey(parent('image-zip:x.zip:2'), place), key);
  assert.notEqual(childKey(parent('image-zip:x.zip:1', 'f'.repeat(32)), place), key);
  assert.notEqual(childKey(parent('image-zip:x.zip:1'), { ...place, place: 4 }), key);
});

test('the digits of the key of a child are those of a UUID 5', () => {
  // python3: uuid.uuid5(uuid.UUID(NAMESPACE), f'image-zip:übung.zip:1\n{ID}\n3').hex
  const key = childKey(parent('image-zip:übung.zip:1'), { queue: 'image', name: 'a', place: 3 });
  assert.equal(key, 'image:a:2dd04e84ca475015b284baddb6d09452');
});

test('a parent whose key is not UTF-8 has children: their digits follow from its bytes', () => {
  // python3: sha1(namespace.bytes + b'image-zip:\xef.zip:1\n' + ID + b'\n0'), with the version and the variant of a UUID 5 set
  const place = { queue: 'image', name: 'a', place: 0 };
  assert.equal(
    childKey(parent('image-zip:\udcef.zip:1'), place),
    'image:a:abd4f2c13a32569a9eb0adf19aef20f5',
  );
  assert.notEqual(
    childKey(parent('image-zip:\udcee.zip:1'), place),
    'image:a:abd4f2c13a32569a9eb0adf19aef20f5',
  );
});

test('a child begins as new, with the dates and who submitted it; one that cannot be done has failed', async () => {
  const { family, submitted } = recorded();
  const failure = new KnownError('corrupt_archive', 'Damaged.');
  await family.submit([
    { queue: 'image', name: 'a', fields: { scale: '1' }, place: 0 },
    { queue: 'image', name: 'b', fields: {}, failure, place: 1 },
  ]);
  assert.deepEqual(
    submitted.map(({ fields, failed, place }) => ({ fields, failed, place })),
    [
      {
        place: 0,
        failed: false,
        fields: {
          scale: '1',
          status: 'new',
          created_at: NOW.toISOString(),
          updated_at: NOW.toISOString(),
          identity_upload: 'pod-1',
        },
      },
      {
        place: 1,
        failed: true,
        fields: {
          status: 'failed',
          created_at: NOW.toISOString(),
          updated_at: NOW.toISOString(),
          identity_upload: 'pod-1',
          reason: 'Damaged.',
          error_code: 'corrupt_archive',
          finished_at: NOW.toISOString(),
        },
      },
    ],
  );
});

test('submitting with a lost claim ends the split', async () => {
  const { family } = recorded(false);
  await assert.rejects(family.submit([]), { code: 'claim_lost' });
});

test('a child takes over what the user asked for and nothing that belongs to its parent', () => {
  assert.deepEqual(
    inheritedFields({
      channels: '0,',
      scale: '2',
      claim_token: '4',
      status: 'started',
      place: '1',
    }),
    { channels: '0,', scale: '2' },
  );
});
