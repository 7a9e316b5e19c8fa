import type {Finding} from '../../app/finding.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

/** One line for a check, and one for what to do where something is wrong. */
export function renderFinding({check, status, detail, fix}: Finding, {colors}: Terminal): string {
  const {green, yellow, red, dim} = colors;
  const mark = {ok: green('ok      '), warning: yellow('warning '), problem: red('problem ')}[status];
  const next = fix ? `\n         ${dim('→')} ${escapeControlCharacters(fix)}` : '';
  return `${mark} ${check}: ${escapeControlCharacters(detail)}${next}`;
}

/** Whether a run can begin. */
export function renderVerdict(findings: readonly Finding[], {colors: {bold}}: Terminal): string {
  const having = (status: Finding['status']) =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [having('problem'), having('warning')];
  if (problems > 0) return bold(`not ready: ${pluralize(problems, 'problem')} to fix before a run`);
  return bold(
    warnings > 0 ? `ready, with ${pluralize(warnings, 'warning')}` : 'ready: everything is in place',
  );
}
