/** Codes of the International Classification of Diseases, tenth revision, by the blocks that exist. */

/** First and last category of each run of blocks without a gap, WHO edition of 2019 with the clinical modification's additions. */
const runs = `
A00-A09 A15-A28 A30-A49 A50-A60 A63-A71 A74-A99 B00-B10 B15-B20 B21-B27 B30-B60 B64-B99 C00-C26 C30-C34 C37-C41 C43-C58 C60-C97 C7A-C7B D00-D49 D50-D53 D55-D78 D80-D89 E00-E07 E08-E16 E20-E36
E40-E46 E50-E68 E70-E90 F00-F07 F09-F48 F50-F55 F59-F73 F78-F84 F88-F99 G00-G14 G20-G26 G30-G32 G35-G37 G40-G47 G50-G73 G80-G83 G89-G99 H00-H06 H10-H22 H25-H28 H30-H36 H40-H59 H60-H75 H80-H83 H90-H95
I00-I02 I05-I15 I20-I28 I30-I52 I60-I89 I95-I99 J00-J06 J09-J22 J30-J47 J60-J70 J80-J86 J90-J99 K00-K14 K20-K31 K35-K38 K40-K46 K50-K52 K55-K68 K70-K77 K80-K95 L00-L08 L10-L14 L20-L30 L40-L45 L49-L60 L62-L76 L80-L99
M00-M36 M40-M43 M45-M51 M53-M54 M60-M63 M65-M68 M70-M73 M75-M77 M79-M96 M97-M99 N00-N08 N10-N23 N25-N29 N30-N37 N39-N53 N60-N65 N70-N77 N80-N99 O00-O16 O20-O48 O60-O77 O80-O9A P00-P05 P07-P29 P35-P39 P50-P61 P70-P78 P80-P84 P90-P96
Q00-Q07 Q10-Q18 Q20-Q28 Q30-Q45 Q50-Q56 Q60-Q99 R00-R23 R25-R64 R65-R99 S00-S99 T07-T07 T14-T36 T36-T50 T51-T88 T90-T98 U04-U12 U80-U85 V00-V99 W00-W99 X00-X99 Y00-Y99 Z00-Z99
`
  .trim()
  .split(/\s+/)
  .map((run) => run.split('-') as [string, string]);

/** @param code such as `E11.9`, upper case. @returns whether its category lies in a block of the classification */
export function isIcd10(code: string): boolean {
  const category = code.slice(0, 3);
  return runs.some(([first, last]) => category >= first && category <= last);
}
