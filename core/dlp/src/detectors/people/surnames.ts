/** Surnames that are frequent in official statistics, and the endings by which surnames of several languages are known. */
import { binary } from './letters.ts';

const frequent = `
abbott adams ahmed alexander ali allen alvarez anderson andrews armstrong arnold atkinson bailey baker barker barnes bauer becker begum bell bennett
berger bianchi bianco black boateng bonnet booth boucher bradley brooks brown bruno bryant burns butler campbell carlson carpenter carroll carter
castillo castro chan chapman chavez chen cheng choi clark clarke cohen cole coleman collins colombo conti cook cooper costa cox crawford cruz cunningham
davies davis davison dawson delgado deluca diaz dixon dubois duncan dupont durand edwards elliott ellis esposito evans fabre fernandes fernandez ferrari ferreira
fischer fisher fletcher flores fontaine ford foster fournier fox franklin fraser freeman friedman fuchs fuentes gallagher gallo garcia gardner garnier gibson gill girard
giordano goldberg gomes gomez gonzales gonzalez goldstein gordon graham grant gray greco green greene griffin guerin gupta gutierrez guzman haas hall hamilton hansen hanson harris harrison
hartmann harvey hayes henderson henry herman hernandez herrera hicks hoffmann hofmann holmes horvath howard hsu huang hudson hughes hunt hunter huynh ibrahim iyer jackson jacobs james
jenkins jensen jimenez johnson johnston jones jordan joseph kaiser kaufmann kelly kennedy keller khan kim klein knight koch kowalski kozlov kramer krause krueger kumar lambert lang
laurent lee lefebvre lehmann leroy levy lewis lim liu lombardi long lopez luo mancini marino marshall martin martinez martini mason matthews mayer mcdonald medina mehta meier mendez
mendoza mercier meyer miller mills mishra mitchell mohamed moore morales moreau morel moreno moretti morgan morris morrison mueller muller murphy murray myers nair nakamura
nelson neumann newman nguyen nichols novak nowak obrien oconnor okafor okeke oliveira olivier ortega ortiz osborne owens palmer park parker patel patterson pereira perez
perkins perrin perry peters peterson petit pham phillips pierce porter powell price ramirez ramos rao reddy reed reid rey reyes reynolds ribeiro ricci rice richards richardson richter
rivera rizzo roberts robertson robinson rodrigues rodriguez rogers romano romero rossi rousseau roux ruiz russell russo ryan sanchez sanders santos sato saunders schaefer schmid
schmidt schmitt schmitz schneider schroeder schubert schultz schulz schulze schwartz schwarz scott sharma shaw silva simmons simon simpson singh smith snyder soto souza
spencer stevens stewart stone sullivan suzuki svoboda takahashi tanaka taylor thomas thompson thomson tran torres tucker turner vargas vasquez vega vogel wagner walker wallace walsh
wang ward warren washington watson weaver webb weber weiss wells west white williams williamson wilson winter wolf wong wood woods wright wu yamamoto yang yilmaz young zhang
abe aoki arai fujii fujita fukuda goto hara hasegawa hashimoto hayashi honda ikeda inoue ishida ishii ishikawa ito kato kimura kobayashi kondo maeda matsuda matsumoto miura miyamoto mori murakami nakajima nakano nishimura
ogawa okada ono saito sakai sakamoto sasaki shibata shimizu takagi takeuchi uchida ueda watanabe yamada yamaguchi yamashita yamazaki yokoyama yoshida park jung kang cho yoon jang lim shin kwon hwang ahn
aalto heikkinen korhonen laine lehtonen mäkinen nieminen salonen virtanen andersson eriksson gustafsson johansson karlsson larsson nilsson olsson persson svensson lindström lindqvist berglund sandberg holm hedlund sjöberg bergman
andersen christensen christiansen eriksen hansen jakobsen jensen johansen kristensen larsen madsen nielsen olsen pedersen petersen poulsen rasmussen sørensen thomsen paulsen berntsen haugen moen solberg strand
albrecht arnold bauer baumann beck bergmann böhm brandt busch dietrich ebert engel ernst franke friedrich geiger graf groß günther hahn heinrich herrmann horn huber jäger jahn jung kraft krüger kuhn kühn lang lindner lorenz ludwig maier möller neumann otto peters pfeiffer pohl
roth sauer schreiber schuster seidel simon sommer stein thomas vogt voigt voss wagner weiß werner winkler wolff ziegler zimmermann schröter bartels petersen paul busch kessler köhler
bonnet boyer brun chevalier clement colin david denis dumas faure fontaine francois gauthier gautier henry lacroix leclerc legrand lemaire lemoine lucas marchand masson mathieu meunier morin muller noel olivier perrot picard renard robert robin roche roussel vidal vincent
dimitrov georgiev ivanov petrov popov smirnov sokolov volkov lebedev morozov novikov fedorov popescu ionescu dumitrescu kowalczyk lewandowski wójcik zieliński szymański woźniak dvořák procházka kučera černý veselý horák němec
bakker boer bosch dekker dijk graaf groot haan hendriks jong koning kok kuipers leeuw linden maas meijer peeters prins schouten smit timmermans veen vermeulen vries wit willems zwart janssens maes claes goossens mertens
zhao zhou zimmermann álvarez araújo bakker bos brouwer dijkstra dekker demir díaz doğan farkas fernández gómez gonçalves gonzález gutiérrez hernández horváth jansen jiménez kaya kiss kovács
lópez martínez mulder müller muñoz nagy németh papp pérez ramírez rodríguez sánchez schäfer schröder smit szabó szász tóth vázquez visser vos yıldız çelik öztürk şahin
`;

