/** One line of a check-up. `fix` says what to do where something is wrong. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'problem';
  detail: string;
  fix: string;
  /** What a run would end with because of it. */
  exitCode: number;
}

export const ok = (check: string, detail: string): Finding => ({
  check,
  status: 'ok',
  detail,
  fix: '',
  exitCode: 0,
});
export const warning = (check: string, detail: string, fix: string): Finding => ({
  check,
  status: 'warning',
  detail,
  fix,
  exitCode: 0,
});
export const problem = (check: string, detail: string, fix: string, exitCode: number): Finding => ({
  check,
  status: 'problem',
  detail,
  fix,
  exitCode,
});
