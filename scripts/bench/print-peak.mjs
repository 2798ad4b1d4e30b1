// Loaded before a measured program: its peak memory in KiB and its processor time in ms, on file descriptor 3 when it ends.
import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, `${maxRSS} ${(userCPUTime + systemCPUTime) / 1e3}`);
});
