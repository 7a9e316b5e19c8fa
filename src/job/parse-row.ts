import {cleanCell, findMisleading} from './columns/characters.ts';
import type {CellValue} from './columns/column.ts';
import {refusedCell} from './columns/refused-cell.ts';
import type {RowShape, Slot} from './header/row-shape.ts';
import {keyColumns, keyOf} from './natural-key.ts';
import {
  isProblem,
  type Issue,
  type Note,
  type ParseContext,
  type ParsedRow,
  type Problem,
  type Values,
} from './row.ts';
import type {Rule} from './rules.ts';

export type {ParseContext, ParsedRow} from './row.ts';

/** The state of parsing one row. */
interface Parsing {
  cells: readonly string[];
  context: ParseContext;
  issues: Issue[];
  notes: Note[];
}

/** The cells of one record to a typed row, or everything that is wrong with it: cells first, then rules. */
export function parseRow(shape: RowShape, cells: readonly string[], context: ParseContext): ParsedRow {
  const parsing: Parsing = {cells, context, issues: [], notes: []};
  const values: Values = {};
  parseSlots(shape.slots, values, parsing);
  for (const {name, definition, elements} of shape.groups) {
    const list: Values[] = [];
    elements.forEach((slots) => {
      if (!slots.some((slot) => cellOf(slot, cells) !== '')) return;
      const element: Values = {};
      parseSlots(slots, element, parsing);
      checkRules(definition.rules, element, slots, parsing);
      list.push(element);
    });
    const [first] = list;
    if (first) values[name] = definition.group === 'one' ? first : list;
  }
  const {definition} = shape.job;
  if (isOther(shape, values, parsing)) return {issues: [otherLine]};
  if (definition.rules) checkRules(definition.rules, values, shape.slots, parsing);
  if (definition.keys.length > 1) checkTarget(shape, values, parsing);
  if (parsing.issues.length > 0) return {issues: parsing.issues};
  return parsing.notes.length > 0 ? {values, notes: parsing.notes} : {values};
}

/** Several required cells are empty, and none of the job's columns holds anything: "Total: 123" below a table. */
function isOther({slots}: RowShape, values: Values, {cells, issues}: Parsing): boolean {
  const isFilled = (slot: Slot) => slot.at >= 0 && cleanCell(cells[slot.at] ?? '') !== '';
  return (
    issues.length > 1 &&
    issues.every(({code}) => code === 'required') &&
    !slots.some(isFilled) &&
    Object.values(values).every((value) => typeof value !== 'object')
  );
}

const otherLine: Issue = {
  column: '',
  value: '',
  code: 'no_row',
  message: 'none of the job’s columns is filled',
  hint: 'remove the line if it is a total or a note',
};

/** The row's key, also where other cells are wrong. A wrong cell of the key counts as it is written. */
export function parseKey({job, slots}: RowShape, cells: readonly string[], context: ParseContext): string {
  const columns = job.definition.keys.flat();
  const values: Values = {};
  for (const slot of slots) {
    const cell = cellOf(slot, cells);
    if (!columns.includes(slot.field)) continue;
    if (cell === '') {
      if (slot.column.traits.default !== undefined) values[slot.field] = slot.column.traits.default;
      continue;
    }
    const value = parseCell(slot, cell, context);
    values[slot.field] = isProblem(value) ? cell : value;
  }
  return keyOf(job, values);
}

/** The cell as it is sent, or what stands for an empty one. */
function cellOf(slot: Slot, cells: readonly string[]): string {
  const cell = slot.at < 0 ? '' : cleanCell(cells[slot.at] ?? '');
  return cell === '' ? cleanCell(slot.fallback) : cell;
}

/** With the spaces around it, which belong to a secret. */
function rawCell(slot: Slot, cells: readonly string[]): string {
  const cell = cells[slot.at] ?? '';
  return cell.trim() === '' ? slot.fallback : cell;
}

