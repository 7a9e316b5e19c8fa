'use strict';
const {writeFileSync} = require('node:fs');

// Loaded before a measured program: tells what the whole process took, when it ends.
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const usage = {cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024};
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage));
});
