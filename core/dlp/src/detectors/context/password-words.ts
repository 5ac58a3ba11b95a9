/** The word for password in other languages, where it does not begin with `pass`. */
import { list } from '../people/letters.ts';

/**
 * Binary text, lower case. Where a first letter may be a capital outside of ASCII, the word begins with its second letter.
 */
export const passwordWords: readonly string[] = list(
  'kennwort|contraseña|contrasena|senha|salasana|heslo|wachtwoord|parola|parolă|hasło|haslo|şifre|Şifre|sifre|lösenord|losenord|' +
    'jelszó|jelszo|adgangskode|kodeord|lozinka|ароль|ωδικός πρόσβασης|ωδικός|密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|סיסמה|כלמת|كلمة المرور|كلمة السر|mật khẩu|รหัสผ่าน|पासवर्ड',
);
