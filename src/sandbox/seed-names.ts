/** Names that generated accounts are made of. Several surnames have two words: their logins then have a hyphen. */
export const seedNames = {
  first: (
    'Alice Bastien Camille Driss Elena Farid Gaelle Hugo Ines Jonas Karima Louis Manon Nadir Oceane Paul Quentin ' +
    'Rania Samuel Thea Ugo Valentine William Xenia Yanis Zoe Adrien Berenice Charly Diane Emile Fanny Gaspard Hanae ' +
    'Idriss Juliette Kevin Lea Mathis Noemie Oscar Pauline Rayan Sarah Tom Victoire Wassim Yasmine Zacharie Agathe ' +
    'Boris Clara Damien Eva Felix Gloria Henri Iris Jules Kenza Leon'
  ).split(' '),
  last: (
    'Martin|Bernard|Le Goff|Dubois|Ait Ahmed|Moreau|Laurent|Van Dijk|Simon|Michel|Garcia|David|Bertrand|De Souza|Roux|' +
    'Vincent|Fournier|Morel|Girard|Andrieu|Lefevre|Mercier|Dupont|Lambert|Bonnet|Francois|Martinez|Legrand|Garnier|' +
    'Faure|Rousseau|Blanc|Guerin|Muller|Henry|Roussel|Nicolas|Perrin|Morin|Mathieu|Clement|Gauthier|Dumont|Lopez|' +
    'Fontaine|Chevalier|Robin|Masson|Sanchez|Gerard|Nguyen|Boyer|Denis|Lemaire|Duval|Joly|Gautier|Roger|Roche|Roy|' +
    'Noel|Meyer|Lucas|Meunier|Jean Pierre|Perez|Marchand|Dufour|Blanchard|Marie|Barbier|Brun|Dumas|Brunet|Schmitt|' +
    'Leroux|Colas|Fernandez|Renard|Arnaud|Rolland|Caron|Aubert|Giraud|Leclerc|Vidal|Bourgeois|Renaud|Lemoine|Picard|' +
    'El Amrani|Gaillard|Philippe|Leclercq|Lacroix|Fabre|Dupuis|Olivier|Rodriguez|Da Silva|Hubert'
  ).split('|'),
  months: ['july', 'august', 'september', 'february'],
  cities: ['Lyon', 'Le Havre', 'Angouleme', 'Mulhouse', 'Nice', 'Perpignan', 'Saint-Denis'],
} as const;
