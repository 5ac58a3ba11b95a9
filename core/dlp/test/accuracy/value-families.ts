/**
 * Which detectors a rule of the validator track names. A value that is wrong for the rule may be right for another country:
 * a negative is judged by the detectors of its own country (the locale that the case carries), not by all of them.
 */
import { cardNetwork } from '../../src/detectors/identifiers/cards.ts';

/** Whether a detector, saying that `value` is of its kind, speaks for the rule. */
export type Family = (id: string, value: string) => boolean;

const among =
  (...ids: readonly string[]): Family =>
  (id) =>
    ids.includes(id);

const identityCards: Readonly<Record<string, Family>> = {
  ES: among('es.dni', 'es.nie'),
  FI: among('fi.hetu'),
  IN: among('in.aadhaar'),
  IR: among('ir.national'),
  IT: among('idcard.it'),
  LK: among('lk.nic'),
  NO: among('no.fodselsnummer'),
  PK: among('idcard.pk'),
  PL: among('pl.pesel'),
  TH: among('th.idnr'),
  'ar-LY': among('idcard.ly'),
  'ar-TN': among('idcard.tn'),
  'he-IL': among('il.idnr'),
  'zh-CN': among('cn.ric'),
  'zh-HK': among('hk.hkid'),
  'zh-TW': among('tw.natid'),
};

const taxIds: Readonly<Record<string, Family>> = {
  'bg-BG': among('bg.egn'),
  'cs-CZ': among('cz.rc'),
  'de-AT': among('at.tin'),
  'de-DE': among('de.idnr'),
  'dk-DK': among('dk.cpr'),
  'el-CY': among('cy.vat'),
  'el-GR': among('gr.vat'),
  'en-CA': among('ca.sin'),
  'en-GB': among('gb.nino', 'gb.utr'),
  'en-IE': among('ie.pps'),
  'en-IN': among('in.pan'),
  'en-US': among('us.ein'),
  'es-AR': among('ar.cuit'),
  'es-ES': among('es.nif', 'es.dni', 'es.nie', 'es.cif', 'es.nif_short'),
  'et-EE': among('ee.ik'),
  'fi-FI': among('fi.hetu'),
  'fr-BE': among('be.nn', 'be.bis'),
  'fr-FR': among('fr.nif'),
  'fr-LU': among('lu.matricule'),
  'hr-HR': among('hr.oib'),
  'hu-HU': among('hu.adoazonosito'),
  'it-IT': among('it.codicefiscale', 'it.fiscalcode'),
  'lb-LU': among('lu.matricule'),
  'lt-LT': among('lt.asmens'),
  'lv-LV': among('lv.pvn'),
  'mt-MT': among('mt.id'),
  'nl-BE': among('be.nn', 'be.bis'),
  'nl-NL': among('nl.bsn'),
  'pl-PL': among('pl.pesel', 'pl.nip'),
  'pt-BR': among('br.cpf', 'br.cnpj'),
  'pt-PT': among('pt.nif'),
  'ro-RO': among('ro.cnp'),
  'sk-SK': among('sk.rc'),
  'sl-SI': among('si.ddv'),
  'sv-SE': among('se.personnummer'),
  'uk-UA': among('ua.rntrc'),
};

type Options = Readonly<Record<string, unknown>>;
type Args = { readonly locales: readonly string[]; readonly options: Options };

/** The arguments that a case carries: locales, and options of the caller. */
function argsOf(args: unknown): Args {
  const list: unknown = typeof args === 'string' && args !== '' ? JSON.parse(args) : args;
  const locales: string[] = [];
  let options: Options = {};
  for (const each of Array.isArray(list) ? (list as readonly unknown[]).flat() : [])
    if (typeof each === 'string') locales.push(each);
    else if (typeof each === 'object' && each !== null) options = { ...options, ...each };
  return { locales, options };
}

const country = (locale: string): string => locale.slice(locale.indexOf('-') + 1).toLowerCase();

/** Forms and the detectors that check: the locale's own, or any of the family where the case names none. */
const byLocale = (family: string, { locales }: Args, keyOf: (locale: string) => string): Family => {
  const named = locales.filter((locale) => locale !== 'any').map((locale) => `${family}.${keyOf(locale)}`);
  return named.length > 0 ? (id) => named.includes(id) : (id) => id.startsWith(`${family}.`);
};

const fromTable = (table: Readonly<Record<string, Family>>, { locales }: Args): Family => {
  const named = locales.map((locale) => table[locale]).filter((family) => family !== undefined);
  const families = locales.length > 0 && locales[0] !== 'any' ? named : Object.values(table);
  return (id, value) => families.some((family) => family(id, value));
};

/** Options that say what a caller wants to have, not what a value is. */
const wishes = [
  'host_blacklist',
  'blacklisted_chars',
  'host_whitelist',
  'whitelist',
  'domain_specific_validation',
  'allow_utf8_local_part',
  'require_display_name',
  'strictMode',
  'not_before',
];

/**
 * @param args of the case; JSON text or its value
 * @returns which detectors count, or nothing for a rule that is no value's identity, or whose verdict an option of the caller makes
 */
export function valueFamilyOf(rule: string, args?: unknown): Family | undefined {
  if (rule.startsWith('stdnum-')) return among(rule.slice('stdnum-'.length));
  const given = argsOf(args);
  if (wishes.some((wish) => wish in given.options)) return undefined;
  switch (rule) {
    case 'validatorjs-isBIC':
      return among('bic');
    case 'validatorjs-isBtcAddress':
      return among('btc', 'btc.bech32');
    case 'validatorjs-isCreditCard': {
      const provider = given.options['provider'];
      return (id, value) =>
        id === 'card' &&
        (typeof provider !== 'string' || cardNetwork(value.replace(/[ -]/g, '')) === provider.toLowerCase());
    }
    case 'validatorjs-isEmail':
      return given.options['allow_display_name'] === true
        ? (id) => id.startsWith('email.')
        : among('email.address');
    case 'validatorjs-isEthereumAddress':
      return among('eth');
    case 'validatorjs-isIBAN':
      return among('iban');
    case 'validatorjs-isIMEI':
      return among('imei');
    case 'validatorjs-isISIN':
      return among('isin');
    case 'validatorjs-isIdentityCard':
      return fromTable(identityCards, given);
    case 'validatorjs-isJWT':
      return (id) => id.includes('jwt');
    case 'validatorjs-isLicensePlate':
      return byLocale('plate', given, (locale) => locale.toLowerCase());
    case 'validatorjs-isLuhnNumber':
      return among('luhn');
    case 'validatorjs-isMACAddress': {
      const eui = given.options['eui'];
      return eui === '48' ? among('mac') : eui === '64' ? among('mac.eui64') : among('mac', 'mac.eui64');
    }
    case 'validatorjs-isMobilePhone':
      return byLocale('mobile', given, country);
    case 'validatorjs-isPassportNumber':
      return byLocale('passport', given, country);
    case 'validatorjs-isPostalCode':
      return byLocale('postcode', given, country);
    case 'validatorjs-isTaxID':
      return fromTable(taxIds, given);
    case 'validatorjs-isVAT':
      return byLocale('vat', given, country);
    default:
      return undefined;
  }
}
