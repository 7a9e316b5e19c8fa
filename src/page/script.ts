/**
 * The script of all pages: search, filters, sorting, copying, the switch, and the reader's own time. Without it a page is
 * complete, but static.
 */
export const script = `'use strict';
{
  const find = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      button.focus();
    }
    find('announcement').textContent = 'Copied';
    button.classList.add('copied');
    setTimeout(() => {
      button.classList.remove('copied');
      find('announcement').textContent = '';
    }, 1500);
  };
  for (const button of all('.copyable .copy')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button.previousSibling.textContent.trim(), button));
  }

  for (const time of all('time')) {
    const date = new Date(time.dateTime);
    const utc = time.dataset.offset === '0' ? undefined : time.nextSibling;
    if ([Number(time.dataset.offset), utc && 0].includes(date.getTimezoneOffset())) continue;
    const here = date.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'}) + ' your time';
    if (utc) utc.textContent = utc.textContent.replace('(', '(' + here + ', ');
    else time.after(' (' + here + ')');
  }

  const table = find('row-table');
  const box = find('private');
  box?.addEventListener('change', () => document.documentElement.classList.toggle('shows-private', box.checked));
  if (table) {
    const [search, shown, toolbar] = ['search', 'shown', 'toolbar'].map(find);
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({row, cells: [...row.cells], group: row.dataset.group, text: undefined}));
    // Laying out more of them takes seconds.
    const maxShown = 3000;
    let sorted = rows;
    const choices = all('input[name=filter]');
    const grouped = new Intl.NumberFormat('en');
    const visible = (cells) => cells.filter((cell) => showsPrivate() || !cell.classList.contains('private'));
    const showsPrivate = () => document.documentElement.classList.contains('shows-private');
    const textOf = ({cells}) => visible(cells).map((cell) => cell.textContent).join(' ').toLowerCase();

    const apply = () => {
      const chosen = (choices.find((choice) => choice.checked)?.value ?? '').split(' ').filter(Boolean);
      const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
      let count = 0;
      for (const each of sorted) {
        const fits =
          (chosen.length === 0 || chosen.includes(each.group)) &&
          words.every((word) => (each.text ??= textOf(each)).includes(word));
        if (fits) count++;
        each.row.hidden = !fits || count > maxShown;
      }
      table.classList.toggle('filtered', count < rows.length);
      const found = count === rows.length ? 'All ' : (count === 0 ? 'None' : grouped.format(count)) + ' of the ';
      shown.textContent =
        count > maxShown
          ? 'The first ' + grouped.format(maxShown) + ' of ' + grouped.format(count) + ' rows shown; search for the others'
          : found + grouped.format(rows.length) + ' listed rows shown';
    };

    let waiting;
    search.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    for (const choice of choices) choice.addEventListener('change', apply);
    for (const button of all('button[data-filter]')) {
      button.hidden = false;
      button.addEventListener('click', () => {
        const {filter, search: words} = button.dataset;
        for (const choice of choices) choice.checked = choice.value === filter;
        search.value = words;
        apply();
        find('rows').scrollIntoView();
        search.focus({preventScroll: true});
      });
    }

    box?.addEventListener('change', () => {
      for (const each of rows) each.text = undefined;
      apply();
    });

    const order = new Intl.Collator('en', {numeric: true});
    const sortBy = (at, direction) => {
      sorted = [...rows];
      if (direction) {
        const texts = new Map(rows.map((each) => [each, each.cells[at].textContent]));
        const sign = direction === 'ascending' ? 1 : -1;
        sorted.sort((one, other) => {
          const [a, b] = [texts.get(one), texts.get(other)];
          return (a === '') - (b === '') || sign * order.compare(a, b);
        });
      }
      body.replaceChildren(...sorted.map(({row}) => row));
      apply();
    };
    const headings = [...table.tHead.rows[0].cells];
    const next = {none: 'ascending', ascending: 'descending', descending: 'none'};
    for (const [at, heading] of headings.entries()) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.append(...heading.childNodes);
      heading.append(button);
      heading.ariaSort = 'none';
      button.addEventListener('click', () => {
        const direction = next[heading.ariaSort];
        for (const each of headings) each.ariaSort = 'none';
        heading.ariaSort = direction;
        sortBy(at, direction === 'none' ? undefined : direction);
      });
    }

    const template = document.createElement('td');
    template.className = 'copy-row';
    template.innerHTML = '<button type="button" class="copy"></button>';
    for (const each of rows) {
      const cell = template.cloneNode(true);
      cell.firstChild.ariaLabel = 'Copy line ' + each.cells[0].textContent;
      each.row.append(cell);
    }
    if (rows.length > 0) table.tHead.rows[0].append(document.createElement('td'));
    body.addEventListener('click', ({target}) => {
      if (!target.matches('.copy')) return;
      const {cells} = target.closest('tr');
      void copy(visible([...cells].slice(0, -1)).map((cell) => cell.textContent.trim()).join('\\t'), target);
    });

    toolbar.hidden = false;
    apply();
  }
}
`;
