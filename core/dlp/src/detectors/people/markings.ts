/** What a document says of its own handling: confidential, privileged, not yet public. */
import type { Detector } from '../../detector.ts';
import { anyCase, list, oneOf } from './letters.ts';

const degrees = list(
  'strictly|company|highly|private and|private &|commercial in|commercial-in|streng|strictement|estrictamente|strettamente|strikt',
);
const words = list(
  'confidential|Strictly Confidential|Company Confidential|Private and Confidential|Highly Confidential|confidence|vertraulich|confidentiel|confidencial|riservato|vertrouwelijk|restricted|geheim|top secret|Top Secret|secret',
);
const additions = list(
  'proprietary|internal|internal use|internal use only|internal only|noforn|privileged|do not distribute|not for distribution|draft',
);
const phrases = list(`
TLP:RED|TLP:AMBER|TLP:AMBER+STRICT|TLP:GREEN|TLP: RED|TLP: AMBER|INTERNAL ONLY|INTERNAL USE ONLY|FOR INTERNAL USE ONLY|Internal Use Only|Internal use only|For Internal Use Only|For internal use only|NUR ZUM INTERNEN GEBRAUCH|NUR FÜR DEN INTERNEN GEBRAUCH
|Nur zum internen Gebrauch|Nur für den internen Gebrauch|VS-NfD|VS - NUR FÜR DEN DIENSTGEBRAUCH|VS-NUR FÜR DEN DIENSTGEBRAUCH|FOR OFFICIAL USE ONLY|CONTROLLED UNCLASSIFIED INFORMATION|DIFFUSION RESTREINTE|USAGE INTERNE|USO INTERNO|TRADE SECRET|EYES ONLY
|NOT FOR DISTRIBUTION|NOT FOR PUBLIC DISTRIBUTION|DO NOT DISTRIBUTE
`);

/** A marking stands alone in its line, between dashes or brackets, or in capitals; in a sentence it is a word like any other. */
export const marking: Detector = {
  id: 'business.marking',
  class: 'business.confidential_marking',
  name: 'Marking of confidentiality',
  token: 'MARKING',
  find: {
    on: 'words',
    words: [
      'confidential',
      'vertraulich',
      'internal only',
      'internal use',
      'not for distribution',
      'do not distribute',
      'proprietary and',
      'tlp:',
      'restricted',
      'top secret',
      'geheim',
      'verschlusssache',
      'vs-nfd',
      'vs - nur',
      'noforn',
      '(u//fouo',
      'for official use',
      'controlled unclassified',
      'confidentiel',
      'diffusion restreinte',
      'confidencial',
      'riservato',
      'vertrouwelijk',
      'strictement',
      'betriebsgeheimnis',
      'trade secret',
      'nur zur internen',
      'usage interne',
      'uso interno',
      'need to know',
      'eyes only',
      'nda required',
    ],
    at: { before: 40, after: 60 },
  },
  pattern: new RegExp(
    `(?:^|[\\n\\t|>[(*-]|: )[ \\t*_#>[(-]{0,8}(?<value>(?:${anyCase(degrees)} )?${anyCase(words)}(?: ?(?:-|/{1,2}|\\xe2\\x80[\\x93\\x94]|and|AND|&)? ?${anyCase(additions)}){0,3}|${oneOf(phrases)})(?=[ \\t]{0,8}(?:[\\r\\n\\t|\\])*.:,_-]|$|\\xe2\\x80))`,
  ),
  check: (value) => value !== value.toLowerCase(),
  confidence: { alone: 65, supported: 75 },
  context: list(
    'internal|do not forward|do not copy|board|draft|proprietary|nda|strategy|attorney|recipient|distribution|merger|earnings|unauthorized|intern|weitergabe|entwurf',
  ),
  against: list('license|copyright|rfc'),
  neverAlone: true,
  source: 'FIRST TLP 2.0; 32 CFR 2001 and 2002; VSA (Germany); IGI 1300 (France)',
};

