/** What the endpoint document of a job says. */
interface EndpointDocument {
  request: string;
  /** Its parameters as columns, in any order; `?` for those that may be null. */
  parameters: string;
}

const candidature =
  'birth_date? gender? zip_code? country? phone_country_code? birth_city? birth_country? postal_street? ' +
  'postal_complement? postal_city? postal_zip_code? postal_country? contact_affiliation? contact_last_name? ' +
  'contact_first_name? contact_phone1? contact_phone2? max_level_memory? max_level_logic? other_information? ' +
  'language? meeting_date? piscine_date? pin? phone?';
const nested = (fields: string) => fields.replaceAll(/(\w+\?)/g, 'user_candidature.$1');

const account =
  'email first_name last_name usual_first_name kind login? password? pool_year? pool_month? status? image? ' +
  'cursus_id? email_stop? skip_welcome_mail?';

/**
 * The documents of all jobs. Records that a request makes have no id yet, and belong to nobody else: what would name them
 * (`id`, `user_id` and `_destroy` of what is nested in a new account) is no column.
 */
export const documents: Readonly<Record<string, EndpointDocument>> = {
  patronages: {request: 'POST /v2/patronages', parameters: 'user_id godfather_id ongoing?'},
  'cursus-users': {
    request: 'POST /v2/cursus_users',
    parameters: 'cursus_id user_id end_at? begin_at has_coalition skip_begin_validation?',
  },
  'user-candidatures': {
    request: 'PUT /v2/user_candidatures/:id',
    parameters: `id? user_id? email? ${candidature}`,
  },
  users: {
    request: 'PUT /v2/users/:id',
    parameters:
      `id campus_id? ${account} user_candidature.id? ${nested(`user_id? email? ${candidature}`)} ` +
      'cursus_users.0.id? cursus_users.0.cursus_id cursus_users.0.end_at? cursus_users.0.begin_at ' +
      'cursus_users.0._destroy? languages_users.0.id? languages_users.0.language_id languages_users.0.position? ' +
      'languages_users.0._destroy?',
  },
  closes: {
    request: 'POST /v2/closes',
    parameters:
      'user_id closer_id kind reason end_at community_services.0.duration community_services.0.occupation?',
  },
  // The e-mail of the account becomes the candidature's, so that there is one column for both.
  'users-create': {
    request: 'POST /v2/users',
    parameters:
      `campus_id ${account} ${nested(candidature)} cursus_users.0.cursus_id cursus_users.0.begin_at ` +
      'cursus_users.0.end_at? languages_users.0.language_id languages_users.0.position?',
  },
  'correction-points': {
    request: 'POST /v2/users/:user_id/correction_points/add',
    parameters: 'user_id amount reason',
  },
  transactions: {
    request: 'POST /v2/transactions',
    parameters: 'user_id value transactable_type transactable_id reason',
  },
  'projects-users': {
    request: 'POST /v2/projects_users',
    parameters:
      'project_id user_id occurrence final_mark status marked_at retriable_at skip_check_permission',
  },
  'exams-users': {request: 'POST /v2/exams/:exam_id/exams_users', parameters: 'exam_id user_id'},
  'groups-users': {request: 'POST /v2/groups_users', parameters: 'group_id user_id'},
  'titles-users': {request: 'POST /v2/titles_users', parameters: 'title_id user_id'},
  'achievements-users': {
    request: 'POST /v2/achievements_users',
    parameters: 'achievement_id user_id nbr_of_success rewarded',
  },
  'events-users': {request: 'POST /v2/events_users', parameters: 'event_id user_id'},
  'coalitions-users': {
    request: 'POST /v2/coalitions_users',
    parameters: 'coalition_id user_id this_year_score',
  },
  'campus-users': {request: 'POST /v2/campus_users', parameters: 'campus_id user_id is_primary'},
  'coalition-scores': {
    request: 'POST /v2/coalitions/:coalition_id/scores',
    parameters: 'coalition_id coalitions_user_id user_id value reason',
  },
  'anti-grav-units-users': {
    request: 'POST /v2/anti_grav_units_users',
    parameters: 'user_id anti_grav_unit_id begin_date expected_end_date reason is_free',
  },
  'free-past-agu': {
    request: 'POST /v2/users/:user_id/free_past_agu',
    parameters: 'user_id duration reason',
  },
  'community-services': {
    request: 'POST /v2/community_services',
    parameters: 'close_id duration occupation schedule_at tiger_id',
  },
  'teams-uploads': {
    request: 'POST /v2/teams_uploads',
    parameters: 'team_id upload_id final_mark comment',
  },
};