const endings = `
sson sdóttir dóttir sdottir sen søn nová ková ová owski owska ewski ewska iński ińska ński ńska cki cka dzki wicz czyk czak kowski kova kov yev eva ova ovich evich enko chuk shvili
idze opoulos opoulou akis ides oğlu oglu escu eanu eşti ić vić šek čík ček ström strøm qvist kvist lund lundh berg bergh gren grén borg dahl gaard gård stad rud vik nen inen
mann maier meyer mayer bauer müller schmidt stein feld berger hofer huber stra sma stra ink huis veld ssens aerts ez oux ault eault elli etti ini ucci acci oni yan ian zadeh pour
wala nathan swamy son ton ham ford ley worth field well
`;

/** Of these, the ones that are ordinary words or places as well. */
const ordinary: ReadonlySet<string> = new Set(
  `abbott alexander andrews armstrong arnold baker barber barker barnes bell berger bishop black booth bradley brooks brown burns bush butler carpenter carter castle chapman chapel clark cole collins cook cooper cox cross
  day dean diaz dixon duncan elliott engel ernst ferrari fisher fletcher ford foster fox francis franklin freeman friedrich garcia gardner gibson gill gordon graf graham grant gray green greene griffin groot gross hall hamilton harris harrison harvey henry herman hill holmes horn howard
  hudson hughes hunt hunter jackson jacobs james jordan joseph jung keller kelly kennedy kim king klein knight koch kraft lambert lang laurent lee lewis lim liu long lorenz lucas ludwig maas marshall martin mason may mercier miller mills mitchell moore morgan morris murphy murray nelson newman nichols noel norman novak
  olivier ono otto palmer park parker paul perry peters pierce porter powell price prins rao reed reid rice richards robert roberts robin roche romano rose ross roth russell ryan sanders santos sauer schreiber scott shaw silva simon simpson singer smith snow sommer spencer stein stewart stone strand taylor thomas thompson timmermans tucker turner
  vega victor vincent vidal voss wagner walker wallace ward warren washington watson weaver webb weber weiss wells west white wilson winter wit wolf wood woods wright yang young costa lopez cruz flores castro abe mori hara honda shin lim cho kang sato han leroy cohen levy sharma gupta patel singh kumar ali khan chan chen wong wang li vos kiss nagy dijkstra gauss huber bosch david denis colin dumas picard masson roussel medina leon moreno
  osborne crawford cunningham lincoln houston austin dallas newton maxwell heath lane bush berg linden veen jong simon demir kaya moen`.split(
    /\s+/,
  ),
);

const known: ReadonlySet<string> = new Set(binary(frequent).trim().split(/\s+/));

/** Endings that hardly any other word has: enough to take a word that stands alone for a surname. */
const sure = binary(
  'dóttir|dottir|ková|owski|owska|ewski|ewska|ńska|ński|wicz|ovich|evich|enko|shvili|svili|opoulos|opoulou|oğlu|escu|sson|qvist|kvist|ström|strøm|zadeh|ić|onen|anen|inen|änen|önen|nsen|rsen|lsen|[klnrt]ov|[ichny]ev|[klnrt]ova|[iy]eva|mura|[^e]yama|kawa|gawa|moto|guchi|shita|zawa|bayashi',
);
const sureEnding = new RegExp(`(?:${sure})$`);
const likelyEnding = new RegExp(
  `..(?:${[...new Set(binary(endings).trim().split(/\s+/))].sort((a, b) => b.length - a.length).join('|')})$`,
);

/** Lower case, binary text. */
export function isFrequentSurname(word: string): boolean {
  return known.has(word) || (word.startsWith('mc') && word.length > 5) || /^o'[a-z]{4}/.test(word);
}

/** Whether a word that stands alone is a frequent surname and hardly anything else. Lower case, binary text. */
export function isClearSurname(word: string): boolean {
  return (known.has(word) && !ordinary.has(word)) || hasSureSurnameEnding(word);
}

/** Whether a word is built as surnames are; many other words are as well. Lower case, binary text. */
export function hasSurnameEnding(word: string): boolean {
  return likelyEnding.test(word);
}

/** Whether a word can hardly be anything but a surname. Lower case, binary text. */
export function hasSureSurnameEnding(word: string): boolean {
  return word.length > 5 && sureEnding.test(word);
}

/** All words that stand for a surname alone, but for the ones known by their endings. Lower case, binary text. */
export function clearSurnames(): string[] {
  return [...known].filter((word) => !ordinary.has(word));
}

/** The endings of surnames that can hardly be anything else, without what may stand ahead of their last letters. */
export function sureEndings(): string[] {
  return sure.split('|').flatMap((ending) => {
    const [, not, letters = '', rest = ending] = /^\[(\^?)([a-z]+)\](.*)$/.exec(ending) ?? [];
    return letters === '' || not === '^' ? [rest] : [...letters].map((letter) => letter + rest);
  });
}
