import { KnownError } from '../../errors.ts';
import { splitName } from '../split-name.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import type { ZipMember } from './zip-directory.ts';

/** A member to make a job of, or the reason why none can be made of it. */
export interface ChosenMember {
  readonly member: ZipMember;
  readonly problem?: KnownError;
}

/**
 * The members of an archive that are images by the contract: regular files with an extension and not below `__MACOSX`,
 * in the order of the archive, with names as they are unpacked: `a.tif` for `./a.tif`. Encrypted ones,
 * archives in archives and unknown compressions fail alone.
 *
 * The whole archive is refused, before any of its data is read, for names or links that lead outside
 * (`unsafe_archive`), two files of one name, overlapping files or sizes that cannot be true
 * (`corrupt_archive`), for more than `limits` allow (`archive_too_large`), and if there is nothing to work on
 * in it (`unsupported_file`).
 */
export function chooseMembers(
  members: readonly ZipMember[],
  limits: ArchiveLimits,
): ChosenMember[] {
  for (const member of members) checkName(member);
  const files = members.filter(isImageFile).map(withPlainName);
  for (const file of files) checkType(file);
  checkNamesDiffer(files);
  for (const file of files) checkSizes(file);
  checkOverlap(members);
  checkTotal(files, limits);
  const chosen = files.map((file) => judge(file, limits));
  checkUsable(chosen, members.length);
  return chosen;
}

function checkName({ name }: ZipMember): void {
  const isAbsolute = /^[/\\]|^[a-z]:[/\\]/i.test(name);
  const leadsOut = name.split(/[/\\]/).includes('..');
  if (!isAbsolute && !leadsOut) return;
  const what = isAbsolute ? 'an absolute path' : 'a path that leads out of the archive';
  throw new KnownError(
    'unsafe_archive',
    `The archive has a member with ${what}: ${JSON.stringify(name)}. Archive the folder itself, with relative paths.`,
  );
}

/** As the reference tells: `.DS_Store` and `...tif` have no extension, `._cells.tif` has one. */
function isImageFile({ name }: ZipMember): boolean {
  return splitName(name)[1] !== '' && !/[/\\]$/.test(name) && !name.includes('__MACOSX');
}

/** Steps that lead nowhere are left out, as Python's zipfile and Info-ZIP do. */
function withPlainName(member: ZipMember): ZipMember {
  const steps = member.name.split('/').filter((step) => step !== '' && step !== '.');
  return { ...member, name: steps.join('/') };
}

const REGULAR_FILE = 0o100000;
const LINK = 0o120000;

function checkType({ name, fileType }: ZipMember): void {
  if (fileType === 0 || fileType === REGULAR_FILE) return;
  const what = fileType === LINK ? 'a symbolic link' : 'a folder or device';
  throw new KnownError(
    'unsafe_archive',
    `"${name}" in the archive is ${what}, not a file. Archive the files themselves.`,
  );
}

function checkNamesDiffer(files: readonly ZipMember[]): void {
  const seen = new Set<string>();
  for (const { name } of files) {
    if (seen.has(name)) {
      throw new KnownError(
        'corrupt_archive',
        `The archive has two files named "${name}"; it is unclear which one is meant.`,
      );
    }
    seen.add(name);
  }
}

const STORED = 0;
const DEFLATED = 8;
/** A bit codes 258 bytes at most: https://zlib.net/zlib_tech.html */
const MOST_DEFLATED = 1032;

function checkSizes({ name, size, compressedSize, method, isEncrypted }: ZipMember): void {
  const fits =
    method === STORED
      ? size === compressedSize || isEncrypted
      : method !== DEFLATED || size <= compressedSize * MOST_DEFLATED;
  if (fits) return;
  throw new KnownError(
    'corrupt_archive',
    `"${name}" claims ${size} bytes out of ${compressedSize} in the archive, which is impossible.`,
  );
}

const LOCAL_HEADER_BYTES = 30;

/** Fifield, "A better zip bomb" (2019): bytes that belong to several members expand several times. */
function checkOverlap(members: readonly ZipMember[]): void {
  const ordered = members.toSorted((a, b) => a.offset - b.offset);
  let end = 0;
  let before = '';
  for (const { name, offset, rawName, compressedSize } of ordered) {
    if (offset < end) {
      throw new KnownError('corrupt_archive', `"${before}" and "${name}" overlap in the archive.`);
    }
    end = offset + LOCAL_HEADER_BYTES + rawName.length + compressedSize;
    before = name;
  }
}

/** Archives below this are harmless, however well they compress: blank images do. */
const HARMLESS_BYTES = 2 ** 28;

function checkTotal(files: readonly ZipMember[], { maxBytes, maxRatio }: ArchiveLimits): void {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const packed = files.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (total > maxBytes) {
    throw new KnownError(
      'archive_too_large',
      `The files of the archive are ${total} bytes together; at most ${maxBytes} are allowed (MAX_ARCHIVE_BYTES).`,
    );
  }
  if (total <= Math.max(HARMLESS_BYTES, packed * maxRatio)) return;
  throw new KnownError(
    'archive_too_large',
    `The files of the archive are ${Math.round(total / packed)} times larger than the archive; ` +
      `at most ${maxRatio} times are allowed (MAX_ARCHIVE_RATIO).`,
  );
}

function judge(member: ZipMember, limits: ArchiveLimits): ChosenMember {
  const problem = problemOf(member, limits);
  return { member, ...(problem && { problem }) };
}

function problemOf(
  { name, size, method, isEncrypted }: ZipMember,
  { maxFileBytes }: ArchiveLimits,
): KnownError | undefined {
  if (/\.zip$/i.test(name)) {
    return new KnownError('invalid_file_type', `"${name}" is an archive in an archive.`);
  }
  if (isEncrypted) {
    return new KnownError(
      'unsupported_file',
      `"${name}" is encrypted. Archive it without password.`,
    );
  }
  if (size > maxFileBytes) {
    return new KnownError(
      'file_too_large',
      `"${name}" has ${size} bytes; at most ${maxFileBytes} are allowed (MAX_FILE_BYTES).`,
    );
  }
  if (method === STORED || method === DEFLATED) return undefined;
  return new KnownError(
    'unsupported_file',
    `"${name}" is compressed by method ${method}, which is not read. Archive it with deflate.`,
  );
}

/** An archive of which no file can be used fails at once, for the reason of its first file if it has one. */
function checkUsable(chosen: readonly ChosenMember[], members: number): void {
  if (chosen.some(({ problem }) => problem === undefined)) return;
  const [first] = chosen;
  if (first?.problem !== undefined) throw first.problem;
  const what = members === 0 ? 'It has no files at all.' : `None of its ${members} members is one.`;
  throw new KnownError(
    'unsupported_file',
    `The archive has no images: files with an extension, such as .tif. ${what}`,
  );
}
