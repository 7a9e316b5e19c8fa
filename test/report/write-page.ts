import {dirname, join} from 'node:path';
import type {Replayed} from '../../src/journal/replay.ts';
import type {PageInput} from '../../src/report/page/select-rows.ts';
import {writeOutputs} from '../../src/report/write-outputs.ts';

/** Writes a run's page, and its other outputs beside it. */
export async function writePage(path: string, replayed: Replayed, input: PageInput): Promise<void> {
  const beside = (name: string) => join(dirname(path), name);
  await writeOutputs(
    {report: beside('report.csv'), retry: beside('retry.csv'), summary: beside('summary.json'), page: path},
    replayed,
    input,
  );
}
