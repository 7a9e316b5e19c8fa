import {attentionOutcomes} from '../../outcome.ts';

/** The page's own script: search and filter, and the reader's own time. Without it the page is complete, but static. */
export const script = `'use strict';
{
  const find = (id) => document.getElementById(id);
  const [search, shown, toolbar] = [find('search'), find('shown'), find('toolbar')];
  const table = find('row-table');
  const rows = [...table.tBodies[0].rows].map((row) => ({row, outcome: row.dataset.o, text: undefined}));
  const choices = [...document.querySelectorAll('input[name=outcome]')];
  const attention = ${JSON.stringify(attentionOutcomes)};
  const grouped = new Intl.NumberFormat('en');

  const apply = () => {
    const chosen = choices.find((choice) => choice.checked)?.value ?? 'all';
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const each of rows) {
      const fits =
        (chosen === 'all' || chosen === each.outcome || (chosen === 'attention' && attention.includes(each.outcome))) &&
        (words.length === 0 || words.every((word) => (each.text ??= textOf(each.row)).includes(word)));
      each.row.hidden = !fits;
      if (fits) count++;
    }
    table.classList.toggle('filtered', count < rows.length);
    shown.textContent =
      (count === rows.length ? 'All ' : (count === 0 ? 'None' : grouped.format(count)) + ' of the ') +
      grouped.format(rows.length) + ' listed rows shown';
  };
  const textOf = (row) => [...row.cells].map((cell) => cell.textContent).join(' ').toLowerCase();

  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  for (const choice of choices) choice.addEventListener('change', apply);

  for (const button of document.querySelectorAll('button[data-code]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const {outcome, code} = button.dataset;
      for (const choice of choices) choice.checked = choice.value === outcome;
      search.value = code;
      apply();
      find('rows').scrollIntoView();
      search.focus({preventScroll: true});
    });
  }

  for (const time of document.querySelectorAll('time')) {
    const date = new Date(time.dateTime);
    if (date.getTimezoneOffset() === 0) continue;
    const here = date.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
    time.after(' (' + here + ' your time)');
  }

  toolbar.hidden = false;
  apply();
}
`;
