import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf} from '../options.ts';
import type {configOptions} from '../settings/setting-options.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderSettings, settingsDocument} from '../print/render-settings.ts';
import type {Settings} from '../settings/resolve-settings.ts';
import {settingsSchema} from '../settings/settings-schema.ts';
import type {Terminal} from '../terminal.ts';
import {listJobs, loadJob} from '../../job/load-jobs.ts';

/** Shows the settings in force, or what may stand in the settings file. */
export async function config(
  {json, schema, job}: ArgumentsOf<typeof configOptions> & {job?: string},
  terminal: Terminal,
  settings: Settings,
): Promise<CommandResult> {
  if (job !== undefined) await loadJob(job);
  if (schema) terminal.result(JSON.stringify(settingsSchema(await listJobs()), null, 2));
  else if (json) terminal.result(jsonDocument(settingsDocument(settings, job), 2));
  else terminal.result(renderSettings(settings, terminal));
  return {exitCode: 0};
}
