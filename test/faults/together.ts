/* The tests of this folder in one process; those in `soak` take minutes. */
import { importTests } from '../harness/import-tests.ts';

importTests(import.meta.dirname);
