/**
 * Month names as Java writes them in the third place of `dd/MMM/yyyy`: the language of the server's
 * locale decides, so a German server writes `Mai`, a Japanese one `9月`.
 */

/** January first; names of many languages, lower case, without a final full stop. */
const NAMES: readonly string[] = [
  'jan january jän janv ene gen janeiro ian oca sty led січ янв tammi jaan sau ιαν',
  'feb february febr févr fév fev şub lut úno únor лют фев февр helmi veebr vas φεβ',
  'mar march mär märz mars mrt márc marzo mac мар март бер maalis märts kov μαρ',
  'apr april avr abr ápr nis kwi dub квіт апр huhti bal απρ',
  'may mai maj mei maio mag máj mayo kvě трав мая май touko gegz μαΐ',
  'jun june juin juni jún giu iun haz cze čvn черв июн июнь kesä birž ιουν',
  'jul july juil juli júl lug iul tem lip čvc лип июл июль heinä liep ιουλ',
  'aug august août aoû ago ağu sie srp серп авг elo rugp αυγ',
  'sep sept september szept set septembre eyl wrz zář вер сен сент syys rugs σεπ',
  'oct oktober october okt out ott eki paź říj жовт окт loka spal οκτ',
  'nov november noiem kas lis лист ноя нояб marras lapkr νοε',
  'dec december dez déc dic des ara gru pro груд дек joulu gruod δεκ',
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, month) => names.split(' ').map((name) => [name, month + 1] as const)),
);

/** Returns 1 to 12 for a month's name in any of many languages, `undefined` for another word. */
export function parseMonth(name: string): number | undefined {
  // Chinese and Japanese write "9月", Korean "9월", some locales plain digits.
  const digits = /^(\d{1,2})[月월.]?$/.exec(name);
  if (digits !== null) {
    const month = Number(digits[1]);
    return month >= 1 && month <= 12 ? month : undefined;
  }
  const word = name.toLowerCase().normalize('NFC').replace(/\.$/, '');
  // Finnish appends "k" or "kuuta" to the stem.
  return MONTHS.get(word) ?? MONTHS.get(word.replace(/k(?:uuta)?$/, ''));
}
