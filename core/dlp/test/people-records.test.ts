import { describe, expect, test } from 'vitest';
import { isIcd10 } from '../src/detectors/people/icd.ts';
import { bandOf, seen, valuesOf } from './people-scan.ts';

const note = `Patient: Ingrid Halvorsen
MRN: 00482913   DOB: 03/14/1962
Chief complaint: chest pain. History of hypertension.
Diagnosis: E11.9
Rx: metformin 500 mg twice daily. HbA1c 7.9 %, blood pressure 142/91.
`;

describe('health', () => {
  test('a note about a patient', () => {
    expect(bandOf(note, 'health.record_number')).toBe(85);
    expect(bandOf(note, 'health.icd10')).toBe(85);
    expect(valuesOf(note, 'health.medication')).toEqual(['metformin 500 mg']);
    expect(valuesOf(note, 'health.diagnosis')).toContain('hypertension');
    expect(valuesOf(note, 'health.lab_result')).toEqual(['7.9 %', '142/91']);
  });
  test('without a person, a substance is only a hint and a diagnosis nothing', () => {
    expect(bandOf('metformin 500 mg', 'health.medication')).toBe(65);
    expect(seen('hypertension and asthma are frequent')).toEqual([]);
  });
  test.each(['compiler diagnostics for C99 and F90', 'diagnostic E11 of version B2.3', 'diagnosis of U99.9'])(
    'no code in %j',
    (text) => {
      expect(valuesOf(text, 'health.diagnosis')).toEqual([]);
    },
  );
  test('categories of the classification', () => {
    expect(['A00', 'C50.9', 'E11.65', 'I10', 'Z99.9'].every(isIcd10)).toBe(true);
    expect(['A16.0'].every(isIcd10)).toBe(true);
    expect(['A29', 'B12', 'E17', 'L15', 'U20'].some(isIcd10)).toBe(false);
  });
});

describe('tables of finance', () => {
  const statement = `In EUR thousand       Q1 2026    Q2 2026
Revenue               12,345     13,001
Gross profit           4,500      4,800
EBITDA                 2,100      2,400
Net income               900      1,050
Total assets          45,000     46,200
Shareholders' equity  20,100     21,000
`;
  test('a statement, a payroll, a budget, an invoice', () => {
    expect(bandOf(statement, 'financial.statement')).toBe(85);
    expect(
      bandOf(
        'Umsatzerlöse;1.200.000,00\nJahresüberschuss;80.000,00\nBilanzsumme;2.400.000,00\nEigenkapital;900.000,00\n',
        'financial.statement',
      ),
    ).toBe(75);
    expect(
      bandOf(
        'employee id,gross salary,net pay,bonus\n1,5400.00,3500.00,200.00\n2,4400.00,2900.00,100.00\n',
        'financial.payroll',
      ),
    ).toBe(75);
    expect(
      bandOf(
        'Cost center;Budget;Actual;Variance\nIT;100,000;98,000;2,000\nHR;50,000;55,000;5,000\n',
        'financial.budget',
      ),
    ).toBe(75);
    expect(
      bandOf(
        'Invoice No: 2026-114\nDue date: 2026-06-01\nBill to: Quist\nSubtotal: 1,200.00\nVAT: 240.00\nAmount due: 1,440.00\n',
        'financial.invoice',
      ),
    ).toBe(85);
  });
  test.each([
    'Our revenue grew, net income fell, and total assets were stable in 2025.',
    'name,size,mtime\na,12345,1700000000\nb,23456,1700000001\n',
    'plan: run the budget tests; actual: 12.50 forecast: none\n',
  ])('none in %j', (text) => {
    expect(seen(text).filter((one) => one.class.startsWith('financial'))).toEqual([]);
  });
});

describe('markings', () => {
  test.each([
    'STRENG VERTRAULICH\n\nText',
    'TLP:RED',
    '[Company Confidential]',
    'Strictly Confidential - Do not distribute\n',
    'FOR INTERNAL USE ONLY\n',
  ])('%j', (text) => {
    expect(bandOf(text, 'business.confidential_marking')).toBeGreaterThanOrEqual(65);
  });
  test('in a sentence the word is no marking', () => {
    expect(seen('the confidential computing feature keeps restricted data and secrets')).toEqual([]);
  });
  test('privilege and what is not public', () => {
    expect(bandOf('ATTORNEY-CLIENT PRIVILEGED\nfrom counsel', 'business.legal_privilege')).toBe(75);
    expect(bandOf('Draft earnings, announcement on Friday', 'business.material_non_public')).toBe(65);
  });
});
