/** Documents and cards of people, by their labels: the forms differ with each issuer. */
import type { Detector } from '../../detector.ts';
import { list } from './letters.ts';

/** A driving licence by its label: the forms differ in each state. */
export const drivingLicence: Detector = {
  id: 'driving_licence',
  class: 'pii.driving_licence',
  name: 'Driving licence after a label',
  token: 'LICENCE',
  find: {
    on: 'words',
    words: [
      "driver's lic",
      'drivers lic',
      'driver lic',
      'driving lic',
      'dl number',
      'dl no',
      'dl#',
      'dl #',
      'hrerschein',
      'permis de conduire',
      'patente di guida',
      'permiso de conduc',
      'carnet de conducir',
      'rijbewijs',
      'carta de condu',
      'prawo jazdy',
      'rkort',
    ],
    at: { before: 10, after: 70 },
  },
  pattern:
    /(?<![A-Za-z])(?:[Dd]river'?s? [Ll]icen[cs]e|DRIVER'?S? LICENSE|[Dd]riving [Ll]icen[cs]e|DL(?= ?(?:#|[Nn]o|[Nn]umber))|F\xc3\xbchrerschein(?:nummer|nr\.?)?|[Pp]ermis de conduire|[Pp]atente di guida|[Pp]ermiso de conduc\w{2,4}|[Cc]arnet de conducir|[Rr]ijbewijs(?:nummer)?|[Cc]arta de condu\xc3\xa7\xc3\xa3o|[Pp]rawo jazdy|[Kk]\xc3\xb6?\xc3?\xb8?rkort)(?: ?(?:number|numbers|no\.?|nr\.?|num\.?|num\xc3\xa9ro|n\xc3\xbamero|numero|ID|#|n\xc2\xb0))?(?: is| ist| est| es)?[ :#=-]{1,4}(?:[A-Z]{2}[ :-])?(?<value>(?=(?:[A-Za-z-]{0,10}\d){4})[A-Za-z0-9][A-Za-z0-9-]{4,18}(?: \d{2,6}){0,3})(?![\w-])/,
  confidence: { alone: 75, supported: 85 },
  context: list('date of birth|dob|expires|expiry|class:|full name|surname|issued by|passport|ssn'),
  neverAlone: true,
  source: 'ISO/IEC 18013-1; AAMVA DL/ID card design standard',
};

/** A plate by its label. */
export const vehiclePlate: Detector = {
  id: 'vehicle.plate',
  class: 'pii.vehicle_registration',
  name: 'Vehicle registration after a label',
  token: 'PLATE',
  find: {
    on: 'words',
    words: [
      'license plate',
      'licence plate',
      'number plate',
      'plate number',
      'plate no',
      'registration number',
      'reg. no',
      'vehicle reg',
      'kennzeichen',
      'immatriculation',
      'cula',
      'targa:',
      'kenteken',
      'plakas',
      'rejestracyjny',
      'registreringsnummer',
    ],
    at: { before: 2, after: 60 },
  },
  pattern:
    /(?<![A-Za-z])(?:[Ll]icen[sc]e [Pp]late|[Nn]umber [Pp]late|[Pp]late [Nn](?:umber|o\.?)|[Vv]ehicle [Rr]eg(?:istration)?(?: [Nn](?:umber|o\.?))?|[Kk]ennzeichen|[Ii]mmatriculation|[Mm]atr(?:\xc3\xad|i)cula|[Tt]arga|[Kk]enteken|[Pp]lakas\xc4\xb1|[Rr]ejestracyjny|[Rr]egistreringsnummer)(?: is| ist| est| es|:| :|#)?[ ]{1,3}(?<value>(?=[A-Z0-9 -]{0,9}\d)[A-Z0-9\xc3]{1,4}(?:[ -]?[A-Z0-9]{1,5}){1,3})(?![A-Za-z0-9-])/,
  check: (value) => /[A-Z]/.test(value) && /\d/.test(value) && value.length <= 12,
  confidence: { alone: 65, supported: 75 },
  context: list('vehicle|car|driver|fahrzeug|halter|véhicule|vehículo|veicolo|araç|owner|insurance'),
  neverAlone: true,
  source: 'Vienna Convention on Road Traffic, annex 2',
};

/** Expiry and security code of a card, by their labels. */
export const cardDetails: Detector = {
  id: 'card.details',
  class: 'financial.card_details',
  name: 'Expiry or security code of a payment card',
  token: 'CARD_DETAILS',
  find: {
    on: 'words',
    words: [
      'cvv',
      'cvc',
      'cvv2',
      'security code',
      'exp date',
      'expiry',
      'expires',
      'expiration',
      'valid thru',
      'exp:',
      'exp.',
      'card verification',
      'fecha de caducidad',
      'ltig bis',
    ],
    at: { before: 2, after: 50 },
  },
  pattern:
    /(?<![A-Za-z_])(?:(?:CVV2?|cvv2?|CVC2?|cvc2?|CID|[Ss]ecurity [Cc]ode|[Cc]ard [Vv]erification (?:[Vv]alue|[Cc]ode))(?: (?:is|number|code|no\.?))?[ :=#]{1,3}(?<value>\d{3,4})|(?:[Ee]xp(?:\.|iry|iration|ires)?(?: [Dd]ate| on)?|EXP|[Vv]alid [Tt]hru|VALID THRU|G\xc3\xbcltig bis|[Ff]echa de caducidad)[ :=]{1,3}(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\d)(?![\d/.-])/,
  confidence: { alone: 0, supported: 75 },
  context: list('card|visa|mastercard|amex|american express|karte|carte|tarjeta|carta|cardholder'),
  neverAlone: true,
  source: 'PCI DSS: sensitive authentication data; ISO/IEC 7813',
};

export const labelledDocuments: readonly Detector[] = [drivingLicence, vehiclePlate, cardDetails];
