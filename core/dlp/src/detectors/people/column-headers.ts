/** Headers of the columns of tables of people, and of tables of secrets. */
import { nameHeaders } from './name-labels.ts';
import { list } from './letters.ts';

/** Last part of the class `pii.<kind>`. */
export type Kind = 'name' | 'address' | 'birth_date' | 'phone' | 'salary' | 'gender';

const headers: Readonly<Record<Kind, ReadonlySet<string>>> = {
  name: nameHeaders,
  address: new Set(
    list(
      'address|street|street address|street_address|address line 1|address_line_1|address1|home address|home_address|mailing address|postal address|billing address|shipping address|adresse|anschrift|straße|strasse|dirección|domicilio|indirizzo|endereço|adres|adress|city|zip|zipcode|zip code|zip_code|postcode|postal code|postal_code|plz|wohnort|code postal',
    ),
  ),
  birth_date: new Set(
    list(
      'dob|date of birth|date_of_birth|birth date|birthdate|birth_date|birthday|geburtsdatum|date de naissance|date_naissance|fecha de nacimiento|fecha_nacimiento|data di nascita|data_nascita|data de nascimento|geboortedatum|data urodzenia',
    ),
  ),
  phone: new Set(
    list(
      'phone|phone number|phone_number|telephone|mobile|mobile number|cell|cell phone|home phone|work phone|fax|tel|telefon|handy|mobil|téléphone|telephone|portable|teléfono|telefono|móvil|movil|cellulare|telefone|celular|telefoon',
    ),
  ),
  salary: new Set(
    list(
      'salary|annual salary|annual_salary|base salary|base_salary|gross salary|net salary|gross pay|net pay|monthly salary|compensation|wage|gehalt|bruttogehalt|nettogehalt|salaire|salaire brut|salario|sueldo|stipendio|salaris',
    ),
  ),
  gender: new Set(
    list(
      'gender|sex|geschlecht|sexe|sexo|sesso|geslacht|marital status|marital_status|religion|nationality|ethnicity|staatsangehörigkeit|nationalité|nacionalidad',
    ),
  ),
};

/** Lower case, binary text. */
export const kindOfHeader: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(headers) as Kind[]).flatMap((kind) => [...headers[kind]].map((label) => [label, kind])),
);
/** Of columns of passwords and keys, as password managers and browsers export them. */
export const secretHeaders: readonly string[] = list(
  'password|passwd|pass|pwd|user password|login_password|login password|passphrase|passcode|kennwort|passwort|mot de passe|contraseña|senha|wachtwoord|hasło|parola|secret|secret key|secret_key|client_secret|api key|api_key|apikey|token|access token|access_token|api token|api_token|access key|private key|private_key|pin code|totp|login_totp|otpauth|secret access key',
);

export const columnHeaders: readonly string[] = [...kindOfHeader.keys(), ...secretHeaders];