function parseSlots(slots: readonly Slot[], into: Values, parsing: Parsing): void {
  for (const slot of slots) {
    const {traits} = slot.column;
    const cell = cellOf(slot, parsing.cells);
    if (cell === '') {
      if (traits.default !== undefined) into[slot.field] = traits.default;
      else if (traits.required) report(slot, missing, parsing);
    } else if (cell === '<clear>') {
      if (slot.clearable) into[slot.field] = null;
      else report(slot, notClearable, parsing);
    } else {
      const raw = rawCell(slot, parsing.cells);
      const text = traits.secret ? raw : cell;
      const value =
        refusedCell(cell) ?? identifierProblem(slot, raw) ?? parseCell(slot, text, parsing.context);
      if (isProblem(value)) {
        report(slot, value, parsing);
        continue;
      }
      into[slot.field] = value;
      // A note would tell of a secret what it looks like.
      const message = traits.secret
        ? undefined
        : slot.column.kind.note?.(text, value, parsing.context, slot.name);
      if (message !== undefined) parsing.notes.push({column: slot.name, message});
    }
  }
}

function identifierProblem({column}: Slot, cell: string): Problem | undefined {
  const found = column.kind.isIdentifier && findMisleading(cell);
  if (!found) return undefined;
  return {code: 'misleading_character', message: found, hint: 'type it again instead of copying it'};
}

/** The rows of a bulk file share a few dates, and a date costs more than all other cells together. */
function parseCell(slot: Slot, cell: string, context: ParseContext): CellValue | Problem {
  const {kind} = slot.column;
  if (!kind.isDate) return kind.parse(cell, context, slot.name);
  if (slot.read?.context !== context) slot.read = {context, values: new Map()};
  const {values} = slot.read;
  const known = values.get(cell);
  if (known !== undefined) return known;
  const value = kind.parse(cell, context, slot.name);
  if (values.size === maxRemembered) values.clear();
  values.set(cell, value);
  return value;
}

const maxRemembered = 1000;

const missing: Problem = {code: 'required', message: 'required, and empty', hint: 'fill the cell'};

const notClearable: Problem = {
  code: 'not_clearable',
  message: 'this field cannot be cleared',
  hint: 'write a value, or leave the cell empty to leave the field as it is',
};

/** A rule over a column whose cell is already refused would only repeat it. */
function checkRules(rules: readonly Rule[], values: Values, slots: readonly Slot[], parsing: Parsing): void {
  for (const rule of rules) {
    const problem = rule.check(values);
    if (!problem) continue;
    const involved = slots.filter((slot) => rule.columns.includes(slot.field));
    if (parsing.issues.some((issue) => involved.some((slot) => slot.name === issue.column))) continue;
    const reported = involved.find((slot) => slot.field === rule.columns[0]);
    if (reported) report(reported, problem, parsing);
    else parsing.issues.push({...problem, column: siblingName(slots, rule.columns[0]), value: ''});
  }
}

/** The full name of a column that the file does not have, beside those that it has. */
function siblingName(slots: readonly Slot[], field: string): string {
  const [slot] = slots;
  return slot ? slot.name.slice(0, slot.name.length - slot.field.length) + field : field;
}

function checkTarget(shape: RowShape, values: Values, parsing: Parsing): void {
  if (keyColumns(shape.job, values).length > 0) return;
  const {keys} = shape.job.definition;
  const columns = keys.flat();
  if (parsing.issues.some((issue) => columns.includes(issue.column))) return;
  const list = keys.map((key) => key.join(' + ')).join(' or ');
  const problem = {code: 'required', message: 'nothing says which record is meant', hint: `fill ${list}`};
  parsing.issues.push({...problem, column: columns[0] ?? '', value: ''});
}

function report(slot: Slot, {code, message, hint}: Problem, {cells, issues}: Parsing): void {
  const value = slot.column.traits.secret ? '' : cellOf(slot, cells);
  issues.push({column: slot.name, value, code, message, hint});
}
