/** What the GDPR's articles 8 to 10 protect in particular: belief, origin, politics, sexuality, unions, convictions, children. */
import type { Detector } from '../../detector.ts';
import { anyCase, list, oneOf } from './letters.ts';

const source = 'Regulation (EU) 2016/679, articles 8, 9 and 10';
const person = list(
  'patient|employee|applicant|candidate|student|customer|resident|respondent|date of birth|passport|full name|surname|mr |mrs |ms |he |she |i am|my ',
);

const demonyms = list(`
american|australian|austrian|belgian|brazilian|british|bulgarian|canadian|chinese|croatian|cuban|cypriot|czech|danish|dutch|egyptian|english|estonian|ethiopian|finnish|french|georgian|german|ghanaian|greek|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli
|italian|japanese|jordanian|kenyan|korean|kurdish|latvian|lebanese|lithuanian|malaysian|mexican|moroccan|nigerian|norwegian|pakistani|palestinian|peruvian|philippine|filipino|polish|portuguese|romanian|russian|saudi|scottish|serbian|slovak|slovenian|somali|spanish|swedish|swiss|syrian|thai|tunisian|turkish|ukrainian
|uruguayan|venezuelan|vietnamese|welsh|zimbabwean|afghan|albanian|algerian|argentine|armenian|bangladeshi|bolivian|bosnian|chilean|colombian|ecuadorean|eritrean|paraguayan|bruneian|surinamese
`);

const beliefs = list(`
muslim|christian|catholic|protestant|jewish|jew|hindu|buddhist|sikh|atheist|agnostic|mormon|orthodox|lutheran|baptist|methodist|anglican|evangelical|shia|shiite|shii|sunni|jehovah's witness|quaker|bahai|zoroastrian
`);

/** `nationality: Dutch`, `I am Polish`, `we are proud Catholics`. */
export const originOrBelief: Detector = {
  id: 'special.origin_belief',
  class: 'pii.special.origin_belief',
  name: 'Nationality, ethnic origin or belief of a person',
  token: 'ORIGIN',
  find: {
    on: 'words',
    words: [
      'nationality',
      'citizenship',
      'ethnicity',
      'ethnic origin',
      'ethnic group',
      'religion:',
      'religious affiliation',
      'religion is',
      'faith:',
      'denomination',
      'i am a ',
      "i'm a ",
      'we are ',
      "we're ",
      'he is a',
      'she is a',
      'they are ',
      'converted to',
      'konfession',
      'staatsangeh',
      'nationalit',
      'nacionalidad',
      'nacionalidade',
      'cittadinanza',
      'nationaliteit',
      'religi',
    ],
    at: { before: 2, after: 60 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z_])(?:${anyCase(list('nationality|citizenship|ethnicity|ethnic origin|ethnic group|religion|religious affiliation|faith|denomination|konfession|religionszugehörigkeit|staatsangehörigkeit|nationalität|nationalité|nacionalidad|nacionalidade|nazionalità|cittadinanza|nationaliteit|religión|religione'))}(?: is)? ?[:=]?[ \\t]{1,4}(?<value>[A-Z\\xc3-\\xc5][A-Za-z\\x80-\\xff-]{2,20})(?![\\w(=])|(?:[Ii] am|[Ii]'m|[Ww]e are|[Ww]e're|[Hh]e is|[Ss]he is|[Tt]hey are|[Cc]onverted to) (?:an? |all |both |proud |devout |practi[cs]ing |a proud |a devout )*(?:${anyCase([...demonyms, ...beliefs])}|[a-z]{3,12}(?:ean|ian|ish|ese)(?=e?s?[ .,!?\\r\\n]|$)(?<=proud [a-z]{3,15}))(?:e?s|ism)?(?![A-Za-z-]| (?:keyboard|language|locale|translation|text|version|characters|letters)))`,
  ),
  check: (value) => !/^(?:The|And|Of|Is|Or|Field|Code|String)$/.test(value),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source,
};

/** Sexual orientation, politics, unions. */
export const convictionOrOrientation: Detector = {
  id: 'special.orientation_politics',
  class: 'pii.special.orientation_politics',
  name: 'Sexual orientation, political opinion or union membership of a person',
  token: 'SPECIAL',
  find: {
    on: 'words',
    words: [
      'sexual orientation',
      'sexual preference',
      'gender identity',
      'homosexual',
      'bisexual',
      'transgender',
      'political opinion',
      'political affiliation',
      'party member',
      'voted for',
      'union member',
      'trade union',
      'gewerkschaftsmitglied',
      'parteimitglied',
      'sexuelle orientierung',
      'orientation sexuelle',
      'syndicat',
      'sexual orientaci',
      'afiliaci',
    ],
    at: { before: 24, after: 60 },
  },
  pattern:
    /(?<![A-Za-z])(?:(?:[Ss]exual orientation|[Ss]exual preference|[Gg]ender identity|[Pp]olitical affiliation|[Pp]olitical opinions?|[Ss]exuelle Orientierung|[Oo]rientation sexuelle) ?(?::|is) {0,3}[A-Za-z][\w-]{2,20}|(?:[Hh]e|[Ss]he|[Ii]|who) (?:is|am|was) (?:an? )?(?:homosexual|bisexual|transgender|gay|lesbian)|(?:is|was|am|as) an? (?:active |registered )?(?:member of (?:the |a )?trade union|union member|party member)|[Uu]nion membership: {0,3}\w{2,20}|[Gg]ewerkschaftsmitglied|[Pp]arteimitglied|[Vv]oted for [A-Z]\w{2,20})(?![A-Za-z])/,
  confidence: { alone: 0, supported: 65 },
  context: person,
  neverAlone: true,
  source,
};

/** Convictions and charges. */
export const criminalRecord: Detector = {
  id: 'special.criminal',
  class: 'pii.special.criminal',
  name: 'Criminal conviction or charge of a person',
  token: 'CRIMINAL',
  find: {
    on: 'words',
    words: [
      'convicted of',
      'criminal record',
      'criminal history',
      'arrested for',
      'charged with',
      'sentenced to',
      'on parole',
      'probation officer',
      'vorstrafe',
      'vorbestraft',
      'casier judiciaire',
      'antecedentes penales',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z])(?:(?:convicted of|arrested for|charged with) (?!${oneOf(['the', 'ensuring', 'maintaining'])})[a-z][a-z -]{3,30}|[Cc]riminal (?:record|history)|sentenced to (?:\\d{1,2}|[a-z]{2,10}) (?:years?|months?)|on parole|[Pp]robation officer|[Vv]orstrafen?|vorbestraft|[Cc]asier judiciaire|[Aa]ntecedentes penales)`,
  ),
  confidence: { alone: 0, supported: 65 },
  context: person,
  neverAlone: true,
  source,
};

