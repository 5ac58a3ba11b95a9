import type { Detector } from '../../detector.ts';
import { oceania } from './oceania.ts';
import { africaAndMiddleEast } from './africa-middle-east.ts';
import { balkans } from './balkans.ts';
import { easternEurope } from './eastern-europe.ts';
import { bic, financeAndDevices } from './banking.ts';
import { beneluxAndFrance } from './benelux-france.ts';
import { britishIsles } from './british-isles.ts';
import { card, cardCode } from './cards.ts';
import { centralEurope } from './central-europe.ts';
import { danube } from './danube.ts';
import { cryptoDetectors } from './crypto.ts';
import { eastAsia } from './east-asia.ts';
import { germanSpeaking } from './german-speaking.ts';
import { iban } from './iban.ts';
import { fiscalCodes, iberiaAndItaly } from './iberia-italy.ts';
import { southAmerica } from './south-america.ts';
import { centralAmerica } from './central-america.ts';
import { namedNumbers } from './named-numbers.ts';
import { networkDetectors } from './network.ts';
import { hetu, nordicAndBaltic } from './nordic-baltic.ts';
import { unitedStates } from './united-states.ts';
import { canadaAndMexico } from './canada-mexico.ts';
import { southeastAsia } from './southeast-asia.ts';
import { southAsia } from './south-asia.ts';

export const identifierDetectors: readonly Detector[] = [
  iban,
  bic,
  card,
  cardCode,
  ...financeAndDevices,
  ...cryptoDetectors,
  ...networkDetectors,
  ...beneluxAndFrance,
  ...iberiaAndItaly,
  ...fiscalCodes,
  ...germanSpeaking,
  ...nordicAndBaltic,
  hetu,
  ...britishIsles,
  ...centralEurope,
  ...danube,
  ...balkans,
  ...easternEurope,
  ...unitedStates,
  ...canadaAndMexico,
  ...southAmerica,
  ...centralAmerica,
  ...eastAsia,
  ...southeastAsia,
  ...southAsia,
  ...oceania,
  ...africaAndMiddleEast,
  ...namedNumbers,
];
