import {checkSetup} from '../../app/check-setup.ts';
import type {Finding} from '../../app/finding.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, doctorOptions} from '../options.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderFinding, renderVerdict} from '../print/render-findings.ts';
import type {Settings} from '../settings/resolve-settings.ts';
import type {Terminal} from '../terminal.ts';

/** Checks what every run needs, and shows what to fix. */
export async function doctor(
  args: ArgumentsOf<typeof doctorOptions>,
  terminal: Terminal,
  {file, profile}: Settings,
): Promise<CommandResult> {
  const findings: Finding[] = [];
  await checkSetup({...args, file, profile}, (finding) => {
    findings.push(finding);
    const isShown = !args.json && !(args.quiet && finding.status === 'ok');
    if (isShown) terminal.result(renderFinding(finding, terminal));
  });
  const exitCode = Math.max(0, ...findings.map((finding) => finding.exitCode));
  if (args.json) terminal.result(jsonDocument({ok: exitCode === 0, exitCode, findings}, 2));
  else if (!args.quiet || exitCode !== 0) terminal.result(renderVerdict(findings, terminal));
  return {exitCode};
}
