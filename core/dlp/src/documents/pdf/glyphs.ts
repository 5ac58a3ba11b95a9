/** Names of glyphs to characters (the Adobe Glyph List's rules), for fonts that say no more than names. */

const names: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'space 20 exclam 21 quotedbl 22 numbersign 23 dollar 24 percent 25 ampersand 26 quotesingle 27 parenleft 28 parenright 29 asterisk 2a ' +
    'plus 2b comma 2c hyphen 2d period 2e slash 2f zero 30 one 31 two 32 three 33 four 34 five 35 six 36 seven 37 eight 38 nine 39 colon 3a ' +
    'semicolon 3b less 3c equal 3d greater 3e question 3f at 40 bracketleft 5b backslash 5c bracketright 5d asciicircum 5e underscore 5f ' +
    'grave 60 braceleft 7b bar 7c braceright 7d asciitilde 7e exclamdown a1 cent a2 sterling a3 currency a4 yen a5 brokenbar a6 section a7 ' +
    'dieresis a8 copyright a9 ordfeminine aa guillemotleft ab logicalnot ac registered ae macron af degree b0 plusminus b1 acute b4 mu b5 ' +
    'paragraph b6 periodcentered b7 cedilla b8 ordmasculine ba guillemotright bb questiondown bf Agrave c0 Aacute c1 Acircumflex c2 Atilde c3 ' +
    'Adieresis c4 Aring c5 AE c6 Ccedilla c7 Egrave c8 Eacute c9 Ecircumflex ca Edieresis cb Igrave cc Iacute cd Icircumflex ce Idieresis cf ' +
    'Eth d0 Ntilde d1 Ograve d2 Oacute d3 Ocircumflex d4 Otilde d5 Odieresis d6 multiply d7 Oslash d8 Ugrave d9 Uacute da Ucircumflex db ' +
    'Udieresis dc Yacute dd Thorn de germandbls df agrave e0 aacute e1 acircumflex e2 atilde e3 adieresis e4 aring e5 ae e6 ccedilla e7 ' +
    'egrave e8 eacute e9 ecircumflex ea edieresis eb igrave ec iacute ed icircumflex ee idieresis ef eth f0 ntilde f1 ograve f2 oacute f3 ' +
    'ocircumflex f4 otilde f5 odieresis f6 divide f7 oslash f8 ugrave f9 uacute fa ucircumflex fb udieresis fc yacute fd thorn fe ydieresis ff ' +
    'Lslash 141 lslash 142 OE 152 oe 153 Scaron 160 scaron 161 Zcaron 17d zcaron 17e Ccaron 10c ccaron 10d Cacute 106 cacute 107 dcroat 111 ' +
    'Dcroat 110 ecaron 11b rcaron 159 uring 16f Sacute 15a sacute 15b Zacute 179 zacute 17a Zdotaccent 17b zdotaccent 17c aogonek 105 eogonek 119 ' +
    'Gbreve 11e gbreve 11f Idotaccent 130 dotlessi 131 Scedilla 15e scedilla 15f ' +
    'endash 2013 emdash 2014 quoteleft 2018 quoteright 2019 quotesinglbase 201a quotedblleft 201c quotedblright 201d quotedblbase 201e ' +
    'dagger 2020 daggerdbl 2021 bullet 2022 ellipsis 2026 perthousand 2030 guilsinglleft 2039 guilsinglright 203a fraction 2044 Euro 20ac ' +
    'trademark 2122 minus 2212 florin 192 nbspace a0 sfthyphen ad hyphenminus 2d'
  )
    .split(' ')
    .flatMap((item, index, all) =>
      index % 2 === 0 ? [[item, String.fromCodePoint(Number.parseInt(all[index + 1] ?? '20', 16))]] : [],
    ),
);

const ligatures: Readonly<Record<string, string>> = { fi: 'fi', fl: 'fl', ff: 'ff', ffi: 'ffi', ffl: 'ffl' };

/** @returns undefined when the name says nothing about the character */
export function glyphText(name: string): string | undefined {
  const base = name.split('.')[0] ?? '';
  if (/^[A-Za-z]$/.test(base)) return base;
  if (Object.hasOwn(ligatures, base)) return ligatures[base];
  if (Object.hasOwn(names, base)) return names[base];
  const hex = /^(?:uni([0-9A-F]{4})|u([0-9A-F]{4,6}))$/.exec(base);
  const point = hex ? Number.parseInt(hex[1] ?? hex[2] ?? '', 16) : Number.NaN;
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

/** What Windows-1252 has where Latin 1 has control characters; the standard's other encodings differ only there and in accents. */
export const windows1252 = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';
