/** What a value that stands alone could be: a cell of a table, a field of a form. */
import { detectors } from './detectors/index.ts';
import { isEmailAddress, isNamedEmailAddress } from './detectors/email-address.ts';
import { isAbn } from './detectors/identifiers/oceania.ts';
import { isSwissUid } from './detectors/identifiers/german-speaking.ts';
import { compactForm } from './detectors/identifiers/compact-form.ts';
import type { Form } from './detectors/identifiers/formats.ts';
import { passportForms } from './detectors/identifiers/passport-forms.ts';
import { plateForms } from './detectors/identifiers/plate-forms.ts';
import { postcodeForms } from './detectors/identifiers/postcode-forms.ts';
import { cardForms, vatForms } from './detectors/identifiers/vat-forms.ts';
import { isMobileNumber, phonePlans } from './detectors/phone-plans.ts';
import type { Whole } from './scan/field.ts';
import { isWhole, wholesOf } from './scan/field.ts';

export type Identity = {
  readonly id: string;
  readonly class: string;
  /** Whether a check digit holds, or only the form fits. */
  readonly proof: 'checksum' | 'form';
};

const maxLength = 512;

const forms: readonly Form[] = [
  ...vatForms,
  ...cardForms,
  ...passportForms,
  ...plateForms,
  ...postcodeForms,
  ...[...phonePlans.keys()].map((country) => ({
    id: `mobile.${country.toLowerCase()}`,
    class: 'pii.phone',
    matches: (value: string): boolean => isMobileNumber(value, country),
  })),
  {
    id: 'vat.au',
    class: 'pii.vat',
    matches: (value) => /^(?:AU)?\d{11}$/.test(value) && isAbn(value.replace('AU', '')),
  },
  {
    id: 'vat.ch',
    class: 'pii.vat',
    matches: (value) =>
      /^(?:CHE[ -]?)?\d{3}[. ]?\d{3}[. ]?\d{3}(?:[ -]?(?:MWST|TVA|IVA|TPV))?$/.test(value) &&
      /[A-Z]/.test(value) &&
      isSwissUid(`CHE${compactForm(value).replace('CHE', '')}`),
  },
  { id: 'jwt.form', class: 'credential.jwt', matches: isJwt },
  { id: 'email.address', class: 'pii.email', matches: isEmailAddress },
  { id: 'email.named', class: 'pii.email', matches: isNamedEmailAddress },
];

/** RFC 7519: three parts of base64url, the first two of them JSON objects. */
function isJwt(value: string): boolean {
  const parts = value.split('.');
  return (
    parts.length === 3 &&
    parts.every((part) => /^[\w-]+$/.test(part)) &&
    parts.slice(0, 2).every(isJsonObject)
  );
}

function isJsonObject(part: string): boolean {
  try {
    const parsed: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

/** Made when it is first asked for: two thousand patterns are not needed by those who scan. */
let wholes: readonly Whole[] | undefined;

/**
 * Everything that a value could be: many numbers are valid in several countries, so that without context this is a list of
 * possibilities and no finding.
 * @param value Unicode text; with blanks around it, or longer than 512 characters, it is nothing
 */
export function identify(value: string): readonly Identity[] {
  if (value === '' || value.length > maxLength || value !== value.trim()) return [];
  const found: Identity[] = [];
  for (const whole of (wholes ??= wholesOf(detectors)))
    if (isWhole(whole, value))
      found.push({
        id: whole.detector.id,
        class: whole.detector.class,
        proof: whole.detector.isProven === true ? 'checksum' : 'form',
      });
  for (const form of forms)
    if (form.matches(value)) found.push({ id: form.id, class: form.class, proof: 'form' });
  return found;
}
