/** Health data: records by their labels, coded diagnoses, prescriptions, findings of a laboratory. */
import type { Checked, Detector } from '../../detector.ts';
import { diagnoses, patientWords, substances } from './health-terms.ts';
import { isIcd10 } from './icd.ts';
import { list, oneOf } from './letters.ts';

/** The number of a patient's record, by its label: each hospital has a form of its own. */
export const medicalRecordNumber: Detector = {
  id: 'health.mrn',
  class: 'health.record_number',
  name: 'Medical record number after a label',
  token: 'MRN',
  find: {
    on: 'words',
    words: [
      'mrn',
      'medical record',
      'med rec',
      'patient id',
      'patient no',
      'patient number',
      'patient #',
      'patientid',
      'patient_id',
      'hospital number',
      'hospital no',
      'chart number',
      'chart no',
      'patientennummer',
      'patienten-id',
      'patientennr',
      'fallnummer',
      'ro de dossier',
      'ro patient',
      'historia cl',
      'cartella clinica',
    ],
    at: { before: 6, after: 70 },
  },
  pattern:
    /(?<![A-Za-z_])[Nn]?(?:MRN|mrn|Mrn|[Mm]ed(?:ical)?\.? [Rr]ec(?:ord)?\.?(?: (?:[Nn]umber|[Nn]o\.?|#))?|MEDICAL RECORD(?: NUMBER| NO\.?)?|[Pp]atient[ _]?(?:ID|Id|id|[Nn]o\.?|[Nn]umber|#)|PATIENT ID|[Hh]ospital (?:[Nn]umber|[Nn]o\.?)|[Cc]hart (?:[Nn]umber|[Nn]o\.?)|[Pp]atientennummer|[Pp]atienten-ID|[Pp]atientennr\.?|[Ff]allnummer|o de dossier|ro patient|[Hh]istoria cl\xc3\xadnica|[Cc]artella clinica)(?: is| n\.)?["' ]{0,2}[:#=]?[#"' \t]{0,4}(?<value>(?=[A-Za-z-]{0,4}\d)[A-Za-z]{0,4}-?\d[\d-]{3,14}[A-Za-z]?)(?![\w.]\d)/,
  check: (value): Checked => (value.replace(/\D/g, '').length < 5 ? { alone: 0, supported: 65 } : true),
  confidence: { alone: 75, supported: 85 },
  context: list(
    'dob|date of birth|diagnos|admitted|admission|discharge|physician|hospital|clinic|ward|insurance|geburtsdatum|station|icd|allerg',
  ),
  neverAlone: true,
  source: 'HIPAA, 45 CFR 164.514(b)(2)(i)(H); HL7 v2 PID-3',
};

/** A member or policy number of a health insurance, by its label. */
export const healthMember: Detector = {
  id: 'health.member',
  class: 'health.insurance_number',
  name: 'Number of a health insurance after a label',
  token: 'HEALTH_INSURANCE',
  find: {
    on: 'words',
    words: [
      'member id',
      'member number',
      'subscriber id',
      'health plan',
      'insurance id',
      'insurance policy',
      'beneficiary number',
      'health card',
      'medicare number',
      'medicaid',
      'versichertennummer',
      'krankenversicher',
      'tessera sanitaria',
      'tarjeta sanitaria',
    ],
    at: { before: 2, after: 60 },
  },
  pattern:
    /(?<![A-Za-z_])(?:[Mm]ember (?:ID|[Nn]umber)|[Ss]ubscriber ID|[Hh]ealth [Pp]lan (?:ID|[Nn]umber|[Bb]eneficiary [Nn]umber)|[Ii]nsurance (?:ID|[Pp]olicy [Nn](?:umber|o\.?))|[Bb]eneficiary [Nn]umber|[Hh]ealth [Cc]ard [Nn]umber|[Mm]edicare (?:[Nn]umber|ID)|[Mm]edicaid (?:[Nn]umber|ID)|[Vv]ersichertennummer|[Kk]rankenversicher(?:ten|ungs)nummer|[Tt]essera sanitaria|[Tt]arjeta sanitaria)(?: is)? ?[:#=]?[# \t]{0,4}(?<value>(?=(?:[A-Z -]{0,8}\d){5})[A-Z0-9][A-Z0-9 -]{4,18}[A-Z0-9])(?![\w-])/,
  confidence: { alone: 0, supported: 75 },
  context: [...patientWords, ...list('health|medical|insured|krankenkasse|sanitar')],
  neverAlone: true,
  source: 'HIPAA, 45 CFR 164.514(b)(2)(i)(I)',
};

/** `ICD-10: E11.9`. A code without its decimals must stand right behind the label. */
export const icd10: Detector = {
  id: 'health.icd10',
  class: 'health.diagnosis',
  name: 'Diagnosis coded by ICD-10',
  token: 'DIAGNOSIS',
  find: {
    on: 'words',
    words: ['icd', 'diagnos', 'dx:', 'dx code', 'assessment:', 'impression:', 'comorbid'],
    at: { before: 40, after: 160 },
  },
  pattern:
    /(?<![\w./#-])(?:(?<=(?:ICD(?:-?10)?(?:-?(?:CM|GM))?(?: [Cc]odes?)?[ :=(-]|(?:[Dd]iagnos[a-z]{1,3}|[Dd]x)[:=(])[ ]{0,2})[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?|[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4})[GVAZ]?(?![\w-]|\.\w)/,
  check: (value) => isIcd10(value),
  confidence: { alone: 65, supported: 85 },
  context: patientWords.filter((word) => !/diagn|clinic|hospital|physician|nurse|dosage|medico/.test(word)),
  neverAlone: true,
  source: 'WHO, ICD-10 version 2019; CMS, ICD-10-CM',
};

/** Codes of procedures, tests and drugs behind the name of their system. */
export const clinicalCode: Detector = {
  id: 'health.code',
  class: 'health.procedure',
  name: 'Code of a procedure, test or drug (CPT, LOINC, NDC, SNOMED CT, ICD-9)',
  token: 'CLINICAL_CODE',
  find: {
    on: 'words',
    words: ['cpt', 'hcpcs', 'loinc', 'ndc', 'snomed', 'icd-9', 'icd9', 'ops-code', 'drg'],
    at: { before: 1, after: 40 },
  },
  pattern:
    /(?<![A-Za-z])(?:(?:CPT|HCPCS)(?:\xc2\xae)?(?: [Cc]ode)?[ :#-]{1,3}(?<value>\d{4}[0-9FT]|[A-V]\d{4})|LOINC(?: [Cc]ode)?[ :#]{1,3}\d{1,5}-\d|NDC(?: [Cc]ode)?[ :#]{1,3}\d{4,5}-\d{3,4}-\d{1,2}|SNOMED(?:[ -]CT)?(?: [Cc]ode)?[ :#]{1,3}\d{6,18}|ICD-?9(?:-CM)?(?: [Cc]ode)?[ :#]{1,3}(?:\d{3}(?:\.\d{1,2})?|V\d\d(?:\.\d{1,2})?|E\d{3}(?:\.\d)?)|DRG[ :#]{1,3}\d{3})(?![\w-])/,
  confidence: { alone: 65, supported: 75 },
  context: patientWords,
  neverAlone: true,
  source: 'AMA CPT; LOINC; 21 CFR 207.33 (NDC); SNOMED CT; ICD-9-CM',
};

/** A substance with its dose. */
export const prescription: Detector = {
  id: 'health.prescription',
  class: 'health.medication',
  name: 'Medication with its dose',
  token: 'MEDICATION',
  find: { on: 'words', words: substances, at: 'here' },
  pattern: new RegExp(
    `(?<![A-Za-z])${oneOf(substances).replace(/[a-z]/g, (one) => `[${one}${one.toUpperCase()}]`)}(?: [a-zA-Z]{2,14}){0,2}[ ,:(]{1,3}\\d{1,5}(?:[.,]\\d{1,3})?(?:[/-]\\d{1,4}(?:[.,]\\d)?)? ?(?:mg|mcg|\\xc2\\xb5g|\\xce\\xbcg|g|ml|mL|IU|IE|U|UI|units?|mEq|mmol|tabs?|tablets?|puffs?|%)(?![A-Za-z])`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: patientWords,
  neverAlone: true,
  source: 'WHO, International Nonproprietary Names',
};

/** A diagnosis in words, where someone is treated. */
export const diagnosis: Detector = {
  id: 'health.diagnosis',
  class: 'health.diagnosis',
  name: 'Diagnosis in words',
  token: 'DIAGNOSIS',
  find: {
    on: 'words',
    words: diagnoses.filter((term) => /^[\x20-\x7e]+$/.test(term) && term.length > 3),
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z])${oneOf(diagnoses).replace(/[a-z]/g, (one) => `[${one}${one.toUpperCase()}]`)}(?![A-Za-z])`,
  ),
  confidence: { alone: 0, supported: 65 },
  context: list(
    'patient|admitted|diagnosed|diagnosis:|diagnoses:|presents with|complains of|history of|treated for|suffers from|chief complaint|prescribed|anamnese|le patient|la patiente|paciente|paziente|my doctor|tested positive|leidet an|souffre de',
  ),
  against: list('dataset|journal|study|package|library|function'),
  neverAlone: true,
  source: 'WHO, ICD-10 version 2019, titles in common use',
};

const units = '(?:mg|g|mmol|\\xc2\\xb5mol|umol|ng|pg|mIU|IU|U|mEq)/(?:dL|dl|L|l|mL|ml|mol)';

/** A value that a laboratory or a nurse measured. */
export const laboratoryValue: Detector = {
  id: 'health.lab',
  class: 'health.lab_result',
  name: 'Result of a laboratory or of an examination',
  token: 'LAB_RESULT',
  find: {
    on: 'words',
    words: [
      'hba1c',
      'a1c',
      'hemoglobin',
      'haemoglobin',
      'hematocrit',
      'platelet',
      'creatinine',
      'cholesterol',
      'triglyceride',
      'glucose',
      'blood pressure',
      'egfr',
      'tsh',
      'wbc',
      'psa',
      'bilirubin',
      'troponin',
      'ferritin',
      'viral load',
      'cd4',
      'heart rate',
      'blutdruck',
      'kreatinin',
      'cholesterin',
      'leukozyten',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z])[A-Za-z][A-Za-z0-9 ]{1,24}?(?:count|level|pressure|rate|load)?(?: of| is| was|:|=)? {0,3}(?<value>[<>]?\\d{1,5}(?:[.,]\\d{1,3})? ?(?:%|${units}|cells|x ?10|K/|/min|bpm|copies|mmHg)|[12]?\\d\\d/\\d{2,3}(?: ?mm ?Hg)?)(?![\\w/])`,
  ),
  confidence: { alone: 0, supported: 75 },
  context: patientWords.filter((word) => word !== 'dosage' && word !== 'nurse'),
  neverAlone: true,
  source: 'LOINC, names of common tests; UCUM',
};

export const health: readonly Detector[] = [
  medicalRecordNumber,
  healthMember,
  icd10,
  clinicalCode,
  prescription,
  diagnosis,
  laboratoryValue,
];