/** What lawyers write over their letters. */
export const legalPrivilege: Detector = {
  id: 'business.privileged',
  class: 'business.legal_privilege',
  name: 'Marking of legal privilege',
  token: 'PRIVILEGE',
  find: {
    on: 'words',
    words: [
      'attorney-client',
      'attorney client',
      'attorney work product',
      'solicitor-client',
      'legal professional privilege',
      'privileged and',
      'privileged &',
      'legally privileged',
      'without prejudice',
      'settlement communication',
      'anwaltskorrespondenz',
      'anwaltliche',
      'secret professionnel',
      'secreto profesional',
      'segreto professionale',
    ],
    at: 'here',
  },
  pattern:
    /(?<![A-Za-z])(?:[Aa]ttorney[- ][Cc]lient [Pp]rivileged?|ATTORNEY[- ]CLIENT (?:PRIVILEGED?|COMMUNICATION)|[Aa]ttorney[- ][Cc]lient [Cc]ommunication|[Aa]ttorney [Ww]ork [Pp]roduct|ATTORNEY WORK PRODUCT|[Ss]olicitor-[Cc]lient [Pp]rivilege|[Ll]egal [Pp]rofessional [Pp]rivilege|[Pp]rivileged (?:and|&) [Cc]onfidential|PRIVILEGED (?:AND|&) CONFIDENTIAL|[Ll]egally [Pp]rivileged|WITHOUT PREJUDICE|[Aa]nwaltskorrespondenz|ANWALTSKORRESPONDENZ|[Ss]ecret professionnel|[Ss]ecreto profesional|[Ss]egreto professionale|[Ss]ettlement [Cc]ommunication)/,
  confidence: { alone: 65, supported: 75 },
  context: list(
    'counsel|litigation|legal advice|law firm|confidential|attorney|esq|rechtsanwalt|avocat|abogado|avvocato|memorandum',
  ),
  neverAlone: true,
  source: 'Federal Rule of Evidence 502; § 43a BRAO',
};

/** Deals and results that are not public yet. */
export const nonPublic: Detector = {
  id: 'business.non_public',
  class: 'business.material_non_public',
  name: 'Material non-public information',
  token: 'NON_PUBLIC',
  find: {
    on: 'words',
    words: [
      'material non-public',
      'mnpi',
      'draft earnings',
      'earnings release',
      'board pack',
      'board minutes',
      'board resolution',
      'letter of intent',
      'term sheet',
      'due diligence',
      'merger agreement',
      'share purchase agreement',
      'purchase price',
      'indicative offer',
      'non-binding offer',
      'acquisition target',
      'target company',
      'project ',
      'valuation range',
      'exclusivity',
      'insider list',
      'blackout period',
      'embargo',
      'ad-hoc-mitteilung',
      'kaufpreis',
      'unternehmenskauf',
      "lettre d'intention",
      'carta de intenciones',
      'data room',
      'fairness opinion',
      'insiderinformation',
    ],
    at: { before: 2, after: 60 },
  },
  pattern:
    /(?<![A-Za-z])(?:[Mm]aterial [Nn]on-[Pp]ublic|MATERIAL NON-PUBLIC|MNPI|[Dd]raft [Ee]arnings|DRAFT EARNINGS|[Bb]oard (?:[Pp]ack|[Mm]inutes|[Rr]esolution)|BOARD (?:PACK|MINUTES)|[Ll]etter of [Ii]ntent|[Tt]erm [Ss]heet|[Mm]erger [Aa]greement|[Ss]hare [Pp]urchase [Aa]greement|(?:[Ii]ndicative|[Nn]on-[Bb]inding) [Oo]ffer|[Aa]cquisition [Tt]arget|[Vv]aluation [Rr]ange|[Ii]nsider [Ll]ist|[Bb]lackout [Pp]eriod|[Vv]irtual [Dd]ata [Rr]oom|[Ff]airness [Oo]pinion|[Uu]nternehmenskauf|[Ii]nsiderinformation|[Ll]ettre d'intention|[Cc]arta de intenciones|EMBARGO(?:ED)? UNTIL)(?![a-z])/,
  confidence: { alone: 0, supported: 65 },
  context: list(
    'confidential|acquire|acquisition|merger|shareholder|buyer|seller|ebitda|valuation|closing|signing|announcement|quarter|revenue|vertraulich|strictly|counterparty|not yet public|non-public|tender|investor',
  ),
  neverAlone: true,
  source: 'Regulation (EU) 596/2014 (MAR), article 7; SEC Regulation FD',
};

export const markings: readonly Detector[] = [marking, legalPrivilege, nonPublic];
