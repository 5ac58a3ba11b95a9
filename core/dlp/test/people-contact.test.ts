import { describe, expect, test } from 'vitest';
import { bandOf, seen, valuesOf } from './people-scan.ts';

describe('telephone numbers', () => {
  test.each([
    ['Call +49 (0)30 123456-78 today', '+49 (0)30 123456-78'],
    ['Tel.: 0049 30 1234567', '0049 30 1234567'],
    ['phone (212) 555-0134 ext. 12', '(212) 555-0134 ext. 12'],
    ['or 212-555-0134.', '212-555-0134'],
    ['Téléphone : 04 72 00 11 22', '04 72 00 11 22'],
    ['Tel. 0711 / 123 45 67', '0711 / 123 45 67'],
    ['móvil 612 34 56 78', '612 34 56 78'],
    ['Phone: 5321234567', '5321234567'],
    ['you can call (81) 3570-7492', '(81) 3570-7492'],
    ['fax 751-954-9268-Fax', '751-954-9268'],
  ])('%j', (text, number) => {
    expect(valuesOf(text, 'pii.phone')).toEqual([number]);
  });

  test.each([
    'built on 2026-11-22 12:00:01, took 12345678 bytes',
    'commit 1234567890, version 1.22.333.4444',
    'between 2010-2015 and 01-02-2020',
    'IBAN FO62 A460 0001 6316 34',
    'DFARS clause 252.227-7013',
    'UUID 00000000-0000-0000-0000-000000000000',
  ])('none in %j', (text) => {
    expect(valuesOf(text, 'pii.phone')).toEqual([]);
  });
});

describe('mail addresses', () => {
  test.each(['ada.quist+x@corp.test', "o'neill@mail.corp.test", 'a@xn--d1acufc.xn--p1ai'])(
    '%s',
    (address) => {
      expect(valuesOf(`write to ${address}, please`, 'pii.email')).toEqual([address]);
    },
  );
  test.each([
    'icon@2x.png',
    'user@1000.service',
    'react@18.2.0',
    'root@localhost',
    '@scope/name',
    '``@dataclasses.dataclass``',
  ])('not %s', (text) => {
    expect(valuesOf(`see ${text} there`, 'pii.email')).toEqual([]);
  });
  test('are never of the highest confidence by themselves, and low where they are of nobody', () => {
    expect(bandOf('contact: ada@corp.test', 'pii.email')).toBe(75);
    expect(bandOf('contact: ada@example.com', 'pii.email')).toBe(65);
  });
});

describe('addresses', () => {
  test.each([
    ['She lives at 221 Old Mill Road, Apt. 4', '221 Old Mill Road, Apt. 4'],
    ['Anschrift: Lindenstraße 12a', 'Lindenstraße 12a'],
    ['12, rue de la République', '12, rue de la République'],
    ['Via Giuseppe Garibaldi 45', 'Via Giuseppe Garibaldi 45'],
    ['Calle Mayor, 5', 'Calle Mayor, 5'],
    ['Keizersgracht 112', 'Keizersgracht 112'],
    ['Send it to P.O. Box 1207 please', 'P.O. Box 1207'],
    ['Springfield, IL 62704', 'Springfield, IL 62704'],
    ['PSC 5436, Box 5539', 'PSC 5436, Box 5539'],
    ['to postcode EC2A 1NT please', 'EC2A 1NT'],
    ['Ottawa K1A 0B1', 'K1A 0B1'],
    ['my zip code is 35350', '35350'],
  ])('%j', (text, address) => {
    expect(valuesOf(text, 'pii.address')).toContain(address);
  });
  test.each([
    'see section 3 of the Road map; 12 in a row; run 5 tests via Make',
    'Fix PR 29972, test suite 12, place 3 items, true via 5',
    'Copyright 2021 Iain Lane',
    '51 Franklin Street, Fifth Floor, Boston, MA  02110-1301 USA',
    'port 8080 Started, 12345 Connected',
  ])('none in %j', (text) => {
    expect(valuesOf(text, 'pii.address')).toEqual([]);
  });
});

describe('birth and age', () => {
  test.each([
    ['Date of birth: 14 March 1962', '14 March 1962'],
    ['DOB 03/14/1962', '03/14/1962'],
    ['geb. am 12.03.1958', '12.03.1958'],
    ['née le 3 mai 1971 à Lyon', '3 mai 1971'],
    ['fecha de nacimiento: 3 de mayo de 1971', '3 de mayo de 1971'],
    ['tell me your date of birth. It is 3/23/1940', '3/23/1940'],
  ])('%j', (text, date) => {
    expect(valuesOf(text, 'pii.birth_date')).toEqual([date]);
  });
  test('a date is sure only with more of the person', () => {
    expect(bandOf('DOB: 1962-03-14', 'pii.birth_date')).toBe(75);
    expect(bandOf('Passport 123, DOB: 1962-03-14', 'pii.birth_date')).toBe(85);
  });
  test.each(['built 2026-11-22', 'the birth of Unix in 1970', 'Date: 22.11.2026'])('none in %j', (text) => {
    expect(valuesOf(text, 'pii.birth_date')).toEqual([]);
  });
  test.each([
    ['He is 36 years old', '36'],
    ['a 7-year-old girl', '7'],
    ['Er ist 45 Jahre alt', '45 Jahre alt'],
  ])('age: %j', (text, age) => {
    expect(valuesOf(text, 'pii.age')).toEqual([age]);
  });
  test('a page that was turned has no age', () => {
    expect(seen('turned 180 degrees, turn 1.5 times, aged 3.2')).toEqual([]);
  });
});

describe('facts about people', () => {
  test.each([
    ["My driver's license number is F162823540116", 'pii.driving_licence', 'F162823540116'],
    ['I work for Northwind Traders', 'pii.employment', 'Northwind Traders'],
    ['I live in Utrecht now', 'pii.location', 'Utrecht'],
    ['Nationality: Dutch', 'pii.special.origin_belief', 'Dutch'],
    ['Annual salary: $125,000 per year', 'pii.salary', '$125,000'],
    ['My website is https://quist.test/ada', 'pii.website', 'https://quist.test/ada'],
    ['The plate number is ABJ-123XY', 'pii.vehicle_registration', 'ABJ-123XY'],
    ['visa card, CVV: 123', 'financial.card_details', '123'],
    ['GPS 52.09083, 5.12222', 'pii.location', '52.09083, 5.12222'],
    ['owned by Quist & Roe Holding GmbH since', 'org', 'Quist & Roe Holding GmbH'],
  ])('%j', (text, name, value) => {
    expect(valuesOf(text, name)).toContain(value);
  });
});
