import {after, differ, requiredWithout} from '../../src/job/rules.ts';
import {
  boolean,
  dateTime,
  file,
  flag,
  id,
  many,
  month,
  one,
  secretText,
  text,
  user,
} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob} from '../../src/job/job.ts';

/** A job with one of everything, unlike any real one. */
export const pairing = defineJob({
  summary: 'Pair a mentor with a pupil',
  needs: {roles: ['Mentor in chief']},
  columns: {
    mentor_id: user('The mentor').required(),
    pupil_id: user('The pupil').required(),
    active: boolean('Is it active').nullable().default(true),
    begins: dateTime('When it begins').nullable(),
    ends: dateTime('When it ends').nullable(),
    term: month('The term').nullable(),
    remark: text('A remark').nullable(),
    pass: secretText('A pass phrase').nullable(),
    photo: file('A photo', {minBytes: 10, maxBytes: 20, types: ['image/png']}).nullable(),
    quiet: flag('Send no mail').nullable().instruction(),
    place: one({id: id('The place'), street: text('Street').nullable(), city: text('City').nullable()}),
    lessons: many(
      {
        id: id('The lesson'),
        topic: text('The topic'),
        teacher_id: user('Who teaches').nullable(),
        minutes: id('Length').nullable(),
        _destroy: flag('Remove it').instruction(),
      },
      {identity: [['id'], ['topic']], destroy: '_destroy', rules: [requiredWithout('topic', 'id')]},
    ),
    tasks: many(
      {hours: id('Length').required(), what: text('What').nullable()},
      {identity: [['hours', 'what'], ['hours']]},
    ),
  },
  keys: [['mentor_id', 'pupil_id']],
  rules: [differ('mentor_id', 'pupil_id'), after('ends', 'begins')],
  request: (row) => ({
    method: 'PUT',
    path: ['pairs', row.mentor_id, row.pupil_id],
    body: {pair: {remark: row.remark ?? null}},
  }),
  readBack: [],
});

export const pairingJob = createJob('pairing', pairing);
