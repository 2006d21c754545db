/* The tests of this folder and of those in it, in one process. */
import { importTests } from '../harness/import-tests.ts';

importTests(import.meta.dirname);