/** Data of children. */
export const childData: Detector = {
  id: 'special.child',
  class: 'pii.child',
  name: 'Data of a child',
  token: 'CHILD',
  find: {
    on: 'words',
    words: [
      "child's name",
      'name of child',
      'name of the child',
      'student id',
      'pupil',
      'parent or guardian',
      'parent/guardian',
      'legal guardian',
      'school year:',
      'grade level',
      'kindergarten',
      'individualized education',
      'name des kindes',
      'erziehungsberechtigt',
      "nom de l'enfant",
      'nombre del ni',
      'nome del bambino',
    ],
    at: { before: 4, after: 60 },
  },
  pattern:
    /(?<![A-Za-z])(?:[Cc]hild's [Nn]ame|[Nn]ame of (?:the )?[Cc]hild|[Ss]tudent ID|[Pp]upil(?:'s)? (?:[Nn]ame|[Nn]umber|[Ii][Dd])|[Pp]arent (?:or |\/ ?)[Gg]uardian|[Pp]arent\/[Gg]uardian|[Ll]egal [Gg]uardian|[Gg]rade [Ll]evel|[Ii]ndividualized [Ee]ducation [Pp]rogram|[Nn]ame des Kindes|[Ee]rziehungsberechtigter?|[Nn]om de l'enfant|[Nn]ombre del ni\xc3\xb1[oa]|[Nn]ome del bambino) ?[:#] {0,3}(?<value>[A-Z0-9\xc3][\w\x80-\xff '-]{1,40})/,
  confidence: { alone: 65, supported: 75 },
  context: list('school|date of birth|teacher|class|pediatric|schule|école|escuela|scuola'),
  neverAlone: true,
  source,
};

export const specialCategories: readonly Detector[] = [
  originOrBelief,
  convictionOrOrientation,
  criminalRecord,
  childData,
];
