import {setFlagsFromString} from 'node:v8';

/**
 * For passes over long files. By default the heap takes 48 MB for new objects, and dead old ones lie about until they
 * are three times as many as live ones; here a few hundred rows live at a time. So memory stays what it is for a short
 * file: 115 MB instead of 178 in a run of 100,000 rows, for a seventh more of its CPU time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
