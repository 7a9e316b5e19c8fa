/** One page of a list, as the API gives it. */
export interface Page<Item> {
  items: Item[];
  /** How many items a full page has (`X-Per-Page`), where the API says so. */
  pageSize: number | undefined;
  /** How many items the whole list has (`X-Total`), where the API says so. */
  total: number | undefined;
}

/** A pass over a list that changes under it is made again so often. */
const maxPasses = 5;

/**
 * All items of a list, or undefined where no two passes over it agree. What such a list does not hold does not exist, so
 * nothing that a header claims ends the reading early: the last page is one that is empty, or shorter than the size that
 * the API gives for its pages while the total is what was read.
 *
 * A record that is removed between two pages moves the next page by one, and an item is never seen. So one pass
 * counts when every page's total is what was read, each item once; otherwise two passes have to show the same items.
 *
 * @param readPage page numbers begin with 1
 * @param maxItems the list cannot hold more: a list of so many is whole without another page
 */
export async function readList<Item extends {id?: unknown}>(
  readPage: (page: number) => Promise<Page<Item>>,
  maxItems = Infinity,
): Promise<Item[] | undefined> {
  let earlier: string | undefined;
  for (let pass = 1; pass <= maxPasses; pass++) {
    const pages = await readPages(readPage, maxItems);
    const items = pages.flatMap((page) => page.items);
    const count = distinct(items).size;
    const isDistinct = count === items.length;
    if (count >= maxItems || (isDistinct && pages.every(({total}) => total === count))) return items;
    const seen = idsOf(items);
    if (seen === earlier && isDistinct) return items;
    earlier = seen;
  }
  return undefined;
}

async function readPages<Item extends {id?: unknown}>(
  readPage: (page: number) => Promise<Page<Item>>,
  maxItems: number,
): Promise<Page<Item>[]> {
  const pages: Page<Item>[] = [];
  const seen = new Set<unknown>();
  let count = 0;
  for (;;) {
    const page = await readPage(pages.length + 1);
    // A server that knows no pages gives the whole list each time.
    if (page.items.length > 0 && idsOf(page.items) === idsOf(pages.at(-1)?.items ?? [])) return pages;
    pages.push(page);
    if (page.items.length === 0) return pages;
    count += page.items.length;
    for (const item of distinct(page.items)) seen.add(item);
    if (seen.size >= maxItems || isLast(page, count)) return pages;
  }
}

function isLast({items, pageSize, total}: Page<unknown>, count: number): boolean {
  return pageSize !== undefined && items.length < pageSize && total === count;
}

function idsOf(items: readonly {id?: unknown}[]): string {
  return JSON.stringify(items.map(({id}) => id));
}

/** The ids of items; those without an id stand for themselves, as each may be another record. */
function distinct(items: readonly {id?: unknown}[]): Set<unknown> {
  return new Set(items.map((item) => item.id ?? item));
}
