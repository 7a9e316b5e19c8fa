/** Makes a process believe that its clock was set: CLOCK_SHIFT milliseconds are added. Preloaded with `--import`. */
const shift = Number(process.env.CLOCK_SHIFT);
const {now} = Date;
Date.now = () => now() + shift;
