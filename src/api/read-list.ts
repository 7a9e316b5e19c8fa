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
 * the API gives for its pages while the total does not contradict it.
 *
 * A record that is removed between two pages moves the next page by one, and an item is never seen. So one pass
 * counts when every page's total is what was read, each item once, or when the list is empty or one short page;
 * otherwise two passes have to show the same items.
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
    if (items.length >= maxItems || isConsistent(pages, items)) return items;
    const seen = idsOf(items);
    if (seen === earlier && isDistinct(items)) return items;
    earlier = seen;
  }
  return undefined;
}

async function readPages<Item extends {id?: unknown}>(
  readPage: (page: number) => Promise<Page<Item>>,
  maxItems: number,
): Promise<Page<Item>[]> {
  const pages: Page<Item>[] = [];
  let count = 0;
  for (;;) {
    const page = await readPage(pages.length + 1);
    // A server that knows no pages gives the whole list each time.
    if (page.items.length > 0 && idsOf(page.items) === idsOf(pages.at(-1)?.items ?? [])) return pages;
    pages.push(page);
    if (page.items.length === 0) return pages;
    count += page.items.length;
    if (count >= maxItems || isLast(page, count)) return pages;
  }
}

function isLast({items, pageSize, total}: Page<unknown>, count: number): boolean {
  return pageSize !== undefined && items.length < pageSize && (total === undefined || count >= total);
}

/** Whether one pass proves what the list holds. */
function isConsistent(pages: readonly Page<unknown>[], items: readonly {id?: unknown}[]): boolean {
  if (!isDistinct(items)) return false;
  const [first] = pages;
  const isOneShortPage = pages.length === 1 && first !== undefined && isLast(first, items.length);
  const isEmpty = items.length === 0 && first?.total === undefined;
  return isEmpty || isOneShortPage || pages.every(({total}) => total === items.length);
}

function idsOf(items: readonly {id?: unknown}[]): string {
  return JSON.stringify(items.map(({id}) => id));
}

function isDistinct(items: readonly {id?: unknown}[]): boolean {
  const ids = items.map(({id}) => id).filter((id) => id !== undefined);
  return new Set(ids).size === ids.length;
}
