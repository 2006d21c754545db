import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { type Family, childKey, familyOf, inheritedFields } from '../../src/flow/family.ts';
import type { ChildJob, JobFamilies } from '../../src/ports.ts';

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
  return { family: familyOf({ families, claim, hostName: 'pod-1', now: () => NOW }), submitted };
}

test('the key of a child follows from its parent and its place, and begins as the original wrote it', () => {
  const place = { queue: 'image', name: 'a/b, c:d.tif', place: 3 };
  const key = childKey('image-zip:x.zip:1', place);
  assert.match(key, /^image:a\/b_ c:d\.tif:[0-9a-f]{32}$/);
  assert.equal(childKey('image-zip:x.zip:1', place), key);
  assert.notEqual(childKey('image-zip:x.zip:2', place), key);
  assert.notEqual(childKey('image-zip:x.zip:1', { ...place, place: 4 }), key);
});

test('the key of a child keeps the digits it has always had', () => {
  // python3: uuid.uuid5(uuid.UUID(NAMESPACE), 'image-zip:übung.zip:1\n3').hex
  const key = childKey('image-zip:übung.zip:1', { queue: 'image', name: 'a', place: 3 });
  assert.equal(key, 'image:a:b4921ce783b956e1ad5f79bd4acd26cb');
});

test('a parent whose key is not UTF-8 has children: their digits follow from its bytes', () => {
  // python3: sha1(namespace.bytes + b'image-zip:\xef.zip:1\n0'), with the version and the variant of a UUID 5 set
  const place = { queue: 'image', name: 'a', place: 0 };
  assert.equal(
    childKey('image-zip:\udcef.zip:1', place),
    'image:a:a251dda0bd9652d6aff13542e3ce2684',
  );
  assert.notEqual(
    childKey('image-zip:\udcee.zip:1', place),
    'image:a:a251dda0bd9652d6aff13542e3ce2684',
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
