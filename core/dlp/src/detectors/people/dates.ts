/** Dates as people write them, as parts of patterns. */
import { list, oneOf } from './letters.ts';

const months = list(`
january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec
|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|okt|dez|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre
|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro
|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei|augustus|augusti|desember|tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta
|kesäkuuta|heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia
`);

const month = oneOf(
  months.flatMap((name) => [name, name.charAt(0).toUpperCase() + name.slice(1), name.toUpperCase()]),
);
const year = '(?:1[89]\\d\\d|20[0-4]\\d)';
const day = '(?:0?[1-9]|[12]\\d|3[01])';
const monthNumber = '(?:0?[1-9]|1[0-2])';

/** A day with its year; numeric ones may have a year of two digits. */
export const date = `(?:${year}[-./]${monthNumber}[-./]${day}|${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])|${day}[-./] ?${day}[-./] ?(?:${year}|\\d\\d)|${day}(?:st|nd|rd|th|er|\\.|\\xc2\\xba)?[ -](?:of |de |d')?${month}\\.?,?[ -](?:de |del )?${year}|${month}\\.? ${day}(?:st|nd|rd|th)?,? ${year})(?![\\w-]|[./]\\d)`;
