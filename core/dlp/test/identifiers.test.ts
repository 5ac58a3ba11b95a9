import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifierDetectors } from '../src/detectors/identifiers/index.ts';
import { referenceScan } from '../src/scan/reference.ts';
import {
  damm,
  luhn,
  mod11x10,
  mod11x2,
  mod37x36,
  mod97,
  verhoeff,
} from '../src/detectors/identifiers/checksums.ts';
import { sha256 } from '../src/detectors/identifiers/sha256.ts';
import { keccak256 } from '../src/detectors/identifiers/keccak.ts';
import { identify } from '../src/identify.ts';

const byId = new Map(identifierDetectors.map((detector) => [detector.id, detector]));
const accepts = (id: string, value: string): boolean => identify(value).some((each) => each.id === id);

/** Heads of numbers whose last character is computed here: every other last character must be refused. */
const heads: readonly (readonly [id: string, head: string, characters?: string])[] = [
  ['nl.bsn', '11122233'],
  ['be.vat', '042875949'],
  ['fr.siren', '55208131'],
  ['de.idnr', '6592997048'],
  ['de.vat', '13669597'],
  ['de.kvnr', 'A12345678'],
  ['at.uid', 'U1358562'],
  ['at.tin', '59119901'],
  ['ch.ssn', '756921707698'],
  ['ch.uid', 'CHE10732291'],
  ['es.dni', '12345678', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['es.nie', 'X1234567', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['pt.nif', '50196484'],
  ['it.fiscalcode', 'RSSMRA85T10A562', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['dk.cvr', '1358562'],
  ['no.orgnr', '98807791'],
  ['se.personnummer', '640823323'],
  ['fi.hetu', '131052-308', '0123456789ABCDEFHJKLMNPRSTUVWXY'],
  ['fi.ytunnus', '2077474'],
  ['ee.ik', '3680528010'],
  ['lt.asmens', '3830905199'],
  ['lv.pvn', '1611751999'],
  ['gb.nhs', '943476591'],
  ['ie.pps', '6433435', 'ABCDEFGHIJKLMNOPQRSTUVW'],
  ['pl.pesel', '4405140135'],
  ['pl.nip', '856734621'],
  ['cz.ico', '2559664'],
  ['hu.anum', '1289231'],
  ['ro.cnp', '163061512345'],
  ['ro.cui', '1854729'],
  ['bg.egn', '752316926'],
  ['gr.vat', '09425921'],
  ['hr.oib', '3339200596'],
  ['si.ddv', '5022305'],
  ['rs.pib', '10113470'],
  ['tr.tckimlik', '1729171606'],
  ['ru.inn', '782500056'],
  ['ua.rntrc', '175901377'],
  ['us.npi', '123456789'],
  ['us.routing', '12100035'],
  ['ca.sin', '13069254'],
  ['mx.curp', 'BOXW310820HNERXN0'],
  ['mx.clabe', '03218000011835971'],
  ['ar.cuit', '2026756539'],
  ['br.cpf', '3905334470'],
  ['br.cnpj', '1672723000019'],
  ['cl.rut', '12531909', '0123456789K'],
  ['co.nit', '21312343'],
  ['ec.ci', '171430710'],
  ['uy.rut', '21100342001'],
  ['cn.ric', '11010519491231002', '0123456789X'],
  ['hk.hkid', 'G123456', '0123456789A'],
  ['jp.mynumber', '12345678901'],
  ['kr.brn', '104865665'],
  ['in.aadhaar', '23412341234'],
  ['in.gstin', '27AAPFU0939F1Z', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['sg.nric', 'S1234567', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['th.idnr', '123456789012'],
  ['au.acn', '00400008'],
  ['au.tfn', '12345678'],
  ['nz.ird', '4909185'],
  ['za.idnr', '850330504408'],
  ['il.idnr', '12345678'],
  ['ae.eid', '78419871234567'],
  ['isin', 'US037833100'],
  ['imei', '49015420323751'],
  ['card', '401288888888188'],
];

test.each(heads.map(([id, head, characters = '0123456789']) => ({ id, head, characters })))(
  '$id: of all last characters after $head exactly one is right',
  ({ id, head, characters }) => {
    const all = characters.split('').filter((last) => accepts(id, head + last));
    expect(all).toHaveLength(1);
    const right = all[0] ?? '';
    const wrong = characters.split('').find((last) => last !== right) ?? '';
    const detector = byId.get(id);
    const word = detector?.context?.[0] ?? '';
    const ids = (text: string): string[] =>
      referenceScan(text, detector ? [detector] : []).map((hit) => hit.detector.id);
    expect(ids(`${word}: ${head}${right} `)).toEqual([id]);
    expect(ids(`${word}: ${head}${wrong} `)).toEqual([]);
  },
);

test('check characters of the standards hold for their published examples, and not for a neighbour', () => {
  expect([luhn('79927398713'), luhn('79927398710')]).toEqual([true, false]);
  expect([mod97('3214282912345698765432161182'), mod97('3214282912345698765432161183')]).toEqual([1, 2]);
  expect([mod11x10('07945'), mod11x10('07946')]).toEqual([true, false]);
  expect([mod11x2('0794' + '0'), mod11x2('07941')]).toEqual([true, false]);
  expect([mod37x36('A12425GABC1234002M'), mod37x36('A12425GABC1234002N')]).toEqual([true, false]);
  expect([verhoeff('2363'), verhoeff('2364')]).toEqual([true, false]);
  expect([damm('5724'), damm('5727')]).toEqual([true, false]);
});

test('the hashes of the address formats give the published digests', () => {
  const hex = (bytes: Uint8Array): string =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(hex(sha256(bytes('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hex(keccak256(bytes('')))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
});

test('addresses of coins: the examples of the proposals are right, with one character changed they are wrong', () => {
  for (const [id, address, changed] of [
    ['btc', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    [
      'btc.bech32',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
    ],
    ['eth', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'],
  ] as const)
    expect([accepts(id, address), accepts(id, changed)]).toEqual([true, false]);
});

test('a bare number with a check digit is nothing in a document that does not name it', () => {
  const bare = 'ref 111222333 and 943 476 5919 and 49015420 10116';
  const numbers = identifierDetectors.filter((detector) =>
    /^(?:nl\.bsn|gb\.nhs|us\.routing|pt\.nif)$/.test(detector.id),
  );
  expect(referenceScan(bare, numbers)).toEqual([]);
  expect(referenceScan(`BSN ${bare}`, numbers).map((hit) => hit.detector.id)).toEqual(['nl.bsn']);
});

test('words of other scripts support as bytes of UTF-8', () => {
  const right = [...'0123456789'].find((last) => accepts('ru.inn', `782500056${last}`)) ?? '';
  const text = Buffer.from(`ИНН 782500056${right}`, 'utf8').toString('latin1');
  expect(referenceScan(text, identifierDetectors).map((hit) => hit.detector.id)).toContain('ru.inn');
});

test('every detector has an id of its own, is bounded, and throws at nothing', () => {
  expect(new Set(identifierDetectors.map((detector) => detector.id)).size).toBe(identifierDetectors.length);
  for (const { id, pattern } of identifierDetectors)
    expect(/[^\\][*+](?!\])|\{\d+,\}/.test(pattern.source.replaceAll(/\[[^\]]*\]/g, 'x')), id).toBe(false);
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[0-9A-Z ./-]{0,24}$/)),
      (value) => {
        identify(value);
        for (const { check, pattern } of identifierDetectors) {
          const match = pattern.exec(value);
          if (match) check?.(match.groups?.['value'] ?? match[0], match);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('an IBAN ends where its country says, whatever follows', () => {
  for (const after of [' now', ' of Bob, who', ' 12', '-x'])
    for (const value of [
      'GB33BUKB20201555555555',
      'GB33 BUKB 2020 1555 5555 55',
      'DE89 3704 0044 0532 0130 00',
    ])
      expect(referenceScan(`pay ${value}${after}`, identifierDetectors).map((hit) => hit.value)).toContain(
        value,
      );
});

test('a word with a number behind it is no security number, whose letters are of one case', () => {
  const values = (text: string): string[] => referenceScan(text, identifierDetectors).map((hit) => hit.value);
  for (const text of ['PlaceHolder 4', 'PlaceHolder 5', 'PlaceHolder 6']) expect(values(text)).toEqual([]);
  for (const text of ['US0378331005', 'us0378331005', 'US 037833100 5', 'BRPETRACNOR9'])
    expect(values(`bought ${text} today`)).toContain(text);
});
