import {countryCode, date, email, integer, oneOf, text, user} from '../columns/columns.ts';

/**
 * The fields of a candidature, which two endpoints take: PUT /v2/user_candidatures/:id, and PUT /v2/users/:id nested.
 * Their documents type `birth_date` Fixnum, String and `meeting_date` DateTime, and send plain dates. Only the first
 * one limits birth date and gender; it is one and the same record, so its limits hold for both.
 */
export const candidature = {
  user_id: user('The candidate').nullable().withExample(''),
  birth_date: date('Birth date', {min: 13, max: 99}).nullable(),
  gender: oneOf('Gender', ['male', 'female', 'other']).nullable(),
  zip_code: text('Zip code').nullable().withExample('75017'),
  country: text('Country, full name').nullable().withExample('France'),
  phone_country_code: countryCode('Country of the phone number').nullable(),
  phone: text('Phone').nullable().withExample('0601020304'),
  email: email('E-mail').nullable(),
  birth_city: text('Birth city').nullable().withExample('Lyon'),
  birth_country: text('Birth country, full name').nullable().withExample('France'),
  postal_street: text('Street').nullable().withExample('96 boulevard Bessieres'),
  postal_complement: text('Complement of the address').nullable().withExample(''),
  postal_city: text('City').nullable().withExample('Paris'),
  postal_zip_code: text('Zip code of the postal address').nullable().withExample('75017'),
  postal_country: text('Country of the postal address, full name').nullable().withExample('France'),
  contact_affiliation: text('Who the contact is to the candidate').nullable().withExample('parent'),
  contact_last_name: text('Last name of the contact').nullable().withExample('Doe'),
  contact_first_name: text('First name of the contact').nullable().withExample('Sam'),
  contact_phone1: text('Phone of the contact').nullable().withExample('0611121314'),
  contact_phone2: text('Second phone of the contact').nullable().withExample(''),
  max_level_memory: integer('Highest level in the memory game').nullable().withExample('8'),
  max_level_logic: integer('Highest level in the logic game').nullable().withExample('12'),
  other_information: text('Other information').nullable().withExample(''),
  language: text('Language').nullable().withExample(''),
  meeting_date: date('Date of the meeting').nullable().withExample('2026-06-15'),
  piscine_date: date('Date of the piscine').nullable().withExample('2026-08-03'),
  pin: text('Pin').nullable().withExample(''),
};
