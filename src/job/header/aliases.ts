import {foldName} from './header-name.ts';

/**
 * What people call a field in the headers of their files, in English, French, German and Spanish. Compared as names
 * are, so without case, spaces, accents, - and _. A column definition may add its own.
 */
const commonAliases: Readonly<Record<string, string>> = {
  user_id:
    'user, login, username, student, identifiant, utilisateur, nom d’utilisateur, étudiant, benutzer, benutzername, anmeldename, studierende, usuario, nombre de usuario, estudiante',
  login: 'username, identifiant, nom d’utilisateur, benutzername, anmeldename, nombre de usuario',
  godfather_id:
    'godfather, godmother, mentor, tutor, parrain, tuteur, marraine, pate, patin, padrino, madrina',
  closer_id: 'closer, closed by, fermé par, geschlossen von, cerrado por',
  campus_id: 'campus',
  cursus_id: 'cursus, curriculum',
  project_id: 'project, projet, projekt, proyecto',
  exam_id: 'exam, examen, prüfung',
  event_id: 'event, événement, evenement, veranstaltung, evento',
  group_id: 'group, groupe, gruppe, grupo',
  title_id: 'title, titre, titel, título',
  coalition_id: 'coalition, koalition, coalición',
  team_id: 'team, équipe, equipo',
  first_name: 'given name, prénom, vorname, nombre, nombre de pila',
  last_name: 'surname, family name, nom, nom de famille, nachname, familienname, apellido, apellidos',
  email:
    'mail, email address, courriel, adresse e-mail, adresse mail, e-mail-adresse, correo, correo electrónico',
  phone: 'telephone, phone number, téléphone, portable, telefon, telefonnummer, handy, teléfono, móvil',
  birth_date: 'birthday, date of birth, date de naissance, naissance, geburtsdatum, fecha de nacimiento',
  gender: 'sex, genre, sexe, geschlecht, género, sexo',
  country: 'pays, land, país',
  begin_at: 'begin, start, start date, début, date de début, beginn, startdatum, inicio, fecha de inicio',
  begin_date: 'begin, start, start date, début, date de début, beginn, startdatum, inicio, fecha de inicio',
  end_at: 'end, end date, fin, date de fin, ende, enddatum, fecha de fin',
  expected_end_date: 'end, end date, fin, date de fin, ende, enddatum, fecha de fin',
  has_coalition: 'avec coalition, mit koalition, con coalición',
  reason: 'motif, raison, grund, motivo, razón',
  kind: 'type, art, tipo',
  comment: 'commentaire, kommentar, comentario',
  amount: 'points, montant, nombre de points, anzahl, betrag, cantidad',
  value: 'points, score, wallets, montant, valeur, wert, betrag, valor, cantidad',
  final_mark: 'mark, grade, note, bewertung, nota',
  ongoing: 'en cours, laufend, en curso',
  password: 'mot de passe, passwort, kennwort, contraseña',
};

const byField: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(commonAliases).map(([field, names]) => [field, names.split(', ')]),
);

/** A header is known as the name of other fields, and not of this one. */
export function isOtherField(header: string, field: string): boolean {
  const folded = foldName(header);
  const fields = [...byField].filter(([, names]) => names.some((name) => foldName(name) === folded));
  return fields.length > 0 && !fields.some(([each]) => each === field);
}

/** Other names of a field. */
export function aliasesOf(field: string): readonly string[] {
  return byField.get(field) ?? [];
}
