/** How many rows of each group fit into `room`: all of the small groups, equal parts of the large ones. */
export function allotRoom(sizes: ReadonlyMap<string, number>, room: number): Map<string, number> {
  const quotas = new Map<string, number>();
  let left = room;
  const ascending = [...sizes].sort(([, one], [, other]) => one - other);
  for (const [at, [key, size]] of ascending.entries()) {
    const quota = Math.min(size, Math.floor(left / (ascending.length - at)));
    quotas.set(key, quota);
    left -= quota;
  }
  return quotas;
}

/** Chooses `quota` of `size` rows, evenly spread over them: each call tells whether the next row is chosen. */
export function evenSample(size: number, quota: number): () => boolean {
  const chosenOf = (offered: number) => Math.floor((offered * quota) / size);
  let offered = 0;
  return () => {
    const before = chosenOf(offered);
    offered++;
    return chosenOf(offered) > before;
  };
}

/** At most `room` of the items, of every group its share. */
export function sampleOf<T>(items: readonly T[], groupOf: (item: T) => string, room: number): T[] {
  if (items.length <= room) return [...items];
  const sizes = new Map<string, number>();
  for (const item of items) sizes.set(groupOf(item), (sizes.get(groupOf(item)) ?? 0) + 1);
  const quotas = allotRoom(sizes, room);
  const samples = new Map([...quotas].map(([key, quota]) => [key, evenSample(sizes.get(key) ?? 0, quota)]));
  return items.filter((item) => samples.get(groupOf(item))?.());
}
