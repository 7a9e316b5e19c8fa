import {isFileRef, type FileRef, type Tree, type TreeValue} from './request.ts';

/** A file's content, ready to be sent. */
export interface FilePart {
  bytes: Uint8Array<ArrayBuffer>;
  /** Media type, from the content and not from the name. */
  type: string;
  /** Without a dot: the name that is sent is always `upload.<extension>`. */
  extension: string;
}

export function hasFile(value: TreeValue | Tree): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isFileRef(value) || Object.values(value).some(hasFile);
}

/**
 * A request body as multipart form data with Rails' bracketed names: `user[first_name]`, and
 * `user[cursus_users_attributes][][cursus_id]` for the objects of a list. `null` is an empty part.
 */
export async function buildForm(
  body: Tree,
  readFile: (ref: FileRef) => Promise<FilePart>,
): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) await addTo(form, name, value, readFile);
  return form;
}

async function addTo(
  form: FormData,
  name: string,
  value: TreeValue,
  readFile: (ref: FileRef) => Promise<FilePart>,
): Promise<void> {
  if (isFileRef(value)) {
    const {bytes, type, extension} = await readFile(value);
    form.append(name, new Blob([bytes], {type}), `upload.${extension}`);
  } else if (Array.isArray(value)) {
    for (const element of beginningAlike(value)) await addTo(form, `${name}[]`, element, readFile);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) await addTo(form, `${name}[${key}]`, inner, readFile);
  } else {
    form.append(name, value === null ? '' : String(value));
  }
}

/**
 * Rails begins a new object of a list where a field comes again, so all of them have to begin with the same one. An
 * empty `id` stands for a record that does not exist yet.
 */
function beginningAlike(list: readonly TreeValue[]): readonly TreeValue[] {
  const [first, ...others] = list.filter(isTree);
  if (!first || others.length === 0) return list;
  const lead = Object.keys(first).find((field) => others.every((other) => field in other)) ?? 'id';
  return list.map((element) => (isTree(element) ? {[lead]: null, ...element} : element));
}

function isTree(value: TreeValue): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isFileRef(value);
}
