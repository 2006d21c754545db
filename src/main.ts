#!/usr/bin/env node
import { runCommandLine } from './commands/command-line/run-command-line.ts';
import { COMMANDS } from './commands/commands.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS);
