import { CORE_SETTINGS } from '../../config/core-settings.ts';
import { type Environment, loadSettings } from '../../config/load.ts';
import { KnownError } from '../../errors.ts';
import type { CoreSettings } from './read-settings.ts';

/** The settings that hold for every workflow, for commands that look at a deployment from outside. */
export function readCoreSettings(environment?: Environment): CoreSettings {
  const { values, problems } = loadSettings(CORE_SETTINGS, environment);
  if (problems.length === 0) return values;
  throw new KnownError('bad_settings', `Invalid settings. ${problems.join(' ')}`, {
    details: { problems },
  });
}
